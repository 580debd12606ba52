"""``report.json`` read back: the report and the clip it was made from, without track and curves.

What is read is checked on the way in, so that a file that is broken, half copied or another
program's is refused here in one line and never reaches a screen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from vision.outputs.checked import Row, StoredError, as_row
from vision.outputs.report_json import SCHEMA_VERSION
from vision.types import (
    KINOGRAM,
    SIDES,
    ClipInfo,
    Criterion,
    Cycle,
    CycleKind,
    Finding,
    Guidance,
    JudgedCycle,
    Kinogram,
    Plane,
    Report,
    Skeleton,
    Track,
    Verdict,
    View,
)

__all__ = ["StoredError", "forget_reports", "parse_report", "read_report"]

_MOST_BYTES: Final = 50_000_000
"""Far beyond any report of ours (an hour of walking stays below it); more is not read."""

_SEEN_FROM: Final = ("front", "rear", *SIDES)


def read_report(path: Path) -> tuple[Report, ClipInfo]:
    """Report and clip of the file ``path``, kept in memory for as long as the file stays the same.

    Raises StoredError for what is no report of ours, and OSError where it cannot be read.
    """
    facts = path.stat()
    if facts.st_size > _MOST_BYTES:
        most, got = _MOST_BYTES // 1_000_000, facts.st_size // 1_000_000
        raise StoredError(f"expected at most {most} MB, got {got} MB; analyse the clip again")
    return _read(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=128)
def _read(path: Path, changed_ns: int, size: int) -> tuple[Report, ClipInfo]:
    del changed_ns, size  # they only tell one state of the file from the next
    return parse_report(path.read_bytes())


def forget_reports() -> None:
    """Let go of the reports that are kept in memory."""
    _read.cache_clear()


# --------------------------------------------------------------------------- reading, with checks


def parse_report(text: str | bytes) -> tuple[Report, ClipInfo]:
    """Report and clip of ``text``, the contents of a ``report.json``.

    Raises StoredError where it is not what schema version 1 describes.
    """
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError):
        raise StoredError("expected JSON; analyse the clip again") from None
    top = as_row(data, "")
    if "schema" not in top.data or top.data["schema"] != SCHEMA_VERSION:
        raise StoredError(
            f"expected a Plumbline report of schema {SCHEMA_VERSION}, got {str(top.data.get('schema'))[:20]};"
            " analyse the clip again"
        )
    try:
        return _report(top), _clip(top.row("clip"))
    except ValueError as problem:
        if isinstance(problem, StoredError):
            raise
        raise StoredError(f"expected a Plumbline report, got: {problem}") from None


def _report(top: Row) -> Report:
    movement, person, whole = top.row("movement"), top.row("person"), top.row("set")
    cycles = tuple(_cycle(row) for row in top.rows("cycles"))
    provenance = top.row("provenance")
    return Report(
        movement=None if movement.data.get("name") is None else movement.text("name"),
        movement_source=movement.text("source"),
        movement_confidence=movement.number("confidence", default=0.0),
        view=_view(top.row("view")),
        advice=top.row("view").text("advice"),
        tracked_fraction=person.number("tracked_fraction", default=0.0),
        swaps_repaired=person.whole("swaps_repaired"),
        cycles=cycles,
        set_score=whole.maybe_whole("score"),
        set_findings=tuple(_finding(row) for row in whole.rows("findings")),
        asymmetries=tuple(_asymmetry(row) for row in whole.rows("asymmetries")),
        stop_after_rep=whole.maybe_whole("stop_after_rep"),
        cue=None if whole.data.get("cue") is None else whole.text("cue"),
        headline=whole.text("headline", default=""),
        guidance=tuple(_guidance(row) for row in whole.rows("guidance")),
        notes=whole.texts("notes"),
        track=_NO_TRACK,
        curves=(),
        kinogram=tuple(_kinogram(row) for row in top.rows("kinogram")) if "kinogram" in top.data else (),
        thresholds=provenance.text("thresholds"),
        provenance=dict(provenance.data),
    )


_NO_TRACK: Final = Track(
    t_s=np.empty(0),
    index=np.empty(0, np.int64),
    xy=np.empty((0, 0, 2)),
    score=np.empty((0, 0)),
    world_m=np.empty((0, 0, 3)),
    outline=np.empty((0, 2, 0)),
    size_wh=(0, 0),
    skeleton=Skeleton("none", (), ()),
)


def _view(row: Row) -> View:
    nan = float("nan")
    return View(
        plane=Plane(row.text("plane")),
        seen_from=row.one_of("seen_from", *_SEEN_FROM),
        yaw_deg=row.number("yaw_deg", default=nan),
        yaw_sd_deg=row.number("yaw_sd_deg", default=nan),
        roll_deg=row.number("roll_deg", default=nan),
        roll_sd_deg=row.number("roll_sd_deg", default=nan),
        confidence=row.number("confidence", default=0.0),
    )


def _clip(row: Row) -> ClipInfo:
    nan = float("nan")
    return ClipInfo(
        name=row.text("name"),
        sha256=row.text("sha256"),
        duration_s=row.number("duration_s", default=nan),
        frames=row.whole("frames"),
        fps=row.number("fps", default=nan),
        capture_fps=row.number("capture_fps", default=nan),
        width=row.whole("width"),
        height=row.whole("height"),
        warnings=row.texts("warnings"),
    )


def _cycle(row: Row) -> JudgedCycle:
    """A repetition; its frames are not in the file, so the track's rows are all 0."""
    points = {
        (lost.text("measure"), lost.one_of("side", *SIDES)): lost.number("points", default=0.0)
        for lost in row.rows("deductions")
    }
    side = row.one_of("side", *SIDES)
    return JudgedCycle(
        index=row.whole("index"),
        cycle=Cycle(0, 0, 0, CycleKind(row.text("kind")), side),
        start_s=row.number("start_s"),
        turn_s=row.number("turn_s"),
        end_s=row.number("end_s"),
        score=row.maybe_whole("score"),
        findings=tuple(_finding(f, points) for f in row.rows("findings")),
    )


def _kinogram(row: Row) -> Kinogram:
    frames, t_s = row.row("frames"), row.row("t_s")
    return Kinogram(
        side=row.one_of("side", *SIDES) or SIDES[0],
        step=row.whole("step"),
        frames={name: frames.maybe_whole(name) for name in KINOGRAM},
        t_s={name: t_s.maybe_number(name) for name in KINOGRAM},
        by_hand=row.texts("by_hand"),
    )


def _finding(row: Row, points: Mapping[tuple[str, str | None], float] | None = None) -> Finding:
    measure, side = row.text("measure"), row.one_of("side", *SIDES)
    value = row.data.get("value")
    return Finding(
        measure=measure,
        side=side,
        value=value if isinstance(value, str) else row.maybe_number("value"),
        unit=row.text("unit"),
        error95=row.maybe_number("error95"),
        verdict=Verdict(row.text("verdict")),
        reason=row.text("reason", default=""),
        t_s=row.maybe_number("t_s"),
        frame=row.maybe_whole("frame"),
        criterion=_criterion(row.row("criterion"), measure, row.text("unit")),
        fault=None if row.data.get("fault") is None else row.text("fault"),
        penalty=(points or {}).get((measure, side), 0.0),
    )


def _criterion(row: Row, measure: str, unit: str) -> Criterion:
    """The bands of a finding; what else a table says of the measure is not in the file."""
    return Criterion(
        measure=measure,
        unit=unit,
        plane=Plane.UNKNOWN,
        title=row.text("title", default=""),
        source=row.text("source"),
        good=_band(row, "good"),
        caution=_band(row, "caution"),
    )


def _band(row: Row, key: str) -> tuple[float, float] | None:
    """Two ends, null for an open one."""
    if row.data.get(key) is None:
        return None
    ends = row.items(key)
    if len(ends) != 2:
        raise StoredError(f"expected two ends at {row.at}{key}, got {len(ends)}; analyse the clip again")
    pair = Row({"low": ends[0], "high": ends[1]}, f"{row.at}{key}.")
    return pair.number("low", default=-math.inf), pair.number("high", default=math.inf)


def _guidance(row: Row) -> Guidance:
    return Guidance(*(row.text(key) for key in ("fault", "words", "cue", "explain", "drill", "source")))


def _asymmetry(row: Row) -> Mapping[str, object]:
    row.text("measure")
    return dict(row.data)
