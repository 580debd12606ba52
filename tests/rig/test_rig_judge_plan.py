"""The truth set's plan: test people only, everything varied evenly, and the same again for the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np

from rig.judge_plan import COUNTS, judge_specs
from rig.mannequin import mannequin
from rig.motion import player
from rig.rotations import unit

SPECS = judge_specs(3)


def of(kind):
    return [s for s in SPECS if s.movement.name == kind]


def test_a_plan_is_its_seed_s_and_all_its_people_are_test_people():
    assert judge_specs(3) == SPECS
    assert judge_specs(4) != judge_specs(3)
    assert len({s.name for s in SPECS}) == len({s.seed for s in SPECS}) == len(SPECS) == sum(COUNTS.values())
    assert all(s.test and not s.markers for s in SPECS)


def test_any_first_part_holds_all_movements():
    assert Counter(s.movement.name for s in SPECS[:30]) == {"walk": 10, "squat": 10, "bridge": 10}


def test_levels_come_equally_often():
    for kind, count in COUNTS.items():
        for values in (Counter(s.yaw_deg for s in of(kind)), Counter(s.roll_deg for s in of(kind))):
            assert set(values.values()) == {count // 3}
        assert Counter(s.clothes for s in of(kind)) == {"fitted": 2 * count // 3, "loose": count // 3}


def test_what_is_asked_runs_evenly_over_its_range():
    drops = sorted(s.movement.drop["L"] for s in of("walk"))
    assert np.allclose(drops, np.linspace(0, 15, 36))
    slopes = sorted(s.movement.oblique for s in of("squat"))
    assert np.allclose(slopes, np.linspace(-8, 8, 24))
    turns = sorted(s.movement.tilt[1] - s.movement.tilt[0] for s in of("bridge"))
    assert np.allclose(turns, np.linspace(-20, 20, 36))
    assert Counter((s.movement.arms, s.clothes) for s in of("bridge"))["overhead", "loose"] == 6


def test_arms_overhead_lie_beyond_the_head_and_arms_down_beside_the_body():
    body = mannequin()
    for spec in of("bridge")[:2]:
        at, _ = player(body, spec.movement)(0.0)
        arm = unit(at.place("wrist.L") - at.place("upperarm01.L"))
        assert np.sign(arm[1]) == (1 if spec.movement.arms == "overhead" else -1)  # the head is towards +y
        assert at.place("wrist.L")[2] > 0  # above the floor
