"""``player.json``: what the player draws over and under the film, in the film's own frames and px."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final, cast

import numpy as np

from vision.movements import MOVEMENTS
from vision.outputs.report_json import rounded
from vision.outputs.wording import (
    DEFECTS,
    cycle_name,
    cycle_verdict,
    fault_words,
    sentence,
    unit_text,
    value_text,
    worst_first,
)
from vision.types import SIDES, ClipInfo, Curve, Finding, FloatArray, JudgedCycle, Report, Skeleton, Track

VERSION: Final = 1

_TIME_DIGITS: Final = 5
"""Half a unit of the last is less than half a unit of the film's clock."""

_MOMENT: Final = re.compile(r",? at (the bottom|the top|its worst)\b")
"""When a measure is taken; a curve shows all of the time."""

_FACE: Final = "nose"
Json = dict[str, Any]


def player_data(report: Report, clip: ClipInfo, film_times_s: FloatArray, film_wh: tuple[int, int]) -> Json:
    """Everything that the player needs beside the film, as plain JSON values.

    ``film_times_s (T,)`` are the times of the film's frames and ``film_wh`` its size in px; the
    film holds the clip's frames one for one, so the report's frame numbers are those of the film.
    Stretches of cycles are half-open. A curve comes with its error, or says (``absolute`` False)
    that only its course means something.
    """
    scale = np.array(film_wh) / np.maximum(np.array(report.track.size_wh), 1)
    shown = _shown_points(report.track.skeleton)
    return {
        "version": VERSION,
        "times_s": [round(float(t), _TIME_DIGITS) for t in film_times_s],
        "size_wh": [int(side) for side in film_wh],
        "capture_scale": round(real_seconds(clip), 6),
        "skeleton": _skeleton(report.track.skeleton, shown),
        "track": _track(report.track, shown, scale),
        "curves": [_curve(report, curve) for curve in report.curves],
        "cycles": [_cycle(report, cycle) for cycle in report.cycles],
        "markers": _markers(report),
    }


def player_text(data: Json) -> str:
    """``player.json`` as text, as small as it gets."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def real_seconds(clip: ClipInfo) -> float:
    """Real seconds per second of the film; below 1 for slow motion."""
    ratio = clip.fps / clip.capture_fps if clip.capture_fps > 0 else 1.0
    return ratio if math.isfinite(ratio) and ratio > 0 else 1.0


# --------------------------------------------------------------------------- the body


def _shown_points(skeleton: Skeleton) -> tuple[str, ...]:
    """The points that are drawn; a face's details would only make the file larger."""
    joined = {name for edge in skeleton.edges for name in edge} | {_FACE}
    return tuple(name for name in skeleton.names if name in joined)


def _skeleton(skeleton: Skeleton, shown: tuple[str, ...]) -> Json:
    return {
        "names": list(shown),
        "edges": [[shown.index(a), shown.index(b)] for a, b in skeleton.edges],
        "side": [_side(a, b) for a, b in skeleton.edges],
    }


def _side(a: str, b: str) -> str | None:
    return next((s for s in SIDES if a.startswith(f"{s}_") and b.startswith(f"{s}_")), None)


def _track(track: Track, shown: tuple[str, ...], scale: FloatArray) -> Json:
    xy = track.xy[:, track.skeleton.rows(*shown)] * scale
    # Adding 0 makes the minus of -0.0 go away.
    places = cast("list[list[list[float]]]", (np.round(xy, 1) + 0.0).tolist())
    return {
        "frames": [int(frame) for frame in track.index],
        "xy": [[point if all(map(math.isfinite, point)) else None for point in row] for row in places],
    }


# --------------------------------------------------------------------------- curves


def _curve(report: Report, curve: Curve) -> Json:
    error95 = _error95(report, curve)
    digits = 1 if unit_text(curve.unit) == "°" or "%" in curve.unit else 3
    return {
        "name": curve.name,
        "title": _title(report, curve.name),
        "side": curve.side,
        "unit": curve.unit,
        "values": [rounded(float(v), digits) for v in curve.value],
        "error95": rounded(error95, 3),
        "absolute": error95 is not None,
    }


def _title(report: Report, name: str) -> str:
    movement = MOVEMENTS.get(report.movement or "")
    row = movement.table.criteria.get(name) if movement else None
    title = row.title if row and row.title else name.replace("_", " ")
    return sentence(_MOMENT.sub("", title))


def _error95(report: Report, curve: Curve) -> float | None:
    """Half the 95 % interval of the curve's values, None where it is not known.

    It is known where a measure of that name was taken from the repetitions and the curve goes
    through what was found, within its error. Some curves only share a measure's name and count from
    another start: theirs is not known. What the curve and the findings differ by adds to the error.
    """
    found = [f for c in report.cycles for f in c.findings if (f.measure, f.side) == (curve.name, curve.side)]
    pairs = [(f.error95, _distance(report.track, curve, f)) for f in found]
    known = [(error, off) for error, off in pairs if error is not None and off is not None]
    if not known or any(off > error for error, off in known):
        return None
    error95 = float(np.hypot(max(error for error, _ in known), max(off for _, off in known)))
    return error95 if math.isfinite(error95) and error95 > 0 else None


def _distance(track: Track, curve: Curve, finding: Finding) -> float | None:
    """How far the curve passes from a finding, in its unit; None where one of them is not there."""
    if finding.frame is None or finding.value is None or isinstance(finding.value, str):
        return None
    row = int(np.searchsorted(track.index, finding.frame))
    if row >= len(track) or track.index[row] != finding.frame or finding.unit != curve.unit:
        return None
    off = abs(float(curve.value[row]) - finding.value)
    return off if math.isfinite(off) else None


# --------------------------------------------------------------------------- repetitions


def _cycle(report: Report, cycle: JudgedCycle) -> Json:
    index, own = report.track.index, cycle.cycle
    last = min(own.end, len(index)) - 1
    defects = [f for f in worst_first(cycle.findings) if f.verdict in DEFECTS]
    return {
        "index": int(cycle.index),
        "name": cycle_name(cycle),
        "kind": own.kind.value,
        "start": int(index[own.start]),
        "turn": int(index[own.turn]),
        "end": int(index[last]) + 1,
        "score": None if cycle.score is None else int(cycle.score),
        "verdict": cycle_verdict(cycle).value,
        "faults": list(dict.fromkeys(fault_words(f, report, [cycle]) for f in defects)),
    }


def _markers(report: Report) -> list[Json]:
    """The moments of what is off, in the order of the film."""
    of_cycles = {f.measure for c in report.cycles for f in c.findings}
    owned = [(f, c) for c in report.cycles for f in c.findings]
    whole = [(f, None) for f in report.set_findings if f.measure not in of_cycles]
    found = [
        {
            "frame": int(f.frame),
            "verdict": f.verdict.value,
            "words": f"{fault_words(f, report, [cycle] if cycle else report.cycles)}: {value_text(f)}",
            "cycle": None if cycle is None else int(cycle.index),
        }
        for f, cycle in (*owned, *whole)
        if f.verdict in DEFECTS and f.frame is not None
    ]
    return sorted(found, key=lambda marker: marker["frame"])
