"""When a repetition is looked for: as soon as one that was found open can be counted, and not too often."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import figures as fig
from vision.live.motion import TRIES, TRY_AGAIN_S, Motion
from vision.pose.base import BLAZEPOSE

FPS = 15.0


@pytest.fixture
def risen() -> tuple[Motion, float]:
    """Somebody who has stood still again after a squat for a moment, and when that is."""
    motion = Motion(BLAZEPOSE)
    poses = fig.film(fig.squats(1), replace(fig.FRONT, noise_px=0.0), fig.clock(fig.set_length(1), FPS))
    for pose in poses:
        motion.add(pose, pose.t_s)
    return motion, poses[-1].t_s


def test_one_that_is_open_is_looked_at_again_when_it_settles(risen: tuple[Motion, float]) -> None:
    motion, now_s = risen
    assert motion.due(now_s)
    motion.tried(now_s, found=False, settles_s=now_s + 0.04)
    assert not motion.due(now_s + 0.03)
    assert motion.due(now_s + 0.04)
    # Once only: what keeps on being open is looked at no more often than before.
    motion.tried(now_s + 0.04, found=False, settles_s=now_s + 0.05)
    assert not motion.due(now_s + 0.03 + TRY_AGAIN_S)
    assert motion.due(now_s + 0.05 + TRY_AGAIN_S)


@pytest.mark.parametrize("settles_in_s", [None, TRY_AGAIN_S + 0.1])
def test_nothing_open_is_looked_for_a_few_times_and_then_left(
    risen: tuple[Motion, float], settles_in_s: float | None
) -> None:
    motion, now_s = risen
    for i in range(TRIES):
        at_s = now_s + i * (TRY_AGAIN_S + 0.01)
        assert motion.due(at_s)
        motion.tried(at_s, found=False, settles_s=None if settles_in_s is None else at_s + settles_in_s)
    assert not motion.due(now_s + 10)
