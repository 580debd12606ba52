"""A stored set as a whole report again: ``report.json`` has the verdicts, ``player.json`` the movement.

Everything is in the px and frames of ``film.mp4``, since that is the film that gets handed out.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

import numpy as np

from vision.outline_grid import ALONG
from vision.outputs.checked import Row, StoredError, as_row
from vision.outputs.report_back import read_report
from vision.types import ClipInfo, Curve, Cycle, FloatArray, JudgedCycle, Report, Skeleton, Track

_MOST_BYTES: Final = 200_000_000


def rebuilt(results: Path, name: str) -> tuple[Report, ClipInfo]:
    """Report and clip of the folder ``results``; the clip is called ``name`` and keeps no checksum.

    Raises StoredError where a file is not what Plumbline wrote, OSError where one cannot be read.
    """
    report, clip = read_report(results / "report.json")
    path = results / "player.json"
    if path.stat().st_size > _MOST_BYTES:
        raise StoredError("expected a smaller player.json; analyse the clip again")
    try:
        player = as_row(json.loads(path.read_bytes()), "player.")
        track = _track(player)
        whole = replace(
            report, track=track, curves=_curves(player, len(track)), cycles=_cycles(report, player, track)
        )
    except (ValueError, RecursionError, IndexError) as problem:
        if isinstance(problem, StoredError):
            raise
        raise StoredError("expected the body points of the film; analyse the clip again") from None
    return whole, replace(
        clip, name=name, sha256="left out", width=track.size_wh[0], height=track.size_wh[1], warnings=()
    )


def _track(player: Row) -> Track:
    times = np.array(_numbers(player, "times_s"))
    width, height = (int(v) for v in _numbers(player, "size_wh"))
    shape = player.row("skeleton")
    names = shape.texts("names")
    edges = [[int(i) for i in _floats(e)] for e in shape.items("edges")]
    skeleton = Skeleton("stored", names, tuple((names[a], names[b]) for a, b in edges))
    rows = player.row("track")
    index = np.array(_numbers(rows, "frames"), dtype=np.int64)
    xy = np.array([_points(row, len(names)) for row in rows.items("xy")], dtype=np.float64)
    t, k = len(index), len(names)
    if t and not 0 <= index.min() <= index.max() < len(times):
        raise StoredError("expected body points within the film; analyse the clip again")
    xy = xy.reshape(t, k, 2)
    return Track(
        t_s=times[index] * player.number("capture_scale"),
        index=index,
        xy=xy,
        score=np.where(np.isfinite(xy).all(axis=2), 1.0, 0.0),
        world_m=np.full((t, k, 3), np.nan),
        outline=np.full((t, 2, len(ALONG)), np.nan),
        size_wh=(width, height),
        skeleton=skeleton,
    )


def _points(row: object, count: int) -> FloatArray:
    """Points ``(K, 2)`` px of one row; NaN for those that were not seen."""
    if not isinstance(row, list) or len(cast("list[object]", row)) != count:
        raise StoredError(f"expected {count} body points in a row; analyse the clip again")
    unseen = [math.nan, math.nan]
    return np.array([unseen if p is None else _floats(p) for p in cast("list[object]", row)]).reshape(
        count, 2
    )


def _curves(player: Row, rows: int) -> tuple[Curve, ...]:
    made: list[Curve] = []
    for curve in player.rows("curves"):
        value = np.array([math.nan if v is None else _float(v) for v in curve.items("values")])
        if len(value) != rows:
            raise StoredError("expected curves as long as the track; analyse the clip again")
        made.append(
            Curve(curve.text("name"), curve.text("unit"), value, curve.one_of("side", "left", "right"))
        )
    return tuple(made)


def _cycles(report: Report, player: Row, track: Track) -> tuple[JudgedCycle, ...]:
    """The report's cycles with their rows of the track again."""
    stretches = {row.whole("index"): row for row in player.rows("cycles")}
    made: list[JudgedCycle] = []
    for judged in report.cycles:
        row = stretches.get(judged.index)
        if row is None:
            raise StoredError("expected the frames of every repetition; analyse the clip again")
        start, turn, end = (
            int(np.searchsorted(track.index, row.whole(key))) for key in ("start", "turn", "end")
        )
        cycle = Cycle(start, turn, end, judged.cycle.kind, judged.cycle.side)
        made.append(replace(judged, cycle=cycle))
    return tuple(made)


def _numbers(row: Row, key: str) -> list[float]:
    return [_float(value) for value in row.items(key)]


def _floats(values: object) -> list[float]:
    if not isinstance(values, list):
        raise StoredError("expected a list of numbers; analyse the clip again")
    return [_float(value) for value in cast("list[object]", values)]


def _float(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StoredError("expected a number; analyse the clip again")
    return float(value)
