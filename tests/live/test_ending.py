"""A set that ends while somebody moves: counter and report agree, and nothing that was counted is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import figures as fig
from vision.live import End, LiveSet
from vision.pose.base import BLAZEPOSE
from vision.types import Pose

FPS = 15.0
SHALLOW, DEEP = replace(fig.SQUAT, thigh=38.0, shin=18.0, trunk=20.0), fig.SQUAT
REP_S, REST_S = 2.4, 0.8


def poses(bottoms: list[fig.Stance], until_s: float) -> list[Pose]:
    seen = fig.clock(until_s, FPS)
    return fig.film(fig.squats(len(bottoms), bottoms), replace(fig.FRONT, noise_px=0.3), seen)


def ended(bottoms: list[fig.Stance], until_s: float) -> tuple[int, LiveSet, int]:
    """What the counter showed before the end, the set, and what its report counts."""
    live = LiveSet("squat", BLAZEPOSE, fig.SIZE, hands_free=False)
    for pose in poses(bottoms, until_s):
        live.push(pose)
    shown = len(live.reps)
    live.pain()
    return shown, live, len(live.finish().cycles)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.65, 0.8, 0.95])
def test_counter_and_report_agree_wherever_in_a_repetition_the_set_ends(share: float) -> None:
    shown, live, told = ended([DEEP, DEEP], REST_S + REP_S + REST_S + share * REP_S)
    assert shown <= told == len(live.reps) == len(live.update.reps)
    assert told in (1, 2)
    assert [rep.number for rep in live.reps] == list(range(1, told + 1))
    assert live.update.ended_by is End.PAIN


def test_a_deep_last_try_does_not_hide_the_shallow_one_before_it() -> None:
    until_s = REST_S + REP_S + REST_S + 0.5 * REP_S
    shown, live, told = ended([SHALLOW, DEEP], until_s)
    assert shown == told == len(live.reps) == 1
    # The control: judged to its very end, as a clip would be, the set has no repetition at all.
    control = LiveSet("squat", BLAZEPOSE, fig.SIZE, hands_free=False)
    for pose in poses([SHALLOW, DEEP], until_s):
        control.push(pose)
    assert control._set is not None
    assert len(control._set.report().cycles) == 0
    assert live.until_s is not None
    assert live.until_s < until_s
