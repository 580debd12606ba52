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

LOOSE: Final = "loose clothes hide the pelvis: wear tight ones, or tuck the shirt in"
HIDDEN: Final = "clothes, an arm or the light hide the pelvis"
APART: Final = "two readings of the pelvis do not agree"

_COLUMN: Final = {name: i for i, name in enumerate(PELVIS_COLUMNS)}


@dataclass(frozen=True)
class Trust:
    """How a network's changes are believed.

    A network in doubt stays near the mean of what it was trained on: of a true change it shows only
    a share, about one less the square of its doubt over ``spread_deg``, the deviation of the angle
    among training's pictures of such a movement (docs/pelvis-network.md). Changes are made larger by
    that share, but for those of the ``largest`` of a path, which its noise makes larger; below
    ``least_gain`` nothing is said. ``noise`` is the part of the doubt that differs from repetition to
    repetition, ``gain_sd`` how far the share is off in one body and its clothes; opinions of a change
    may part by ``apart_deg`` and ``apart`` of it. Under clothes that look loose by more than
    ``most_loose`` nothing is said, and below that ``loose_sd`` degrees of doubt are added in proportion.
    """

    spread_deg: float
    least_gain: float
    noise: float
    gain_sd: float
    apart_deg: float
    apart: float
    largest: bool = False
    most_loose: float = 0.4
    loose_sd: float = 0.0


STEP_TRUST: Final = Trust(8.3, 0.6, 0.2, 0.17, 3.0, 0.5, largest=True, most_loose=1.0, loose_sd=1.2)
BEND_TRUST: Final = Trust(6.0, 0.5, 0.2, 0.2, 3.0, 0.5)
STANCE_TRUST: Final = Trust(7.2, 0.6, 0.2, 0.2, 3.0, 0.5)
"""Steps, squats and one leg that bends, standing on one leg: fitted on clips of `rig clips --what judge
--seed 11`, and for loose clothes of seeds 12 and 13, whose people the accuracy page's clips do not show."""

TILT_TRUST: Final = Trust(14.0, 0.6, 0.3, 0.25, 6.0, 0.6)

FROM_LYING_SD_DEG: Final = 7.0
"""How far a tilt of a bridge is off as a change from lying (rendered, fitted clothes, seed 11: 6.8)."""


@dataclass(frozen=True)
class Look:
    """A signal of the pelvis: ``angle_deg`` ``(T,)``, the landmarks' opinion of it, the network's doubt.

    ``loose (T,)``, 0 to 1, is how surely loose clothes hide the pelvis.
    """

    angle_deg: FloatArray
    points_deg: FloatArray
    sd_deg: FloatArray
    loose: FloatArray
    trust: Trust

    def gain(self, rows: slice) -> float:
        """Share of a true change that the network shows over these rows; NaN where it did not look."""
        sd = self.sd_deg[rows]
        if not len(sd) or np.isfinite(sd).mean() < LEAST_SEEN:
            return float("nan")
        return max(1.0 - float(np.nanmean(sd**2)) / self.trust.spread_deg**2, 0.0)

    @property
    def looseness(self) -> float:
        """Mean of ``loose``: nobody changes clothes in a repetition."""
        seen = self.loose[np.isfinite(self.loose)]
        return float(seen.mean()) if len(seen) else 0.0

    @property
    def too_loose(self) -> bool:
        """Whether what is worn hides the pelvis, and the trunk's edges with it."""
        return self.looseness > self.trust.most_loose

    def why_not(self, *parts: slice) -> str:
        """Why nothing can be said of these rows; empty where something can."""
        gains = [self.gain(rows) for rows in parts]
        if not np.isfinite(gains).all():
            return "the pelvis was not in view long enough"
        if self.too_loose:
            return LOOSE
        return HIDDEN if min(gains) < self.trust.least_gain else ""

    def change(self, seen: float, by_points: float, at: slice, *rest: slice) -> Measurement:
        """A change of the angle as ``seen``, and of the landmarks' opinion of it, made a measurement.

        ``at`` are the rows in which it shows, ``rest`` those that it was taken against.
        """
        if why := self.why_not(at, *rest):
            return unseen(why)
        if not np.isfinite(seen):
            return unseen("the pelvis was not in view long enough")
        if abs(seen - by_points) > self.trust.apart_deg + self.trust.apart * abs(seen):
            return unseen(APART)
        gain = 1.0 if self.trust.largest else self.gain(at)
        value = seen / gain
        noise = self.trust.noise * float(np.nanmean(self.sd_deg[at])) / gain
        shared = float(np.hypot(self.trust.gain_sd * value, self.trust.loose_sd * self.looseness))
        return Measurement(value, noise, None, by_network=True, shared_sd=shared)


def slope(track: Track, view: View, trust: Trust) -> Look | None:
    """Slope of the pelvis, + left side higher, of a levelled track; None where no network looked."""
    seen = _columns(track, FRONTAL)
    if seen is None:
        return None
    left = c.left_is(view)
    return Look(
        left * seen["pelvis"], left * seen["pelvis_by_points"], seen["pelvis_sd"], seen["loose"], trust
    )


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
    return Look(seen["pelvis"] - seen["ribs"], points, sd, seen["loose"], TILT_TRUST)


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


def drop(scene: Scene, look: Look, side: str | None, stance: slice) -> Measurement:
    """Largest fall of the free side in single support, less quiet standing or else the mean of the steps.

    ``stance`` are the rows of single support; + for the free side lower.
    """
    if why := look.why_not(stance):
        return unseen(why)
    whole = slice(0, len(look.angle_deg))
    standing = None if scene.standing is None else slope(scene.standing, scene.view, look.trust)
    if standing is not None and standing.why_not(slice(0, len(standing.angle_deg))):
        standing = None
    against = look if standing is None else standing
    at = stance.start + int(np.nanargmax(pelvis.free_side_down(look.angle_deg[stance], side)))
    fell, by_points = (
        pelvis.free_side_down(here - float(np.nanmean(base)), side)[at]
        for here, base in (
            (look.angle_deg, against.angle_deg),
            (look.points_deg, against.points_deg),
        )
    )
    found = replace(look.change(float(fell), float(by_points), stance, whole), frame=at)
    if not isinstance(found.value, float):
        return found
    if standing is not None:
        return replace(found, reason=pelvis.AGAINST_STANDING)
    return replace(found, reason=pelvis.AGAINST_MEAN, judged=False)


def held_drop(scene: Scene, look: Look, side: str | None, held: slice) -> Measurement:
    """Median fall of the free side over the rows ``held`` against quiet standing, + lower."""
    standing = None if scene.standing is None else slope(scene.standing, scene.view, look.trust)
    if standing is None:
        return unseen("the pelvis was not in view on both feet")
    if why := standing.why_not(slice(0, len(standing.angle_deg))):
        return unseen(why)
    seen, by_points = (
        float(np.nanmedian(pelvis.free_side_down(here[held] - float(np.nanmedian(before)), side)))
        for here, before in (
            (look.angle_deg, standing.angle_deg),
            (look.points_deg, standing.points_deg),
        )
    )
    return replace(look.change(seen, by_points, held), frame=scene.cycle.turn)


def turned(scene: Scene, look: Look) -> Measurement:
    """A signal at the turn minus the start of the repetition."""
    at, rest = scene.window(scene.cycle.turn), scene.rest
    value = scene.at_turn(look.angle_deg) - scene.at_start(look.angle_deg)
    by_points = scene.at_turn(look.points_deg) - scene.at_start(look.points_deg)
    return replace(look.change(value, by_points, at, rest), frame=scene.cycle.turn)
