"""Squat on two legs, with or without a load: from the front or rear, and from the side."""

from __future__ import annotations

from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import RepRule, find_reps
from vision.movements import common as c
from vision.movements import pelvis, pelvis_eye
from vision.movements.base import Cut, Measure, Movement, Scene, seen, unseen
from vision.movements.spine import dorsal_bend
from vision.movements.table import load_table
from vision.types import SIDES, Curve, FloatArray, Measurement, Plane, Track, View, other_side

MIN_DROP_LEGS: Final = 0.12
"""Least fall of the hips, in leg lengths, that is a repetition: about 50 degrees of knee flexion."""

SHORT_THIGH_LEGS: Final = 0.2
"""Below this projected length a thigh points at the camera and its direction says nothing."""

FOLDED_DEG: Final = 60.0
"""Past it thigh and shank lie beside each other in the picture, which hides where the knee went (assumed)."""

HIPS_BACK_LEGS: Final = 0.14
"""How far behind the ankles the hips are at the bottom of a squat, in leg lengths (rig: 0.09 to 0.21)."""

SIDE_LEAN_SD_DEG: Final = 3.0
"""How far people's trunks lean to the side at the bottom of a squat, standard deviation (assumed)."""

KNOCK_KNEE_DEG: Final = 3.0
"""Most of the standing projection angle that is put down to where the keypoints sit, not to the knee."""


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the fall of the hips below their upright height."""
    fall = c.drop(c.height_above_feet(track, "hip")) / c.leg_px(track)
    return Cut(tuple(find_reps(fall, track.t_s, RepRule(min_rise=MIN_DROP_LEGS))))


def _gap(scene: Scene, part: str) -> FloatArray:
    return np.abs(scene.track.point(f"left_{part}")[:, 0] - scene.track.point(f"right_{part}")[:, 0])


def _knees_hidden(scene: Scene) -> str:
    if scene.view.seen_from == "rear":
        return "knees hidden behind the thighs at the bottom: film from the front"
    return ""


def knee_ankle_ratio(scene: Scene, side: str | None) -> Measurement:
    """Knee gap over ankle gap, least from the bottom to half-way up.

    Knees out of the hip-ankle line count against the athlete's own standing ratio where that is
    below 1 (wide stance, narrow hips): then the comparison is value / standing ratio.
    """
    if why := _knees_hidden(scene):
        return unseen(why)
    ratio = _gap(scene, "knee") / np.maximum(_gap(scene, "ankle"), 1.0)
    first = scene.cycle.turn - int(0.1 * scene.track.fps)
    rows = np.arange(max(first, 0), (scene.cycle.turn + scene.cycle.end) // 2 + 1)
    rows = rows[rows < len(ratio)]
    part = ratio[rows]
    if np.isfinite(part).mean() < 0.6:
        return unseen(scene.missing("left_knee", "right_knee", "left_ankle", "right_ankle"))
    worst = int(np.nanargmin(part))
    ankles = float(np.nanmedian(_gap(scene, "ankle")[rows]))
    sd = 2 * scene.noise_px(2.0) / max(ankles, 1.0)
    value, standing = float(part[worst]), scene.at_start(ratio)
    if np.isfinite(standing) and standing < 1:
        note = f"judged against your own standing ratio of {standing:.2f}"
        return Measurement(value, sd, int(rows[worst]), note, compare=value / standing)
    return seen(value, sd, int(rows[worst]), "not seen")


def projection(track: Track, side: str) -> FloatArray:
    """Frontal plane projection angle ``(T,)`` deg of a knee, + inward."""
    hip, knee, ankle = (track.point(f"{side}_{p}") for p in ("hip", "knee", "ankle"))
    return kin.frontal_projection_deg(hip, knee, ankle, track.point(f"{other_side(side)}_hip"))


def knee_valgus(scene: Scene, side: str | None) -> Measurement:
    """Frontal plane projection angle at the bottom, + inward, less what standing shows of it."""
    assert side is not None
    if why := _knees_hidden(scene):
        return unseen(why)
    hip, knee, ankle = (scene.track.point(f"{side}_{p}") for p in ("hip", "knee", "ankle"))
    angle = projection(scene.track, side)
    thigh, shank = (scene.at_turn(kin.length_px(*ends)) for ends in ((hip, knee), (knee, ankle)))
    if np.isfinite(thigh) and min(thigh, shank) < SHORT_THIGH_LEGS * scene.leg_px:
        return unseen("the thigh points at the camera at this depth")
    if abs(scene.at_turn(angle)) > FOLDED_DEG:
        return unseen("thigh and shank lie beside each other in the picture at this depth")
    standing = scene.at_start(angle)
    offset = float(np.clip(standing, -KNOCK_KNEE_DEG, KNOCK_KNEE_DEG)) if np.isfinite(standing) else 0.0
    jitter = np.hypot(scene.noise_deg(thigh), scene.noise_deg(shank))
    # a knee that comes forward swings sideways in the picture when the camera stands off the middle
    forward = np.sqrt(max(0.0, 1 - min(1.0, 2 * thigh / scene.leg_px) ** 2)) * scene.leg_px / 2
    turned = np.radians(np.hypot(scene.view.yaw_deg, scene.view.yaw_sd_deg) / 2)
    yaw = np.degrees(np.arctan2(forward * np.sin(turned), thigh)) / 2
    return c.at_turn(scene, angle - offset, float(np.hypot(jitter, yaw)), f"{side}_knee", f"{side}_ankle")


def lateral_shift(scene: Scene, side: str | None) -> Measurement:
    """Mid-hip against mid-ankle at the bottom, % of stance width, minus the start; + to the left."""
    hip, ankle = scene.track.mid("hip")[:, 0], scene.track.mid("ankle")[:, 0]
    stance = float(np.nanmedian(_gap(scene, "ankle")[scene.rows]))
    shift = 100 * c.left_is(scene.view) * (hip - ankle) / stance
    jitter = 100 * np.sqrt(2) * scene.noise_px() / stance
    # hips that go back move sideways in the picture of a camera that stands off the middle
    back = 100 * HIPS_BACK_LEGS * scene.leg_px / stance * np.sin(np.radians(_frontal_yaw_deg(scene)))
    moved = shift - scene.at_start(shift)
    return c.at_turn(scene, moved, float(np.hypot(jitter, back)), "left_ankle", "right_ankle", "left_hip")


def _forward_deg(scene: Scene) -> float:
    """How far the trunk tips forward at the bottom, from how short it looks in a front or rear view."""
    length = kin.length_px(scene.track.mid("hip"), scene.track.mid("shoulder"))
    share = scene.at_turn(length) / scene.at_start(length)
    return float(np.degrees(np.arccos(np.clip(share, 0.3, 1.0)))) if np.isfinite(share) else 40.0


def _frontal_yaw_deg(scene: Scene) -> float:
    """Size of the camera's angle off the middle and of the doubt about it, as one deviation.

    Two opinions are weighed: the set's view, and how far the shoulders swing sideways against the
    hips while the trunk tips forward, which they hardly do for a camera in the middle.
    """
    swing = (scene.track.mid("shoulder") - scene.track.mid("hip"))[:, 0]
    moved = (scene.at_turn(swing) - scene.at_start(swing)) / scene.trunk_px
    reach = np.sin(np.radians(_forward_deg(scene)))
    if not np.isfinite(moved) or reach < 0.2:
        return float(np.hypot(scene.view.yaw_deg, scene.view.yaw_sd_deg))
    # shoulders come forward: to image left of a camera that stands to the athlete's left (yaw < 0)
    swung = float(np.degrees(np.arcsin(np.clip(moved / reach, -1, 1)))) * (
        1.0 if scene.view.seen_from == "front" else -1.0
    )
    swung_sd = SIDE_LEAN_SD_DEG / reach
    own, own_sd = scene.view.yaw_deg, scene.view.yaw_sd_deg
    weight = 1 / own_sd**2 + 1 / swung_sd**2
    return float(np.hypot((own / own_sd**2 + swung / swung_sd**2) / weight, 1 / np.sqrt(weight)))


def pelvic_obliquity(scene: Scene, side: str | None) -> Measurement:
    """Slope of the pelvis at the bottom minus the start, + left side higher.

    From stickers, or the pelvis network, or the hip line, which hardly follows the pelvis.
    """
    if names := pelvis.across(scene.track):
        return pelvis.obliquity(scene, names)
    if look := pelvis_eye.slope(scene.track, scene.view, pelvis_eye.BEND_TRUST):
        return pelvis_eye.obliquity(scene, look)
    slope = kin.line_height_deg(scene.track.point("left_hip"), scene.track.point("right_hip"))
    width = scene.at_turn(_gap(scene, "hip"))
    return c.at_turn(scene, slope - scene.at_start(slope), scene.noise_deg(width), "left_hip", "right_hip")


def trunk_lean(scene: Scene, side: str | None) -> Measurement:
    """Lean of the trunk to the side at the bottom minus the start, + to the athlete's left."""
    lean = kin.sideways_lean_deg(scene.track.mid("hip"), scene.track.mid("shoulder"), c.left_is(scene.view))
    turned = np.radians(np.hypot(scene.view.yaw_deg, scene.view.yaw_sd_deg))
    # a trunk that tips forward seems to lean to the side when the camera stands off the middle
    seeming = np.degrees(np.arctan(np.tan(np.radians(_forward_deg(scene))) * np.sin(turned)))
    sd = float(np.hypot(scene.noise_deg(scene.trunk_px * 0.7), seeming))
    return c.at_turn(scene, lean - scene.at_start(lean), sd, "left_shoulder", "right_shoulder", "left_hip")


def _sagittal(scene: Scene, values: FloatArray, length_px: float, *points: str) -> Measurement:
    value = scene.at_turn(values)
    sd = np.hypot(scene.noise_deg(length_px), scene.foreshortening(value) if np.isfinite(value) else 0.0)
    return c.at_turn(scene, values, float(sd), *(f"{scene.side}_{p}" for p in points))


def thigh_angle(scene: Scene, side: str | None) -> Measurement:
    """Thigh at the bottom from straight down; 90 is parallel."""
    thigh = kin.thigh_deg(scene.near("hip"), scene.near("knee"), scene.view.facing)
    return _sagittal(scene, thigh, scene.leg_px / 2, "hip", "knee")


def knee_flexion(scene: Scene, side: str | None) -> Measurement:
    """Knee flexion at the bottom."""
    return _sagittal(scene, c.knee_flexion(scene.track, scene.view), scene.leg_px / 2, "hip", "knee", "ankle")


def hip_flexion(scene: Scene, side: str | None) -> Measurement:
    """Angle between trunk and thigh at the bottom, 0 in line."""
    return _sagittal(
        scene, c.hip_flexion(scene.track, scene.view), scene.leg_px / 2, "hip", "knee", "shoulder"
    )


def shin_angle(scene: Scene, side: str | None) -> Measurement:
    """Shin at the bottom, + knee forward."""
    roll = scene.view.roll_sd_deg
    m = _sagittal(scene, c.shin_angle(scene.track, scene.view), scene.leg_px / 2, "knee", "ankle")
    return Measurement(m.value, float(np.hypot(m.sd, roll)), m.frame, m.reason)


def trunk_angle(scene: Scene, side: str | None) -> Measurement:
    """Trunk at the bottom, + bent forward."""
    m = _sagittal(scene, c.trunk_angle(scene.track, scene.view), scene.trunk_px, "hip", "shoulder")
    return Measurement(m.value, float(np.hypot(m.sd, scene.view.roll_sd_deg)), m.frame, m.reason)


def trunk_shin_difference(scene: Scene, side: str | None) -> Measurement:
    """Trunk angle minus shin angle at the bottom: how far the two are from parallel."""
    gap = c.trunk_angle(scene.track, scene.view) - c.shin_angle(scene.track, scene.view)
    return _sagittal(scene, gap, scene.leg_px / 2, "hip", "shoulder", "knee", "ankle")


def lumbar_rounding(scene: Scene, side: str | None) -> Measurement:
    """Change of the back's edge from thigh at 70 degrees to the bottom, in chord lengths, + rounding."""
    thigh = kin.thigh_deg(scene.near("hip"), scene.near("knee"), scene.view.facing)
    down = np.arange(scene.cycle.start, scene.cycle.turn)
    at_70 = down[np.isfinite(thigh[down]) & (thigh[down] >= 70.0)]
    if not len(at_70) or scene.at_turn(thigh) < 80.0:
        return unseen("not deep enough for the low back to be judged")
    return dorsal_bend(scene, int(at_70[0]))


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time: the angles of the plane that was filmed."""
    if view.plane is Plane.SAGITTAL:
        return (
            Curve("knee_flexion", "deg", c.knee_flexion(track, view)),
            Curve("trunk_angle", "deg", c.trunk_angle(track, view)),
            Curve("shin_angle", "deg", c.shin_angle(track, view)),
        )
    depth = 100 * c.drop(c.height_above_feet(track, "hip")) / c.leg_px(track)
    out = [Curve("hips_lowered", "% of leg length", depth)]
    if view.plane is Plane.FRONTAL:
        knees, ankles = (
            np.abs(track.point(f"left_{p}")[:, 0] - track.point(f"right_{p}")[:, 0])
            for p in ("knee", "ankle")
        )
        out.append(Curve("knee_ankle_ratio", "ratio", knees / np.maximum(ankles, 1.0)))
        shift = (
            100 * c.left_is(view) * (track.mid("hip") - track.mid("ankle"))[:, 0] / np.maximum(ankles, 1.0)
        )
        first = shift[(track.t_s <= track.t_s[0] + 0.3) & np.isfinite(shift)]
        out.append(Curve("lateral_shift", "%", shift - (float(np.median(first)) if len(first) else 0.0)))
        out += [Curve("knee_valgus", "deg", projection(track, s), s) for s in SIDES]
    return tuple(out)


SQUAT = Movement(
    name="squat",
    table=load_table("squat"),
    cut=cut,
    measures=(
        Measure("knee_ankle_ratio", knee_ankle_ratio),
        Measure("knee_valgus", knee_valgus),
        Measure("lateral_shift", lateral_shift),
        Measure("pelvic_obliquity", pelvic_obliquity),
        Measure("trunk_lean", trunk_lean),
        Measure("thigh_angle", thigh_angle),
        Measure("knee_flexion", knee_flexion),
        Measure("hip_flexion", hip_flexion),
        Measure("shin_angle", shin_angle),
        Measure("trunk_angle", trunk_angle),
        Measure("trunk_shin_difference", trunk_shin_difference),
        Measure("heel_rise", c.heel_rise),
        Measure("lumbar_rounding", lumbar_rounding),
    ),
    curves=curves,
    cutoff_hz=5.0,
    min_fps=15.0,
    views=(Plane.FRONTAL, Plane.SAGITTAL),
    detected=True,
)
