"""When a foot lands and when it leaves, in walking and running filmed from the side.

Contact is the instant at which the heel is farthest ahead of the hips, toe-off in walking the one at
which the toe is farthest behind them (Zeni et al. 2008); in running the toe leaves earlier, when it
has risen off its resting height. Against force plates the heel's turn comes a little early, and that
lag is added (docs/accuracy.md). Nothing here asks whether the ground moves: a pass through the
picture, a treadmill and a panning camera that has been compensated are all the same.

Times are in seconds on the track's clock and lie between frames. ``sd_s`` of an event is its random
part: frame rate and noise. What the rules themselves miss is :data:`RULE_SD_S`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from vision import kinematics as kin
from vision.types import SIDES, FloatArray, Track, View

MIN_TRAVEL_LEGS: Final = 0.25
"""Least fore-and-aft travel of a foot against the hips, in leg lengths, that is a step."""

SHORTEST_STRIDE_S: Final = 0.4
"""Contacts of one foot are not nearer to each other than this."""

SLOWEST_RUNNING_STRIDE_S: Final = 0.92
"""Strides longer than this are not running: 130 steps a minute (assumed)."""

WALKING_LAG_S: Final = 0.033
RUNNING_LAG_S: Final = 0.013
"""How much later than the heel's farthest reach the floor takes load, mean of laboratory recordings."""

RULE_SD_S: Final = 0.012
"""Standard deviation between these rules and the floor's own word, force plates (docs/accuracy.md)."""

RISE_LEGS: Final = 0.02
"""Rise of the toe point over its resting height, in leg lengths, at which a running foot leaves."""

_VERTEX_S: Final = 0.035
_END_LEGS: Final = 0.04
_REST: Final = (0.35, 0.6)


@dataclass(frozen=True, slots=True)
class Event:
    """A contact or toe-off: ``t_s`` seconds, ``sd_s`` the standard deviation of its random part."""

    t_s: float
    sd_s: float


@dataclass(frozen=True, slots=True)
class FootEvents:
    """Contacts and toe-offs of one foot, each in order of time; either may be without its partner.

    ``running`` tells by which rules they were found.
    """

    contacts: tuple[Event, ...] = ()
    offs: tuple[Event, ...] = ()
    running: bool = False

    def stances(self) -> tuple[tuple[Event, Event], ...]:
        """Contacts with the toe-off that follows before the next contact."""
        pairs = [
            (on, next((off for off in self.offs if on.t_s < off.t_s < end), None))
            for on, end in _until_next(self.contacts)
        ]
        return tuple((on, off) for on, off in pairs if off is not None)


def _until_next(contacts: tuple[Event, ...]) -> list[tuple[Event, float]]:
    """Each contact with the time of the next one, without end for the last."""
    return [
        (on, contacts[i + 1].t_s if i + 1 < len(contacts) else float("inf")) for i, on in enumerate(contacts)
    ]


def foot_events(
    track: Track, view: View, side: str, leg_px: float, *, running: bool | None = None, noise_px: float = 0.0
) -> FootEvents:
    """Contacts and toe-offs of the athlete's ``side`` in a side view.

    ``track`` is levelled and lightly smoothed (10 Hz walking and running, 12-20 Hz sprint).
    ``running`` None asks :func:`is_running`. ``noise_px`` is the points' noise after smoothing.
    """
    if running is None:
        running = is_running(track, view, leg_px)
    reach, trail = _turns(track, view, side, leg_px)
    lag = RUNNING_LAG_S if running else WALKING_LAG_S
    noise = noise_px / leg_px
    contacts = tuple(Event(t + lag, _sd_s(track, noise, bend)) for t, bend in reach)
    if not running:
        return FootEvents(contacts, tuple(Event(t, _sd_s(track, noise, bend)) for t, bend in trail))
    pairs = _with_contact(contacts, trail)
    slope = _rest_slope(track, side, leg_px, pairs)
    offs = (_rise(track, side, leg_px, on, t, noise, slope) for on, t in pairs)
    return FootEvents(contacts, tuple(off for off in offs if off is not None), running)


def is_running(track: Track, view: View, leg_px: float) -> bool:
    """Whether the feet stay down for less than half of a quick stride, so that both are off at times."""
    shares: list[float] = []
    strides: list[float] = []
    for side in SIDES:
        events = foot_events(track, view, side, leg_px, running=True)
        down = {on.t_s: off.t_s - on.t_s for on, off in events.stances()}
        stride = [b.t_s - a.t_s for a, b in pairwise(events.contacts)]
        strides += stride
        shares += [down[on.t_s] / s for on, s in zip(events.contacts, stride, strict=False) if on.t_s in down]
    quick = bool(strides) and float(np.median(strides)) <= SLOWEST_RUNNING_STRIDE_S
    return quick and bool(shares) and float(np.median(shares)) < 0.5


def _turns(
    track: Track, view: View, side: str, leg_px: float
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Farthest reaches of the heel and trails of the toe: seconds, and how sharp they bend, legs / s^2."""
    hip = kin.middle_seen(track.point("left_hip"), track.point("right_hip"))[:, 0]
    heel, toe = (view.facing * (track.point(f"{side}_{p}")[:, 0] - hip) / leg_px for p in ("heel", "toe"))
    return extremes(heel, track.t_s), extremes(-toe, track.t_s)


def extremes(signal: FloatArray, t_s: FloatArray) -> list[tuple[float, float]]:
    """Maxima of ``signal (T,)`` that stand out by a step's travel: seconds between frames, and their bend.

    At the ends of the recording a maximum counts once the signal has clearly turned.
    """
    seen = np.isfinite(signal)
    if seen.sum() < 5:
        return []
    x = np.interp(t_s, t_s[seen], signal[seen])
    step = float(np.median(np.diff(t_s)))
    low = float(x.min()) - 2 * MIN_TRAVEL_LEGS
    padded = np.concatenate([[low], x, [low]])
    apart = max(1, round(SHORTEST_STRIDE_S / step))
    peaks = find_peaks(padded, prominence=MIN_TRAVEL_LEGS, distance=apart)[0] - 1
    turned = [
        int(p)
        for p in peaks
        if seen[p] and x[p] - x[: p + 1].min() >= _END_LEGS and x[p] - x[p:].min() >= _END_LEGS
    ]
    return [_vertex(x, t_s, p) for p in turned]


def _vertex(x: FloatArray, t_s: FloatArray, peak: int) -> tuple[float, float]:
    """Vertex of the parabola through what lies around ``peak``: seconds, and how sharp it bends."""
    near = np.flatnonzero(np.abs(t_s - t_s[peak]) <= _VERTEX_S)
    near = near if len(near) >= 3 else np.arange(max(peak - 1, 0), min(peak + 2, len(x)))
    after = t_s[near] - t_s[peak]
    fit = np.linalg.lstsq(np.stack([after**2, after, np.ones(len(near))], axis=1), x[near])[0]
    a, b = float(fit[0]), float(fit[1])
    if a >= 0:
        return float(t_s[peak]), float("nan")
    half = (t_s[near[-1]] - t_s[near[0]]) / 2
    return float(t_s[peak] + np.clip(-b / (2 * a), -half, half)), float(-2 * a)


def _sd_s(track: Track, noise_legs: float, bend: float) -> float:
    """Random error of a turn: a part of a frame, and noise that moves where the slope is nil."""
    frame = 0.2 / track.fps
    if not np.isfinite(bend) or bend <= 0:
        return float(np.hypot(frame, 0.02))
    return float(np.hypot(frame, noise_legs / (bend * _VERTEX_S)))


def _with_contact(contacts: tuple[Event, ...], trail: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Each contact with the time of the toe's farthest trail after it, before the next contact."""
    pairs: list[tuple[float, float]] = []
    for on, end in _until_next(contacts):
        after = [t for t, _ in trail if on.t_s < t < end]
        if after:
            pairs.append((on.t_s, after[0]))
    return pairs


def _rest_slope(track: Track, side: str, leg_px: float, pairs: list[tuple[float, float]]) -> float:
    """Rise of the resting toe in the picture, legs a second, median over the stances.

    Off the square a foot that goes back under the runner also comes nearer or goes away, and so sinks or
    climbs in the picture though it lies flat.
    """
    slopes: list[float] = []
    height = -track.point(f"{side}_toe")[:, 1] / leg_px
    for on_s, trail_s in pairs:
        rows = _resting(track, on_s, trail_s)
        rows = rows[np.isfinite(height[rows])]
        if len(rows) >= 3:
            slopes.append(float(np.polyfit(track.t_s[rows], height[rows], 1)[0]))
    return float(np.median(slopes)) if slopes else 0.0


def _resting(track: Track, on_s: float, trail_s: float) -> NDArray[np.intp]:
    first, last = (on_s + share * (trail_s - on_s) for share in _REST)
    return np.flatnonzero((track.t_s >= first) & (track.t_s <= last))


def _rise(
    track: Track, side: str, leg_px: float, on_s: float, trail_s: float, noise_legs: float, slope: float
) -> Event | None:
    """When the toe has risen off the height at which it rested between contact and its farthest trail.

    ``slope`` is what the resting toe climbs by itself, legs a second.
    """
    t = track.t_s
    height = -track.point(f"{side}_toe")[:, 1] / leg_px - slope * (t - on_s)
    last = on_s + _REST[1] * (trail_s - on_s)
    rest = height[_resting(track, on_s, trail_s)]
    rest = rest[np.isfinite(rest)]
    rows = np.flatnonzero((t >= last) & (t <= trail_s + 2 / track.fps))
    if not len(rest) or len(rows) < 2:
        return None
    over = height[rows] - float(np.median(rest)) - RISE_LEGS
    up = np.flatnonzero(over >= 0)
    if not len(up) or not np.isfinite(over[: up[0] + 1]).all():
        return None
    i = int(up[0])
    if i == 0:
        return Event(float(t[rows[0]]), 0.5 / track.fps)
    share = -over[i - 1] / (over[i] - over[i - 1])
    speed = (over[i] - over[i - 1]) / (t[rows[i]] - t[rows[i - 1]])
    sd = float(np.hypot(0.2 / track.fps, noise_legs / max(float(speed), 0.2)))
    return Event(float(t[rows[i - 1]] + share * (t[rows[i]] - t[rows[i - 1]])), sd)
