"""What a movement is made of, and what its measures may look at.

A movement is a value: how its repetitions are cut, its measures, and its table of criteria. Each
measure is a pure function of a :class:`Scene`; it never judges, draws or reads files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision.gait_events import FootEvents
from vision.kinematics import segment_noise_deg
from vision.movements.lockout import Calibration
from vision.types import Criterion, Curve, Cycle, Fault, FloatArray, Kinogram, Measurement, Plane, Track, View

REST_S: Final = (0.3, 0.1)
"""Seconds before the start of a repetition between which its starting value is taken.

A repetition starts when its signal has left its foot, and some angles are well under way by then.
"""

TURN_S: Final = 0.1
"""Seconds on either side of the turn over which a value at the turn is taken."""


@dataclass(frozen=True)
class Scene:
    """One repetition as its measures see it.

    ``track`` is levelled (camera roll undone), smoothed without phase shift, and holds the
    repetition with some margin; ``cycle`` counts in rows of it. ``jitter_px`` is the keypoints'
    noise in this clip; ``trunk_px`` and ``leg_px`` are the athlete's lengths in the whole set.
    ``floor_start`` marks a lift whose repetitions begin bent, with the weight on the floor. ``px_per_m``
    is how many px a metre has where the athlete moves, None where nobody said. ``feet`` are the contacts
    and toe-offs of the whole set by side, ``standing`` its quiet standing, if any; ``calibration`` is the
    athlete's own arch and tuck, where they were filmed. ``unsure_sides`` says why left and right are not to
    be told apart in this set, empty where they are. ``cuts_s`` are the moments at which the film was cut.
    """

    track: Track
    cycle: Cycle
    view: View
    jitter_px: float
    trunk_px: float
    leg_px: float
    floor_start: bool = False
    px_per_m: float | None = None
    calibration: Calibration | None = None
    feet: Mapping[str, FootEvents] = field(default_factory=lambda: {})
    standing: Track | None = None
    unsure_sides: str = ""
    cuts_s: tuple[float, ...] = ()

    @property
    def side(self) -> str:
        """The side that a side view shows best; the left one where no side is nearer."""
        return self.view.near_side or "left"

    def near(self, part: str) -> FloatArray:
        """Path ``(T, 2)`` px of the near side's ``part``."""
        return self.track.point(f"{self.side}_{part}")

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """Row numbers of the repetition."""
        return np.arange(self.cycle.start, min(self.cycle.end, len(self.track)))

    def _within(self, centre: int, before_s: float, after_s: float) -> slice:
        t = self.track.t_s
        a = int(np.searchsorted(t, float(t[centre]) - before_s - 1e-6))
        b = int(np.searchsorted(t, float(t[centre]) + after_s + 1e-6))
        a = min(a, len(t) - 1)
        return slice(a, max(b, a + 1))

    def window(self, centre: int) -> slice:
        """Rows over which a value at ``centre`` is taken."""
        return self._within(centre, TURN_S, TURN_S)

    @property
    def rest(self) -> slice:
        """Rows just before the repetition, over which its starting value is taken."""
        return self._within(self.cycle.start, REST_S[0], -REST_S[1])

    def at_turn(self, values: FloatArray) -> float:
        """Mean of ``values (T,)`` around the turn; NaN when less than half of it was seen."""
        return _mean(values[self.window(self.cycle.turn)])

    def at_start(self, values: FloatArray) -> float:
        """Mean of ``values (T,)`` just before the repetition begins."""
        return _mean(values[self.rest])

    def noise_deg(self, length_px: float, samples: float = 3.0) -> float:
        """Standard deviation in degrees of a segment's angle, averaged over independent samples."""
        return segment_noise_deg(self.noise_px(samples), max(length_px, 1.0))

    def noise_px(self, samples: float = 3.0) -> float:
        """Standard deviation in px of a keypoint, averaged over independent samples."""
        jitter = self.jitter_px if np.isfinite(self.jitter_px) else 0.01 * self.trunk_px
        return float(jitter / np.sqrt(samples))

    def foreshortening(self, angle_deg: float) -> float:
        """Standard deviation in degrees that an uncertain yaw puts on a sagittal angle.

        Seen ``psi`` off the square, a segment's horizontal part shrinks by ``cos(psi)``: its angle
        from the vertical changes by at most ``sin(2 angle)/2 (1 - cos(psi))``.
        """
        psi = np.radians(np.hypot(self.view.yaw_deg, self.view.yaw_sd_deg))
        return float(np.degrees(abs(np.sin(2 * np.radians(angle_deg))) / 2 * (1 - np.cos(psi))))

    def missing(self, *parts: str, rows: slice | None = None) -> str:
        """Why these points could not be used around the turn, in plain words."""
        near = rows or self.window(self.cycle.turn)
        for part in parts:
            xy = self.track.point(part)[near]
            if np.isfinite(xy).all(axis=1).mean() < 0.5:
                plain = part.replace("_", " ")
                low = part.split("_")[-1] in ("ankle", "heel", "toe")
                inside = self.track.score[near][:, self.track.skeleton.index[part]].max(initial=0) > 0
                return (
                    f"{plain} hidden" if inside else ("feet out of frame" if low else f"{plain} out of frame")
                )
        return "not seen clearly enough"


def _mean(part: FloatArray) -> float:
    seen = part[np.isfinite(part)]
    return float(seen.mean()) if len(part) and len(seen) * 2 >= len(part) else float("nan")


@dataclass(frozen=True, slots=True)
class Measure:
    """A named measure: ``of(scene, side)`` gives its value for one repetition or step."""

    name: str
    of: Callable[[Scene, str | None], Measurement]


@dataclass(frozen=True, slots=True)
class SetMeasure:
    """A measure of the whole set: ``of(scene, cycles, side)``, the scene spanning the set."""

    name: str
    of: Callable[[Scene, Sequence[Cycle], str | None], Measurement]


@dataclass(frozen=True)
class Table:
    """The contents of a movement's ``.toml``; ``cues`` are bands of patterns that take two to agree.

    ``calibration`` are the limits of a person's own arch and tuck, empty where none is used.
    """

    title: str
    film: Mapping[str, str]
    criteria: Mapping[str, Criterion]
    faults: Mapping[str, Fault]
    version: str
    cues: Mapping[str, tuple[float, float]]
    calibration: Mapping[str, float]


@dataclass(frozen=True)
class Cut:
    """What cutting a set into repetitions gave; ``standing`` are the rows of quiet standing.

    ``floor_start`` and ``feet`` see :class:`Scene`.
    """

    cycles: tuple[Cycle, ...]
    floor_start: bool = False
    feet: Mapping[str, FootEvents] = field(default_factory=lambda: {})
    standing: slice | None = None


class Posture(StrEnum):
    """How the athlete is between two repetitions."""

    STANDING = "standing"
    SUPINE = "on the back"
    SIDE = "on the side"
    FOURS = "on hands and knees"


@dataclass(frozen=True)
class Movement:
    """A movement that Plumbline knows.

    ``cut`` finds the repetitions in a levelled, smoothed track; ``cutoff_hz`` is the smoothing it
    wants, ``cut_hz`` the lighter one for cutting where instants matter; below ``min_fps`` its timing is
    not trusted; ``views`` are the planes worth filming. ``posture`` is where it starts, ``moving`` the
    pair of points whose height shows that it goes on; ``travels`` where the feet leave their place in
    it. ``look`` corrects the view where the general estimate, made for upright bodies, does not hold; it
    is asked only when the movement was named. ``detected`` where the clip alone can tell it from others.
    ``unsure_sides`` tells from the repetitions why left and right are not sure, empty where they are.
    """

    name: str
    table: Table
    cut: Callable[[Track, View], Cut]
    measures: tuple[Measure, ...]
    curves: Callable[[Track, View], tuple[Curve, ...]]
    cutoff_hz: float
    min_fps: float
    set_measures: tuple[SetMeasure, ...] = ()
    views: tuple[Plane, ...] = (Plane.SAGITTAL, Plane.FRONTAL)
    kinogram: Callable[[Track, View, Sequence[Cycle]], tuple[Kinogram, ...]] | None = None
    unsure_sides: Callable[[FloatArray, Sequence[Cycle], Sequence[float]], str] | None = None
    cut_hz: float | None = None
    posture: Posture = Posture.STANDING
    moving: str = "shoulder"
    travels: bool = False
    detected: bool = False
    look: Callable[[Track, View], View] | None = None

    def view_of(self, track: Track, view: View) -> View:
        """The view as this movement sees it."""
        return self.look(track, view) if self.look is not None else view


def unseen(reason: str) -> Measurement:
    """A measurement that could not be made, and why."""
    return Measurement(None, float("nan"), None, reason)


def seen(value: float, sd: float, frame: int | None, why: str) -> Measurement:
    """A measurement, or the reason ``why`` there is none when ``value`` is NaN."""
    return Measurement(value, sd, frame) if np.isfinite(value) else unseen(why)
