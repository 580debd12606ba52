"""The rig's truth: what is put in as an angle is what comes out, in the world and in a crop."""

from __future__ import annotations

import numpy as np
import pytest

from rig.camera import Window, aimed
from rig.crop import Keypoints, context, place, true_keypoints
from rig.landmarks import NAMES, SWAP
from rig.mannequin import mannequin
from rig.motion import Movement, player
from rig.rotations import about_x, about_y, about_z, between, carrying
from rig.skeleton import THORAX, landmarks, lumbar_extension, obliquity, pose, skin, spine_turns
from rig.truth import frontal_angles, sagittal_angles

BODY = mannequin()
FRONT, REAR, LEFT, RIGHT = (0, -3, 0), (0, 3, 0), (3, 0, 0), (-3, 0, 0)


def standing(pelvis, thorax=None):
    thorax = np.eye(3) if thorax is None else thorax
    return pose(BODY, spine_turns(pelvis, thorax, thorax))


@pytest.mark.parametrize("tilt", [-13.0, 0.0, 6.0])
def test_obliquity_is_positive_where_the_left_side_is_higher(tilt):
    at = standing(about_z(8) @ about_y(-tilt))
    assert obliquity(at.turn("root")) == pytest.approx(tilt, abs=1e-9)
    left, right = at.place("upperleg01.L"), at.place("upperleg01.R")
    assert np.sign(left[2] - right[2]) == np.sign(tilt)


@pytest.mark.parametrize(("eye", "sign"), [(FRONT, 1), (REAR, -1)])
def test_a_frontal_crop_shows_the_left_side_right_of_the_picture_only_from_the_front(eye, sign):
    at = standing(about_y(-9))
    camera = aimed(eye, (0, 0, 0))
    window = place(true_keypoints(at, camera), "frontal")
    assert frontal_angles(at, camera, window)[0] == pytest.approx(sign * 9, abs=0.05)
    crop = window.crop(camera.picture(landmarks(BODY, at)))
    left, right = crop[NAMES.index("asis_l"), 0], crop[NAMES.index("asis_r"), 0]
    assert (left > right) == (sign > 0)


@pytest.mark.parametrize("roll", [-5.0, 5.0])
def test_the_cameras_roll_goes_only_once_it_is_taken_off(roll):
    at = standing(about_y(-4))
    camera = aimed(FRONT, (0, 0, 0), roll)
    points = true_keypoints(at, camera)
    taken = frontal_angles(at, camera, place(points, "frontal", roll_deg=roll))
    left = frontal_angles(at, camera, place(points, "frontal"))
    assert taken == pytest.approx((4, 0), abs=0.05)
    assert left == pytest.approx((4 - roll, roll), abs=0.1)


@pytest.mark.parametrize("lying", [False, True])
@pytest.mark.parametrize(("eye", "faces_left_upright"), [(LEFT, True), (RIGHT, False)])
def test_a_sagittal_crop_stands_upright_and_faces_right_whatever_the_pose(eye, faces_left_upright, lying):
    at = standing(about_x(20))
    faces_left = faces_left_upright
    if lying:
        at = at.moved(about_x(-100), (0, 0, 0))
    camera = aimed(eye, (0, 0, 0))
    window = place(true_keypoints(at, camera), "sagittal", faces_left=faces_left)
    pelvis, ribs = sagittal_angles(at, camera, window)
    assert pelvis - ribs == pytest.approx(20, abs=0.3)
    crop = window.crop(camera.picture(landmarks(BODY, at)))
    assert crop[NAMES.index("rib_front"), 0] > crop[NAMES.index("rib_back"), 0] + 0.05
    assert crop[NAMES.index("rib_front"), 1] < crop[NAMES.index("hip_l"), 1]
    assert lumbar_extension(at.turn("root"), at.turns[THORAX]) == pytest.approx(20, abs=1e-6)


def test_pelvis_ribs_and_thighs_do_not_move_each_other():
    first = pose(BODY, spine_turns(np.eye(3), np.eye(3), np.eye(3)) | {"upperleg01.L": about_x(-60)})
    second = pose(BODY, spine_turns(about_x(25), np.eye(3), np.eye(3)) | {"upperleg01.L": about_x(-60)})
    for bone in ("spine02", "upperleg01.L"):
        assert first.turn(bone) == pytest.approx(second.turn(bone))
    assert not np.allclose(first.turn("root"), second.turn("root"))


def test_landmarks_lie_on_the_skin_in_mirrored_pairs_and_ride_on_their_bones():
    points = BODY.landmarks.points
    for k, other in enumerate(SWAP):
        assert points[k] * [-1, 1, 1] == pytest.approx(points[other], abs=0.012)
    for k, name in enumerate(NAMES):
        gap = np.linalg.norm(BODY.points - points[k], axis=1).min()
        assert gap > 0.03 if name.startswith("hip") else gap < 0.03, name
    turn = about_z(30) @ about_x(-50)
    at = pose(BODY, {}).moved(turn, (0.3, -0.2, 1.0))
    still = landmarks(BODY, pose(BODY, {}))
    assert landmarks(BODY, at) == pytest.approx(still @ turn.T + [0.3, -0.2, 1.0])


def test_skin_at_rest_is_the_body_itself():
    at = pose(BODY, {})
    points, normals = skin(BODY, at)
    shift = at.places[0] - BODY.heads[0]
    assert points == pytest.approx(BODY.points + shift)
    assert np.linalg.norm(normals, axis=1) == pytest.approx(1.0)


def test_the_clip_matrix_and_the_crop_agree():
    camera = aimed((0.4, -3, 0.6), (0.1, 0, 0.2), 4)
    window = Window(np.array([0.05, -0.02]), 0.3, 12.0, True)
    points = np.random.default_rng(0).normal(0, 0.2, (20, 3))
    clip = np.c_[points, np.ones(20)] @ window.clip_matrix(camera).T
    ndc = clip[:, :2] / clip[:, 3:]
    crop = window.crop(camera.picture(points))
    assert np.c_[(ndc[:, 0] + 1) / 2, (1 - ndc[:, 1]) / 2] == pytest.approx(crop)


def test_context_swaps_and_changes_sign_in_the_mirror():
    xy = np.array([[0.1, -0.5], [-0.1, -0.48], [0.06, 0.0], [-0.07, 0.01], [0.12, 0.4], [-0.05, 0.42]])
    points = Keypoints(xy, 0.5)
    mirrored = Keypoints((xy * [-1, 1])[[1, 0, 3, 2, 5, 4]], 0.5)
    one = context(points, "frontal", place(points, "frontal"))
    two = context(mirrored, "frontal", place(mirrored, "frontal"))
    assert two == pytest.approx(one[[0, 1, 3, 2, 4, 5]] * [-1, 1, -1, -1, -1, -1])


def test_turns_between_and_carrying():
    end = about_z(40) @ about_x(30)
    assert between(np.eye(3), end, 1.0) == pytest.approx(end)
    assert between(np.eye(3), about_y(50), 0.5) == pytest.approx(about_y(25))
    assert carrying((1, 0, 0), (-1, 0, 0)) @ [1, 0, 0] == pytest.approx([-1, 0, 0])


def test_walking_drops_the_pelvis_as_asked_and_keeps_the_stance_foot_down():
    play = player(BODY, Movement("walk", reps=1, period_s=1.1, drop={"L": 10.0, "R": 3.0}))
    known = [play(k / 30) for k in range(33)]
    tilts = [obliquity(at.turn("root")) for at, _ in known]
    assert max(tilts) == pytest.approx(10, abs=0.4)
    assert min(tilts) == pytest.approx(-3, abs=0.4)
    early = [at.place("foot.L")[2] for at, k in known if 0.1 < k["phase_left"] < 0.4]
    assert np.ptp(early) < 0.005


def test_a_bridge_keeps_feet_and_shoulders_while_the_hips_rise():
    move = Movement("bridge", reps=1, period_s=2.0, tilt=(5.0, -12.0))
    play = player(BODY, move)
    low, high = play(0.0)[0], play(1.3)[0]
    assert high.place("foot.R") == pytest.approx(low.place("foot.R"), abs=0.01)
    assert high.place("upperleg01.L")[2] > low.place("upperleg01.L")[2] + 0.12
    assert lumbar_extension(high.turn("root"), high.turns[THORAX]) == pytest.approx(-12, abs=0.1)
