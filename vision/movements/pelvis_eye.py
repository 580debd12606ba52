"""The pelvis as the networks see it: its slope from front or rear, its tilt against the ribs from the side.

Only changes are given: a body, its clothes and the camera's height put the same few degrees on every
picture, which fall out of a change. Two opinions are asked, the network's
angles and the lines through its landmarks; where they part, or where the network itself is in doubt,
nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vision.movements import common as c
from vision.movements import pelvis
from vision.movements.base import Scene, unseen
from vision.types import FRONTAL, PELVIS_COLUMNS, SAGITTAL, FloatArray, Measurement, Track, View

LEAST_SEEN: Final = 0.6
"""Least share of the frames that a value is made of in which the network looked."""

HIDDEN: Final = "clothes, an arm or the light hide the pelvis"
APART: Final = "two readings of the pelvis do not agree"

_COLUMN: Final = {name: i for i, name in enumerate(PELVIS_COLUMNS)}


@dataclass(frozen=True)
class Trust:
    """How a network's changes are believed.

    A network in doubt stays near the mean of what it was trained on: of a true change it shows only
    a share, about one less ``shrink`` times the square of its doubt over ``spread_deg``, the
    deviation of the angle in training. Changes are made larger by that share; below ``least_gain``
    nothing is said. ``noise`` is the part of the doubt that stays in a change, ``gain_sd`` how far
    the share itself is off; opinions of a change may part by ``apart_deg`` and ``apart`` of it.
    """

    spread_deg: float
    shrink: float
    least_gain: float
    noise: float
    gain_sd: float
    apart_deg: float
    apart: float


SLOPE_TRUST: Final = Trust(8.3, 1.0, 0.6, 0.3, 0.15, 3.0, 0.5)
TILT_TRUST: Final = Trust(14.0, 1.0, 0.6, 0.3, 0.25, 6.0, 0.6)


@dataclass(frozen=True)
class Look:
    """A signal of the pelvis: ``angle_deg`` ``(T,)``, the landmarks' opinion of it, the network's doubt."""

    angle_deg: FloatArray
    points_deg: FloatArray
    sd_deg: FloatArray
    trust: Trust

    def gain(self, rows: slice) -> float:
        """Share of a true change that the network shows over these rows; NaN where it did not look."""
        sd = self.sd_deg[rows]
        if not len(sd) or np.isfinite(sd).mean() < LEAST_SEEN:
            return float("nan")
        doubt = float(np.nanmean(sd**2))
        return max(1.0 - self.trust.shrink * doubt / self.trust.spread_deg**2, 0.0)

    def why_not(self, *parts: slice) -> str:
        """Why nothing can be said of these rows; empty where something can."""
        gains = [self.gain(rows) for rows in parts]
        if not np.isfinite(gains).all():
            return "the pelvis was not in view long enough"
        return HIDDEN if min(gains) < self.trust.least_gain else ""

    def change(self, seen: float, by_points: float, *parts: slice) -> Measurement:
        """A change of the angle as ``seen``, and of the landmarks' opinion of it, made a measurement.

        ``parts`` are the rows that it was taken from.
        """
        if why := self.why_not(*parts):
            return unseen(why)
        if not np.isfinite(seen):
            return unseen("the pelvis was not in view long enough")
        trust, gain = self.trust, float(np.mean([self.gain(rows) for rows in parts]))
        if abs(seen - by_points) > trust.apart_deg + trust.apart * abs(seen):
            return unseen(APART)
        value = seen / gain
        doubts = [trust.noise * float(np.nanmean(self.sd_deg[rows])) / gain for rows in parts]
        sd = float(np.hypot(np.linalg.norm(doubts) / np.sqrt(2), trust.gain_sd * value))
        return Measurement(value, sd, None, by_network=True)


def slope(track: Track, view: View) -> Look | None:
    """Slope of the pelvis, + left side higher, of a levelled track; None where no network looked."""
    seen = _columns(track, FRONTAL)
    if seen is None:
        return None
    left = c.left_is(view)
    return Look(left * seen["pelvis"], left * seen["pelvis_by_points"], seen["pelvis_sd"], SLOPE_TRUST)


def tilt(track: Track) -> Look | None:
    """Pelvis against the ribs, + anterior; None where no network looked from the side."""
    seen = _columns(track, SAGITTAL)
    if seen is None:
        return None
    points = np.full(len(track), np.nan)
    both = np.isfinite(seen["pelvis_by_points"]) & np.isfinite(seen["ribs_by_points"])
    turn = np.radians((seen["pelvis_by_points"] - seen["ribs_by_points"])[both])
    points[both] = np.degrees(np.arctan2(np.sin(turn), np.cos(turn)))
    sd = np.hypot(seen["pelvis_sd"], seen["ribs_sd"])
    return Look(seen["pelvis"] - seen["ribs"], points, sd, TILT_TRUST)


def _columns(track: Track, which: int) -> dict[str, FloatArray] | None:
    if track.pelvis is None or not np.isfinite(track.pelvis[:, which, 0]).any():
        return None
    return {name: track.pelvis[:, which, i] for name, i in _COLUMN.items()}


def obliquity(scene: Scene, look: Look) -> Measurement:
    """Slope at the turn minus the start, + left side higher, less what perspective makes of sinking hips."""
    hips = c.either(scene.track, "hip")[:, 1]
    sunk_px = scene.at_turn(hips) - scene.at_start(hips)
    found = turned(scene, look)
    if not isinstance(found.value, float) or not np.isfinite(sunk_px):
        return found
    seeming, doubt = pelvis.seeming_deg(scene, sunk_px)
    return replace(found, value=found.value - seeming, sd=float(np.hypot(found.sd, doubt)))


def turned(scene: Scene, look: Look) -> Measurement:
    """A signal at the turn minus the start of the repetition."""
    at, rest = scene.window(scene.cycle.turn), scene.rest
    value = scene.at_turn(look.angle_deg) - scene.at_start(look.angle_deg)
    by_points = scene.at_turn(look.points_deg) - scene.at_start(look.points_deg)
    found = look.change(value, by_points, at, rest)
    return Measurement(found.value, found.sd, scene.cycle.turn, found.reason, by_network=found.by_network)
