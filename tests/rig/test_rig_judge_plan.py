"""The truth set's plan: test people only, everything varied evenly, and the same again for the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from rig.judge_plan import COUNTS, OWN_RANGE_DEG, judge_specs, own_name, own_specs
from rig.mannequin import mannequin
from rig.motion import player
from rig.rotations import unit
from rig.skeleton import THORAX, lumbar_extension
from validation.pelvis import own_name as film_of

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


def test_own_arch_and_tuck_are_held_by_the_bridge_s_person_before_its_camera():
    owns = {s.name: s for s in own_specs(3)}
    assert len(owns) == COUNTS["bridge"]
    assert len(own_specs(3, 30)) == 10
    assert [film_of(s.name) for s in of("bridge")] == [own_name(s.name) for s in of("bridge")]
    for bridge in of("bridge"):
        own = owns[own_name(bridge.name)]
        assert (own.seed, own.seen_from, own.clothes) == (bridge.seed, bridge.seen_from, bridge.clothes)
        assert (own.yaw_deg, own.roll_deg, own.distance_m) == (
            bridge.yaw_deg,
            bridge.roll_deg,
            bridge.distance_m,
        )
        rest, turn = bridge.movement.tilt
        arch, tuck = own.movement.tilt[1] - rest, own.movement.tuck - rest
        assert (
            tuck < min(-OWN_RANGE_DEG[0] + 1e-9, turn - rest) < max(OWN_RANGE_DEG[0], turn - rest) < arch + 1
        )


def test_in_the_film_of_arch_and_tuck_both_are_held_with_the_hips_up():
    body = mannequin()
    own = own_specs(3)[0].movement
    play = player(body, own)

    def told(t):
        at, _ = play(t)
        hips = (at.place("upperleg01.L") + at.place("upperleg01.R")) / 2
        return lumbar_extension(at.turn("root"), at.turns[THORAX]), float(hips[2])

    lying = told(1.0)
    arched = [told(t) for t in (4.0, 6.0, 9.0)]
    tucked = [told(t) for t in (11.0, 13.0, 16.0)]
    assert np.allclose([a for a, _ in arched], own.tilt[1], atol=0.5)
    assert np.allclose([a for a, _ in tucked], own.tuck, atol=0.5)
    assert lying[0] == pytest.approx(own.tilt[0], abs=0.5)
    assert min(z for _, z in arched + tucked) > lying[1] + 0.1
    assert told(own.seconds)[1] == pytest.approx(lying[1], abs=0.01)
