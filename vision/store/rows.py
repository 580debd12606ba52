"""What the library holds, as plain frozen values; the rest of Plumbline never sees a table row.

Ids are random texts that are safe in an address and as part of a file's name. Times are aware and
in UTC, ``filmed_on`` is a plain calendar day. Texts that people typed are kept as typed: whoever
shows them escapes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from vision.movements.calibration import OWN_FILM

NO_OWN_FILM: Final = "none"
"""Stands for a film of own arch and tuck where none is to be used."""


class NotFound(LookupError):
    """Nothing of that id in this viewer's library; another's looks exactly the same."""


class State(StrEnum):
    """Where a set stands on its way from a dropped clip to a verdict."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever looks: ``key`` is the login's stable id, ``local`` where there is no login."""

    key: str
    name: str = ""


LOCAL = Viewer("local")
"""The one who sits at this computer."""


@dataclass(frozen=True, slots=True)
class Athlete:
    """A person whose sets are kept together; ``sets`` counts them."""

    id: str
    name: str
    added: datetime
    sets: int = 0


@dataclass(frozen=True, slots=True)
class AskedStickers:
    """Stickers to analyse a set with: ``clicks`` as name and shares of width and height in ``frame``.

    Without clicks the program is to find them.
    """

    clicks: tuple[tuple[str, float, float], ...] = ()
    frame: int | None = None


@dataclass(frozen=True, slots=True)
class UsedOwn:
    """The film of own arch and tuck that a set was read with: its id, the name of its results then.

    ``problem`` says in one line why it could not be used after all.
    """

    film: str
    results: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class OwnFilm:
    """A film of own arch and tuck for a worker to read ``movements`` against; it is a set of its own."""

    id: str
    title: str
    original: Path
    results: Path
    capture_fps: float | None
    person: tuple[float, float] | None
    movements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedDistance:
    """Two points of the first picture, as shares of width and height, and the metres between them."""

    start: tuple[float, float]
    end: tuple[float, float]
    metres: float


@dataclass(frozen=True, slots=True)
class NewSet:
    """A clip that has arrived: ``original`` is its name within the data folder's ``clips``.

    ``title`` is what the user's file was called, ``movement`` a name or ``auto``, ``capture_fps``
    the camera's rate for slow motion, ``person`` a point on the athlete as fractions of width and
    height in the first frame, ``session`` a free label such as "Tuesday squats".
    """

    title: str
    original: str
    movement: str = "auto"
    athlete_id: str | None = None
    session: str = ""
    filmed_on: date | None = None
    capture_fps: float | None = None
    person: tuple[float, float] | None = None
    tags: tuple[str, ...] = ()
    stickers: AskedStickers | None = None


@dataclass(frozen=True, slots=True)
class StoredSet:
    """One set in the library, whatever its state.

    ``done`` of ``total`` frames of ``stage`` (reading, drawing, …) are through while it runs,
    ``seconds_left`` is the worker's guess. ``problem`` says in one line why it failed. What comes
    after that is empty until it is done; ``seen_all`` is False where some of what the movement is
    judged by could not be measured. ``own_film`` is the film of own arch and tuck that was chosen for it:
    an id, `NO_OWN_FILM`, or empty for the one of that day; ``used_own`` the one that it was read with.
    """

    id: str
    title: str
    movement_asked: str
    athlete_id: str | None
    athlete: str
    session: str
    filmed_on: date
    added: datetime
    capture_fps: float | None
    person: tuple[float, float] | None
    tags: tuple[str, ...]
    state: State
    stage: str = ""
    done: int = 0
    total: int | None = None
    seconds_left: float | None = None
    problem: str = ""
    movement: str | None = None
    headline: str = ""
    verdict: str = ""
    score: int | None = None
    reps: int = 0
    seen_all: bool = True
    stickers: AskedStickers | None = None
    distance: AskedDistance | None = None
    own_film: str = ""
    used_own: UsedOwn | None = None

    @property
    def is_own_film(self) -> bool:
        """Whether it is a film of own arch and tuck, which is no set of a movement."""
        return self.movement_asked == OWN_FILM


@dataclass(frozen=True, slots=True)
class SetFiles:
    """Where a set's files lie. ``results`` is None until the analysis is done.

    In ``results``: ``report.json``, ``report.html``, ``measures.csv``, ``track.trc``, ``film.mp4``
    (what a browser plays, frame for frame the clip's) and ``player.json``; of a film of own arch and tuck
    ``film.mp4`` and ``own.json``.
    """

    original: Path
    results: Path | None


@dataclass(frozen=True, slots=True)
class Note:
    """A text tied to a frame of a set; ``frame`` is the number in the file, from 0."""

    id: str
    frame: int
    text: str
    written: datetime


@dataclass(frozen=True, slots=True)
class Value:
    """One set finding as the history keeps it; ``error95`` is half the 95 % interval, in ``unit``."""

    measure: str
    title: str
    side: str | None
    value: float
    error95: float | None
    unit: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Point:
    """A value with the set that it comes from, for the course of a measure over weeks."""

    set_id: str
    set_title: str
    filmed_on: date
    added: datetime
    movement: str
    view: str
    found: Value


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it is kept: what `vision.plan.stored` needs, and the days that were ticked off.

    ``felt`` says per day where it was felt. The plan itself is made by `vision.plan.stored.rebuilt`,
    which asks for the answers first.
    """

    id: str
    athlete_id: str | None
    made: datetime
    starts: date
    findings: str
    answers: str
    felt: Mapping[date, str]

    @property
    def done(self) -> frozenset[date]:
        """The days that were ticked off."""
        return frozenset(self.felt)


@dataclass(frozen=True, slots=True)
class Checkup:
    """A check-up: its steps with the id of their set, None for one that was skipped."""

    id: str
    athlete_id: str | None
    made: datetime
    answers: str
    steps: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished analysis hands to the library; ``results`` is the folder's name within ``results``."""

    results: str
    movement: str | None
    view: str
    headline: str
    verdict: str
    score: int | None
    reps: int
    seen_all: bool
    values: tuple[Value, ...] = ()
    used_own: UsedOwn | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A set that a worker has taken; nobody else has it until the lease runs out."""

    set_id: str
    original: Path
    title: str
    movement: str
    capture_fps: float | None
    person: tuple[float, float] | None
    lease: str
    tries: int = 1
    stickers: AskedStickers | None = None
    distance: AskedDistance | None = None
    own: OwnFilm | None = None


Shapes = tuple[dict[str, object], ...]
"""Drawings on one frame, each as the player made it (kind, points in px of the film, colour, text)."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The shapes drawn on one frame of a set."""

    frame: int
    shapes: Shapes = field(default_factory=tuple)
