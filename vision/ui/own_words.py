"""What a film of own arch and tuck gave, in plain words. Knows no Streamlit."""

from __future__ import annotations

from vision.movements import own_tilt
from vision.movements.calibration import SIGNALS
from vision.movements.lockout import NEEDED, Calibration
from vision.outputs.own_file import OwnFile

WORD = "Own arch and tuck (for bridges)"
"""Stands among the movements, though it is none."""

GONE = "This set was read with a film of own arch and tuck that is deleted. What was found stays as it is."
SAME = (
    "Clothes and the camera's place must be the same in that film and in this set. If they are not, its "
    "levels are not this set's, and what is told of the pelvis is wrong."
)
_NOT_SEEN = "not seen: the clothes are too loose for it, or the pelvis was hidden"
_NO_DEGREES = "No tilt of the pelvis in degrees: the pelvis network is needed for it."
_SINGLE = (
    "Nothing on how the pelvis stands at the top: a single cue decides nothing. Film it again in tight "
    "clothes, hands beside the head."
)


def is_enough(own: Calibration) -> bool:
    """Whether there are cues enough to decide anything."""
    return len(own.levels) >= NEEDED


def usable(own: Calibration) -> list[str]:
    """What can be compared with this film."""
    return [words for name, words in SIGNALS.items() if name in own.levels]


def refused(own: Calibration) -> list[str]:
    """What cannot, and why."""
    return [
        f"{words}: {own.refused.get(name, _NOT_SEEN)}"
        for name, words in SIGNALS.items()
        if name not in own.levels
    ]


def gives(own: Calibration) -> list[str]:
    """What a bridge that is read with this film tells more than without."""
    degrees = own_tilt.TILT in own.levels
    told = ["The tilt of the pelvis in degrees." if degrees else _NO_DEGREES]
    if not is_enough(own):
        return [*told, _SINGLE]
    words = "arched, level or tucked" if degrees else "arched or tucked"
    return [*told, f"Whether it is {words} at the top, where two cues agree and none contradicts."]


def held(own: OwnFile) -> str:
    """When in the film the two were held, on the film's own clock; empty where that was not kept."""
    spells = (own.calibration.arch_s, own.calibration.tuck_s)
    if None in spells:
        return ""
    arch, tuck = (f"{a / own.time_scale:.0f} to {b / own.time_scale:.0f} s" for a, b in filter(None, spells))
    return f"Taken as the arch: {arch}. As the tuck: {tuck}. Look whether that is so."
