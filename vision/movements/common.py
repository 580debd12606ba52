"""Signals and measures that several movements share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision import kinematics as kin
from vision.movements.base import Scene, seen, unseen
from vision.types import SIDES, FloatArray, Measurement, Track, View


def either(track: Track, part: str) -> FloatArray:
    """Path ``(T, 2)`` of the middle of a pair, or of the one that was seen; NaN where neither was."""
    return kin.middle_seen(track.point(f"left_{part}"), track.point(f"right_{part}"))


def trunk_px(track: Track) -> float:
    """Length of the trunk when it is best seen (90th percentile over the set), px."""
    return _high(kin.length_px(either(track, "shoulder"), either(track, "hip")))


def leg_px(track: Track) -> float:
    """Length of thigh and shank when they are best seen (90th percentile over the set), px."""
    longest = [
        _high(kin.length_px(track.point(f"{s}_hip"), track.point(f"{s}_knee")))
        + _high(kin.length_px(track.point(f"{s}_knee"), track.point(f"{s}_ankle")))
        for s in SIDES
    ]
    return float(np.nanmax(longest)) if np.isfinite(longest).any() else float("nan")


def _high(x: FloatArray) -> float:
    x = x[np.isfinite(x)]
    return float(np.percentile(x, 90)) if len(x) else float("nan")


def height_above_feet(track: Track, part: str) -> FloatArray:
    """Height ``(T,)`` px of ``part`` above the ankles, or above the picture's lower edge without them."""
    top = either(track, part)[:, 1]
    foot = either(track, "ankle")[:, 1]
    if np.isfinite(foot).mean() < 0.5:
        return track.size_wh[1] - top
    t = track.t_s
    ok = np.isfinite(foot)
    return np.interp(t, t[ok], foot[ok]) - top


def drop(height_px: FloatArray) -> FloatArray:
    """Fall ``(T,)`` px below the upright height (95th percentile over the set)."""
    seen_rows = height_px[np.isfinite(height_px)]
    return np.percentile(seen_rows, 95) - height_px if len(seen_rows) else height_px


def left_is(view: View) -> float:
    """+1 where the athlete's left is image right (seen from the front), -1 seen from the rear."""
    return -1.0 if view.seen_from == "rear" else 1.0


def at_turn(scene: Scene, values: FloatArray, sd: float, *points: str) -> Measurement:
    """The mean of ``values`` around the turn as a measurement; the ``points`` explain a gap."""
    return seen(scene.at_turn(values), sd, scene.cycle.turn, scene.missing(*points))


PLANTED_RISE: Final = 0.03
"""Rise, in foot lengths, that the points of a planted foot show while the leg above it moves."""

CLEAR_LEGS: Final = 0.2
"""Height of the hands over the knee, in leg lengths, from which a bar's plates are clear of the feet."""

PLANTED_LEVEL: Final = (-0.05, 0.14)
"""Heel point above toe point, in foot lengths, of feet that stand flat (truth clips and real ones)."""


def load_clear_rows(scene: Scene) -> NDArray[np.intp]:
    """Rows of the repetition; of a lift from the floor only those with the hands well above the knee.

    Lower down the plates hide the feet, and the shins must lean to let the bar pass.
    """
    if not scene.floor_start:
        return scene.rows
    above = (scene.near("knee") - scene.near("wrist"))[scene.rows, 1] > CLEAR_LEGS * scene.leg_px
    return scene.rows[above]


def heel_rise(scene: Scene, side: str | None) -> Measurement:
    """How far the heel leaves the floor, against the toe, in foot lengths: the highest tenth of the rep.

    Against its height at the start, or against the highest that flat feet show where it starts above
    that; less what a planted foot shows while the leg moves.
    """
    rows = load_clear_rows(scene)
    heel, toe = scene.near("heel"), scene.near("toe")
    foot = kin.length_px(heel, toe)
    length = float(np.nanmedian(foot)) if np.isfinite(foot).any() else float("nan")
    up = (toe - heel)[:, 1] / length
    part = up[rows]
    if len(part) < 3 or np.isfinite(part).mean() < 0.6:
        return unseen(scene.missing(f"{scene.side}_heel", f"{scene.side}_toe"))
    start = float(np.nanmedian(part[:5])) if scene.floor_start else scene.at_start(up)
    base = float(np.clip(start, *PLANTED_LEVEL)) if np.isfinite(start) else float(np.nanmin(part))
    high = float(np.nanpercentile(part, 90))
    worst = int(rows[np.nanargmin(np.abs(part - high))])
    sd = 2 * scene.noise_px(2.0) / max(length, 1.0)
    return seen(max(0.0, high - base - PLANTED_RISE), sd, worst, "foot not seen")


def knee_flexion(track: Track, view: View) -> FloatArray:
    """Flexion ``(T,)`` deg of the near knee in a side view: thigh plus shin."""
    side = view.near_side or "left"
    hip, knee, ankle = (track.point(f"{side}_{p}") for p in ("hip", "knee", "ankle"))
    return kin.thigh_deg(hip, knee, view.facing) + kin.forward_lean_deg(ankle, knee, view.facing)


def trunk_angle(track: Track, view: View) -> FloatArray:
    """Lean ``(T,)`` deg of the trunk, mid-hip to mid-shoulder, + forward, in a side view."""
    return kin.forward_lean_deg(either(track, "hip"), either(track, "shoulder"), view.facing)


def hip_flexion(track: Track, view: View) -> FloatArray:
    """Angle ``(T,)`` deg between trunk and thigh, 0 in line: thigh plus trunk."""
    side = view.near_side or "left"
    thigh = kin.thigh_deg(track.point(f"{side}_hip"), track.point(f"{side}_knee"), view.facing)
    return thigh + trunk_angle(track, view)


def shin_angle(track: Track, view: View) -> FloatArray:
    """Lean ``(T,)`` deg of the near shin, ankle to knee, + knee forward."""
    side = view.near_side or "left"
    return kin.forward_lean_deg(track.point(f"{side}_ankle"), track.point(f"{side}_knee"), view.facing)


def longest_run(
    t_s: FloatArray, turns: Sequence[int], most_s: float, cuts_s: Sequence[float] = ()
) -> list[int]:
    """The most of ``turns``, rows of ``t_s (T,)``, that follow each other within ``most_s``, in one shot."""
    best: list[int] = []
    here: list[int] = []
    for turn in turns:
        if here:
            before, now = float(t_s[here[-1]]), float(t_s[turn])
            if now - before > most_s or any(before < cut <= now for cut in cuts_s):
                here = []
        here.append(turn)
        best = max(best, list(here), key=len)
    return best
