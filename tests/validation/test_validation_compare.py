"""Pairs of truth and report, and the figures made of them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from validation.compare import Pair, compare, match_reps, summarise, verdict_due
from validation.readers import RigTruth, read_rig
from validation.rig_truth import Expected, expected, lockout_word, true_view
from vision.types import (
    Criterion,
    Cycle,
    CycleKind,
    Finding,
    JudgedCycle,
    Plane,
    Report,
    Skeleton,
    Track,
    Verdict,
    View,
)

VIDEOS = Path(__file__).resolve().parents[2] / "videos"
BANDED = Criterion("m", "deg", Plane.FRONTAL, "M", "made up", good=(-5.0, 5.0), caution=(-8.0, 8.0))


def _finding(
    value: float | str | None,
    *,
    error95: float | None = 2.0,
    verdict: Verdict = Verdict.GOOD,
    measure: str = "m",
) -> Finding:
    return Finding(
        measure, None, value, "deg", error95, verdict, "", None, None, replace(BANDED, measure=measure)
    )


def _pair(true: float | str, got: float | str | None, **more: object) -> Pair:
    return Pair(Expected("m", None, 0, true), _finding(got, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "due"),
    [
        (0, Verdict.GOOD),
        (5, Verdict.GOOD),
        (5.1, Verdict.CAUTION),
        (-8, Verdict.CAUTION),
        (8.1, Verdict.FAULT),
    ],
)
def test_due_verdict_is_the_band_the_truth_lies_in(value: float, due: Verdict) -> None:
    assert verdict_due(value, BANDED) is due


def test_due_verdict_knows_no_fault_where_none_is_allowed_and_no_band_where_none_is_given() -> None:
    assert verdict_due(99, replace(BANDED, can_fault=False)) is Verdict.CAUTION
    assert verdict_due(99, replace(BANDED, good=None, caution=None)) is None


def test_due_verdict_of_a_ratio_is_taken_against_the_athletes_own_standing() -> None:
    ratio = Criterion("r", "ratio", Plane.FRONTAL, "R", "made up", good=(0.95, 9.0), caution=(0.9, 9.0))
    finding = replace(_finding(0.7), criterion=ratio)
    assert Pair(Expected("r", None, 0, 0.7), finding).due is Verdict.FAULT
    assert Pair(Expected("r", None, 0, 0.7, standing=0.72), finding).due is Verdict.GOOD
    assert Pair(Expected("r", None, 0, 0.7, standing=1.5), finding).due is Verdict.FAULT


def test_summary_of_known_errors() -> None:
    pairs = [
        _pair(0.0, 1.0),  # inside its error, rightly good
        _pair(0.0, -3.0),  # outside its error
        _pair(10.0, 4.0, error95=None),  # a fault called good
        _pair(6.0, 6.0, verdict=Verdict.FAULT),  # caution called a fault: wrong, not opposed
        _pair(1.0, None, verdict=Verdict.UNKNOWN),
        Pair(Expected("m", None, 0, 1.0), None),
    ]
    s = summarise(pairs)
    assert (s.n, s.unknown) == (4, 2)
    assert s.bias == pytest.approx((1 - 3 - 6 + 0) / 4)
    assert s.mean_abs == pytest.approx((1 + 3 + 6 + 0) / 4)
    assert s.worst == 6
    assert s.sd == pytest.approx(np.std([1, -3, -6, 0]))
    assert (s.within95, s.n95) == (2, 3)
    assert (s.agreed, s.opposed, s.judged) == (2, 1, 4)


def test_summary_of_nothing_has_no_figures() -> None:
    s = summarise([_pair(1.0, None, verdict=Verdict.UNKNOWN)])
    assert (s.n, s.unknown, s.judged) == (0, 1, 0)
    assert math.isnan(s.bias)
    assert math.isnan(s.worst)


def test_summary_of_words_counts_right_and_opposite_ones() -> None:
    s = summarise([_pair("anterior", w) for w in ("anterior", "posterior", "neutral", None)])
    assert (s.n, s.unknown, s.agreed, s.opposed, s.judged) == (3, 1, 1, 1, 3)


# --------------------------------------------------------------------------- repetitions


def _report(cycles: list[JudgedCycle]) -> Report:
    view = View(Plane.FRONTAL, "front", 0, 0, 0, 0, 1)
    track = Track(
        *(np.zeros(s) for s in ((0,), (0,), (0, 1, 2), (0, 1), (0, 1, 3), (0, 2, 3))),
        (4, 3),
        Skeleton("x", ("a",), ()),
    )  # type: ignore[arg-type]
    return Report(
        movement="squat",
        movement_source="given",
        movement_confidence=1,
        view=view,
        advice="",
        tracked_fraction=1,
        swaps_repaired=0,
        cycles=tuple(cycles),
        set_score=None,
        set_findings=(),
        asymmetries=(),
        stop_after_rep=None,
        cue=None,
        headline="",
        guidance=(),
        notes=(),
        track=track,
        curves=(),
    )


def _cycle(index: int, turn_s: float, *findings: Finding) -> JudgedCycle:
    return JudgedCycle(index, Cycle(0, 1, 2, CycleKind.REP), turn_s - 1, turn_s, turn_s + 1, None, findings)


@pytest.fixture(scope="module")
def caves() -> RigTruth:
    return read_rig(VIDEOS / "squat_front_left_knee_caves_from_rep3.json")


def test_a_missed_repetition_does_not_shift_the_others(caves: RigTruth) -> None:
    turns = [float(caves.t_s[caves.turn_of(i)]) for i in range(caves.reps)]
    report = _report(
        [_cycle(0, turns[0] + 0.2), _cycle(1, turns[2]), _cycle(2, turns[2] + 0.3), _cycle(3, turns[4])]
    )
    counted = match_reps(caves, report)
    assert {rep: c.index for rep, c in counted.cycle_of.items()} == {0: 0, 2: 1, 4: 3}
    assert (counted.true, counted.found, counted.false) == (5, 3, 1)


def test_values_are_compared_with_the_repetition_they_belong_to(caves: RigTruth) -> None:
    turn = float(caves.t_s[caves.turn_of(3)])
    said = Finding("knee_valgus", "left", 15.0, "deg", 4.0, Verdict.CAUTION, "", None, None, BANDED)
    pairs = compare(caves, _report([_cycle(0, turn, said)]))
    left = [
        p
        for p in pairs
        if p.truth.measure == "knee_valgus" and p.truth.side == "left" and not p.truth.against
    ]
    assert [p.truth.rep for p in left] == [3]
    assert left[0].error == pytest.approx(15.0 - caves.angles_deg["fppa_cam_l"][caves.turn_of(3)])
    right = [p for p in pairs if p.truth.measure == "knee_valgus" and p.truth.side == "right"]
    assert right
    assert all(p.finding is None and math.isnan(p.error) for p in right)


# --------------------------------------------------------------------------- what the rig's clips promise


def _values(name: str, measure: str, side: str | None = None, against: str = "") -> list[float | str]:
    truth = read_rig(VIDEOS / f"{name}.json")
    return [
        e.value
        for e in expected(truth)
        if e.measure == measure and e.against == against and side in (None, e.side)
    ]


def test_truth_has_the_faults_that_the_clips_are_named_after() -> None:
    shift = _values("squat_front_shifts_right", "lateral_shift")
    assert all(v < -8 for v in shift)
    assert len(shift) == 4
    assert np.allclose(_values("squat_front_clean", "lateral_shift"), 0, atol=0.5)
    assert all(abs(v) < 6 for v in _values("hinge_side_clean", "shin_angle"))
    assert all(v > 12 for v in _values("hinge_side_knees_travel", "shin_angle"))
    assert _values("bridge_side_flat", "lockout_pelvis") == ["posterior"] * 3
    assert _values("bridge_side_arched_from_rep2", "lockout_pelvis") == ["posterior", "anterior", "anterior"]
    assert _values("walk_rear_right_hip_drops", "pelvic_drop", "left")[0] == pytest.approx(11, abs=0.3)
    assert _values("walk_rear_right_hip_drops", "pelvic_drop", "right")[0] == pytest.approx(4, abs=0.3)


def test_truth_of_walking_is_eight_strides_of_the_rigs_time() -> None:
    (cadence,) = _values("walk_rear_level", "cadence")
    assert isinstance(cadence, float)
    # 8 strides of 1.15 s are rendered, the last frame a little short of the end
    assert cadence == pytest.approx(120 / 1.15, rel=0.03)


def _posed(movement: str, view: str, **joints: tuple[float, float, float]) -> RigTruth:
    """One still repetition of two frames with joints at the given places, both sides alike."""
    base = read_rig(VIDEOS / f"{movement}_{view}.json")
    xyz = base.xyz_m[:2].copy()
    for part, place in joints.items():
        for side, x in (("l", 0.1), ("r", -0.1)):
            xyz[:, base.joints.index(f"{part}_{side}")] = np.array(place) + [x, 0, 0]
    return replace(
        base,
        reps=1,
        t_s=base.t_s[:2],
        rep=np.zeros(2, np.int64),
        depth=np.array([0.0, 1.0]),
        xyz_m=xyz,
        xy_px=base.xy_px[:2],
        angles_deg={name: path[:2] for name, path in base.angles_deg.items()},
    )


def test_side_view_truth_leans_forward_with_a_plus() -> None:
    # Faces -y: the knee 0.4 m up and 0.1 m ahead of the ankle, the hip behind it, the trunk bent forward.
    truth = _posed(
        "hinge", "side_clean", ankle=(0, 0, 0), knee=(0, -0.1, 0.4), hip=(0, 0.3, 0.4), shoulder=(0, 0.1, 0.8)
    )
    got = {e.measure: e.value for e in expected(replace(truth, movement="squat"))}
    assert got["thigh_angle"] == pytest.approx(90)
    assert got["shin_angle"] == pytest.approx(math.degrees(math.atan2(0.1, 0.4)))
    assert got["trunk_angle"] == pytest.approx(math.degrees(math.atan2(0.2, 0.4)))
    assert got["hip_flexion"] == pytest.approx(90 + math.degrees(math.atan2(0.2, 0.4)))


@pytest.mark.parametrize(("height", "sign"), [(0.3, 1), (0.1, -1)])
def test_hips_above_the_shoulder_knee_line_are_past_straight(height: float, sign: float) -> None:
    truth = _posed("bridge", "side_flat", shoulder=(0, 0.5, 0), hip=(0, 0, height), knee=(0, -0.5, 0.4))
    bend = 12.5
    truth = replace(truth, angles_deg={**truth.angles_deg, "trunk_hip_knee_angle": np.full(2, 180 - bend)})
    (value,) = (e.value for e in expected(truth) if e.measure == "hip_extension")
    assert value == pytest.approx(sign * bend)


@pytest.mark.parametrize(
    ("tilt", "word"), [(-5, "posterior"), (-4.9, "neutral"), (4.9, "neutral"), (5, "anterior")]
)
def test_lockout_is_tilted_from_five_degrees_on(tilt: float, word: str) -> None:
    assert lockout_word(tilt) == word


@pytest.mark.parametrize(
    ("eye", "seen_from", "yaw"),
    [
        ((0, -3, 1), "front", 0),
        ((3, 0, 1), "left", 0),
        ((-3, 0, 1), "right", 0),
        ((0, 3, 1), "rear", 0),
        ((-math.sin(math.radians(10)), -math.cos(math.radians(10)), 1), "front", 10),
        ((math.cos(math.radians(10)), -math.sin(math.radians(10)), 1), "left", 10),
        ((math.sin(math.radians(10)), math.cos(math.radians(10)), 1), "rear", 10),
    ],
)
def test_true_view_by_where_the_camera_stands(
    caves: RigTruth, eye: tuple[float, float, float], seen_from: str, yaw: float
) -> None:
    view = true_view(replace(caves, eye_m=np.array(eye, float)))
    assert view.seen_from == seen_from
    assert view.yaw_deg == pytest.approx(yaw, abs=1e-9)
