"""Legs that a model exchanges are found and put back; legs that it does not are left."""

from __future__ import annotations

import numpy as np
import pytest

from tests import figures as fig
from vision.pose.base import BLAZEPOSE
from vision.swaps import exchange, label_legs
from vision.types import FloatArray

LEGS = ("knee", "ankle", "heel", "toe")


def points(camera: fig.Camera, motion: fig.Motion | None = None, frames: int = 200) -> FloatArray:
    poses = fig.film(motion or fig.walk(), camera, np.arange(frames) / 30)
    return np.array([p.xy for p in poses])


def stretch(frames: int, *parts: slice) -> FloatArray:
    out = np.zeros(frames, bool)
    for part in parts:
        out[part] = True
    return out


NOISY = fig.Camera(90.0, noise_px=2.0)


@pytest.mark.parametrize("camera", [fig.FROM_RIGHT, fig.REAR, NOISY])
def test_nothing_is_mended_where_nothing_is_wrong(camera: fig.Camera) -> None:
    assert not label_legs(points(camera), BLAZEPOSE).swapped.any()


def test_exchanged_stretches_are_found_to_the_frame() -> None:
    xy = points(fig.REAR)
    wrong = stretch(len(xy), slice(40, 41), slice(70, 90))
    found = label_legs(exchange(xy, wrong, BLAZEPOSE), BLAZEPOSE).swapped
    np.testing.assert_array_equal(found, wrong)


def test_from_the_side_the_mended_path_is_the_true_one() -> None:
    """Where the legs pass each other a frame more or less changes nothing, so places are compared."""
    xy = points(NOISY)
    wrong = stretch(len(xy), slice(40, 43), slice(100, 130))
    broken = exchange(xy, wrong, BLAZEPOSE)
    mended = exchange(broken, label_legs(broken, BLAZEPOSE).swapped, BLAZEPOSE)
    ankle = BLAZEPOSE.rows("left_ankle", "right_ankle")
    assert np.abs(broken - xy)[:, ankle].max() > 50
    assert np.abs(mended - xy)[:, ankle].max() < 25


def test_frames_without_a_pose_are_never_swapped_and_break_no_chain() -> None:
    xy = points(fig.REAR)
    wrong = stretch(len(xy), slice(120, 140))
    broken = exchange(xy, wrong, BLAZEPOSE)
    broken[50:80] = np.nan
    np.testing.assert_array_equal(label_legs(broken, BLAZEPOSE).swapped, wrong)


def test_legs_laid_between_the_true_ones_are_lost_and_reverse_nothing() -> None:
    """A runner at 30 a second with both legs apart: for a frame or two the model puts them in the middle."""
    camera = fig.Camera(90.0, noise_px=2.0)
    xy = points(camera, fig.walk(0.72))
    true = xy.copy()
    apart = np.abs(xy[:, BLAZEPOSE.index["left_ankle"], 0] - xy[:, BLAZEPOSE.index["right_ankle"], 0])
    wide = [int(i) for i in np.flatnonzero(apart > 0.95 * apart.max()) if 20 < i < 180]
    gone = stretch(len(xy), slice(wide[0], wide[0] + 1), slice(wide[-2], wide[-2] + 2))
    for part in LEGS:
        pair = BLAZEPOSE.rows(f"left_{part}", f"right_{part}")
        xy[np.ix_(gone, pair)] = xy[np.ix_(gone, pair)].mean(axis=1, keepdims=True)
    found = label_legs(xy, BLAZEPOSE)
    assert not found.swapped.any()
    np.testing.assert_array_equal(found.lost, gone)
    assert not label_legs(true, BLAZEPOSE).lost.any()


def test_after_a_cut_of_the_film_the_legs_keep_the_models_names() -> None:
    whole = points(NOISY)
    xy = np.concatenate([whole[:60], whole[78:110]])  # in between the legs have changed places
    assert label_legs(xy, BLAZEPOSE).swapped.any(), "a jump of both legs looks like an exchange"
    found = label_legs(xy, BLAZEPOSE, [60])
    assert not found.swapped.any()
    assert not found.lost.any()


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_too_little_to_tell(frames: int) -> None:
    assert not label_legs(points(fig.REAR)[:frames], BLAZEPOSE).swapped.any()
    assert not label_legs(np.full((20, 33, 2), np.nan), BLAZEPOSE).swapped.any()


def test_exchange_moves_legs_only_and_undoes_itself() -> None:
    xy = points(fig.REAR, frames=12)
    frames = stretch(12, slice(3, 6))
    before = xy.copy()
    out = exchange(xy, frames, BLAZEPOSE)
    np.testing.assert_array_equal(xy, before)
    np.testing.assert_array_equal(exchange(out, frames, BLAZEPOSE), xy)
    for part in LEGS:
        left, right = BLAZEPOSE.rows(f"left_{part}", f"right_{part}")
        np.testing.assert_array_equal(out[3:6, left], xy[3:6, right])
        np.testing.assert_array_equal(out[6:, left], xy[6:, left])
    others = [i for i, n in enumerate(BLAZEPOSE.names) if n.split("_")[-1] not in LEGS]
    np.testing.assert_array_equal(out[:, others], xy[:, others])
    score = np.arange(12 * 33, dtype=float).reshape(12, 33)
    left, right = BLAZEPOSE.rows("left_toe", "right_toe")
    assert exchange(score, frames, BLAZEPOSE)[4, left] == score[4, right]
