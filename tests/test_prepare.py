"""From poses to a track: what counts as seen, what is mended, what is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from vision.pose.base import BLAZEPOSE
from vision.prepare import PoseLog, levelled, prepare, smoothed
from vision.swaps import exchange
from vision.types import Pose, Track

WALK = fig.film(fig.walk(), fig.REAR, np.arange(120) / 30)
KNEE = BLAZEPOSE.index["left_knee"]


def ready(poses: list[Pose] | list[Pose | None], frames: int | None = None):
    return prepare(poses, fig.SIZE, BLAZEPOSE, len(poses) if frames is None else frames)


def dimmed(pose: Pose, row: int, score: float) -> Pose:
    scores = pose.score.copy()
    scores[row] = score
    return replace(pose, score=scores)


def test_a_clean_set_comes_through_unchanged() -> None:
    got = ready(WALK)
    np.testing.assert_allclose(got.track.xy, [p.xy for p in WALK])
    np.testing.assert_array_equal(got.track.index, np.arange(120))
    assert got.swaps_repaired == 0
    assert got.tracked_fraction == 1.0
    assert got.track.size_wh == fig.SIZE


def test_points_of_low_score_are_not_seen_and_short_gaps_are_bridged() -> None:
    poses = [dimmed(p, KNEE, 0.1) if 50 <= i < 53 or i >= 110 else p for i, p in enumerate(WALK)]
    got = ready(poses)
    assert np.isnan(got.drawn.xy[50:53, KNEE]).all()
    assert np.isfinite(got.drawn.xy[50:53, KNEE + 1]).all()
    expected = np.array([WALK[i].xy[KNEE] for i in range(50, 53)])
    np.testing.assert_allclose(got.track.xy[50:53, KNEE], expected, atol=6)
    assert np.isnan(got.track.xy[110:, KNEE]).all()  # the end is no gap


def test_lost_frames_count_and_are_left_out() -> None:
    poses: list[Pose | None] = [None if 30 <= i < 60 else p for i, p in enumerate(WALK)]
    got = ready(poses)
    assert got.tracked_fraction == pytest.approx(0.75)
    assert len(got.track) == 90
    assert list(got.track.index[[29, 30]]) == [29, 60]


def test_a_lost_point_is_an_outlier_for_measuring_and_stays_for_drawing() -> None:
    thrown = WALK[70].xy.copy()
    thrown[KNEE] += (150, -120)
    poses = [replace(p, xy=thrown) if i == 70 else p for i, p in enumerate(WALK)]
    got = ready(poses)
    np.testing.assert_allclose(got.track.xy[70, KNEE], WALK[70].xy[KNEE], atol=6)
    np.testing.assert_allclose(got.drawn.xy[70, KNEE], thrown[KNEE])


def test_exchanged_legs_are_put_back_in_points_scores_and_guess() -> None:
    def swapped(pose: Pose) -> Pose:
        one = np.array([True])
        assert pose.world_m is not None
        return replace(
            pose,
            xy=exchange(pose.xy[None], one, BLAZEPOSE)[0],
            score=exchange(pose.score[None], one, BLAZEPOSE)[0],
            world_m=exchange(pose.world_m[None], one, BLAZEPOSE)[0],
        )

    shaded = [dimmed(p, KNEE, 0.8) for p in WALK]
    got = ready([swapped(p) if 40 <= i < 55 else p for i, p in enumerate(shaded)])
    assert got.swaps_repaired == 15
    np.testing.assert_allclose(got.drawn.xy, [p.xy for p in shaded])
    np.testing.assert_allclose(got.drawn.score, [p.score for p in shaded])
    np.testing.assert_allclose(got.drawn.world_m, np.array([p.world_m for p in shaded]))


def test_nobody_gives_an_empty_track() -> None:
    got = ready([None, None, None])
    assert len(got.track) == 0
    assert got.tracked_fraction == 0.0
    assert ready([], 0).tracked_fraction == 0.0


def test_poses_without_guess_and_outline_have_none() -> None:
    got = ready([replace(p, world_m=None, outline=None) for p in WALK[:10]])
    assert np.isnan(got.track.world_m).all()
    assert np.isnan(got.track.outline).all()


@pytest.mark.parametrize("roll", [-8.0, 3.0])
def test_levelling_undoes_the_roll(roll: float) -> None:
    tilted = fig.track(fig.film(fig.walk(), fig.Camera(180.0, roll_deg=roll), np.arange(20) / 30))
    upright = fig.track(WALK[:20])
    assert np.abs(tilted.xy - upright.xy).max() > 8
    np.testing.assert_allclose(levelled(tilted, roll).xy, upright.xy, atol=1e-6)


def test_smoothing_keeps_clock_and_gaps() -> None:
    track: Track = fig.track(WALK)
    xy = track.xy.copy()
    xy[:40, KNEE] = np.nan
    got = smoothed(replace(track, xy=xy), 6.0)
    np.testing.assert_array_equal(got.t_s, track.t_s)
    assert np.isnan(got.xy[:40, KNEE]).all()
    assert np.isfinite(got.xy[40:]).all()


def test_stickers_that_a_log_has_no_names_for_are_left_out_and_nothing_else_moves() -> None:
    log = PoseLog(BLAZEPOSE)
    log.append(replace(WALK[0], markers=np.ones((2, 3))))
    log.append(WALK[1])
    np.testing.assert_allclose(log[0].xy, WALK[0].xy, atol=1e-3)
    np.testing.assert_allclose(log[1].xy, WALK[1].xy, atol=1e-3)
    assert log[0].markers is None


def test_legs_laid_in_the_middle_for_a_frame_are_not_seen_and_bridged() -> None:
    poses = fig.film(fig.walk(0.72), fig.FROM_RIGHT, fig.clock(6.0))
    true = np.array([p.xy for p in poses])
    ankles = BLAZEPOSE.rows("left_ankle", "right_ankle")
    apart = np.abs(np.diff(true[:, ankles, 0], axis=1))[:, 0]
    at = 40 + int(np.argmax(apart[40:80]))
    broken = true[at].copy()
    for part in ("knee", "ankle", "heel", "toe"):
        pair = BLAZEPOSE.rows(f"left_{part}", f"right_{part}")
        broken[pair] = broken[pair].mean(axis=0)
    poses[at] = replace(poses[at], xy=broken)
    made = ready(poses)
    assert np.isnan(made.drawn.xy[at, ankles]).all()
    assert np.abs(made.track.xy[at, ankles] - true[at, ankles]).max() < 0.25 * apart[at]
