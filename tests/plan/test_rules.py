"""Three findings and what a physiotherapist who knows the articles would want for them; and the rules."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plan.made import DAY, arched, dropping, passed, plan, plan_or_none, report, shifted, signals
from vision.movements import MOVEMENTS
from vision.plan import Item, NoPlan, Passed, Phase, Plan, Profile, Route, Sides, make
from vision.plan.dose import dose_text, rhythm_text
from vision.plan.rules import NOTHING, SMALL
from vision.plan.table import PlanTableError, plan_table, read_table
from vision.types import other_side

ATHLETE = Profile(sprints=True, lifts=True)


def keys(of: Plan) -> list[str]:
    return [item.exercise.key for item in of.items]


def item(of: Plan, key: str) -> Item:
    (found,) = (i for i in of.items if i.exercise.key == key)
    return found


# --------------------------------------------------------------------------- three findings


def test_a_shift_of_more_than_15_per_cent_trains_the_weaker_side_first_and_without_bands() -> None:
    made = plan(shifted(), profile=ATHLETE)
    assert (made.route, made.weaker, made.weeks) == (Route.WEAKER_FIRST, "left", 12)
    assert keys(made)[:2] == ["squeezes", "circuit"]
    squeezes = dose_text(item(made, "squeezes"))
    assert squeezes.startswith("left side only: 3 sets of 10, each held 3 s")
    assert squeezes.endswith("5 s rest")
    assert rhythm_text(item(made, "squeezes")).startswith("weeks 1 to 4: daily")
    circuit = dose_text(item(made, "circuit"))
    assert "2 sets of 10 to 20" in circuit
    assert "30 s rest; 5 to 10 minutes in all" in circuit
    assert dose_text(item(made, "split_squat")) == "left 3 sets of 8 to 10, right 3 sets of 4 to 5"
    for key in ("even_squat", "even_rdl", "split_squat", "side_plank"):
        assert item(made, key).rhythm[0][0] == made.phases[Phase.STRONG][0], "active before strong"
    assert [i.rhythm[0][0] for i in made.items if i.exercise.bands] == [made.phases[Phase.RESISTANT][0]]
    words = " ".join(rule.words for rule in made.avoid)
    assert "90 %" in words
    assert "No bands" in words
    sprint = [rule.words for rule in made.sprint]
    assert [("No sprinting" in w, "50 %" in w, "75 %" in w, "90 to 100 %" in w) for w in sprint] == [
        (True, False, False, False),
        (False, True, False, False),
        (False, False, True, False),
        (False, False, False, True),
    ]
    assert "three months" in (made.wean.words if made.wean else "")


def test_an_arched_bridge_gets_the_curl_bridge_daily_for_a_month_and_one_leg_only_later() -> None:
    made = plan(arched())
    assert (made.route, made.weaker) == (Route.BOTH_SIDES, None)
    assert keys(made) == ["curl_bridge", "bird_dog", "hip_flexor_stretch", "single_leg_bridge"]
    curl = item(made, "curl_bridge")
    assert dose_text(curl).startswith("10 to 100 a day in sets of 5 to 20")
    assert curl.rhythm[0] == (1, 4, 7)
    assert item(made, "single_leg_bridge").rhythm[0][0] == 5, "simple before hard"
    assert dose_text(item(made, "hip_flexor_stretch")).startswith("1 set of 30 to 60 s on each side")
    assert made.sprint == ()
    assert all(
        w.words == "low back arched at the top" and w.often == (5, 5) for i in made.items for w in i.why
    )


def test_a_one_sided_drop_in_walking_gets_the_hip_side_with_twice_as_much_for_it() -> None:
    made = plan(dropping())
    assert (made.route, made.weaker, made.weeks) == (Route.BOTH_SIDES, "left", 8)
    assert keys(made) == ["leg_lift", "single_leg_bridge", "side_plank", "split_squat", "balance"]
    assert dose_text(item(made, "leg_lift")) == "left 3 sets of 15, right 3 sets of 8"
    assert dose_text(item(made, "side_plank")).startswith("left 3 sets of 30 s, right 3 sets of 15 s")
    assert all(days <= 3 for i in made.items for _, _, days in i.rhythm), "strength, not daily"
    assert made.wean is None, "there is no daily drill to drop"
    assert "physical therapist" in made.cues[0].words


def test_a_drop_on_both_sides_favours_none() -> None:
    made = plan(dropping(left=11.0, right=10.0))
    assert made.weaker is None
    assert dose_text(item(made, "leg_lift")) == "3 sets of 15 on each side"
    assert {i.sides for i in made.items} == {Sides.EACH}


# --------------------------------------------------------------------------- what makes no drills


def test_what_is_unknown_unsure_or_slight_makes_no_drills() -> None:
    for nothing in (
        dropping(judged=False),
        dropping(steps=6),
        shifted(1.0),
        report(
            "gait", {("pelvic_drop", "left"): [12.0] * 9, ("pelvic_drop", "right"): [1.0] * 9}, markers=False
        ),
    ):
        made = plan_or_none(nothing)
        assert isinstance(made, NoPlan), signals(nothing)
        assert made.words == NOTHING
        assert any("Nobody is even" in rule.words for rule in made.normal)
    assert all(s.kind == "fault" for s in signals(shifted(-9.0, reps=4))), "four repetitions name no side"


def test_ten_to_fifteen_per_cent_are_watched_and_called_normal() -> None:
    lifts = [0.70] * 8
    made = plan_or_none(
        report("gait", {("stance_time", "left"): lifts, ("stance_time", "right"): [0.61] * 8}, sd=0.001)
    )
    assert isinstance(made, NoPlan)
    assert made.words == SMALL
    assert [s.status for s in made.watch] == ["watch"]


# --------------------------------------------------------------------------- conflicts


def test_two_measures_that_blame_different_sides_favour_none() -> None:
    made = plan(shifted(-9.0), shifted(9.0))
    assert made.disagree
    assert (made.weaker, made.route) == (None, Route.BOTH_SIDES)
    assert not {Sides.WEAKER, Sides.DOUBLE} & {i.sides for i in made.items}


def test_in_the_season_of_a_one_sided_sport_the_stronger_side_gets_nothing_extra() -> None:
    made = plan(shifted(), profile=Profile(one_sided_season=True))
    assert dose_text(item(made, "split_squat")) == "left 3 sets of 8 to 10, right nothing"
    assert any("one-sided sport" in rule.words for rule in made.avoid)


def test_who_does_not_sprint_or_lift_hears_nothing_of_it() -> None:
    made = plan(shifted())
    assert made.sprint == ()
    assert "static_sets" not in keys(made)
    assert not any("best single" in rule.words for rule in made.avoid)


def test_without_its_gate_there_is_no_plan() -> None:
    made = plan(shifted())
    with pytest.raises(TypeError, match="passed pain gate"):
        replace(made, gate=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="asked"):
        Passed(made.gate.answers)
    assert "not a diagnosis" in made.notice


# --------------------------------------------------------------------------- the table


def test_every_fault_of_the_first_movements_leads_somewhere() -> None:
    known = {fault for need in plan_table().needs for fault in need.faults}
    for name in ("squat", "hinge", "bridge", "gait"):
        for fault in MOVEMENTS[name].table.faults:
            assert f"{name}.{fault}" in known
    for fault in known:
        movement, _, key = fault.partition(".")
        assert movement not in MOVEMENTS or key in MOVEMENTS[movement].table.faults, fault


def test_a_fault_that_the_plan_does_not_know_brings_its_own_drill() -> None:
    (known,) = (s for s in signals(arched()))
    made = make([replace(known, fault="never_heard_of")], Profile(), passed(), DAY)
    assert isinstance(made, NoPlan)
    other = replace(known, movement="squat", fault="heels_lift")
    needs = tuple(n for n in plan_table().needs if "squat.heels_lift" not in n.faults)
    got = make([known, other], Profile(), passed(), DAY, replace(plan_table(), needs=needs))
    assert isinstance(got, Plan)
    assert [c.words for c in got.cues] == [MOVEMENTS["squat"].table.faults["heels_lift"].drill]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('source = "S0, strategy 1"', 'source = ""'), "squeezes: expected source"),
        (('always = ["wall_hinge"]', 'always = ["wal_hinge"]'), "'wal_hinge' is not described"),
        (("strong = [5, 8]", "strong = [6, 8]"), "follow each other"),
        (("reps = [8, 12]", "reps = [12, 8]"), r"0 < from <= to, got \[12, 8\]"),
        (("days = { active = 7,", "days = { active = 8,"), "0 to 7 days"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(change: tuple[str, str], complaint: str) -> None:
    from importlib import resources

    text = resources.files("vision.plan").joinpath("plan.toml").read_text("utf-8")
    assert change[0] in text
    with pytest.raises(PlanTableError, match=complaint):
        read_table(text.replace(*change))


# --------------------------------------------------------------------------- properties

SHIFTS = st.floats(-30.0, 30.0).filter(lambda v: abs(v) > 1e-3)


@settings(max_examples=12, deadline=None)
@given(SHIFTS, st.booleans(), st.booleans(), st.booleans())
def test_whatever_the_shift_the_rules_hold(shift: float, sprints: bool, lifts: bool, season: bool) -> None:
    profile = Profile(sprints, lifts, season)
    made = plan_or_none(shifted(shift), profile=profile)
    mirrored = plan_or_none(shifted(-shift), profile=profile)
    assert type(made) is type(mirrored)
    if isinstance(made, NoPlan) or isinstance(mirrored, NoPlan):
        return
    assert keys(made) == keys(mirrored)
    assert made.weaker == (None if mirrored.weaker is None else other_side(mirrored.weaker))
    assert made.retest == (DAY.replace(day=16), DAY.replace(day=30))
    for one in made.items:
        assert one.why
        assert all(w.error95 is not None for w in one.why if w.value is not None)
        assert all(1 <= first <= last <= made.weeks for first, last, _ in one.rhythm)
        if made.route is Route.WEAKER_FIRST:
            first = one.rhythm[0][0]
            assert one.exercise.role != "strengthening" or first > made.phases[Phase.ACTIVE][1]
        else:
            assert one.sides is not Sides.WEAKER
