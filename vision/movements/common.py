"""Signals and measures that several movements share."""

from __future__ import annotations

import numpy as np

from vision import kinematics as kin
from vision.movements.base import Scene, seen, unseen
from vision.types import SIDES, FloatArray, Measurement, Track, View


def either(track: Track, part: str) -> FloatArray:
    """Path ``(T, 2)`` of the middle of a pair, or of the one that was seen; NaN where neither was."""
    pair = np.stack([track.point(f"{side}_{part}") for side in SIDES])
    count = np.isfinite(pair).all(axis=-1).sum(axis=0)
    total = np.where(np.isfinite(pair).all(axis=-1, keepdims=True), pair, 0.0).sum(axis=0)
    return np.where(count[:, None] > 0, total / np.maximum(count, 1)[:, None], np.nan)


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


def heel_rise(scene: Scene, side: str | None) -> Measurement:
    """Most that the heel leaves its starting height against the toe, in foot lengths."""
    heel, toe = scene.near("heel"), scene.near("toe")
    foot = kin.length_px(heel, toe)
    up = (toe - heel)[:, 1]
    start = scene.at_start(up)
    length = float(np.nanmedian(foot)) if np.isfinite(foot).any() else float("nan")
    rise = (up[scene.rows] - start) / length
    if np.isfinite(rise).mean() < 0.6 or not np.isfinite(start):
        return unseen(scene.missing(f"{scene.side}_heel", f"{scene.side}_toe"))
    worst = int(np.nanargmax(rise))
    sd = 2 * scene.noise_px(2.0) / max(length, 1.0)
    return seen(max(0.0, float(rise[worst])), sd, int(scene.rows[worst]), "foot not seen")


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
