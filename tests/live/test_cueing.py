"""What is said and when, as tables: one row is a set, one entry a repetition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.live.made import REP_S, TABLE, cycle, finding, rep
from vision import feedback
from vision.live.cueing import STOP, Coach, fallen, new_fault, worth_cueing
from vision.live.values import Kind, LiveRep
from vision.movements import MOVEMENTS
from vision.types import Verdict

K, S, H, B = "knees_cave", "shift_right", "heels_lift", "back_rounds"


def coached(reps: list[LiveRep]) -> list[tuple[int, str]]:
    """What is said over the set, at once after each repetition, with its number."""
    coach = Coach(TABLE.faults)
    for one in reps:
        coach.rep(one)
        coach.speak(one.judged.end_s + 0.2, lowering=False, at_rest=True)
    return [(s.rep, s.text) for s in coach.log]


def of(*faults: str | tuple[str, ...]) -> list[LiveRep]:
    sets = [(f,) if isinstance(f, str) else f for f in faults]
    return [rep(i + 1, *(f for f in one if f)) for i, one in enumerate(sets)]


PRAISE = "Good, like that"


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ((K,), []),
        (("", "", "", ""), []),
        ((K, "", K, ""), []),
        ((K, S, K, S), []),
        ((K, K), [(2, "Knees out")]),
        ((S, S), [(2, "Center your hips")]),
        (((K, S), (K, S)), [(2, "Knees out")]),  # knee before shift
        (((S, H), (S, H, K)), [(2, "Heels down")]),
        ((K, K, ""), [(2, "Knees out"), (3, PRAISE)]),
        ((K, K, "", ""), [(2, "Knees out"), (3, PRAISE)]),  # praised once
        ((K, K, S), [(2, "Knees out")]),  # better, yet not good
        ((K, K, K, K), [(2, "Knees out")]),  # not the same words so soon
        ((K, K, K, K, K), [(2, "Knees out"), (5, "Knees out")]),
        ((K, K, (K, S), (K, S)), [(2, "Knees out"), (4, "Center your hips")]),
        (("", K, K), [(3, "Knees out")]),
        (("", K, K, K), [(3, "Knees out"), (4, STOP)]),  # new, cued, and still there
        (("", K, K, ""), [(3, "Knees out"), (4, PRAISE)]),
        (("", K, K, K, K, K, K), [(3, "Knees out"), (4, STOP), (7, STOP)]),
    ],
)
def test_what_is_said_over_a_set(
    faults: tuple[str | tuple[str, ...], ...], expected: list[tuple[int, str]]
) -> None:
    assert coached(of(*faults)) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([100, 100, 100, 90, 90, 90], False),
        ([100, 100, 100, 85, 85, 85], True),
        ([100, 100, 100, 60, 100, 100], False),
        ([100, 80, 60, 60, 60, 60], True),
        ([60, 60, 60, 60, 60, 60], False),
        ([100, 100, 100, 60, 60], False),
    ],
)
def test_a_fall_of_the_score_over_three_ends_the_set(points: list[int], expected: bool) -> None:
    reps = [rep(i + 1, points=p) for i, p in enumerate(points)]
    cycles = [r.judged for r in reps]
    assert fallen(cycles) is expected
    assert (feedback.stop_after(cycles) is not None) is expected  # the report's rule, in hindsight
    assert [text for _, text in coached(reps)] == ([STOP] if expected else [])


@pytest.mark.parametrize(
    ("faults", "new"),
    [
        ([[], [K], [K]], K),
        ([[K], [K], [K]], None),
        ([[K], [], [K], [K]], None),
        ([[], [K], []], None),
        ([[], [], [K]], None),
        ([[S], [S], [S, K], [S, K]], K),
    ],
)
def test_a_new_fault_is_one_that_no_repetition_before_had(faults: list[list[str]], new: str | None) -> None:
    cycles = [rep(i + 1, *f).judged for i, f in enumerate(faults)]
    assert new_fault(cycles, 2) == new


def test_what_was_not_measured_is_no_fault_and_no_praise() -> None:
    blind = cycle(1, finding(K, Verdict.UNKNOWN, flagged=True, points=40.0))
    assert worth_cueing(blind, TABLE.faults) == ()
    reps = [*of(K, K), LiveRep(3, Verdict.GOOD, replace(blind, start_s=2 * REP_S), ())]
    assert coached(reps) == [(2, "Knees out")]


@pytest.mark.parametrize(("points", "expected"), [(4.0, ()), (12.0, (B,))])
def test_a_caution_counts_from_the_edge_of_its_band(points: float, expected: tuple[str, ...]) -> None:
    judged = cycle(1, finding(B, Verdict.CAUTION, points))
    assert worth_cueing(judged, TABLE.faults) == expected


def test_a_cue_waits_while_the_body_sinks_and_until_it_rests() -> None:
    coach = Coach(TABLE.faults)
    for one in of(K, K):
        coach.rep(one)
    assert coach.speak(5.2, lowering=True, at_rest=True) is None
    assert coach.speak(5.4, lowering=False, at_rest=False) is None
    said = coach.speak(7.8, lowering=False, at_rest=True)
    assert said is not None
    assert (said.kind, said.text, said.rep, said.t_s, said.fault) == (Kind.CUE, "Knees out", 2, 7.8, K)
    assert coach.speak(7.9, lowering=False, at_rest=True) is None
    assert coach.log == [said]


def test_a_repetition_that_was_under_way_is_not_the_answer_to_a_cue() -> None:
    coach = Coach(TABLE.faults)
    first, second, third, fourth = of(K, K, "", "")
    for one in (first, second):
        coach.rep(one)
    assert coach.speak(third.judged.start_s + 1.0, lowering=False, at_rest=True)
    coach.rep(third)
    assert coach.speak(third.judged.end_s, lowering=False, at_rest=True) is None
    coach.rep(fourth)
    said = coach.speak(fourth.judged.end_s, lowering=False, at_rest=True)
    assert said is not None
    assert said.kind is Kind.PRAISE


def test_every_cue_has_at_most_four_words() -> None:
    for movement in MOVEMENTS.values():
        for fault in movement.table.faults.values():
            assert 1 <= len(fault.cue.split()) <= 4, fault.key
    assert max(len(text.split()) for text in (STOP, PRAISE)) <= 4
