"""Sprinting, by a figure whose touch-downs, toe-offs and angles are known."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests import figures as fig
from tests.movements.sprinters import SIZE, Filmed, Sprinter
from vision import kinematics as kin
from vision.movements.common import leg_px
from vision.movements.sprint import SPRINT
from vision.movements.sprint_by_hand import CorrectionError, corrected
from vision.movements.sprint_events import stances
from vision.pose.base import BLAZEPOSE
from vision.session import Session
from vision.session import corrected as session_corrected
from vision.types import KINOGRAM, SIDES, Finding, Plane, Report, Verdict
from vision.view import estimate_view

RUNNER = Sprinter(longer_s=0.02)


@cache
def report(how: Filmed = Filmed(), runner: Sprinter = RUNNER) -> Report:  # noqa: B008  frozen
    return how.report(runner)


def found(rep: Report, measure: str, side: str | None) -> Finding:
    return next(f for f in rep.set_findings if f.measure == measure and f.side == side)


def value(rep: Report, measure: str, side: str | None) -> float:
    got = found(rep, measure, side).value
    assert isinstance(got, float), found(rep, measure, side).reason
    return got


WAYS = [Filmed(), Filmed(side="left"), Filmed(pan=False), Filmed(fps=120.0), Filmed(noise_px=2.0)]


@pytest.mark.parametrize("how", WAYS)
def test_each_touch_down_and_toe_off_is_where_it_was_made(how: Filmed) -> None:
    rep = report(how)
    t = rep.track.t_s
    assert len(rep.cycles) == 5, "the first and the last landing lie at the ends of the clip"
    assert [c.cycle.side for c in rep.cycles] == ["right", "left", "right", "left", "right"]
    for one in rep.cycles:
        side = one.cycle.side or ""
        lands = RUNNER.landings(side, how.length_s)
        at = lands[np.argmin(np.abs(lands - one.start_s))]
        assert one.start_s == pytest.approx(at, abs=1.5 / how.fps)
        assert one.cycle.off is not None
        assert t[one.cycle.off] == pytest.approx(at + RUNNER.contact(side), abs=1.5 / how.fps)


def test_a_toe_point_that_wanders_while_the_heel_comes_up_has_not_left() -> None:
    runner = Sprinter(contact_s=0.2, speed_m_s=5.0)
    track = Filmed(fps=120.0, length_s=2.4).track(runner)
    view = estimate_view(track)
    xy = track.xy.copy()
    for land in runner.landings("left", 2.4):
        late = (track.t_s > land + 0.09) & (track.t_s < land + 0.3)
        xy[late, BLAZEPOSE.index["left_toe"], 1] -= 0.02 * leg_px(track)
    plain, wandering = (
        [s for s in stances(t, view) if s.side == "left" and s.off is not None]
        for t in (track, replace(track, xy=xy))
    )
    assert len(plain) == len(wandering) >= 2
    for a, b in zip(plain, wandering, strict=True):
        assert a.off is not None
        assert b.off == pytest.approx(a.off, abs=2), "2 pictures, 17 ms"


@pytest.mark.parametrize("how", WAYS)
def test_times_on_and_off_the_ground_and_their_sides(how: Filmed) -> None:
    rep = report(how)
    for side in SIDES:
        contact = found(rep, "contact_time", side)
        assert value(rep, "contact_time", side) == pytest.approx(RUNNER.contact(side), abs=0.008)
        assert contact.error95 is not None
        assert abs(value(rep, "contact_time", side) - RUNNER.contact(side)) < contact.error95
        flight = RUNNER.stride_s / 2 - RUNNER.contact(side)
        assert value(rep, "flight_time", side) == pytest.approx(flight, abs=0.008)
    gap = next(a for a in rep.asymmetries if a["measure"] == "contact_time")
    assert gap["difference"] == pytest.approx(0.02, abs=0.008)


def test_a_jogger_is_not_timed_and_told_where_to_go() -> None:
    rep = Filmed(fps=120.0, length_s=2.4).report(Sprinter(contact_s=0.27, speed_m_s=4.0))
    for measure in ("contact_time", "flight_time"):
        told = [f for c in rep.cycles for f in c.findings if f.measure == measure]
        assert all(f.value is None for f in told)
        assert any("gait" in f.reason for f in told)
    assert value(rep, "step_rate", None) == pytest.approx(1 / 0.39, rel=0.03)


def test_nothing_is_scored() -> None:
    rep = report()
    assert rep.set_score is None
    assert {f.verdict for c in rep.cycles for f in c.findings} == {Verdict.UNKNOWN}
    assert "nothing here is judged" in rep.headline


@pytest.mark.parametrize(("fps", "times", "postures"), [(240.0, 1, 1), (60.0, 0, 1), (30.0, 0, 0)])
def test_below_the_frame_rate_that_it_needs_a_value_is_unknown(fps: float, times: int, postures: int) -> None:
    rep = report(Filmed(fps=fps))
    assert len(rep.cycles) >= 4
    for measure, told in (("contact_time", times), ("flight_time", times), ("knee_gap", postures)):
        finding = found(rep, measure, "left")
        assert (finding.value is not None) == bool(told)
        assert told or finding.reason.startswith("below the frame rate this needs")
    assert value(rep, "thigh_flexion_max", "left") > 60


def test_the_error_grows_as_the_frame_rate_falls() -> None:
    fine, coarse = (found(report(Filmed(fps=fps)), "touchdown_distance", "right") for fps in (240.0, 60.0))
    assert (coarse.error95 or 0) > 1.1 * (fine.error95 or 0)


def test_without_a_background_there_is_no_contact_but_angles_and_rate() -> None:
    rep = report(Filmed(known=False))
    for measure in ("contact_time", "flight_time", "touchdown_distance", "knee_gap", "thigh_separation"):
        finding = found(rep, measure, "left")
        assert finding.value is None
        assert "background" in finding.reason
    assert value(rep, "step_rate", None) == pytest.approx(2 / RUNNER.stride_s, abs=0.06)
    assert all(row.frames["touch_down"] is None for row in rep.kinogram)


@pytest.mark.parametrize("contact", [0.09, 0.14])
def test_step_rate(contact: float) -> None:
    runner = Sprinter(contact_s=contact)
    assert value(report(Filmed(length_s=2.0), runner), "step_rate", None) == pytest.approx(
        2 / runner.stride_s, abs=0.06
    )


def test_angles_are_those_of_the_figure() -> None:
    rep = report()
    body = [RUNNER.body(float(t)) for t in rep.track.t_s]
    for side in SIDES:
        hip, knee = (np.array([b[f"{side}_{p}"][[1, 2]] for b in body]) * (1, -1) for p in ("hip", "knee"))
        thigh = kin.thigh_deg(hip, knee, 1.0)
        # the session moves hip points back to where a pose model's would come from: some degrees
        assert value(rep, "thigh_flexion_max", side) == pytest.approx(thigh.max(), abs=9.0)
    assert value(rep, "trunk_angle", "left") == pytest.approx(RUNNER.trunk_deg, abs=4.0)


def test_a_body_read_upside_down_has_no_thigh_angle() -> None:
    shot = fig.track(fig.film(fig.squats(1), fig.Camera(90.0), fig.clock(1.0)))
    upright, turned = (
        SPRINT.curves(track, fig.seen_from("left"))
        for track in (shot, replace(shot, xy=np.array(shot.size_wh) - shot.xy))
    )
    for one, other in zip(upright, turned, strict=True):
        if one.name == "thigh_angle":
            assert np.isfinite(one.value).all()
            assert np.isnan(other.value).all()


def test_what_the_pelvis_did_is_unknown_and_says_why() -> None:
    assert "do not show the pelvis" in found(report(), "back_in_extension", "left").reason
    low = report(Filmed(), Sprinter(speed_m_s=3.0, ahead_m=0.2))
    assert value(low, "thigh_flexion_max", "left") < 90
    assert "did not pass 90 degrees" in found(low, "pelvis_in_flexion", "left").reason


def test_a_mirror_exchanges_the_sides() -> None:
    poses = Filmed().poses(RUNNER)
    session = Session(BLAZEPOSE, SIZE, movement="sprint")
    for pose, twin in zip(fig.flipped(poses, SIZE[0]), poses, strict=True):
        assert twin.camera_px is not None
        session.push(replace(pose, camera_px=twin.camera_px * (-1, 1)))
    other, one = session.finish(), report()
    for measure in ("contact_time", "thigh_flexion_max", "touchdown_distance"):
        for side, twin in (("left", "right"), ("right", "left")):
            assert value(other, measure, side) == pytest.approx(value(one, measure, twin), rel=1e-3)


def test_a_camera_that_pans_changes_nothing() -> None:
    still, panned = report(Filmed(pan=False)), report(Filmed(pan=True))
    for one, other in zip(still.set_findings, panned.set_findings, strict=True):
        assert (one.value is None) == (other.value is None)
        assert one.value is None or one.value == pytest.approx(other.value, rel=0.01, abs=0.02)


@pytest.mark.parametrize("how", [Filmed(px_per_m=330.0), Filmed(px_per_m=330.0, pan=False, side="left")])
def test_metres_by_a_known_distance(how: Filmed) -> None:
    rep = report(how)
    step_m = RUNNER.speed_m_s * RUNNER.stride_s / 2
    for side in SIDES:
        assert value(rep, "speed", side) == pytest.approx(RUNNER.speed_m_s, rel=0.03)
        assert value(rep, "step_length_m", side) == pytest.approx(step_m, rel=0.05)
        assert value(rep, "step_length", side) == pytest.approx(step_m / 0.82, rel=0.08)


def test_without_a_known_distance_there_are_no_metres() -> None:
    for measure in ("speed", "step_length_m"):
        assert found(report(), measure, "left").reason == "no known distance was given"
    assert value(report(), "step_length", "left") > 1


def test_on_a_treadmill_there_is_no_way() -> None:
    poses = [replace(p, camera_px=np.array([0.0, p.camera_px[1]])) for p in Filmed().poses(RUNNER)]  # type: ignore[index]
    session = Session(BLAZEPOSE, SIZE, movement="sprint", px_per_m=330.0)
    for pose in poses:
        session.push(pose)
    rep = session.finish()
    assert "treadmill" in found(rep, "speed", "left").reason
    assert value(rep, "contact_time", "left") == pytest.approx(RUNNER.contact("left"), abs=0.008)


def test_from_the_front_there_is_no_sprint() -> None:
    poses = fig.film(fig.walk(0.7), fig.FRONT, fig.clock(3.0, 120.0))
    rep = fig.report(poses, "sprint")
    assert rep.view.plane is Plane.FRONTAL
    assert rep.cycles == ()
    assert rep.kinogram == ()


def test_standing_takes_no_steps() -> None:
    still = fig.film(lambda _: fig.standing(fig.Stance()), fig.FROM_RIGHT, fig.clock(2.0, 60.0))
    assert fig.report(still, "sprint").cycles == ()


# --------------------------------------------------------------------------- the kinogram


def test_the_pictures_of_a_step_follow_each_other() -> None:
    rows = report().kinogram
    assert [row.step for row in rows] == list(range(5))
    for row in rows[1:]:
        assert tuple(row.frames) == KINOGRAM
        frames = [row.frames[name] for name in KINOGRAM]
        assert None not in frames
        assert row.frames["toe_off"] < row.frames["max_flight"] < row.frames["touch_down"]  # type: ignore[operator]
        assert row.frames["max_flight"] <= row.frames["strike"] <= row.frames["touch_down"]  # type: ignore[operator]
        assert row.frames["touch_down"] < row.frames["full_support"]  # type: ignore[operator]
        flight = np.mean([row.t_s["toe_off"], row.t_s["touch_down"]])  # type: ignore[list-item]
        assert row.t_s["max_flight"] == pytest.approx(flight, abs=0.02)
    assert rows[0].frames["toe_off"] is None, "the flight before the first step was not seen whole"


def test_full_support_has_the_ankle_under_the_hips() -> None:
    rep = report()
    for row in rep.kinogram:
        at = int(np.searchsorted(rep.track.index, row.frames["full_support"] or 0))
        off = (rep.track.point(f"{row.side}_ankle") - rep.track.mid("hip"))[at, 0]
        assert abs(off) < 0.08 * 330


def test_a_correction_moves_the_times_of_both_steps() -> None:
    rep = report()
    steps = [c.cycle for c in rep.cycles]
    row = rep.kinogram[2]
    off, on = row.frames["toe_off"], row.frames["touch_down"]
    assert off is not None
    assert on is not None
    moved = corrected(rep.track, steps, {2: {"toe_off": off + 6, "touch_down": on - 3}})
    assert moved[1].off == (steps[1].off or 0) + 6
    assert (moved[1].end, moved[2].start) == (steps[2].start - 3, steps[2].start - 3)
    assert moved[0] == steps[0]
    assert moved[3:] == tuple(steps[3:])


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({9: {"touch_down": 50}}, r"expected a step from 0 to 4, got 9"),
        ({1: {"touch_down": 9999}}, r"expected a frame in which the athlete was followed, got 9999"),
        ({1: {"knee_lift": 100}}, r"expected toe_off, touch_down or full_support, got knee_lift"),
        ({0: {"toe_off": 40}}, r"expected toe_off, touch_down or full_support, got toe_off of step 0"),
        ({2: {"touch_down": 300}}, r"one after the other, got frames .* for step"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(given: dict[int, dict[str, int]], complaint: str) -> None:
    rep = report()
    with pytest.raises(CorrectionError, match=complaint):
        corrected(rep.track, [c.cycle for c in rep.cycles], given)


def of_cycle(rep: Report, step: int, measure: str) -> Finding:
    return next(f for f in rep.cycles[step].findings if f.measure == measure)


def test_a_report_is_made_anew_with_pictures_chosen_by_hand() -> None:
    rep = report()
    row = rep.kinogram[2]
    on, strike = row.frames["touch_down"], row.frames["strike"]
    assert on is not None
    assert strike is not None
    anew = session_corrected(rep, {2: {"touch_down": on - 6, "strike": strike + 1}})
    longer = 6 / 240
    for step, measure, change in ((2, "contact_time", longer), (1, "flight_time", -longer)):
        old, new = of_cycle(rep, step, measure).value, of_cycle(anew, step, measure).value
        assert isinstance(old, float)
        assert new == pytest.approx(old + change, abs=1e-6)
    assert of_cycle(anew, 3, "contact_time").value == of_cycle(rep, 3, "contact_time").value
    assert of_cycle(anew, 2, "touchdown_distance").value != of_cycle(rep, 2, "touchdown_distance").value
    assert anew.kinogram[2].by_hand == ("strike", "touch_down")
    assert anew.kinogram[2].frames["strike"] == strike + 1
    assert anew.kinogram[3].by_hand == ()
    again = session_corrected(anew, {2: {"touch_down": on}})
    assert of_cycle(again, 2, "contact_time").value == of_cycle(rep, 2, "contact_time").value


def test_correcting_nothing_changes_nothing() -> None:
    rep = report()
    anew = session_corrected(rep, {})
    assert [f.value for f in anew.set_findings] == [f.value for f in rep.set_findings]
    assert [dict(r.frames) for r in anew.kinogram] == [dict(r.frames) for r in rep.kinogram]


def test_only_a_sprint_can_be_corrected() -> None:
    squat = fig.report(fig.film(fig.squats(2), fig.FRONT, fig.clock(fig.set_length(2))), "squat")
    with pytest.raises(CorrectionError, match="expected a sprint to correct, got squat"):
        session_corrected(squat, {})


def test_the_movement_takes_the_side_view_only() -> None:
    assert SPRINT.views == (Plane.SAGITTAL,)


def test_a_thigh_that_is_still_far_back_when_the_other_foot_lands_is_told() -> None:
    """That it comes forward again is seen in the swing."""
    runner = Sprinter(contact_s=0.15, flight_s=0.1, speed_m_s=6.0)
    rep = Filmed(length_s=2.4).report(runner)
    assert len(rep.cycles) >= 6
    for side in SIDES:
        back = [
            float(np.degrees(np.arctan2(thigh[1], thigh[2])))
            for body in map(runner.body, np.arange(0.5, 1.6, 0.002))
            for thigh in (body[f"{side}_hip"] - body[f"{side}_knee"],)
        ]
        assert value(rep, "thigh_extension_max", side) == pytest.approx(max(back), abs=4.0)
