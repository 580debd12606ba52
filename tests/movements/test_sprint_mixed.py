"""A sprinter whose body points change legs, tumble or waver: nothing is made up of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.movements.sprinters import SIZE, Filmed, Sprinter
from vision.movements.common import leg_px
from vision.movements.sprint import SPRINT
from vision.movements.sprint_events import kinogram, stances, steps, unsure_sides
from vision.pose.base import BLAZEPOSE
from vision.session import Session, corrected
from vision.types import SIDES, Cycle, CycleKind, FloatArray, Track, other_side
from vision.view import estimate_view

RUNNER = Sprinter()
LENGTH_S = 3.0
LANDS_S = float(RUNNER.landings("left", LENGTH_S)[2])


def film(fps: float = 60.0) -> Track:
    return Filmed(fps=fps, length_s=LENGTH_S).track(RUNNER)


def swapped(track: Track, from_s: float, to_s: float) -> Track:
    """``track`` with the legs' names exchanged for a while."""
    xy = track.xy.copy()
    rows = np.flatnonzero((track.t_s >= from_s) & (track.t_s < to_s))
    for part in ("hip", "knee", "ankle", "heel", "toe"):
        pair = track.skeleton.rows(f"left_{part}", f"right_{part}")
        xy[np.ix_(rows, pair)] = xy[np.ix_(rows, pair[::-1])]
    return replace(track, xy=xy)


def supports_s(track: Track) -> FloatArray:
    return track.t_s[[stance.support for stance in stances(track, estimate_view(film()))]]


@pytest.mark.parametrize("after_s", [0.08, 0.2, 0.23, 0.29])
def test_legs_that_change_for_a_moment_make_no_step(after_s: float) -> None:
    plain = supports_s(film())
    assert len(plain) == 11
    begins = LANDS_S + after_s
    np.testing.assert_allclose(supports_s(swapped(film(), begins, begins + 0.05)), plain, atol=0.05)


def test_a_walk_is_not_counted_quicker_for_it() -> None:
    walker = Sprinter(contact_s=0.45, flight_s=0.08, speed_m_s=1.8, ahead_m=0.3)
    track = Filmed(fps=30.0, length_s=4.0).track(walker)
    view = estimate_view(track)
    plain = len(stances(track, view))
    at = track.t_s[stances(track, view)[3].support]
    assert len(stances(swapped(track, at + 0.03, at + 0.12), view)) == plain


def test_where_the_legs_were_mixed_up_no_number_has_a_side() -> None:
    track = film()
    view = estimate_view(track)
    middle = LANDS_S + RUNNER.contact_s + RUNNER.flight_s / 2
    assert unsure_sides(track.t_s, SPRINT.cut(track, view).cycles) == ""
    cut = SPRINT.cut(swapped(track, middle, LENGTH_S + 1), view)
    assert "mixed up" in unsure_sides(track.t_s, cut.cycles)
    assert len(cut.cycles) == 11


def test_a_cut_of_the_film_between_two_steps_of_one_foot_is_no_mix_up() -> None:
    t_s = np.arange(8) / 4
    made = [
        Cycle(i, i, i + 1, CycleKind.STEP, side) for i, side in enumerate(["left", "right", "right", "left"])
    ]
    assert "mixed up" in unsure_sides(t_s, made)
    assert unsure_sides(t_s, made, [0.4]) == ""
    assert "mixed up" in unsure_sides(t_s, made, [0.1])


def test_a_report_whose_legs_were_mixed_up_keeps_what_has_no_side() -> None:
    rep = Filmed(fps=120.0).report(RUNNER)
    wrong = [
        replace(k, cycle=replace(k.cycle, side=other_side(k.cycle.side or ""))) if k.index > 2 else k
        for k in rep.cycles
    ]
    anew = corrected(replace(rep, cycles=tuple(wrong)), {})
    for old, new in zip(rep.set_findings, anew.set_findings, strict=True):
        if new.side is None:
            assert new.value == old.value is not None
        else:
            assert new.value is None
            assert "mixed up" in new.reason
    assert anew.asymmetries == ()
    assert [dict(row.frames) for row in anew.kinogram] == [dict(row.frames) for row in rep.kinogram]


def test_in_slow_motion_of_an_unknown_rate_no_end_of_a_window_is_a_peak() -> None:
    played = Session(BLAZEPOSE, SIZE, movement="sprint", time_scale=8.0)
    for pose in Filmed(fps=120.0, length_s=2.0).poses(RUNNER):
        played.push(pose)
    rep = played.finish()
    assert len(rep.cycles) >= 5
    assert any("slow motion" in note for note in rep.notes)
    for measure in ("thigh_flexion_max", "thigh_extension_max", "contact_time"):
        assert {f.value for k in rep.cycles for f in k.findings if f.measure == measure} == {None}


def test_who_tumbles_or_crouches_takes_no_steps() -> None:
    track = film()
    xy = track.xy.copy()
    hips = track.mid("hip")
    for side in SIDES:
        xy[:, track.skeleton.index[f"{side}_shoulder"]] = hips + leg_px(track) * np.array([0.5, 0.05])
    view = estimate_view(track)
    assert stances(replace(track, xy=xy), view) == []


def test_a_foot_that_leaves_at_once_after_a_long_way_to_full_support_was_not_followed() -> None:
    runner = Sprinter(contact_s=0.3, flight_s=0.08, speed_m_s=3.5, ahead_m=0.4)
    track = Filmed(length_s=2.4).track(runner)
    view = estimate_view(track)
    at = [s for s in stances(track, view) if s.off is not None]
    assert len(at) >= 3
    xy = track.xy.copy()
    for stance in at:
        for part in ("toe", "heel"):
            rows = slice(stance.support + 4, stance.off)
            xy[rows, track.skeleton.index[f"{stance.side}_{part}"], 1] -= 0.1 * leg_px(track)
    found = {s.support: s for s in stances(replace(track, xy=xy), view)}
    for stance in at:
        assert found[stance.support].off is None


def test_the_highest_of_a_flight_lies_within_it_though_the_background_drifts() -> None:
    track = film(120.0)
    view = estimate_view(track)
    assert track.camera_px is not None
    drift = np.array([0.0, 1.0]) * track.t_s[:, None] * leg_px(track)
    for camera in (track.camera_px, track.camera_px + drift, track.camera_px - drift):
        seen = replace(track, camera_px=camera)
        rows = kinogram(seen, view, steps(track, view))[1:]
        assert len(rows) == 10
        for row in rows:
            off, high, on = (row.t_s[name] for name in ("toe_off", "max_flight", "touch_down"))
            assert off is not None
            assert on is not None
            assert high == pytest.approx((off + on) / 2, abs=0.025)
