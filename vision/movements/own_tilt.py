"""The pelvis against the ribs in a bridge, read by the network between a person's own arch and tuck.

Body, clothes and camera put some degrees on what the network says, not the same ones lying and with the
hips up. Between an arch and a tuck that the same person held with the hips up they fall out: on rendered
people never trained on, a reading is 2 degrees off there and 7 as a change from lying
(docs/pelvis-network.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from vision.movements.base import Scene, unseen
from vision.movements.lockout import Calibration, Level
from vision.movements.pelvis_eye import APART, LOOSE, Look
from vision.types import FloatArray, Measurement

TILT: Final = "pelvic_tilt"
TILT_BY_POINTS: Final = "pelvic_tilt_by_landmarks"
"""Names of the two levels: by the network's angles, and by the lines through its landmarks."""

SHOWN: Final = 0.85
SHOWN_SD: Final = 0.12
"""Share of a true range that the network shows, and how far it differs from person to person (rendered,
fitted clothes, people of `rig clips --what own --seed 11`: 0.85 and 0.10)."""

MIDDLE_SD_DEG: Final = 2.5
"""How far the middle of a person's own range lies from their pelvis at rest (assumed)."""

FLOOR_SD_DEG: Final = 0.7
"""Least deviation of a level: neighbouring pictures of one hold are not independent (assumed)."""

APART_DEG: Final = 8.0
"""By how much the two readings of a tilt may part."""


def readings(look: Look) -> dict[str, FloatArray]:
    """The network's two opinions of the tilt by name, each ``(T,)`` degrees, + anterior."""
    return {TILT: look.angle_deg, TILT_BY_POINTS: look.points_deg}


def span_deg(calibration: Calibration | None) -> float | None:
    """Degrees between the own arch and the own tuck; None where the network was not calibrated."""
    level = calibration.levels.get(TILT) if calibration else None
    return None if level is None else (level.arch - level.tuck) / SHOWN


def tilt(scene: Scene, look: Look, name: str, far: float) -> Measurement:
    """Tilt at the turn from the middle of the own range, + anterior, by the reading called ``name``.

    Nothing is said under loose clothes, nor where the reading lies more than ``far`` ranges outside of what
    was held.
    """
    calibration, span = scene.calibration, span_deg(scene.calibration)
    level = calibration.levels.get(name) if calibration else None
    if calibration is None or level is None or span is None:
        return unseen(_why_none(calibration, name))
    if look.too_loose:
        return unseen(LOOSE)
    seen = scene.at_turn(readings(look)[name])
    if not np.isfinite(seen):
        return unseen("the pelvis was not in view long enough")
    index = level.index(seen)
    if not -far <= index <= 1 + far:
        return unseen(f"index {index:.1f}, 0 arched, 1 tucked: far from what was calibrated")
    value = (0.5 - index) * span
    noise = level.index_sd(FLOOR_SD_DEG) * span
    shared = float(np.hypot(MIDDLE_SD_DEG, SHOWN_SD * value))
    return Measurement(value, noise, scene.cycle.turn, by_network=True, shared_sd=shared)


def agreed_tilt(scene: Scene, look: Look, far: float) -> Measurement:
    """The same by the network's angles, where its landmarks do not contradict them."""
    by = [tilt(scene, look, name, far) for name in (TILT, TILT_BY_POINTS)]
    angle, points = (m.value for m in by)
    if not isinstance(angle, float):
        return by[0]
    if isinstance(points, float) and abs(angle - points) > APART_DEG:
        return unseen(APART)
    return by[0]


def _why_none(calibration: Calibration | None, name: str) -> str:
    if calibration is None:
        return "not visible without stickers or a film of your own arch and tuck: see plumbline movements"
    why: Mapping[str, str] = calibration.refused
    return why.get(name) or "the film of your own arch and tuck does not show the pelvis"


def usable(level: Level, least_span_deg: float) -> str:
    """Why a level of the network is none; empty where it is one."""
    if level.arch - level.tuck < least_span_deg:
        return (
            f"arch and tuck look {level.arch - level.tuck:.0f} degrees apart, "
            f"less than the {least_span_deg:.0f} that can be told"
        )
    return ""
