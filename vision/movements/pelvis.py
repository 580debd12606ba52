"""The pelvis from stickers: its slope from the front or rear, its tilt against the ribs from the side.

Only changes are given: against the strides around, the start of the repetition, or rest. What a
sticker that sits a little off adds to the line's angle is the same all along and falls out of a
change, and so does the shape of the bone, which alone makes 0 to 23 degrees between people (Preece
2008). What stays is the skin that slides, the camera's turn, and perspective.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.movements import common as c
from vision.movements.base import Scene, unseen
from vision.movements.lockout import UNDETERMINED, Cue
from vision.types import SIDES, FloatArray, Measurement, Plane, Track, View

LEAST_SEEN: Final = 0.6
"""Least share of the frames that a value is made of in which all its stickers were seen."""

FOCAL_SIDES: Final = 1.1
FOCAL_SD: Final = 0.35
"""Focal length of a phone's film in long sides of the picture, and how far lenses and zooms differ from
it, as a share (assumed: 0.75 unzoomed to 1.5 zoomed in)."""

LINES_SD_DEG: Final = 1.8
"""How far shoulders and ankles of a standing athlete are from parallel in the picture (assumed)."""

TRUNK_SD: Final = 0.15
"""What a trunk line from body points misses of the ribs' turn, as a share of the pelvis' (assumed)."""

SHOULDER_SD_DEG: Final = 2.0
"""How far a line from a rib sticker to the shoulder point strays from the ribs' turn (assumed)."""

SKIN_SHARE: Final = 0.1
"""Standard deviation of how much less or more than the bone the skin under stickers turns, as a share of
the turn (assumed; rendered skin with no bone under it lags by 2 to 45 %, docs/markers.md)."""

DEPTH_SHARE: Final = 0.2
"""Distance in depth of two stickers of one line, as a share of its length (assumed)."""

TILTED_DEG: Final = 5.0
"""Change of the pelvis against the ribs from which a lockout counts as tilted (report contract)."""

_PAIRS: Final = tuple(tuple(f"{side}_{bone}" for side in SIDES) for bone in ("psis", "asis"))
_BACK: Final = ("psis", "belt_back")
_FRONT: Final = ("asis", "belt_front")


def across(track: Track) -> tuple[str, str] | None:
    """The two stickers, left and right, that give the pelvis' slope; None where there are no such two."""
    names = track.markers.names if track.markers is not None else ()
    return next(((a, b) for a, b in _PAIRS if a in names and b in names), None)


def along(track: Track, view: View) -> tuple[str, str] | None:
    """The two stickers, back and front, that give the pelvis' tilt; None where there are no such two."""
    names = track.markers.names if track.markers is not None else ()
    near = f"{view.near_side}_"
    back = next((n for n in names if n.removeprefix(near) in _BACK), None)
    front = next((n for n in names if n.removeprefix(near) in _FRONT), None)
    return (back, front) if back and front else None


def notes(track: Track, view: View, movement: str) -> list[str]:
    """What the report says of the stickers: what they were used for, and how well they were seen."""
    if track.markers is None:
        return []
    names = across(track) if view.plane is Plane.FRONTAL else along(track, view)
    if view.plane not in (Plane.FRONTAL, Plane.SAGITTAL) or names is None:
        return ["the stickers do not show the pelvis from this view: see docs/markers.md"]
    seen = np.isfinite(track.markers.xy).all(axis=2).mean(axis=0)
    shares = ", ".join(
        f"{name.replace('_', ' ')} {share:.0%}" for name, share in zip(track.markers.names, seen, strict=True)
    )
    out = [f"pelvis from stickers, seen in this share of the frames: {shares}"]
    if view.plane is Plane.SAGITTAL and movement == "bridge":
        out.append("pelvic tilt is the change from your own rest, against the ribs; not an absolute angle")
    return out


def lost(track: Track, names: tuple[str, ...], rows: slice) -> str:
    """Why stickers could not be used over ``rows``; empty where they were seen in enough of them."""
    points = np.stack([track.marker(name)[rows] for name in names])
    seen = np.asarray(np.isfinite(points).all(axis=(0, 2)), np.bool_)
    if len(seen) and seen.mean() >= LEAST_SEEN:
        return ""
    return f"markers lost in {int((~seen).sum())} of {len(seen)} frames"


def noise_deg(track: Track, names: tuple[str, str], rows: slice, samples: float) -> float:
    """Standard deviation in degrees of the line through two stickers, over ``samples`` of noise."""
    assert track.markers is not None
    pick = [track.markers.names.index(n) for n in names]
    sd = float(np.sqrt(np.nanmean(track.markers.sd_px[rows][:, pick] ** 2)))
    length = float(np.nanmedian(kin.length_px(track.marker(names[0]), track.marker(names[1]))[rows]))
    return float(np.degrees(np.sqrt(2.0) * sd / np.sqrt(samples) / max(length, 1.0)))


# ------------------------------------------------------------------- from the front or rear


def slope_deg(track: Track, names: tuple[str, str], yaw_deg: float) -> FloatArray:
    """Slope ``(T,)`` of the pelvis, + left side higher, as a camera square on would see it."""
    seen = kin.line_height_deg(track.marker(names[0]), track.marker(names[1]))
    return np.degrees(np.arctan(np.tan(np.radians(seen)) * np.cos(np.radians(yaw_deg))))


def turned_sd(value: Callable[[float], float], view: View) -> float:
    """How much a value changes when the camera stood as much further round as is not known."""
    sd = view.yaw_sd_deg if np.isfinite(view.yaw_sd_deg) else 10.0
    away = np.sign(view.yaw_deg) or 1.0
    return abs(value(view.yaw_deg + away * sd) - value(view.yaw_deg))


def obliquity(scene: Scene, names: tuple[str, str]) -> Measurement:
    """Slope at the turn minus the start, + left side higher, less what perspective makes of it.

    A level line that is turned away from the camera slopes the more, the further it is from the
    camera's own height; a pelvis that sinks therefore seems to tilt.
    """
    track, turn = scene.track, scene.cycle.turn
    at = scene.window(turn)
    if why := lost(track, names, at) or lost(track, names, scene.rest):
        return unseen(why)
    middle = (track.marker(names[0]) + track.marker(names[1]))[:, 1] / 2
    sunk_px = scene.at_turn(middle) - scene.at_start(middle)

    def moved(yaw_deg: float) -> float:
        slope = slope_deg(track, names, yaw_deg)
        return scene.at_turn(slope) - scene.at_start(slope)

    seeming, doubt = seeming_deg(scene, sunk_px)
    value = moved(scene.view.yaw_deg) - seeming
    parts = (noise_deg(track, names, at, 2.0), noise_deg(track, names, scene.rest, 2.0))
    doubts = [*parts, doubt, turned_sd(moved, scene.view), SKIN_SHARE * value]
    sd = float(np.sqrt(np.sum(np.square(doubts))))
    return Measurement(value, sd, turn, by_markers=True) if np.isfinite(value) else unseen("markers lost")


def seeming_deg(scene: Scene, sunk_px: float) -> tuple[float, float]:
    """Slope, + left side higher, that a level pelvis gains by sinking ``sunk_px``; and its deviation."""
    seeming, doubt = np.degrees(np.array(convergence(scene)) * sunk_px)
    return float(seeming), float(doubt)


def convergence(scene: Scene) -> tuple[float, float]:
    """Slope, + left side higher, that a level line across the athlete gains per px down; and its doubt.

    Two opinions are weighed: the view's turn with a phone's focal length, and how far the lines of
    shoulders and ankles are from parallel while the athlete stands.
    """
    view, track = scene.view, scene.track
    focal = FOCAL_SIDES * max(track.size_wh)
    yaw, doubt = np.radians(view.yaw_deg), np.radians(view.yaw_sd_deg)
    first = c.left_is(view) * float(np.tan(yaw)) / focal
    first_sd = float(np.hypot(doubt / np.cos(yaw) ** 2 / focal, FOCAL_SD * first))
    slopes: list[float] = []
    rows: list[float] = []
    for part in ("shoulder", "ankle"):
        pair = [track.point(f"{side}_{part}") for side in SIDES]
        slopes.append(scene.at_start(kin.line_height_deg(*pair)))
        rows.append(scene.at_start((pair[0] + pair[1])[:, 1] / 2))
    high = rows[1] - rows[0]
    second = float(np.radians(slopes[1] - slopes[0])) / high
    if not np.isfinite(second) or high < scene.trunk_px:
        return first, first_sd
    second_sd = float(np.radians(LINES_SD_DEG)) / high
    weights = np.array([first_sd, second_sd]) ** -2.0
    return float(np.average([first, second], weights=weights)), float(weights.sum() ** -0.5)


# ------------------------------------------------------------------- from the side


def _direction_deg(start: FloatArray, end: FloatArray, yaw_deg: float) -> FloatArray:
    """Direction ``(T,)`` in a picture that is as wide as one from straight to the side."""
    v = end - start
    return np.degrees(np.arctan2(v[:, 1], v[:, 0] / np.cos(np.radians(yaw_deg))))


def _ribs(scene: Scene) -> tuple[FloatArray, FloatArray, tuple[str, ...], float]:
    """Start and end of the line that stands for the ribs, its stickers, and its doubt as in the table.

    The doubt is in degrees, negative for a share of the pelvis' turn.
    """
    track = scene.track
    names = track.markers.names if track.markers is not None else ()
    if "rib_low" in names and "rib_high" in names:
        return track.marker("rib_low"), track.marker("rib_high"), ("rib_low", "rib_high"), 0.0
    one = next((n for n in ("rib", "rib_low", "rib_high") if n in names), None)
    if one:
        return track.marker(one), scene.near("shoulder"), (one,), SHOULDER_SD_DEG
    return scene.near("hip"), scene.near("shoulder"), (), -TRUNK_SD


def tilt(scene: Scene, names: tuple[str, str]) -> Measurement:
    """Turn of the pelvis against the ribs, at the turn minus rest, + anterior."""
    track, turn, view = scene.track, scene.cycle.turn, scene.view
    low, high, rib_names, doubt = _ribs(scene)
    at = scene.window(turn)
    if why := lost(track, (*names, *rib_names), at) or lost(track, (*names, *rib_names), scene.rest):
        return unseen(why)

    def change(yaw_deg: float) -> tuple[float, float]:
        lines = [(track.marker(names[0]), track.marker(names[1])), (low, high)]
        pelvis, ribs = (_change(scene, _direction_deg(a, b, yaw_deg)) for a, b in lines)
        return view.facing * (pelvis - ribs), pelvis

    value, pelvis = change(view.yaw_deg)
    if not np.isfinite(value):
        return unseen("markers lost")
    pairs = [names] + ([(rib_names[0], rib_names[1])] if len(rib_names) == 2 else [])
    sds = [noise_deg(track, pair, rows, 2.0) for pair in pairs for rows in (at, scene.rest)]
    sds.append(turned_sd(lambda yaw: change(yaw)[0], view))
    sds += [_depth_sd(view, pelvis), SKIN_SHARE * abs(value)]
    sds.append(doubt if doubt >= 0 else -doubt * abs(value))
    if len(rib_names) < 2:
        sds.append(np.sqrt(2) * scene.noise_deg(scene.trunk_px * (0.5 if rib_names else 1.0)))
    return Measurement(value, float(np.sqrt(np.sum(np.square(sds)))), turn, by_markers=True)


def _change(scene: Scene, direction_deg: FloatArray) -> float:
    """Change of a direction from the start to the turn, across the end of the circle too."""
    whole = direction_deg.copy()
    seen = np.isfinite(whole)
    whole[seen] = np.unwrap(whole[seen], period=360.0)
    return scene.at_turn(whole) - scene.at_start(whole)


def _depth_sd(view: View, change_deg: float) -> float:
    """What two stickers at unequal depth add to a line's turn when the camera stands off the square."""
    psi = np.radians(np.hypot(view.yaw_deg, view.yaw_sd_deg))
    return float(np.degrees(DEPTH_SHARE * np.sin(psi)) * abs(np.sin(np.radians(change_deg))))


def tilt_cue(name: str, turned: Measurement, table_sd: float) -> Cue:
    """What ``name`` says of the pelvis by its tilt, where that is clear of the limits.

    ``table_sd`` is the table's own deviation of a tilt seen like that, in degrees.
    """
    if not isinstance(turned.value, float):
        return Cue(name, UNDETERMINED, turned.reason)
    sd = float(np.linalg.norm([turned.sd, turned.shared_sd, table_sd]))
    word = pattern(turned.value, sd)
    if word is not None:
        return Cue(name, word)
    near = f"a tilt of {turned.value:+.0f} ± {1.96 * sd:.0f} deg is too near the limit of {TILTED_DEG:.0f}"
    return Cue(name, UNDETERMINED, near)


AGAINST_STANDING: Final = "against quiet standing"
AGAINST_MEAN: Final = (
    "told against the mean of the steps, which shares a one-sided drop out to both sides; to have it judged, "
    "stand still on both feet for two seconds before you walk"
)
"""What a drop was held against. Less the mean, 11 and 4 degrees read as 8 and 6."""


def free_side_down(slope: FloatArray, side: str | None) -> FloatArray:
    """Slope of the pelvis with + for the free side lower: in left stance that is the left side higher."""
    return slope if side == "left" else -slope


def pattern(value: float, sd: float) -> str | None:
    """The word for a change of the pelvis against the ribs; None within one deviation of a limit."""
    if abs(abs(value) - TILTED_DEG) < sd:
        return None
    return "neutral" if abs(value) < TILTED_DEG else "anterior" if value > 0 else "posterior"
