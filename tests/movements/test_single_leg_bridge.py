"""The single-leg bridge, by a figure whose joints are known."""

from __future__ import annotations

import numpy as np
import pytest

from tests import figures as fig
from tests.movements import moving as mv
from vision.movements import oneleg
from vision.movements.single_leg_bridge import SINGLE_LEG_BRIDGE
from vision.types import SIDES

NAME = "single_leg_bridge"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("top", [20.0, 26.0, 34.0])
def test_the_planted_leg_is_the_one_and_its_hip_is_measured(side: str, top: float) -> None:
    body = mv.one_leg_bridging(1.0, top)
    thigh, shin = body["left_knee"] - body["left_hip"], body["left_knee"] - body["left_ankle"]
    rise = float(np.degrees(np.arctan2(thigh[2], thigh[1])))
    of = mv.scenes(NAME, side, mv.one_leg_bridges(top_deg=top))
    assert [s.cycle.side for s in of] == [side] * 2
    assert mv.values(NAME, "hip_extension", of) == pytest.approx([top - rise] * 2, abs=1.0)
    assert mv.values(NAME, "shin_angle", of) == pytest.approx(
        [float(np.degrees(np.arctan2(shin[1], shin[2])))] * 2, abs=1.0
    )


def test_the_far_leg_is_unknown_and_still_counted() -> None:
    of = mv.scenes(NAME, "left", camera=mv.mirror_camera(mv.SIDE_LOW))
    seen_right = fig.scenes(SINGLE_LEG_BRIDGE, of[0].track, fig.seen_from("right"))
    assert [s.cycle.side for s in seen_right] == ["left", "left"]
    got = fig.measured(SINGLE_LEG_BRIDGE, "hip_extension", seen_right[0], "left")
    assert (got.value, got.reason) == (None, oneleg.FAR_LEG)


@pytest.mark.parametrize("rep_s", [2.4, 6.0])
def test_the_hold_is_the_time_near_the_top(rep_s: float) -> None:
    take = mv.Take(
        lambda t: mv.one_leg_bridging(fig.depth_at(t, 2, rep_s=rep_s), 26.0), mv.SIDE_LOW, 2 * rep_s + 2.4
    )
    shot = fig.track(mv.film(take, "left", 30.0), take.camera.size_wh)
    of = fig.scenes(SINGLE_LEG_BRIDGE, shot, fig.seen_from("left"))
    # held for a fifth of the repetition; on a cosine the last 15 % of the lift take 0.253 of a ramp of 0.4
    assert mv.values(NAME, "hold_time", of) == pytest.approx([rep_s * (0.2 + 2 * 0.4 * 0.253)] * 2, abs=0.15)


def test_the_pelvis_is_unknown_without_stickers_and_the_reason_says_so() -> None:
    of = mv.scenes(NAME, "left")
    got = fig.measured(SINGLE_LEG_BRIDGE, "pelvis_level", of[0], "left")
    assert (got.value, got.reason) == (None, oneleg.NO_LEVEL)


def test_from_the_foot_s_end_the_repetitions_and_the_leg_are_found() -> None:
    of = mv.scenes(NAME, "right", camera=fig.FRONT)
    assert [s.cycle.side for s in of] == ["right", "right"]
