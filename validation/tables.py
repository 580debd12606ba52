"""Plain-text tables (Markdown) and the words that stand for measures."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

WORDS: Final = {
    "cadence": "steps a minute",
    "heel_rise": "heels leaving the floor (feet stay planted in these clips)",
    "hip_adduction": "thigh towards the midline",
    "hip_extension": "hips past the shoulder-knee line at lockout",
    "hip_flexion": "bend at the hip",
    "hip_knee_ratio": "hip bend over knee bend",
    "hips_back": "how far the hips travel back",
    "knee_ankle_ratio": "knee gap over ankle gap",
    "knee_flexion": "bend of the knee",
    "knee_valgus": "knee inward of the hip-ankle line",
    "knee_window": "gap between the knees at mid-stance",
    "lateral_shift": "hips shifted to one side",
    "lockout_pelvis": "pelvis at lockout: tucked, neutral or arched",
    "lockout_trunk": "trunk at lockout",
    "pelvic_drop": "hip drop on the free side",
    "pelvic_obliquity": "one hip higher than the other",
    "pelvic_tilt": "pelvis against rib cage, lockout minus rest",
    "shin_angle": "shin from the vertical",
    "shin_at_contact": "shin at heel contact",
    "stance_time": "time on the foot",
    "step_time": "time from step to step",
    "step_width": "step width over hip width",
    "swing_time": "time off the foot",
    "thigh_angle": "depth: thigh from straight down",
    "trunk_angle": "trunk from the vertical",
    "trunk_lean": "trunk leaning sideways",
    "trunk_shin_difference": "trunk against shin",
    "vertical_oscillation": "rise and fall of the hips",
}


_FIGURE: Final = re.compile(r"–|[+±-]?\d+(\.\d+)?( %)?( of \d+)?( \w+)?")


def number(value: float, digits: int = 1, *, signed: bool = False) -> str:
    """``value`` as text, an en dash for NaN, never ``-0``."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"
    return text.lstrip("+-") if float(text) == 0 else text


def share(part: int, whole: int) -> str:
    """``part`` of ``whole``, an en dash where there is nothing to share."""
    return f"{part} of {whole}" if whole else "–"


def percent(value: float) -> str:
    """A share 0-1 in percent."""
    return f"{100 * value:.1f} %" if math.isfinite(value) else "–"


def digits_for(unit: str) -> int:
    """Decimals that suit a unit: one for degrees, percent and steps, three for seconds, else two."""
    return {"deg": 1, "°": 1, "%": 1, "steps/min": 1, "s": 3}.get(unit, 2)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with padded columns; text to the left, figures to the right.

    Raises ValueError for a row whose length is not the head's.
    """
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"expected {len(head)} cells in a row, got {len(row)}: {list(row)}")
    columns = list(zip(head, *rows, strict=True))
    width = [max(3, *(len(cell) for cell in column)) for column in columns]
    right = [bool(rows) and all(_is_figure(cell) for cell in column[1:]) for column in columns]
    rule = [("-" * (w - 1) + ":") if r else "-" * w for w, r in zip(width, right, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, width, right, strict=True)]
        return "| " + " | ".join(padded) + " |"

    return "\n".join([line(head), line(rule), *(line(row) for row in rows)])


def _is_figure(cell: str) -> bool:
    return _FIGURE.fullmatch(cell) is not None
