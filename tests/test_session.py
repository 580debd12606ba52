"""The fold as a whole: mirrors, clocks, distances, live against clip, and bad input."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests import figures as fig
from vision.pose.base import BLAZEPOSE
from vision.session import Session
from vision.types import SIDES, Finding, Plane, Pose, Report, Verdict, other_side

REPS = 3
LENGTH = fig.set_length(REPS)

CAVING = fig.Stance(shin=30.0, thigh=58.0, trunk=35.0, knees_m=(0.02, 0.17), shift_m=0.025, lean_deg=3.0)
TRAVELLING = fig.Stance(shin=18.0, thigh=30.0, trunk=60.0, hands="hanging")
SETS: dict[str, tuple[fig.Motion, fig.Camera]] = {
    "squat": (fig.squats(REPS, CAVING), fig.Camera(4.0, noise_px=0.4)),
    "squat from the side": (fig.squats(REPS), fig.Camera(86.0, noise_px=0.4)),
    "hinge": (fig.hinges(REPS, TRAVELLING), fig.Camera(-92.0, noise_px=0.4)),
    "bridge": (fig.bridges(REPS), fig.Camera(-88.0, noise_px=0.4)),
    "walk": (fig.walk(drop_deg=(2.0, 9.0)), fig.Camera(176.0, noise_px=0.4)),
}
NAMES = list(SETS)


@cache
def poses(name: str) -> tuple[Pose, ...]:
    motion, camera = SETS[name]
    return tuple(fig.film(motion, camera, fig.clock(LENGTH)))


@cache
def base(name: str) -> Report:
    return fig.report(poses(name))


def by_key(findings: Sequence[Finding]) -> dict[tuple[str, str | None], Finding]:
    return {(f.measure, f.side): f for f in findings}


# --------------------------------------------------------------------------- mirror

SIGNED = {"lateral_shift", "pelvic_obliquity", "trunk_lean"}
"""Squat measures whose sign says left or right."""


def swapped_text(text: str) -> str:
    return text.replace("left", "LEFT").replace("right", "left").replace("LEFT", "right")


def unnumbered(text: str) -> str:
    """Reasons may quote an error, which is compared as a number."""
    return re.sub(r"±[0-9.]+", "±", text)


def mirrored_report(name: str) -> Report:
    """The same set in a mirror, read by a model with the same habits."""
    return fig.report(
        [
            replace(flip, world_m=own.world_m)
            for flip, own in zip(
                fig.flipped(poses(name), fig.SIZE[0]),
                fig.film(
                    fig.mirrored(SETS[name][0]),
                    replace(SETS[name][1], bearing_deg=-SETS[name][1].bearing_deg),
                    fig.clock(LENGTH),
                ),
                strict=True,
            )
        ]
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_mirror_swaps_sides_and_changes_nothing_else(name: str) -> None:
    one, other = base(name), mirrored_report(name)
    assert other.movement == one.movement
    assert other.view.plane is one.view.plane
    assert [c.cycle.turn for c in other.cycles] == [c.cycle.turn for c in one.cycles]
    sides = [c.cycle.side for c in one.cycles]
    assert [c.cycle.side for c in other.cycles] == [s and other_side(s) for s in sides]
    assert [c.score for c in other.cycles] == [c.score for c in one.cycles]
    assert other.stop_after_rep == one.stop_after_rep
    assert other.headline.lower() == swapped_text(one.headline.lower())
    assert other.cue == one.cue
    for mine, theirs in [
        (one.set_findings, other.set_findings),
        *((a.findings, b.findings) for a, b in zip(one.cycles, other.cycles, strict=True)),
    ]:
        found = by_key(theirs)
        assert len(found) == len(mine)
        for f in mine:
            twin = found[f.measure, f.side and other_side(f.side)]
            sign = -1 if name == "squat" and f.measure in SIGNED else 1
            if isinstance(f.value, float):
                assert twin.value == pytest.approx(sign * f.value, abs=1e-4), f.measure
                assert twin.error95 == pytest.approx(f.error95, rel=0.1), f.measure
            else:
                assert twin.value == f.value
            assert twin.verdict is f.verdict, f.measure
            assert twin.fault == (f.fault and swapped_text(f.fault)), f.measure
            assert unnumbered(twin.reason) == unnumbered(swapped_text(f.reason))


def test_the_sets_of_these_tests_have_something_to_swap() -> None:
    assert "left knee" in base("squat").headline.lower()
    assert base("hinge").cue == "Hips back"
    assert [base(n).movement for n in NAMES] == ["squat", "squat", "hinge", "bridge", "gait"]


# --------------------------------------------------------------------------- what must not matter


def assert_alike(one: Report, other: Report, share_of_error: float = 0.3, turn_s: float = 0.1) -> None:
    """Same movement, repetitions, turn times and values within a part of their errors.

    A walk may gain or lose a step at its ends.
    """
    assert other.movement == one.movement
    cycles, others = list(one.cycles), list(other.cycles)
    if one.movement == "gait":
        assert abs(len(cycles) - len(others)) <= 1
        first = max(cycles[0].turn_s, others[0].turn_s) - turn_s
        last = min(cycles[-1].turn_s, others[-1].turn_s) + turn_s
        cycles, others = ([c for c in part if first <= c.turn_s <= last] for part in (cycles, others))
    assert [c.turn_s for c in others] == pytest.approx([c.turn_s for c in cycles], abs=turn_s)
    assert [c.cycle.side for c in others] == [c.cycle.side for c in cycles]
    found = by_key(other.set_findings)
    for f in one.set_findings:
        twin = found[f.measure, f.side]
        if isinstance(f.value, float) and f.error95:
            assert isinstance(twin.value, float), f.measure
            assert abs(twin.value - f.value) < share_of_error * f.error95, f.measure
        else:
            assert twin.value == f.value


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("change", [{"scale": 0.5}, {"shift_px": (70.0, -25.0)}])
def test_distance_and_place_in_the_picture_do_not_matter(name: str, change: dict[str, object]) -> None:
    motion, camera = SETS[name]
    quiet = replace(camera, noise_px=0.0)
    shots = [fig.film(motion, c, fig.clock(LENGTH)) for c in (quiet, replace(quiet, **change))]  # type: ignore[arg-type]
    assert_alike(fig.report(shots[0]), fig.report(shots[1]), share_of_error=0.05)


@pytest.mark.parametrize("name", ["squat", "hinge", "bridge", "walk"])
def test_the_frame_rate_does_not_matter(name: str) -> None:
    motion, camera = SETS[name]
    assert_alike(base(name), fig.report(fig.film(motion, camera, fig.clock(LENGTH, 60.0))), 0.5)


@pytest.mark.parametrize("name", ["squat", "hinge", "bridge", "walk"])
def test_dropped_and_late_frames_do_not_matter(name: str) -> None:
    """Times come from the stamps; a third of the frames lost at random, the others late by up to 8 ms."""
    rng = np.random.default_rng(11)
    t = fig.clock(LENGTH, 45.0)
    t = t[rng.random(len(t)) > 0.33] + 0.0
    motion, camera = SETS[name]
    shaken = fig.film(motion, camera, t + rng.uniform(0, 0.008, len(t)))
    assert_alike(base(name), fig.report(shaken), 0.7, turn_s=0.15)


@pytest.mark.parametrize("name", ["hinge", "bridge", "squat"])
@pytest.mark.parametrize("roll", [-3.0, 4.0])
def test_a_tilted_camera_changes_values_by_less_than_their_error(name: str, roll: float) -> None:
    motion, camera = SETS[name]
    tilted = fig.report(fig.film(motion, replace(camera, roll_deg=roll), fig.clock(LENGTH)))
    assert_alike(base(name), tilted, share_of_error=1.0)
    assert np.sign(tilted.view.roll_deg - base(name).view.roll_deg) == np.sign(roll)


def test_slow_motion_is_undone() -> None:
    slow = [replace(p, t_s=4 * p.t_s) for p in poses("hinge")]
    one, other = base("hinge"), fig.report(slow, time_scale=0.25)
    assert [c.turn_s for c in other.cycles] == pytest.approx([c.turn_s for c in one.cycles])
    for mine, theirs in zip(one.set_findings, other.set_findings, strict=True):
        assert theirs.value == (pytest.approx(mine.value) if isinstance(mine.value, float) else mine.value)
        assert theirs.verdict is mine.verdict
    assert [f.frame for f in other.set_findings] == [f.frame for f in one.set_findings]  # frames of the file


def test_when_the_clock_starts_does_not_matter() -> None:
    late = [replace(p, t_s=p.t_s + 3600.0, index=p.index + 900) for p in poses("squat")]
    one, other = base("squat"), fig.report(late)
    assert [c.turn_s - 3600 for c in other.cycles] == pytest.approx([c.turn_s for c in one.cycles])
    for mine, theirs in zip(one.set_findings, other.set_findings, strict=True):
        assert theirs.value == (
            pytest.approx(mine.value, abs=1e-6) if isinstance(mine.value, float) else mine.value
        )
        assert theirs.frame == (None if mine.frame is None else mine.frame + 900)


# --------------------------------------------------------------------------- what a report holds


@pytest.mark.parametrize("name", NAMES)
def test_findings_say_when_and_where(name: str) -> None:
    report = base(name)
    for cycle in report.cycles:
        assert cycle.start_s < cycle.turn_s < cycle.end_s
        for f in cycle.findings:
            assert f.reason or f.verdict is not Verdict.UNKNOWN
            if f.value is None:
                assert f.verdict is Verdict.UNKNOWN
                continue
            assert f.frame is not None
            assert f.t_s == pytest.approx(report.track.t_s[f.frame])
            assert cycle.start_s - 1.1 <= f.t_s <= cycle.end_s + 1.1
    assert report.thresholds.startswith(f"{report.movement}@")


@pytest.mark.parametrize("name", NAMES)
def test_every_measure_appears_in_every_repetition(name: str) -> None:
    from vision.movements import MOVEMENTS

    report = base(name)
    movement = MOVEMENTS[report.movement or ""]
    for cycle in report.cycles:
        assert {f.measure for f in cycle.findings} == {m.name for m in movement.measures}
        sided = {f.measure for f in cycle.findings if f.side}
        assert sided == {n for n, row in movement.table.criteria.items() if row.per_side}
        if cycle.cycle.side:
            assert {f.side for f in cycle.findings if f.side} == {cycle.cycle.side}
    whole = {f.measure for f in report.set_findings}
    assert whole == {m.name for m in (*movement.measures, *movement.set_measures)}


def test_an_oblique_view_counts_but_does_not_judge() -> None:
    report = fig.report(fig.film(fig.squats(REPS), fig.Camera(42.0), fig.clock(LENGTH)))
    assert report.view.plane is Plane.OBLIQUE
    assert len(report.cycles) == REPS
    assert all(f.verdict is Verdict.UNKNOWN and f.reason for f in report.set_findings)
    assert report.set_score is None
    assert "degrees off" in report.advice


def test_a_given_movement_is_taken() -> None:
    report = fig.report(poses("squat"), "squat")
    assert report.movement_source == "given"
    assert report.movement_confidence == 1.0
    assert by_key(report.set_findings)["lateral_shift", None].value == pytest.approx(
        by_key(base("squat").set_findings)["lateral_shift", None].value
    )


# --------------------------------------------------------------------------- bad input


@pytest.mark.parametrize("name", ["squat", "bridge"])
def test_repetitions_alone_are_those_of_the_report(name: str) -> None:
    session = Session(BLAZEPOSE, fig.SIZE, movement=name)
    for pose in poses(name):
        session.push(pose)
    whole = session.finish().cycles
    after_s = whole[1].turn_s
    assert repr(session.cycles(after_s)) == repr(tuple(k for k in whole if k.turn_s > after_s))
    assert len(session.cycles(-1.0)) == len(whole)
    assert Session(BLAZEPOSE, fig.SIZE, movement=name).cycles(-1.0) == ()


def test_repetitions_alone_want_a_movement() -> None:
    with pytest.raises(ValueError, match="expected a movement that was given"):
        Session(BLAZEPOSE, fig.SIZE).cycles(0.0)


def test_a_movement_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected a movement among squat.*, got 'yoga'"):
        Session(BLAZEPOSE, fig.SIZE, movement="yoga")


def blank(pose: Pose) -> Pose:
    return replace(
        pose, xy=np.full_like(pose.xy, np.nan), score=np.zeros_like(pose.score), world_m=None, outline=None
    )


@pytest.mark.parametrize("movement", [None, "squat", "hinge", "bridge", "gait"])
@pytest.mark.parametrize("count", [0, 1, 4, 40])
@pytest.mark.parametrize("kind", ["nobody", "unseen"])
def test_nobody_and_nothing_seen_give_no_verdict(movement: str | None, count: int, kind: str) -> None:
    one = poses("squat")[:count]
    report = fig.report([None if kind == "nobody" else blank(p) for p in one], movement)
    assert report.cycles == ()
    assert report.set_score is None
    assert report.cue is None
    assert report.stop_after_rep is None
    assert report.headline
    assert not any(f.verdict is not Verdict.UNKNOWN for f in report.set_findings)
    assert report.advice
    assert "nan" not in report.advice + report.headline + " ".join(report.notes)


@pytest.mark.parametrize(("count", "told"), [(0, "No person was found."), (3, "Too short")])
def test_a_few_pictures_of_somebody_are_too_short_and_not_nobody(count: int, told: str) -> None:
    assert told in fig.report(poses("squat")[:count]).headline


@pytest.mark.parametrize("movement", ["squat", "hinge", "bridge", "gait"])
@pytest.mark.filterwarnings("error")
def test_points_that_were_never_seen_give_unknown_and_say_so(movement: str) -> None:
    """Feet out of the picture all along: what needs them is null, the rest may stay."""
    name = {"gait": "walk"}.get(movement, movement)
    low = [i for i, n in enumerate(BLAZEPOSE.names) if n.split("_")[-1] in ("ankle", "heel", "toe")]

    def without_feet(pose: Pose) -> Pose:
        score = pose.score.copy()
        score[low] = 0.0
        return replace(pose, score=score)

    report = fig.report([without_feet(p) for p in poses(name)], movement)
    for cycle in report.cycles:
        for f in cycle.findings:
            if f.measure in ("shin_angle", "heel_rise", "lateral_shift", "knee_ankle_ratio", "step_width"):
                assert f.value is None, f.measure
                assert f.verdict is Verdict.UNKNOWN
                assert f.reason in ("feet out of frame", "not visible from this view", "foot not seen"), f


def test_a_set_with_holes_keeps_its_repetitions() -> None:
    some: list[Pose | None] = [
        None if i % 7 == 0 or 150 <= i < 156 else p for i, p in enumerate(poses("hinge"))
    ]
    report = fig.report(some)
    assert report.tracked_fraction == pytest.approx(np.mean([p is not None for p in some]))
    assert any("seen in" in note for note in report.notes)
    assert_alike(base("hinge"), report)


def test_exchanged_legs_are_repaired_and_counted() -> None:
    from vision.swaps import exchange

    some = list(poses("walk"))
    one = np.array([True])
    for i in range(60, 75):
        some[i] = replace(some[i], xy=exchange(some[i].xy[None], one, BLAZEPOSE)[0])
    report = fig.report(some)
    assert report.swaps_repaired == pytest.approx(15, abs=3)
    assert_alike(base("walk"), report)
    assert {c.cycle.side for c in report.cycles} == set(SIDES)


# --------------------------------------------------------------------------- films that are cut


def test_no_step_runs_across_a_cut_of_the_film() -> None:
    walk = fig.film(fig.walk(), fig.FROM_RIGHT, fig.clock(12.0, 60.0))
    left_out = 76  # frames: a stride and a bit, so that what is laid end to end makes a short step
    after = [replace(p, t_s=p.t_s - left_out / 60, index=p.index - left_out) for p in walk[360 + left_out :]]
    cut_s = after[0].t_s
    told = fig.report([*walk[:360], replace(after[0], spliced=True), *after[1:]], "gait")
    assert not any(k.start_s <= cut_s <= k.end_s for k in told.cycles)
    assert len(told.cycles) >= 15
    assert any(f"the film is cut at {cut_s:.1f} s" in note for note in told.notes)
    titled = fig.report([replace(walk[0], spliced=True), *walk[1:]], "gait")
    assert not any("cut" in note for note in titled.notes), "before the first picture of somebody is nothing"
    untold = fig.report([*walk[:360], *after], "gait")
    assert any(k.start_s <= cut_s <= k.end_s for k in untold.cycles), "without the mark there is such a step"
    assert not any("cut" in note for note in untold.notes)


def test_slow_motion_gives_no_times_until_the_cameras_rate_is_known() -> None:
    poses = fig.film(fig.walk(3.6), fig.FROM_RIGHT, fig.clock(20.0, 60.0))
    slow, real = fig.report(poses, "gait"), fig.report(poses, "gait", time_scale=1 / 3.2)
    assert any("slow motion" in note for note in slow.notes)
    assert not any("slow motion" in note for note in real.notes)
    for name in ("step_time", "stance_time", "cadence"):
        assert all(f.value is None for f in slow.set_findings if f.measure == name)
        assert any("slow motion" in f.reason for f in slow.set_findings if f.measure == name)
        assert all(isinstance(f.value, float) for f in real.set_findings if f.measure == name)
    shins = [f for f in slow.set_findings if f.measure == "shin_at_contact"]
    assert all(isinstance(f.value, float) for f in shins), "an angle is the same at any speed"
