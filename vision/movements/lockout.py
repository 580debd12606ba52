"""Which way the pelvis points at the top of a bridge: a decision over cues, of which two must agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

ANTERIOR: Final = "anterior"
NEUTRAL: Final = "neutral"
POSTERIOR: Final = "posterior"
UNDETERMINED: Final = "undetermined"

NEEDED: Final = 2
"""Cues that must say the same (S3: two agreeing cues or unknown)."""

_PLAIN: Final = {ANTERIOR: "arched", NEUTRAL: "level", POSTERIOR: "tucked"}


@dataclass(frozen=True, slots=True)
class Cue:
    """What one source of evidence ``says``: anterior, neutral, posterior, or undetermined and ``why``.

    ``name`` is in plain words, with its article. Cues given to :func:`agreed` must be independent of
    each other: one edge of the body makes one cue, however many ways there are to read it.
    Raises ValueError for another word.
    """

    name: str
    says: str
    why: str = ""

    def __post_init__(self) -> None:
        """Refuse a word that means nothing."""
        if self.says not in (*_PLAIN, UNDETERMINED):
            raise ValueError(f"{self.name}: expected {', '.join(_PLAIN)} or undetermined, got {self.says!r}")


def agreed(cues: Sequence[Cue]) -> tuple[str | None, str]:
    """The pattern that two cues name and none contradicts; None, with the reason, where there is none."""
    clear = [cue for cue in cues if cue.says != UNDETERMINED]
    said = {cue.says for cue in clear}
    if len(said) > 1:
        words = ", ".join(f"{cue.name} says {_PLAIN[cue.says]}" for cue in clear)
        return None, f"the cues do not agree on a tilt: {words}"
    if len(clear) >= NEEDED:
        return clear[0].says, ""
    missing = "; ".join(f"{cue.name}: {cue.why or 'not clear'}" for cue in cues if cue.says == UNDETERMINED)
    alone = f"only {clear[0].name} says {_PLAIN[clear[0].says]}" if clear else "none is clear"
    return None, f"needs two clear cues, {alone}" + (f" ({missing})" if missing else "")


# --------------------------------------------------------------------------- one's own arch and tuck


@dataclass(frozen=True, slots=True)
class Level:
    """An index of the outline in a person's own ``arch`` and ``tuck``, in chords; ``sd`` of one reading."""

    arch: float
    tuck: float
    sd: float

    def index(self, value: float) -> float:
        """Where ``value`` lies: 0 as in the arch, 1 as in the tuck (movements.md, B1)."""
        return (value - self.arch) / (self.tuck - self.arch)

    def index_sd(self, sd: float) -> float:
        """Standard deviation of the index of a value known to ``sd`` chords, the levels' own included."""
        return float(np.hypot(sd, self.sd)) / abs(self.tuck - self.arch)


READ_AGAINST: Final = ("bridge", "hip_thrust")
"""Movements that can be read against a person's own arch and tuck."""


@dataclass(frozen=True)
class Calibration:
    """A person's own arch and tuck: a :class:`Level` by measure, or the reason why there is none.

    ``arch_s`` and ``tuck_s`` say from when to when in the film the two were read, ``movements`` which ones
    are to be read against it.
    """

    levels: Mapping[str, Level] = field(default_factory=dict[str, Level])
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    arch_s: tuple[float, float] | None = None
    tuck_s: tuple[float, float] | None = None
    movements: tuple[str, ...] = READ_AGAINST
