"""The camera's own movement, on a window that is moved over a still picture."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.pose.test_athlete import RED, People, squat
from vision import prepare
from vision.pose.athlete import Athlete
from vision.pose.background import Background, moved
from vision.pose.base import BLAZEPOSE, Region
from vision.types import FloatArray, Frame, ImageArray, Pose

SIZE = (640, 480)
FRAMES = 50


def scenery(seed: int = 3) -> ImageArray:
    """A large picture ``(720, 1800, 3)`` with blotches of every size, as trees and houses have."""
    rng = np.random.default_rng(seed)
    rgb = np.zeros((720, 1800, 3))
    for cell in (8, 24, 90):
        coarse = rng.uniform(0, 1, (720 // cell + 1, 1800 // cell + 1, 3)).astype(np.float32)
        rgb += cv2.resize(coarse, (1800, 720), interpolation=cv2.INTER_CUBIC)
    return np.clip(rgb * 80, 0, 255).astype(np.uint8)


def pan(i: int) -> FloatArray:
    """Where the window's corner is: a pan that speeds up, with a shaking hand."""
    return np.array([100 + 6 * i + 0.15 * i**2, 100 + 4 * np.sin(i / 3)])


def window(still: ImageArray, corner: FloatArray, figure_x: float | None = None) -> ImageArray:
    """The part of ``still`` with its corner at a fraction of a pixel, and a plain figure that moves."""
    shift = np.array([[1.0, 0, -corner[0]], [0, 1.0, -corner[1]]])
    rgb = cv2.warpAffine(still, shift, SIZE, flags=cv2.INTER_LINEAR)
    if figure_x is not None:
        y = int(squat(int(figure_x)))
        rgb[y - 110 : y + 110, int(figure_x) - 44 : int(figure_x) + 44] = RED
    return np.asarray(rgb, np.uint8)


def athlete_x(i: int) -> float:
    return 300 + 40 * float(np.sin(i / 9))


def panned(still: ImageArray) -> list[Frame]:
    return [Frame(window(still, pan(i), athlete_x(i)), i / 60, i) for i in range(FRAMES)]


def shifts(poses: list[Pose | None]) -> FloatArray:
    assert all(p is not None and p.camera_px is not None for p in poses)
    return np.array([p.camera_px for p in poses if p is not None])


def test_a_pan_is_recovered_behind_a_moving_figure() -> None:
    got = shifts(list(Athlete(People()).poses(panned(scenery()))))
    true = -np.array([pan(i) for i in range(FRAMES)])
    error = np.diff(got, axis=0) - np.diff(true, axis=0)
    assert np.sqrt((error**2).mean()) < 0.5
    assert np.abs(got - (true - true[0])).max() < 6.0, "it does not drift away over a step or two"


def test_camera_and_clip_tell_the_same_pan() -> None:
    frames = panned(scenery())
    live = Athlete(People())
    np.testing.assert_array_equal(
        shifts(list(Athlete(People()).poses(frames))), shifts([live(frame) for frame in frames])
    )


def test_a_still_camera_stays_at_rest() -> None:
    still = scenery()
    frames = [Frame(window(still, pan(0), athlete_x(i)), i / 60, i) for i in range(FRAMES)]
    assert np.abs(shifts(list(Athlete(People()).poses(frames)))).max() < 0.5


def test_before_a_bare_wall_the_camera_is_not_known() -> None:
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 2, (FRAMES, 480, 640, 1))
    frames = [
        Frame(np.clip(window(np.full((720, 1800, 3), 128, np.uint8), pan(i), athlete_x(i)) + noise[i], 0, 255)
              .astype(np.uint8), i / 60, i)
        for i in range(FRAMES)
    ]  # fmt: skip
    assert np.isnan(shifts(list(Athlete(People()).poses(frames)))[1:]).all()


def test_lettering_laid_over_a_film_is_no_background() -> None:
    look = Background()
    wall = np.full((480, 640, 3), 128, np.uint8)
    cv2.putText(wall, "RUN 3:00/km", (60, 60), cv2.FONT_HERSHEY_SIMPLEX, 2.5, (255, 255, 255), 5)
    assert look.look(wall, []) is not None, "the first picture has nothing to compare with"
    assert look.look(wall, []) is None


def test_people_are_left_out() -> None:
    """A person with a pattern as strong as the background's, who fills half of the picture."""
    still = scenery()
    body = scenery(8)
    look = Background()
    got = []
    for i in range(6):
        rgb = window(still, np.array([100.0 + 5 * i, 100.0]))
        rgb[:, 160:480] = body[:480, 300 + 9 * i : 620 + 9 * i]
        got.append(look.look(rgb, [Region(320, 240, 500, 0.0)]))
    for step in got[1:]:
        assert step is not None
        assert moved(step, np.array([320.0, 240.0])) == pytest.approx([-5, 0], abs=0.5)


def test_a_picture_of_another_size_begins_anew() -> None:
    look = Background()
    still = scenery()
    look.look(window(still, pan(0)), [])
    step = look.look(np.ascontiguousarray(window(still, pan(1))[:400]), [])
    np.testing.assert_array_equal(step, np.eye(3))


def test_the_shift_goes_with_the_pose_to_the_track() -> None:
    """A point that stands on the ground stands still against the background; a loss stays NaN."""
    rng = np.random.default_rng(2)
    camera = np.cumsum(rng.uniform(-9, 9, (30, 2)), axis=0)
    poses = [
        Pose(i / 60, i, np.full((33, 2), 200.0) + camera[i], np.ones(33), camera_px=camera[i])
        for i in range(30)
    ]
    poses[12] = replace(poses[12], camera_px=np.full(2, np.nan))
    log = prepare.PoseLog(BLAZEPOSE)
    for pose in poses:
        log.append(pose)
    track = prepare.prepare(log, SIZE, BLAZEPOSE, 30).track
    still = track.on_ground("left_toe")
    assert np.isnan(still[12]).all()
    seen = np.isfinite(still).all(axis=1) & (np.arange(30) > 3) & (np.arange(30) < 26)
    assert np.abs(still[seen] - 200).max() < 1e-3
    level = prepare.levelled(track, 10.0)
    assert np.nanmax(np.ptp(level.on_ground("left_toe")[seen], axis=0)) < 1e-3
    np.testing.assert_array_equal(track[5:20].on_ground("left_toe"), still[5:20])
    assert np.isnan(replace(track, camera_px=None).on_ground("left_toe")).all()
