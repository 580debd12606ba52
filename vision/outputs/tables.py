"""Tables for other tools: the findings as CSV, the track as TRC."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from vision.outputs.report_json import finding_to_json
from vision.types import SIDES, Criterion, Finding, FloatArray, JudgedCycle, Report, Track

COLUMNS: Final[tuple[str, ...]] = (
    "scope",
    "index",
    "kind",
    "cycle_side",
    "start_s",
    "turn_s",
    "end_s",
    "score",
    "measure",
    "side",
    "value",
    "unit",
    "error95",
    "verdict",
    "reason",
    "fault",
    "t_s",
    "frame",
    "good_lo",
    "good_hi",
    "caution_lo",
    "caution_hi",
    "points_lost",
    "title",
    "source",
)
"""Columns of ``measures.csv``; ``scope`` is ``cycle`` or ``set``, ``index`` counts cycles from 0."""

_FORMULA_START: Final = ("=", "+", "-", "@")
_TRC_HEADINGS: Final = (
    "DataRate",
    "CameraRate",
    "NumFrames",
    "NumMarkers",
    "Units",
    "OrigDataRate",
    "OrigDataStartFrame",
    "OrigNumFrames",
)
_STANDARD_MARKER: Final = {"nose": "Nose", "toe": "BigToe"}


def cell(value: object) -> object:
    """``value`` for a CSV cell: None empty, text on one line and never a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        line = " ".join(value.split())
        return f"'{line}" if line.startswith(_FORMULA_START) else line
    return value


def _ends(criterion: Criterion) -> Mapping[str, object]:
    ends: dict[str, object] = {}
    for name, band in (("good", criterion.good), ("caution", criterion.caution)):
        for end, limit in zip(("lo", "hi"), band or (None, None), strict=True):
            ends[f"{name}_{end}"] = limit if limit is not None and np.isfinite(limit) else None
    return ends


def _row(finding: Finding, cycle: JudgedCycle | None) -> dict[str, object]:
    row: dict[str, object] = {"scope": "set" if cycle is None else "cycle"}
    if cycle is not None:
        row |= {
            "index": cycle.index,
            "kind": cycle.cycle.kind.value,
            "cycle_side": cycle.cycle.side,
            "start_s": round(cycle.start_s, 4),
            "turn_s": round(cycle.turn_s, 4),
            "end_s": round(cycle.end_s, 4),
            "score": cycle.score,
        }
    row |= finding_to_json(finding)
    del row["criterion"]
    row |= _ends(finding.criterion)
    row |= {
        "points_lost": round(finding.penalty, 1),
        "title": finding.criterion.title,
        "source": finding.criterion.source,
    }
    return row


def _rows(report: Report) -> Iterator[dict[str, object]]:
    for cycle in report.cycles:
        for finding in cycle.findings:
            yield _row(finding, cycle)
    for finding in report.set_findings:
        yield _row(finding, None)


def measures_csv(report: Report) -> str:
    """One row per finding of every cycle, then of the set, under :data:`COLUMNS`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(report):
        writer.writerow([cell(row.get(name)) for name in COLUMNS])
    return out.getvalue()


def marker_name(name: str) -> str:
    """A point's name as OpenSim's and Sports2D's users write it: ``left_knee`` is ``LKnee``."""
    side, _, part = name.partition("_")
    if side not in SIDES:
        return _STANDARD_MARKER.get(name, name.title().replace("_", ""))
    return side[0].upper() + _STANDARD_MARKER.get(part, part.title().replace("_", ""))


def marker_paths(track: Track) -> tuple[list[str], FloatArray]:
    """Marker names and their paths ``(T, M, 3)``: x right, y **up** from the picture's lower edge, z 0.

    Lengths are px. ``Hip`` and ``Neck``, the middles of the hips and of the shoulders, are added.
    """
    xy = np.concatenate([track.xy, track.mid("hip")[:, None], track.mid("shoulder")[:, None]], axis=1)
    up = np.stack([xy[..., 0], track.size_wh[1] - xy[..., 1], 0.0 * xy[..., 0]], axis=-1)
    return [*(marker_name(n) for n in track.skeleton.names), "Hip", "Neck"], up


def track_trc(track: Track, name: str = "track.trc") -> str:
    """The track as a TRC file, empty cells for what was not seen.

    One pixel is written as one millimetre: a camera alone knows no scale, TRC readers want a unit
    of length, and so the numbers in the file stay the picture's own.
    """
    names, paths = marker_paths(track)
    rate = f"{track.fps:.6g}" if len(track) > 1 else "0"
    first = int(track.index[0]) if len(track) else 0
    head = (
        ("PathFileType", "4", "(X/Y/Z)", name),
        _TRC_HEADINGS,
        (rate, rate, str(len(track)), str(len(names)), "mm", rate, str(first), str(len(track))),
        ("Frame#", "Time", *(text for n in names for text in (n, "", ""))),
        ("", "", *(f"{axis}{i + 1}" for i in range(len(names)) for axis in "XYZ")),
        (),
    )
    lines = ["\t".join(row) for row in head]
    for index, t_s, row in zip(
        track.index, track.t_s, paths.reshape(len(track), 3 * len(names)), strict=True
    ):
        values = ("" if np.isnan(v) else f"{v:.3f}" for v in row)
        lines.append("\t".join((str(int(index)), f"{t_s:.6f}", *values)))
    return "\n".join(lines) + "\n"
