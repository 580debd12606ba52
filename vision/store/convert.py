"""From table rows to the plain values that leave the library."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from vision.store import checks
from vision.store.folder import DataFolder
from vision.store.rows import (
    AskedDistance,
    AskedStickers,
    Athlete,
    Drawing,
    Job,
    Note,
    Outcome,
    OwnFilm,
    Point,
    SetFiles,
    Shapes,
    State,
    StoredSet,
    UsedOwn,
    Value,
)
from vision.store.tables import AthleteRow, DrawingRow, FindingRow, NoteRow, SetRow


def athlete(row: AthleteRow, sets: int) -> Athlete:
    """Give an athlete with the number of sets."""
    return Athlete(row.id, row.name, row.added, sets)


def stored_set(row: SetRow) -> StoredSet:
    """Give a set; ``athlete`` and ``tags`` of the row must have been loaded."""
    return StoredSet(
        id=row.id,
        title=row.title,
        movement_asked=row.movement_asked,
        athlete_id=row.athlete_id,
        athlete=row.athlete.name if row.athlete else "",
        session=row.session,
        filmed_on=row.filmed_on,
        added=row.added,
        capture_fps=row.capture_fps,
        person=person(row),
        tags=tuple(tag.tag for tag in row.tags),
        state=State(row.state),
        stage=row.stage,
        done=row.done,
        total=row.total,
        seconds_left=row.seconds_left,
        problem=row.problem,
        movement=row.movement,
        headline=row.headline,
        verdict=row.verdict,
        score=row.score,
        reps=row.reps,
        seen_all=row.seen_all,
        stickers=stickers(row),
        own_film=row.own_film,
        used_own=UsedOwn(row.own_used, row.own_results, row.own_problem) if row.own_used else None,
        distance=distance(row),
    )


def stickers(row: SetRow) -> AskedStickers | None:
    """Give the stickers that were asked for, if any."""
    if not row.stickers:
        return None
    kept = cast("dict[str, Any]", json.loads(row.stickers))
    return AskedStickers(tuple((name, x, y) for name, x, y in kept["clicks"]), kept["frame"])


def distance(row: SetRow) -> AskedDistance | None:
    """Give the known distance, where one was told."""
    if not row.distance:
        return None
    kept = cast("dict[str, Any]", json.loads(row.distance))
    (x1, y1), (x2, y2) = kept["start"], kept["end"]
    return AskedDistance((x1, y1), (x2, y2), kept["metres"])


def person(row: SetRow) -> tuple[float, float] | None:
    """Give the point on the athlete, where one was named."""
    if row.person_x is None or row.person_y is None:
        return None
    return row.person_x, row.person_y


def files(row: SetRow, folder: DataFolder) -> SetFiles:
    """Give where a set's files lie."""
    results: Path | None = folder.results / row.results if row.results else None
    return SetFiles(folder.clips / row.original, results)


def own_film(row: SetRow, movements: tuple[str, ...], folder: DataFolder) -> OwnFilm:
    """Give a film of own arch and tuck that was read, for ``movements``."""
    kept = folder.results / (row.results or "")
    return OwnFilm(
        row.id, row.title, folder.clips / row.original, kept, row.capture_fps, person(row), movements
    )


def job(row: SetRow, folder: DataFolder, own: OwnFilm | None = None) -> Job:
    """Give a set as its worker sees it."""
    return Job(
        set_id=row.id,
        original=folder.clips / row.original,
        title=row.title,
        movement=row.movement_asked,
        capture_fps=row.capture_fps,
        person=person(row),
        lease=row.lease,
        tries=row.tries,
        stickers=stickers(row),
        own=own,
        distance=distance(row),
    )


def note(row: NoteRow) -> Note:
    """Give a note."""
    return Note(row.id, row.frame, row.text, row.written)


def drawing(row: DrawingRow) -> Drawing:
    """Give the shapes on a frame."""
    return Drawing(row.frame, cast(Shapes, tuple(json.loads(row.shapes))))


POINT = (
    SetRow.id,
    SetRow.title,
    SetRow.filmed_on,
    SetRow.added,
    SetRow.movement,
    SetRow.view,
    FindingRow.measure,
    FindingRow.title,
    FindingRow.side,
    FindingRow.value,
    FindingRow.error95,
    FindingRow.unit,
    FindingRow.verdict,
)
"""The columns of a course, of which there may be a hundred thousand; whole rows take far longer."""


def point(columns: Sequence[Any]) -> Point:
    """Give a finding with the set that it comes from, out of the columns of `POINT`."""
    set_id, title, filmed_on, added, movement, view, *found = columns
    return Point(set_id, title, filmed_on, added, movement or "", view, Value(*found))


def finding(set_id: str, place: int, value: Value) -> FindingRow:
    """Give the row of a value that was found."""
    error = value.error95
    return FindingRow(
        set_id=set_id,
        place=place,
        measure=value.measure,
        title=value.title,
        side=value.side,
        value=checks.number(value.value, "value"),
        error95=None if error is None else checks.number(error, "error"),
        unit=value.unit,
        verdict=value.verdict,
    )


def keep_outcome(row: SetRow, outcome: Outcome) -> None:
    """Write what an analysis found into its set's row."""
    row.results, row.movement, row.view = outcome.results, outcome.movement, outcome.view
    row.headline, row.verdict, row.score = outcome.headline, outcome.verdict, outcome.score
    row.reps, row.seen_all = outcome.reps, outcome.seen_all


def keep_used_own(row: SetRow, used: UsedOwn | None) -> None:
    """Write into a set's row which film of own arch and tuck it was read with."""
    row.own_used, row.own_results, row.own_problem = (
        (used.film, used.results, used.problem) if used else ("", "", "")
    )
