"""Rendered clips whose pelvis is known, and the true value of each measure by the product's definition.

Truth comes from the rig's ``.json``: angles of the bones in the world. A drop is the largest fall of the
free side in the middle of a step less the mean of the steps around; obliquity and tilt are changes from
the start of the repetition.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from vision.judging import MARGIN_S
from vision.movements.base import REST_S, TURN_S
from vision.types import Cycle, FloatArray

MOVEMENTS: Final = {"walk": "gait", "squat": "squat", "bridge": "bridge"}
MEASURES: Final = {
    "gait": ("pelvic_drop",),
    "squat": ("pelvic_obliquity",),
    "bridge": ("pelvic_tilt", "lockout_pelvis"),
}


FAR_M: Final = {"walk": (3.4, 3.9), "squat": (3.85, 4.2), "bridge": (2.5, 2.9)}
"""Edges between near, middling and far."""


@dataclass(frozen=True)
class Known:
    """A clip's truth on its own clock: ``slope`` and ``tilt`` ``(T,)`` degrees, and what it is sorted by."""

    name: str
    movement: str
    fps: float
    slope: FloatArray
    tilt: FloatArray
    rep: FloatArray
    groups: Mapping[str, str] = field(default_factory=dict[str, str])

    def mean(self, path: FloatArray, from_s: float, to_s: float) -> float:
        """Mean of ``path`` over a time; of the nearest frame where none lies within."""
        t = np.arange(len(path)) / self.fps
        within = (t >= from_s - 1e-6) & (t <= to_s + 1e-6)
        return float(path[within].mean() if within.any() else np.interp((from_s + to_s) / 2, t, path))


def read_known(path: Path) -> Known | None:
    """The truth beside a clip; None where the movement is not one of those judged."""
    raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
    frames: list[dict[str, Any]] = raw.get("frames") or []
    if raw.get("movement") not in MOVEMENTS or not frames:
        return None
    return Known(
        raw["name"],
        MOVEMENTS[raw["movement"]],
        float(raw["fps"]),
        np.array([f["angles"]["pelvic_obliquity"] for f in frames]),
        np.array([f["angles"]["lumbar_extension"] for f in frames]),
        np.array([f.get("rep", -1) for f in frames], np.float64),
        groups_of(raw),
    )


def groups_of(raw: Mapping[str, Any]) -> dict[str, str]:
    """What a clip is sorted by, in words."""
    camera, build = raw["camera"], raw.get("build", {})
    out = {
        "view": raw["view"],
        "yaw": f"{abs(float(camera.get('yaw', 0))):.0f}°",
        "roll": f"{abs(float(camera.get('roll', 0))):.0f}°",
        "distance": _bin(float(camera.get("distance", np.nan)), FAR_M[raw["movement"]], "m"),
        "resolution": f"{raw['height']} px high",
        "frame rate": _bin(float(raw["fps"]), (27, 40), "fps"),
        "clothes": "fitted" if raw.get("clothing") in ("fitted", "bare") else "loose",
        "weight": _bin(float(build.get("weight", np.nan)), (0.4, 0.6), ""),
        "sex": "female" if float(build.get("gender", 0)) < 0.5 else "male",
        "skin": _bin(float(raw.get("skin", np.nan)), (0.3, 0.5), ""),
    }
    if raw.get("movement") == "bridge":
        out["arms"] = raw.get("asked", {}).get("arms", "down")
    return out


def _bin(value: float, edges: tuple[float, float], unit: str) -> str:
    """Below, between or above two edges, in words."""
    if not np.isfinite(value):
        return "not known"
    low, high = (f"{e:g}" for e in edges)
    words = f"below {low}", f"{low} to {high}", f"above {high}"
    return f"{words[int(np.digitize(value, edges))]} {unit}".strip()


def true_step_deg(known: Known, cycle: Cycle, t_s: FloatArray) -> float:
    """The drop of one step, + free side lower; the step as the product cut it."""
    sign = 1.0 if cycle.side == "left" else -1.0
    start, end = float(t_s[cycle.start]), float(t_s[cycle.end - 1])
    fifth = (end - start) / 5
    t = np.arange(len(known.slope)) / known.fps
    stance = (t >= start + fifth) & (t <= end - fifth)
    around = known.mean(known.slope, start - MARGIN_S, end + MARGIN_S)
    return float((sign * known.slope[stance]).max() - sign * around) if stance.any() else float("nan")


def true_change_deg(known: Known, start_s: float, turn_s: float) -> float:
    """Obliquity or tilt at the turn minus rest, by the repetition's times."""
    path = known.slope if known.movement == "squat" else known.tilt
    turn = known.mean(path, turn_s - TURN_S, turn_s + TURN_S)
    return turn - known.mean(path, start_s - REST_S[0], start_s - REST_S[1])
