"""Walking by a figure on a treadmill whose steps are known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests import figures as fig
from vision.movements import common
from vision.movements.base import Scene
from vision.movements.gait import GAIT
from vision.types import SIDES, CycleKind, Measurement, Track

CAMERAS = {"front": fig.FRONT, "rear": fig.REAR, "left": fig.FROM_LEFT, "right": fig.FROM_RIGHT}


def shot(
    side: str, *, stride_s: float = 1.1, fps: float = 60.0, length_s: float = 8.0, **how: object
) -> Track:
    return fig.track(fig.film(fig.walk(stride_s, **how), CAMERAS[side], fig.clock(length_s, fps)))


def steps(side: str, **how: object) -> list[Scene]:
    return fig.scenes(GAIT, shot(side, **how), fig.seen_from(side))  # type: ignore[arg-type]


def inner(found: list[Scene]) -> list[Scene]:
    """Steps away from the ends of the clip."""
    return found[2:-2]


def values(name: str, found: list[Scene], side: str) -> list[float]:
    got = [fig.measured(GAIT, name, s, side).value for s in found if s.cycle.side == side]
    assert got
    assert all(isinstance(v, float) for v in got), got
    return [v for v in got if isinstance(v, float)]


# --------------------------------------------------------------------------- steps


@pytest.mark.parametrize("side", list(CAMERAS))
@pytest.mark.parametrize("stride", [0.9, 1.3])
def test_steps_alternate_and_belong_to_the_leg_that_stands(side: str, stride: float) -> None:
    found = steps(side, stride_s=stride)
    t = found[0].track.t_s
    assert len(found) == pytest.approx(8.0 / stride * 2, abs=3)
    assert all(a.cycle.side != b.cycle.side for a, b in pairwise(found))
    for one in inner(found):
        assert one.cycle.kind is CycleKind.STEP
        assert t[one.cycle.end] - t[one.cycle.start] == pytest.approx(stride / 2, abs=0.12 * stride)
        left = t[one.cycle.turn] / stride % 1.0  # 0-1 since the left heel touched down
        own = left if one.cycle.side == "left" else (left + 0.5) % 1.0
        assert 0.1 < own < 0.55, "the middle of stance lies in single support"


@pytest.mark.parametrize("side", ["left", "right"])
def test_from_the_side_steps_begin_at_touch_down(side: str) -> None:
    stride = 1.1
    for one in steps(side):
        start = one.track.t_s[one.cycle.start] / stride % 1.0
        own = start if one.cycle.side == "left" else (start + 0.5) % 1.0
        assert (own + 0.5) % 1.0 - 0.5 == pytest.approx(0.0, abs=0.06)


@pytest.mark.parametrize("side", list(CAMERAS))
def test_standing_takes_no_steps(side: str) -> None:
    still = fig.film(lambda _: fig.standing(fig.Stance()), CAMERAS[side], fig.clock(4.0))
    assert GAIT.cut(fig.track(still), fig.seen_from(side)).cycles == ()


@pytest.mark.parametrize("side", list(CAMERAS))
@pytest.mark.parametrize("stride", [0.95, 1.1, 1.3])
def test_cadence(side: str, stride: float) -> None:
    track = shot(side, stride_s=stride, fps=30.0)
    got = fig.set_measured(GAIT, "cadence", track, fig.seen_from(side))
    assert got.value == pytest.approx(120 / stride, abs=2.0)


def test_cadence_needs_steps_in_a_row() -> None:
    found = steps("rear")
    of = {m.name: m.of for m in GAIT.set_measures}["cadence"]
    got = of(found[0], [s.cycle for s in found[:2]], None)
    assert got.value is None
    assert "3 steps" in got.reason


# --------------------------------------------------------------------------- from the side


@pytest.mark.parametrize(
    ("cuts", "run"), [((), [0, 1, 2, 3, 6, 7]), ((1.5,), [2, 3, 6, 7]), ((1.0,), [1, 2, 3, 6, 7])]
)
def test_a_run_of_steps_ends_at_a_gap_and_at_a_cut_of_the_film(
    cuts: tuple[float, ...], run: list[int]
) -> None:
    """A cut may lie between two steps as far apart as others are; a cut in a step's own row begins anew."""
    assert common.longest_run(np.arange(12.0), [0, 1, 2, 3, 6, 7, 11], 3.5, cuts) == run


@pytest.mark.parametrize("side", ["left", "right"])
def test_times_of_a_stride(side: str) -> None:
    found = inner(steps(side, fps=100.0))
    for leg in SIDES:
        # the leg lags at its hip's height: the toe leaves a little after the treadmill lets it
        assert values("stance_time", found, leg) == pytest.approx(
            [fig.STANCE_SHARE * 1.1] * len(values("stance_time", found, leg)), abs=0.07
        )
        both = np.add(values("stance_time", found, leg), values("swing_time", found, leg))
        assert both == pytest.approx([1.1] * len(both), abs=0.04)
        assert values("step_time", found, leg) == pytest.approx([0.55] * len(both), abs=0.03)


def test_below_the_frame_rate_contact_times_are_not_given() -> None:
    found = steps("left", fps=30.0)
    for name in ("stance_time", "swing_time"):
        got = fig.measured(GAIT, name, found[3], found[3].cycle.side)
        assert got.value is None
        assert got.reason == "below the frame rate this needs"


def test_the_shin_of_a_walker_at_contact_is_reported_and_not_judged() -> None:
    for one in inner(steps("right")):
        body = fig.walking(0.0)
        shin = body["left_knee"] - body["left_ankle"]
        expected = np.degrees(np.arctan2(shin[1], shin[2]))
        got: Measurement = fig.measured(GAIT, "shin_at_contact", one, one.cycle.side)
        assert got.value == pytest.approx(expected, abs=4.5)
        assert not got.judged


def test_quick_steps_are_a_walkers_while_a_foot_is_always_down() -> None:
    """150 steps a minute; who runs is told by flight and not by the pace of a single step."""
    quick = inner(steps("right", stride_s=0.8, fps=120.0))
    assert quick
    assert not any(fig.measured(GAIT, "shin_at_contact", one, one.cycle.side).judged for one in quick)


def test_vertical_oscillation_in_leg_lengths() -> None:
    def bobbing(t_s: float) -> fig.Body:
        body = fig.walk()(t_s)
        up = np.array([0.0, 0.0, 0.02 * np.sin(2 * np.pi * t_s / 0.55)])
        return {n: p + up if n.split("_")[-1] not in ("ankle", "heel", "toe") else p for n, p in body.items()}

    track = fig.track(fig.film(bobbing, fig.FROM_RIGHT, fig.clock(8.0, 60.0)))
    got = fig.set_measured(GAIT, "vertical_oscillation", track, fig.seen_from("right"))
    assert got.value == pytest.approx(0.04 / (fig.THIGH_M + fig.SHANK_M), abs=0.006)


# --------------------------------------------------------------------------- from front and rear


@pytest.mark.parametrize("side", ["front", "rear"])
@pytest.mark.parametrize("drops", [(0.0, 0.0), (9.0, 2.0), (2.0, 9.0)])
def test_the_free_hip_drops_over_the_stance_leg(side: str, drops: tuple[float, float]) -> None:
    found = inner(steps(side, drop_deg=drops))
    phase = np.linspace(0, 1, 400, endpoint=False)
    line = [fig.walking(p, drop_deg=drops) for p in phase]
    slope = np.degrees([np.arcsin((b["left_hip"] - b["right_hip"])[2] / (2 * fig.HIP_M)) for b in line])
    for leg, drop, sign in zip(SIDES, drops, (1, -1), strict=True):
        expected = drop - sign * slope.mean()
        assert np.mean(values("pelvic_drop", found, leg)) == pytest.approx(expected, abs=0.9)


@pytest.mark.parametrize("side", ["front", "rear"])
@pytest.mark.parametrize("leans", [(7.0, 0.0), (0.0, 7.0)])
def test_a_lean_over_the_stance_leg_belongs_to_that_leg(side: str, leans: tuple[float, float]) -> None:
    def leaning(t_s: float) -> fig.Body:
        body = fig.walk()(t_s)
        for leg, lean in zip(SIDES, leans, strict=True):
            own = (t_s / 1.1 + (0.5 if leg == "right" else 0.0)) % 1.0
            if 0.1 < own < 0.5:
                across = fig.TRUNK_M * np.tan(np.radians(lean * np.sin(np.pi * (own - 0.1) / 0.4)))
                for name in ("left_shoulder", "right_shoulder"):
                    body[name] = body[name] + np.array([fig.side_sign(leg) * across, 0, 0])
        return body

    track = fig.track(fig.film(leaning, CAMERAS[side], fig.clock(8.0, 60.0)))
    found = inner(fig.scenes(GAIT, track, fig.seen_from(side)))
    means = {leg: float(np.mean(values("trunk_lean", found, leg))) for leg in SIDES}
    own_mean = 7.0 * 0.4 * 2 / np.pi  # of half a sine over 40 % of the stride
    for leg, lean in zip(SIDES, leans, strict=True):
        expected = lean - own_mean if lean else own_mean
        assert means[leg] == pytest.approx(expected, abs=1.0)


@pytest.mark.parametrize("side", ["front", "rear"])
@pytest.mark.parametrize("foot_m", [0.02, 0.08, 0.14])
def test_step_width_over_hip_width(side: str, foot_m: float) -> None:
    found = inner(steps(side, stance_m=foot_m))
    for leg in SIDES:
        assert values("step_width", found, leg) == pytest.approx(
            [foot_m / fig.HIP_M] * len(values("step_width", found, leg)), abs=0.08
        )


@pytest.mark.parametrize("side", ["front", "rear"])
def test_feet_that_cross_have_a_negative_step_width(side: str) -> None:
    found = inner(steps(side, stance_m=-0.03))
    assert all(v < 0 for leg in SIDES for v in values("step_width", found, leg))


@pytest.mark.parametrize("side", ["front", "rear"])
@pytest.mark.parametrize("foot_m", [0.05, 0.12])
def test_thigh_and_knee_gap_at_mid_stance(side: str, foot_m: float) -> None:
    found = inner(steps(side, stance_m=foot_m))
    t = found[0].track.t_s
    for one in found:
        body = fig.walking(t[one.cycle.turn] / 1.1 % 1.0, stance_m=foot_m)
        leg = one.cycle.side or ""
        v = body[f"{leg}_knee"] - body[f"{leg}_hip"]
        inward = -fig.side_sign(leg) * v[0]
        assert fig.measured(GAIT, "hip_adduction", one, leg).value == pytest.approx(
            np.degrees(np.arctan2(inward, -v[2])), abs=1.0
        )
        gap = (body["left_knee"] - body["right_knee"])[0] / (2 * fig.HIP_M)
        assert fig.measured(GAIT, "knee_window", one, leg).value == pytest.approx(gap, abs=0.05)
