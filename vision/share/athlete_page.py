"""An athlete's period on one page that needs nothing but itself, on screen and on paper."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from vision.history import Course, courses, sentence
from vision.movements import MOVEMENTS
from vision.outputs import STRIP
from vision.outputs.palette import VERDICT_HEX
from vision.outputs.wording import VERDICT_WORD, with_error
from vision.outputs.wording import sentence as capital
from vision.share.chart import HIGH, WIDE, Chart, chart
from vision.store import Shelf, State, StoredSet
from vision.types import Verdict

_SEEN_FROM: Final = {
    "front": "from the front",
    "rear": "from behind",
    "side": "from the side",
    "frontal": "from the front or from behind",
    "oblique": "at an angle",
    "unknown": "from a side that was not recognised",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A course with its heading, its drawing and what can be said about it."""

    title: str
    view: str
    chart: Chart | None
    words: str
    unsure: int


@dataclass(frozen=True, slots=True)
class Single:
    """What was seen in one set only: no course yet."""

    title: str
    view: str
    value: str
    day: str


@dataclass(frozen=True, slots=True)
class Group:
    """The courses of one movement, and what was seen once only."""

    title: str
    courses: tuple[Shown, ...]
    single: tuple[Single, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """A run's kinogram: its heading, what a reader who does not see it is told, the PNG in base64."""

    title: str
    alt: str
    png: str


MOST_STRIPS: Final = 4
"""Kinograms on the page, the latest ones: each is a picture of some megabytes."""


def athlete_page(
    shelf: Shelf,
    athlete_id: str,
    since: date | None = None,
    until: date | None = None,
    *,
    pictures: bool = False,
) -> str:
    """The page of an athlete's finished sets filmed from ``since`` to ``until``, both included.

    ``pictures`` puts the kinograms of the sprints on it, which show the athlete and who is nearby.
    Raises NotFound for an athlete who is not the viewer's, ValueError where ``until`` lies before
    ``since``.
    """
    if since is not None and until is not None and until < since:
        raise ValueError("The period ends before it begins: choose a later end.")
    athlete = shelf.athlete(athlete_id)

    def within(day: date) -> bool:
        return (since is None or day >= since) and (until is None or day <= until)

    done = [s for s in shelf.sets(athlete_id=athlete_id) if s.state is State.DONE and not s.is_own_film]
    sets = [s for s in done if within(s.filmed_on)]
    sets.sort(key=lambda s: (s.filmed_on, s.added))
    points = [p for p in shelf.course(athlete_id=athlete_id) if within(p.filmed_on)]
    strips, older = _strips(shelf, sets) if pictures else ([], 0)
    environment = Environment(
        loader=PackageLoader("vision.share", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("athlete.html.j2").render(
        athlete=athlete.name,
        period=_period(sets, since, until),
        sets=[(s, movement_title(s.movement)) for s in sets],
        groups=groups(courses(points)),
        strips=strips,
        older=older,
        box=(WIDE, HIGH),
        colour=VERDICT_HEX,
    )


def _strips(shelf: Shelf, sets: list[StoredSet]) -> tuple[list[Strip], int]:
    """Kinograms of the latest runs, latest first, and how many older ones there are."""
    files = [(s, shelf.files(s.id).results) for s in reversed(sets)]
    runs = [(s, folder / STRIP) for s, folder in files if folder is not None and (folder / STRIP).is_file()]
    made = [
        Strip(
            " · ".join(
                [s.filmed_on.isoformat(), movement_title(s.movement), s.title, *(f"#{t}" for t in s.tags)]
            ),
            f"Kinogram of the run of {s.filmed_on.isoformat()}",
            base64.b64encode(path.read_bytes()).decode("ascii"),
        )
        for s, path in runs[:MOST_STRIPS]
    ]
    return made, len(runs) - len(made)


def movement_title(movement: str | None) -> str:
    """What a movement is called."""
    known = MOVEMENTS.get(movement or "")
    return known.table.title if known else (movement or "movement not known").replace("_", " ")


def groups(found: Iterable[Course]) -> list[Group]:
    """Courses by movement, those of the most sets first."""
    by_movement: dict[str, list[Course]] = {}
    for course in found:
        by_movement.setdefault(course.movement, []).append(course)
    return [
        Group(
            movement_title(movement),
            tuple(_shown(c) for c in sorted(of, key=lambda c: -len(c.marks)) if len(c.marks) > 1),
            tuple(_single(c) for c in of if len(c.marks) == 1),
        )
        for movement, of in by_movement.items()
    ]


def _names(course: Course) -> tuple[str, str]:
    """A course's heading, and from where it was filmed."""
    title = capital(course.title) + (f" · {course.side}" if course.side else "")
    return title, f"filmed {_SEEN_FROM.get(course.view, course.view)}" if course.view else ""


def _single(course: Course) -> Single:
    mark = course.marks[0]
    told = "not told: its error is not known"
    if mark.error95 is not None:
        judged = "not judged" if mark.verdict is Verdict.UNKNOWN else VERDICT_WORD[mark.verdict]
        told = f"{with_error(mark.value, course.unit, mark.error95)} · {judged}"
    return Single(*_names(course), told, mark.on.isoformat())


def _shown(course: Course) -> Shown:
    title, view = _names(course)
    unsure = sum(m.error95 is None for m in course.marks)
    return Shown(title, view, chart(course), sentence(course, with_error), unsure)


def _period(sets: list[StoredSet], since: date | None, until: date | None) -> str:
    first = since or (sets[0].filmed_on if sets else None)
    last = until or (sets[-1].filmed_on if sets else None)
    if first is None or last is None:
        return "no sets yet"
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
