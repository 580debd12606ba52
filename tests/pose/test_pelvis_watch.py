"""The pelvis is looked at from the right side, the right way round, and at its own size."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from tests import figures as fig
from vision.pose import pelvis
from vision.pose.base import BLAZEPOSE
from vision.pose.pelvis import PICTURE_PX, PelvisWatch, cut_out
from vision.pose.pelvis_crop import Square
from vision.types import FRONTAL, NO_PELVIS, SAGITTAL, FloatArray, Frame, Pose

PICTURE = np.random.default_rng(1).integers(0, 255, (fig.SIZE[1] // 8, fig.SIZE[0] // 8, 3), np.uint8)
PICTURE = PICTURE.repeat(8, axis=0).repeat(8, axis=1)


@dataclass
class Told:
    """Stands in for the networks: keeps what it was asked, answers the same number always."""

    pictures: list[np.ndarray] = field(default_factory=list[np.ndarray])
    numbers: list[FloatArray] = field(default_factory=list[FloatArray])
    from_the_side: bool = True

    def frontal(self, picture: np.ndarray, told: FloatArray) -> FloatArray:
        return self._answer(picture, told, 1.0)

    def sagittal(self, picture: np.ndarray, told: FloatArray) -> FloatArray:
        return self._answer(picture, told, 2.0)

    def _answer(self, picture: np.ndarray, told: FloatArray, value: float) -> FloatArray:
        self.pictures.append(picture)
        self.numbers.append(told)
        return np.full(7, value)


def watched(poses: list[Pose], picture: np.ndarray = PICTURE) -> tuple[Told, np.ndarray]:
    asked = Told()
    watch = PelvisWatch(asked)  # pyright: ignore[reportArgumentType]
    rows = [watch.read(Frame(picture, p.t_s, p.index), p.xy, p.score) for p in poses]
    return asked, np.array(rows)


def looked(seen: np.ndarray) -> np.ndarray:
    """The pictures at which some network looked."""
    return seen[np.isfinite(seen[..., 0]).any(axis=1)]


def test_from_behind_the_frontal_network_looks_and_from_the_side_the_other() -> None:
    rear = fig.film(fig.walk(), fig.REAR, fig.clock(1.0))
    side = fig.film(fig.squats(), fig.FROM_RIGHT, fig.clock(1.0))
    seen = looked(watched(rear)[1])
    assert len(seen) >= 10
    assert (seen[:, FRONTAL] == 1.0).all()
    assert np.isnan(seen[:, SAGITTAL]).all()
    seen = looked(watched(side)[1])
    assert (seen[:, SAGITTAL] == 2.0).all()
    assert np.isnan(seen[:, FRONTAL]).all()


@pytest.mark.parametrize(("fps", "every"), [(15.0, 1), (24.0, 2), (30.0, 2), (60.0, 4)])
def test_a_pelvis_is_looked_at_some_fifteen_times_a_second(fps: float, every: int) -> None:
    poses = fig.film(fig.walk(), fig.REAR, np.arange(40) / fps)
    _, seen = watched(poses)
    looks = np.flatnonzero(np.isfinite(seen[:, FRONTAL, 0]))
    np.testing.assert_array_equal(looks, np.arange(0, 40, every))


def test_without_a_network_for_side_views_nobody_is_looked_at_from_the_side() -> None:
    watch = PelvisWatch(Told(from_the_side=False))  # pyright: ignore[reportArgumentType]
    for p in fig.film(fig.squats(), fig.FROM_RIGHT, fig.clock(0.3)):
        seen = watch.read(Frame(PICTURE, p.t_s, p.index), p.xy, p.score)
        np.testing.assert_array_equal(seen, NO_PELVIS)


@pytest.mark.parametrize("motion", [fig.squats(), fig.bridges()])
def test_in_the_mirror_a_side_view_shows_the_network_the_same(motion: fig.Motion) -> None:
    poses = fig.film(motion, fig.FROM_RIGHT, fig.clock(1.0))
    here, _ = watched(poses)
    there, _ = watched(fig.flipped(poses, fig.SIZE[0]), PICTURE[:, ::-1].copy())
    np.testing.assert_allclose(here.numbers, there.numbers, atol=1e-6)
    np.testing.assert_allclose(here.pictures, there.pictures, atol=0.02)


@pytest.mark.parametrize(("camera", "near"), [(fig.FROM_RIGHT, "right"), (fig.FROM_LEFT, "left")])
def test_from_the_side_the_near_thigh_is_told_first(camera: fig.Camera, near: str) -> None:
    poses = fig.film(fig.walk(), camera, fig.clock(1.0))
    asked, _ = watched(poses)
    poses = poses[::2]  # it looks at every second one
    assert len(asked.numbers) == len(poses)
    for pose, numbers in zip(poses[5:], asked.numbers[5:], strict=True):
        points = pose.xy[BLAZEPOSE.rows(*pelvis.crop.POINTS)]
        faces_left = near == "left"  # whoever faces image left turns the left side to the camera
        at = pelvis.crop.square(points, 165.0, sagittal=True, faces_left=faces_left)
        own = at.inside(pose.xy[BLAZEPOSE.rows(f"{near}_hip", f"{near}_knee")])
        lean = np.degrees(np.arctan2(own[1, 0] - own[0, 0], own[1, 1] - own[0, 1]))
        assert numbers[2] * 90.0 == pytest.approx(lean, abs=0.01)


def test_from_the_side_a_hidden_far_knee_is_taken_to_lie_along_the_near_one() -> None:
    poses = fig.film(fig.bridges(), fig.FROM_RIGHT, fig.clock(2.0))
    plain, _ = watched(poses)
    far = BLAZEPOSE.index["left_knee"]
    for pose in poses:
        pose.score[far] = 0.05
        pose.xy[far] += (70.0, -90.0)  # a guess
    hidden, seen = watched(poses)
    assert np.isfinite(looked(seen)[:, SAGITTAL]).all()
    np.testing.assert_allclose(hidden.numbers, plain.numbers, atol=0.05)


def test_from_the_front_a_hidden_knee_ends_the_look() -> None:
    poses = fig.film(fig.squats(), fig.FRONT, fig.clock(0.5))
    for pose in poses:
        pose.score[BLAZEPOSE.index["left_knee"]] = 0.05
    assert not watched(poses)[0].pictures


def test_nobody_is_looked_at_whose_hips_were_not_seen() -> None:
    poses = fig.film(fig.walk(), fig.REAR, fig.clock(0.5))
    for pose in poses:
        pose.score[BLAZEPOSE.index["left_hip"]] = 0.1
    asked, seen = watched(poses)
    assert not asked.pictures
    np.testing.assert_array_equal(seen, np.broadcast_to(NO_PELVIS, seen.shape))


def test_a_trunk_that_leans_to_the_camera_does_not_make_the_square_smaller() -> None:
    squat = fig.film(fig.squats(), fig.FRONT, fig.clock(4.0))
    sides = [np.ptp(p.xy[BLAZEPOSE.rows("left_shoulder", "left_hip")][:, 1]) for p in squat]
    assert min(sides) < 0.8 * max(sides)  # the trunk itself does look shorter
    watch = PelvisWatch(Told())  # pyright: ignore[reportArgumentType]
    full: list[float] = []
    keep = pelvis.crop.square

    def kept(points: FloatArray, trunk_px: float, **more: bool) -> Square:
        full.append(trunk_px)
        return keep(points, trunk_px, **more)

    picture = np.zeros((fig.SIZE[1], fig.SIZE[0], 3), np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pelvis.crop, "square", kept)
        for p in squat:
            watch.read(Frame(picture, p.t_s, p.index), p.xy, p.score)
    assert min(full) > 0.93 * max(full)


def test_the_square_is_cut_as_it_lies_in_the_picture() -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[90:110, 140:160] = (255, 0, 0)  # in the middle
    picture[60:70, 145:155] = (0, 255, 0)  # above it
    upright = cut_out(picture, Square(np.array([150.0, 100.0]), 100.0, 0.0, mirrored=False))
    lying = cut_out(picture, Square(np.array([150.0, 100.0]), 100.0, 90.0, mirrored=False))
    assert upright is not None
    assert lying is not None
    middle, above = PICTURE_PX // 2, round(0.15 * PICTURE_PX)
    assert upright[0, middle, middle] == 1.0
    assert upright[1, above, middle] == 1.0  # green above
    assert (
        lying[1, middle, above] == 1.0
    )  # its upright points to image right, so what is above lies on its left
    turned = cut_out(picture[:, ::-1], Square(np.array([150.0, 100.0]), 100.0, 0.0, mirrored=True))
    np.testing.assert_allclose(turned, upright, atol=0.02)


def test_a_square_mostly_beside_the_picture_is_not_read() -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    assert cut_out(picture, Square(np.array([0.0, 100.0]), 100.0, 0.0, mirrored=False)) is None
    assert cut_out(picture, Square(np.array([40.0, 100.0]), 100.0, 0.0, mirrored=False)) is not None


def test_large_squares_are_made_small_without_leaving_stripes() -> None:
    stripes = np.zeros((600, 600, 3), np.uint8)
    stripes[:, ::2] = 255
    got = cut_out(stripes, Square(np.array([300.0, 300.0]), 500.0, 0.0, mirrored=False))
    assert got is not None
    assert got.std() < 0.2
