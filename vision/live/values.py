"""The values that live training exchanges: what was seen, what was said, how the set stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vision.types import FloatArray, JudgedCycle, Pose, Verdict


class Phase(StrEnum):
    """Where a live set is; it goes through them in this order, rest and moving by turns."""

    PLACING = "placing"
    COUNTDOWN = "countdown"
    BASELINE = "baseline"
    REST = "rest"
    MOVING = "moving"
    ENDED = "ended"


class Kind(StrEnum):
    """What is said: something to change, that it worked, or that the set is over."""

    CUE = "cue"
    PRAISE = "praise"
    STOP = "stop"


class End(StrEnum):
    """Why a set ended."""

    LEFT = "left"
    RESTED = "rested"
    LONG = "long"
    PAIN = "pain"
    ASKED = "asked"
    TURNED = "turned"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one moment of the camera gave: the athlete's pose, None where not seen, on the camera's clock.

    ``light`` is the picture's mean brightness (0-255), None where no picture came along; ``people``
    counts everybody about as large as the athlete. ``size_wh`` is the size the camera gave, in px,
    while points count in the size the set began with; None where it is the same.
    """

    pose: Pose | None
    t_s: float
    light: float | None = None
    people: int = 1
    size_wh: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Something said aloud and shown large: at most four words, and the repetition that caused it.

    ``fault`` is the table's key and ``words`` its plain words, both empty where no single fault is meant.
    """

    kind: Kind
    text: str
    rep: int
    t_s: float
    fault: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class LiveRep:
    """A repetition as it was judged when it closed; ``number`` counts from 1.

    ``judged`` holds its times in seconds since the set began; its rows are those of the stretch it
    was judged in. ``faults`` are keys worth a cue, the first one to change first.
    """

    number: int
    verdict: Verdict
    judged: JudgedCycle
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """How the set stands after one more picture.

    ``said`` is new with this picture, ``showing`` is to be on the screen now; ``sentence`` says what to
    do or what is the matter; ``seconds_left`` counts down; ``pose`` is for drawing,
    and so are ``stickers`` ``(M, 2)`` px, NaN where lost.
    """

    t_s: float
    phase: Phase
    reps: tuple[LiveRep, ...]
    said: Said | None
    showing: Said | None
    sentence: str
    seconds_left: float | None
    pose: Pose | None
    ended_by: End | None = None
    stickers: FloatArray | None = None
