"""Squats of a figure whose angles are known, from the front, the rear and the side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from vision.movements.base import Scene
from vision.movements.squat import SQUAT
from vision.types import SIDES, Pose, Track

DEEP = fig.Stance(shin=32.0, thigh=88.0, trunk=38.0)
HALF = fig.Stance(shin=25.0, thigh=50.0, trunk=25.0)
DEG = 1.5
FROM_START = 0.16
"""Share of a change that may have happened before a repetition is seen to have begun."""


def shot(bottom: fig.Stance, camera: fig.Camera, reps: int = 1) -> Track:
    return fig.track(fig.film(fig.squats(reps, bottom), camera, fig.clock(fig.set_length(reps))))


def scene(bottom: fig.Stance, side: str) -> Scene:
    cameras = {"front": fig.FRONT, "rear": fig.REAR, "left": fig.FROM_LEFT, "right": fig.FROM_RIGHT}
    (one,) = fig.scenes(SQUAT, shot(bottom, cameras[side]), fig.seen_from(side))
    return one


def value(name: str, one: Scene, side: str | None = None) -> float:
    got = fig.measured(SQUAT, name, one, side).value
    assert isinstance(got, float), name
    return got


# --------------------------------------------------------------------------- repetitions


@pytest.mark.parametrize("side", ["front", "rear", "left", "right"])
@pytest.mark.parametrize("reps", [1, 3])
def test_repetitions_turn_at_the_bottom(side: str, reps: int) -> None:
    camera = fig.Camera({"front": 0, "rear": 180, "left": -90, "right": 90}[side])
    track = shot(DEEP, camera, reps)
    cycles = SQUAT.cut(track, fig.seen_from(side)).cycles
    assert [track.t_s[c.turn] for c in cycles] == pytest.approx(fig.turn_times(reps), abs=0.05)


def test_a_dip_is_no_squat() -> None:
    assert (
        SQUAT.cut(shot(fig.Stance(shin=8, thigh=12, trunk=6), fig.FRONT), fig.seen_from("front")).cycles == ()
    )


# --------------------------------------------------------------------------- from the side


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("bottom", [DEEP, HALF, fig.Stance(shin=20, thigh=105, trunk=50)])
def test_angles_at_the_bottom(side: str, bottom: fig.Stance) -> None:
    one = scene(bottom, side)
    assert value("thigh_angle", one) == pytest.approx(bottom.thigh, abs=DEG)
    assert value("shin_angle", one) == pytest.approx(bottom.shin, abs=DEG)
    assert value("trunk_angle", one) == pytest.approx(bottom.trunk, abs=DEG)
    assert value("knee_flexion", one) == pytest.approx(bottom.thigh + bottom.shin, abs=DEG)
    assert value("hip_flexion", one) == pytest.approx(bottom.thigh + bottom.trunk, abs=DEG)
    assert value("trunk_shin_difference", one) == pytest.approx(bottom.trunk - bottom.shin, abs=DEG)


@pytest.mark.parametrize(("lift_m", "expected"), [(0.0, 0.0), (0.05, 0.23), (0.08, 0.39)])
def test_heels(lift_m: float, expected: float) -> None:
    """The foot is 0.19 m long; what planted feet show is taken off."""
    got = value("heel_rise", scene(replace(DEEP, heel_m=lift_m), "left"))
    assert got == pytest.approx(expected, abs=0.06)


def test_planted_heels_on_raised_toes_do_not_count_as_lifted() -> None:
    assert value("heel_rise", scene(DEEP, "right")) < 0.03


@pytest.mark.parametrize("bow", [0.0, 0.08])
@pytest.mark.parametrize(
    ("camera", "side", "row"), [(fig.FROM_RIGHT, "right", 1), (fig.FROM_LEFT, "left", 0)]
)
def test_a_low_back_that_rounds_at_the_bottom(bow: float, camera: fig.Camera, side: str, row: int) -> None:
    """The back is the outline's row away from where the athlete faces; it bows out with the depth."""
    t = fig.clock(fig.set_length(1))
    rounded: list[Pose] = []
    for pose in fig.film(fig.squats(1, DEEP), camera, t):
        late = max(0.0, fig.depth_at(pose.t_s, 1) - 0.9) * 10
        rounded.append(replace(pose, outline=fig.bow_outline(bow * late, (0.15, 0.9), row)))
    (one,) = fig.scenes(SQUAT, fig.track(rounded), fig.seen_from(side))
    assert value("lumbar_rounding", one) == pytest.approx(bow, abs=0.02)


def test_the_low_back_of_a_half_squat_is_not_judged() -> None:
    got = fig.measured(SQUAT, "lumbar_rounding", scene(HALF, "left"))
    assert got.value is None
    assert "not deep enough" in got.reason


# --------------------------------------------------------------------------- from front and rear


@pytest.mark.parametrize(
    ("knee_m", "expected"), [(0.14, 0.14 / 0.16), (0.10, 0.10 / 0.16), (0.18, 0.18 / 0.16)]
)
def test_knee_gap_over_ankle_gap(knee_m: float, expected: float) -> None:
    one = scene(replace(HALF, knees_m=(knee_m, knee_m)), "front")
    # the least from the bottom to half-way up, where the knees are on their way back to 0.14
    low, high = sorted((expected, (knee_m + 0.14) / 2 / 0.16))
    assert low - 0.02 <= value("knee_ankle_ratio", one) <= high + 0.02


def fppa_deg(bottom: fig.Stance, side: int) -> float:
    """The projection angle at the bottom, worked out from the figure's own joints."""
    body = fig.standing(bottom)
    hip, knee, ankle = (body[f"{SIDES[side]}_{p}"][[0, 2]] for p in ("hip", "knee", "ankle"))
    u, v = hip - knee, ankle - knee
    bend = 180 - np.degrees(np.arccos(u @ v / np.linalg.norm(u) / np.linalg.norm(v)))
    on_line = hip[0] + (knee[1] - hip[1]) / (ankle[1] - hip[1]) * (ankle[0] - hip[0])
    inward = fig.side_sign(SIDES[side]) * (on_line - knee[0])
    return float(np.copysign(bend, inward))


@pytest.mark.parametrize("knees", [(0.135, 0.135), (0.06, 0.135), (0.135, 0.03), (0.22, 0.17)])
def test_knee_valgus_is_positive_inward_on_its_own_side(knees: tuple[float, float]) -> None:
    bottom = replace(HALF, knees_m=knees)
    one = scene(bottom, "front")
    standing = fppa_deg(replace(fig.Stance(), feet_m=HALF.feet_m), 0)
    assert abs(standing) < 3  # what the figure shows upright is taken off
    for i, side in enumerate(SIDES):
        assert value("knee_valgus", one, side) == pytest.approx(
            fppa_deg(bottom, i) - standing, abs=3.5, rel=FROM_START
        )


def test_a_thigh_that_points_at_the_camera_gives_no_valgus() -> None:
    got = fig.measured(SQUAT, "knee_valgus", scene(DEEP, "front"), "left")
    assert got.value is None
    assert "points at the camera" in got.reason


def test_a_thigh_beside_its_shank_gives_no_valgus() -> None:
    one = scene(replace(HALF, knees_m=(0.35, 0.35)), "front")
    got = fig.measured(SQUAT, "knee_valgus", one, "left")
    assert got.value is None
    assert "beside each other" in got.reason


def test_from_the_rear_the_knees_are_not_judged() -> None:
    one = scene(HALF, "rear")
    for name, side in (("knee_valgus", "left"), ("knee_ankle_ratio", None)):
        got = fig.measured(SQUAT, name, one, side)
        assert got.value is None
        assert "film from the front" in got.reason


@pytest.mark.parametrize("side", ["front", "rear"])
@pytest.mark.parametrize("shift_m", [0.0, 0.02, -0.03])
def test_lateral_shift_is_positive_to_the_athletes_left(side: str, shift_m: float) -> None:
    got = value("lateral_shift", scene(replace(HALF, shift_m=shift_m), side))
    assert got == pytest.approx(100 * shift_m / 0.32, abs=0.2, rel=FROM_START)


@pytest.mark.parametrize("side", ["front", "rear"])
@pytest.mark.parametrize("lean", [0.0, 6.0, -9.0])
def test_trunk_lean_is_positive_to_the_athletes_left(side: str, lean: float) -> None:
    assert value("trunk_lean", scene(replace(HALF, lean_deg=lean), side)) == pytest.approx(
        lean, abs=0.3, rel=FROM_START
    )


@pytest.mark.parametrize("side", ["front", "rear"])
@pytest.mark.parametrize("tilt", [0.0, 7.0, -5.0])
def test_pelvic_obliquity_is_positive_with_the_left_side_higher(side: str, tilt: float) -> None:
    def tilted(t_s: float) -> fig.Body:
        body = fig.squats(1, HALF)(t_s)
        up = np.array([0, 0, fig.HIP_M * np.tan(np.radians(tilt * fig.depth_at(t_s, 1)))])
        body["left_hip"], body["right_hip"] = body["left_hip"] + up, body["right_hip"] - up
        return body

    camera = fig.FRONT if side == "front" else fig.REAR
    track = fig.track(fig.film(tilted, camera, fig.clock(fig.set_length(1))))
    (one,) = fig.scenes(SQUAT, track, fig.seen_from(side))
    assert value("pelvic_obliquity", one) == pytest.approx(tilt, abs=0.3, rel=FROM_START)


# --------------------------------------------------------------------------- what stands between


def test_hidden_points_are_named() -> None:
    poses = fig.film(fig.squats(1, HALF), fig.FROM_LEFT, fig.clock(fig.set_length(1)))
    row = fig.BLAZEPOSE.index["left_knee"]
    dim = [replace(p, score=np.where(np.arange(33) == row, 0.1, p.score)) for p in poses]
    out = [replace(p, score=np.where(np.arange(33) == row, 0.0, p.score)) for p in poses]
    for part, reason in ((dim, "left knee hidden"), (out, "left knee out of frame")):
        (one,) = fig.scenes(SQUAT, fig.track(part), fig.seen_from("left"))
        got = fig.measured(SQUAT, "knee_flexion", one)
        assert got.value is None
        assert got.reason == reason


def test_curves_are_on_the_tracks_clock_and_peak_at_the_turn() -> None:
    for side, camera, name in (("left", fig.FROM_LEFT, "knee_flexion"), ("front", fig.FRONT, "hips_lowered")):
        track = shot(HALF, camera)
        curves = {c.name: c for c in SQUAT.curves(track, fig.seen_from(side))}
        assert all(c.value.shape == track.t_s.shape for c in curves.values())
        assert track.t_s[np.nanargmax(curves[name].value)] == pytest.approx(2.0, abs=0.3)
