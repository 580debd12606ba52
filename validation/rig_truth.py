"""What the product should say about a rendered clip, from the rig's own joints and angles.

Measures of the picture plane are taken from the picture's joints, angles of the body from the 3D
joints: the rig's athlete faces -y and has the left on +x, so the sagittal plane is (-y, z) and the
frontal one (x, z). Values sit where the product's sit: at the bottom or lockout, or at the largest
of the repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from validation.readers import FloatArray, RigTruth

SIDES: Final = ("left", "right")
TOE_OFF: Final = 0.62
"""The rig's walker lifts the toes at this share of a stride (1 = heel contact to heel contact)."""

TILTED_DEG: Final = 5.0
"""A lockout counts as tilted from this change of the pelvis against the rib cage on."""

IN_SPACE: Final = "in space"
LESS_MEAN: Final = "less the stride's mean"


@dataclass(frozen=True, slots=True)
class Expected:
    """The true value of a measure; ``rep`` None for values of the whole set.

    ``against`` names a second truth for a measure that can be understood in two ways, such as in
    the picture and in space, which part where the camera stands off the square. ``standing`` is the
    athlete's own standing value where the product judges against it.
    """

    measure: str
    side: str | None
    rep: int | None
    value: float | str
    against: str = ""
    standing: float | None = None


@dataclass(frozen=True, slots=True)
class TrueView:
    """Where the rig's camera stood: ``yaw_deg`` off the nearest of front, rear, left and right."""

    seen_from: str
    yaw_deg: float


def true_view(truth: RigTruth) -> TrueView:
    """The side from which the clip was rendered and how far off it, + round by the athlete's right."""
    bearing = float(np.degrees(np.arctan2(-truth.eye_m[0], -truth.eye_m[1])))
    sides = {"front": 0.0, "right": 90.0, "rear": 180.0, "left": -90.0}
    over = {side: (bearing - angle + 180) % 360 - 180 for side, angle in sides.items()}
    nearest = min(over, key=lambda side: abs(over[side]))
    return TrueView(nearest, over[nearest])


def expected(truth: RigTruth) -> tuple[Expected, ...]:
    """Every measure of this clip's movement and view whose truth the rig gives."""
    side_on = true_view(truth).seen_from in SIDES
    makers: Mapping[str, Callable[[RigTruth], Iterator[Expected]]] = {
        "squat": _squat_side if side_on else _squat_front,
        "hinge": _hinge,
        "bridge": _bridge,
        "walk": _gait_side if side_on else _gait_front,
    }
    return tuple(makers[truth.movement](truth))


# --------------------------------------------------------------------------- geometry of the rig


def _lean_deg(lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Sagittal lean from the vertical, + forward."""
    v = upper - lower
    return np.degrees(np.arctan2(-v[:, 1], v[:, 2]))


def _sideways_deg(lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Frontal lean from the vertical, + to the athlete's left."""
    v = upper - lower
    return np.degrees(np.arctan2(v[:, 0], v[:, 2]))


def _letter(truth: RigTruth) -> str:
    """The near side of a side view as the rig writes it: ``l`` or ``r``."""
    return true_view(truth).seen_from[0]


def _leg_m(truth: RigTruth, letter: str) -> float:
    """Length of thigh and shank, metres."""
    hip, knee, ankle = (truth.m(f"{part}_{letter}") for part in ("hip", "knee", "ankle"))
    return float(np.median(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1)))


@dataclass(frozen=True, slots=True)
class _Sagittal:
    """Angles ``(T,)`` of the near side, degrees: from the vertical, + forward."""

    shin: FloatArray
    thigh: FloatArray
    trunk: FloatArray

    @property
    def hip_flexion(self) -> FloatArray:
        return self.thigh + self.trunk


def _sagittal(truth: RigTruth) -> _Sagittal:
    near = _letter(truth)
    hip, knee, ankle = (truth.m(f"{part}_{near}") for part in ("hip", "knee", "ankle"))
    trunk = _lean_deg(truth.mid_m("hip"), truth.mid_m("shoulder"))
    return _Sagittal(_lean_deg(ankle, knee), -_lean_deg(knee, hip), trunk)


# --------------------------------------------------------------------------- squat


def _squat_front(truth: RigTruth) -> Iterator[Expected]:
    angles = truth.angles_deg
    lean = _sideways_deg(truth.mid_m("hip"), truth.mid_m("shoulder"))
    for rep in range(truth.reps):
        turn = truth.turn_of(rep)
        for side in SIDES:
            yield Expected("knee_valgus", side, rep, float(angles[f"fppa_cam_{side[0]}"][turn]))
        yield _knee_ankle_ratio(truth, rep)
        for measure, name, against in (
            ("lateral_shift", "lateral_shift_cam_pct", ""),
            ("lateral_shift", "lateral_shift_pct", IN_SPACE),
            ("pelvic_obliquity", "pelvic_obliquity", ""),
        ):
            yield Expected(measure, None, rep, float(angles[name][turn] - angles[name][0]), against)
        yield Expected("trunk_lean", None, rep, float(lean[turn] - lean[0]))


def _knee_ankle_ratio(truth: RigTruth, rep: int) -> Expected:
    """Least ratio of the knees' and ankles' distance from the bottom to halfway up."""
    ratio = (truth.px("knee_l") - truth.px("knee_r"))[:, 0] / (truth.px("ankle_l") - truth.px("ankle_r"))[
        :, 0
    ]
    frames, turn = truth.frames_of(rep), truth.turn_of(rep)
    height = truth.mid_m("hip")[:, 2]
    rise = frames[frames >= turn]
    halfway = (height[turn] + height[rise].max()) / 2
    least = float(ratio[rise[height[rise] <= halfway]].min())
    return Expected("knee_ankle_ratio", None, rep, least, standing=float(ratio[frames[0]]))


def _squat_side(truth: RigTruth) -> Iterator[Expected]:
    body = _sagittal(truth)
    flexion = truth.angles_deg[f"knee_flexion_cam_{_letter(truth)}"]
    for rep in range(truth.reps):
        turn = truth.turn_of(rep)
        for measure, path in (
            ("thigh_angle", body.thigh),
            ("knee_flexion", flexion),
            ("hip_flexion", body.hip_flexion),
            ("shin_angle", body.shin),
            ("trunk_angle", body.trunk),
            ("trunk_shin_difference", body.trunk - body.shin),
        ):
            yield Expected(measure, None, rep, float(path[turn]))
        yield Expected("heel_rise", None, rep, 0.0)


# --------------------------------------------------------------------------- hinge


def _hinge(truth: RigTruth) -> Iterator[Expected]:
    near = _letter(truth)
    body = _sagittal(truth)
    flexion = truth.angles_deg[f"knee_flexion_cam_{near}"]
    shin = truth.angles_deg[f"shin_angle_{near}"]
    leg_m = _leg_m(truth, near)
    back_m = truth.m(f"hip_{near}")[:, 1]
    for rep in range(truth.reps):
        frames = truth.frames_of(rep)
        hip, knee, lean = body.hip_flexion[frames], flexion[frames], shin[frames]
        yield Expected("shin_angle", None, rep, float(lean[np.argmax(np.abs(lean))]))
        yield Expected("knee_flexion", None, rep, float(knee.max()))
        yield Expected("hip_flexion", None, rep, float(hip.max()))
        yield Expected(
            "hip_knee_ratio", None, rep, min(float(np.ptp(hip)) / max(float(np.ptp(knee)), 1.0), 20.0)
        )
        yield Expected("hips_back", None, rep, float(np.ptp(back_m[frames])) / (leg_m / 2))
        yield Expected("heel_rise", None, rep, 0.0)
        yield Expected("lockout_trunk", None, rep, float(body.trunk[frames[-1]]))


# --------------------------------------------------------------------------- bridge


def _bridge(truth: RigTruth) -> Iterator[Expected]:
    near = _letter(truth)
    angles = truth.angles_deg
    shin = angles[f"shin_angle_{near}"]
    flexion = angles[f"knee_flexion_cam_{near}"]
    for rep in range(truth.reps):
        turn = truth.turn_of(rep)
        tilt = float(angles["lumbar_extension"][turn] - angles["lumbar_extension"][0])
        yield Expected("hip_extension", None, rep, _past_straight_deg(truth, turn))
        yield Expected("knee_flexion", None, rep, float(flexion[turn]))
        yield Expected("shin_angle", None, rep, float(shin[turn]))
        yield Expected("pelvic_tilt", None, rep, tilt)
        yield Expected("lockout_pelvis", None, rep, lockout_word(tilt))


def lockout_word(tilt_deg: float) -> str:
    """``posterior``, ``neutral`` or ``anterior`` for a change of the pelvis's tilt at lockout."""
    if abs(tilt_deg) < TILTED_DEG:
        return "neutral"
    return "anterior" if tilt_deg > 0 else "posterior"


def _past_straight_deg(truth: RigTruth, frame: int) -> float:
    """Hip extension, + when the hips are above the line from shoulders to knees."""
    shoulder, hip, knee = (truth.mid_m(part)[frame] for part in ("shoulder", "hip", "knee"))
    share = (hip[1] - shoulder[1]) / (knee[1] - shoulder[1])
    above = hip[2] - (shoulder[2] + share * (knee[2] - shoulder[2]))
    bend = 180 - float(truth.angles_deg["trunk_hip_knee_angle"][frame])
    return bend if above > 0 else -bend


# --------------------------------------------------------------------------- gait


def _stride_s(truth: RigTruth) -> float:
    """Median time of a stride, from the rig's own phase."""
    step = np.diff(truth.phase_left) % 1.0
    return float(np.median(np.diff(truth.t_s) / step))


def _phase(truth: RigTruth, side: str) -> FloatArray:
    """Share of the stride since this side's heel touched down."""
    return truth.phase_left if side == "left" else (truth.phase_left + 0.5) % 1.0


def _cadence(truth: RigTruth) -> Expected:
    return Expected("cadence", None, None, 120.0 * truth.reps / float(truth.t_s[-1]))


def _gait_front(truth: RigTruth) -> Iterator[Expected]:
    yield _cadence(truth)
    slope = truth.angles_deg["pelvic_obliquity"]
    lean = _sideways_deg(truth.mid_m("hip"), truth.mid_m("shoulder"))
    hips_m = float(np.linalg.norm(truth.m("hip_l") - truth.m("hip_r"), axis=1).mean())
    knees_m = (truth.m("knee_l") - truth.m("knee_r"))[:, 0]
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        phase = _phase(truth, side)
        single = (phase > 0.12) & (phase < 0.5)
        middle = (phase > 0.25) & (phase < 0.36)
        drop, towards = sign * slope, sign * lean
        thigh = sign * _sideways_deg(truth.m(f"knee_{side[0]}"), truth.m(f"hip_{side[0]}"))
        yield Expected("pelvic_drop", side, None, float(drop.max()))
        yield Expected("pelvic_drop", side, None, float(drop.max() - drop.mean()), LESS_MEAN)
        yield Expected("trunk_lean", side, None, float(towards[single].max() - towards.mean()))
        yield Expected("hip_adduction", side, None, float(np.median(thigh[middle])))
        yield Expected("knee_window", side, None, float(np.median(knees_m[middle])) / hips_m)
        yield Expected("step_width", side, None, _step_width_m(truth) / hips_m)


def _step_width_m(truth: RigTruth) -> float:
    """Sideways distance of the planted feet, metres."""
    x: list[float] = []
    for side in SIDES:
        planted = (_phase(truth, side) > 0.12) & (_phase(truth, side) < 0.5)
        x.append(float(truth.m(f"ankle_{side[0]}")[planted, 0].mean()))
    return x[0] - x[1]


def _gait_side(truth: RigTruth) -> Iterator[Expected]:
    yield _cadence(truth)
    stride = _stride_s(truth)
    height = truth.mid_m("hip")[:, 2]
    yield Expected("vertical_oscillation", None, None, float(np.ptp(height)) / _leg_m(truth, "l"))
    for side in SIDES:
        contact = np.flatnonzero(np.diff(_phase(truth, side)) < -0.5) + 1
        shin = truth.angles_deg[f"shin_angle_{side[0]}"]
        yield Expected("shin_at_contact", side, None, float(np.median(shin[contact])))
        yield Expected("stance_time", side, None, TOE_OFF * stride)
        yield Expected("swing_time", side, None, (1 - TOE_OFF) * stride)
        yield Expected("step_time", side, None, stride / 2)
