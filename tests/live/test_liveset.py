"""A live set against the clip's own analysis, from the same poses of the rendered clips."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from tests import figures as fig
from tests.filmed import VIDEOS, filmed
from vision.live import End, Kind, LiveSet, Phase, Sight, Update
from vision.live.following import BASELINE_S, COUNTDOWN_S, GONE_S, GOOD_FOR_S, REST_ENDS_S
from vision.live.judging import WINDOW_REPS, rep_verdict
from vision.live.liveset import TAIL_S
from vision.pose.base import BLAZEPOSE
from vision.session import Session
from vision.types import Frame, JudgedCycle, Pose, Report, Track, Verdict

CAVES, SHIFTS = "squat_front_left_knee_caves_from_rep3", "squat_front_shifts_right"
CLEAN = ("squat_front_clean", "hinge_side_clean", "bridge_side_flat")
TRAVELS, ARCHED = "hinge_side_knees_travel", "bridge_side_arched_from_rep2"
CLIPS = (*CLEAN, CAVES, SHIFTS, TRAVELS, ARCHED)
STEP_S = 1 / 30


def movement_of(clip: str) -> str:
    return clip.split("_")[0]


@dataclass(frozen=True)
class Live:
    """A set that was pushed pose by pose, and everything that came out."""

    live: LiveSet
    updates: tuple[Update, ...]
    report: Report


def push(
    movement: str, seen: Sequence[Pose | Sight], size_wh: tuple[int, int], *, hands_free: bool = False
) -> Live:
    live = LiveSet(movement, BLAZEPOSE, size_wh, hands_free=hands_free)
    updates = tuple(live.push(s) for s in seen)
    return Live(live, updates, live.finish())


def seen_until(clip: str, end_s: float) -> list[Pose]:
    """The poses of the clip's beginning."""
    return [p for p in filmed(clip).poses if p is not None and p.t_s < end_s]


@cache
def trained(clip: str) -> Live:
    """The clip as a live set that began with its first picture."""
    film = filmed(clip)
    return push(movement_of(clip), [p for p in film.poses if p is not None], film.size_wh)


@cache
def analysed(clip: str) -> Report:
    return filmed(clip).report(movement_of(clip))


def same(one: object, other: object) -> bool:
    """Whether two reports agree in everything, arrays and NaN included."""
    if isinstance(one, Track) and isinstance(other, Track):
        return all(
            np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
            for name in ("t_s", "index", "xy", "score")
        )
    return repr(one) == repr(other)


# --------------------------------------------------------------------------- the same as the clip


@pytest.mark.parametrize("clip", CLIPS)
def test_the_report_is_that_of_the_clip(clip: str) -> None:
    live, film = trained(clip).report, analysed(clip)
    assert len(film.cycles) > 0
    for name in Report.__dataclass_fields__:
        assert same(getattr(live, name), getattr(film, name)), name


@pytest.mark.parametrize("clip", CLIPS)
def test_repetitions_counted_live_are_the_truth(clip: str) -> None:
    truth = json.loads((VIDEOS / f"{clip}.json").read_text("utf-8"))
    counts = [len(u.reps) for u in trained(clip).updates]
    assert counts[-1] == truth["reps"]
    assert all(0 <= b - a <= 1 for a, b in itertools.pairwise(counts))  # one by one, never back
    begun = [min(i for i, f in enumerate(truth["frames"]) if f["rep"] == r) for r in range(truth["reps"])]
    counted = [counts.index(r + 1) for r in range(truth["reps"])]
    assert all(c < b for c, b in zip(counted, begun[1:], strict=False))  # before the next begins


@pytest.mark.parametrize("clip", CLIPS)
def test_what_was_judged_while_it_ran_is_what_the_report_says(clip: str) -> None:
    live, report = trained(clip).live.reps, analysed(clip)
    assert [r.number for r in live] == list(range(1, len(report.cycles) + 1))
    assert [r.verdict for r in live] == [rep_verdict(k) for k in report.cycles]
    for mine, theirs in zip(live, report.cycles, strict=True):
        assert mine.judged.turn_s == pytest.approx(theirs.turn_s, abs=0.1)
        mine_faults, their_faults = (
            {f.fault for f in k.findings if f.verdict is Verdict.FAULT} for k in (mine.judged, theirs)
        )
        assert mine_faults == their_faults


# --------------------------------------------------------------------------- what is said


@pytest.mark.parametrize(
    ("clip", "expected"),
    [
        *((clip, []) for clip in CLEAN),
        (CAVES, [(4, "Knees out"), (5, "Stop set")]),
        (SHIFTS, [(2, "Center your hips")]),
        (TRAVELS, [(2, "Hips back")]),
        (ARCHED, []),  # an arm hides the back: what is not measured is not cued
    ],
)
def test_what_is_said_over_a_clip(clip: str, expected: list[tuple[int, str]]) -> None:
    done = trained(clip)
    assert [(s.rep, s.text) for s in done.live.said] == expected
    assert [u.said for u in done.updates if u.said] == list(done.live.said)
    for said in done.live.said:
        assert said.t_s - done.live.reps[said.rep - 1].judged.end_s < 0.4
        at = next(u for u in done.updates if u.said is said)
        assert at.showing is said


def test_the_mirror_swaps_the_side_and_nothing_else() -> None:
    film = filmed(CAVES)
    poses = seen_until(CAVES, 12.65)  # up to the cue
    own = push("squat", poses, film.size_wh).live
    other = push("squat", fig.flipped(poses, film.size_wh[0]), film.size_wh).live
    assert [s.words for s in own.said] == ["left knee caved in"]
    assert [s.words for s in other.said] == ["right knee caved in"]
    assert [(s.kind, s.text, s.rep) for s in own.said] == [(s.kind, s.text, s.rep) for s in other.said]
    assert [r.verdict for r in own.reps] == [r.verdict for r in other.reps]


# --------------------------------------------------------------------------- hands-free


def later(poses: Sequence[Pose], by_s: float) -> list[Pose]:
    return [replace(p, t_s=p.t_s + by_s) for p in poses]


def standing_before(poses: Sequence[Pose], seconds: float) -> list[Pose]:
    """The first pose held for a while, trembling a little, before what follows."""
    rng = np.random.default_rng(3)
    count = round(seconds / STEP_S)
    held = [
        replace(poses[0], t_s=i * STEP_S, index=i, xy=poses[0].xy + rng.normal(0, 0.3, poses[0].xy.shape))
        for i in range(count)
    ]
    return held + later(poses, count * STEP_S)


def nobody(from_s: float, seconds: float) -> Iterator[Sight]:
    for i in range(round(seconds / STEP_S)):
        yield Sight(None, from_s + (i + 1) * STEP_S)


LEAD_S = 8.0


@cache
def hands_free() -> tuple[Live, float]:
    """Into the picture, two squats, and away; with the moment of the last pose."""
    film = filmed("squat_front_clean")
    poses = standing_before(seen_until("squat_front_clean", 6.65), LEAD_S)
    seen = [*nobody(-1.0, 0.9), *poses, *nobody(poses[-1].t_s, GONE_S + 1)]
    return push("squat", seen, film.size_wh, hands_free=True), poses[-1].t_s


def test_a_set_goes_from_the_first_step_in_to_the_last_step_out_without_a_touch() -> None:
    done, left_s = hands_free()
    phases = [phase for phase, _ in itertools.groupby(u.phase for u in done.updates)]
    assert phases[:5] == [Phase.PLACING, Phase.COUNTDOWN, Phase.BASELINE, Phase.REST, Phase.MOVING]
    assert phases[-1] is Phase.ENDED
    assert done.updates[0].sentence.startswith("Nobody is to be seen")
    first = {u.phase: u.t_s for u in reversed(done.updates)}
    assert first[Phase.BASELINE] - first[Phase.COUNTDOWN] == pytest.approx(COUNTDOWN_S, abs=0.1)
    assert first[Phase.REST] - first[Phase.BASELINE] == pytest.approx(BASELINE_S, abs=0.1)
    assert first[Phase.COUNTDOWN] == pytest.approx(GOOD_FOR_S, abs=1.0)
    assert first[Phase.ENDED] - left_s == pytest.approx(GONE_S, abs=0.2)
    last = done.updates[-1]
    assert (last.ended_by, len(last.reps), len(done.report.cycles)) == (End.LEFT, 2, 2)
    count = [u.seconds_left for u in done.updates if u.phase is Phase.COUNTDOWN]
    assert all(a is not None and b is not None and a >= b for a, b in itertools.pairwise(count))


def test_what_follows_the_last_repetition_is_not_the_set() -> None:
    done, _ = hands_free()
    track = done.report.track
    assert track.t_s[0] == 0
    assert track.index[0] == 0
    end_s = done.live.reps[-1].judged.end_s
    assert end_s < track.t_s[-1] <= end_s + TAIL_S
    assert done.report.tracked_fraction == 1.0  # nobody at the end was not "the athlete unseen"


def test_a_rest_ends_the_set() -> None:
    film = filmed("squat_front_clean")
    poses = seen_until("squat_front_clean", 2.98)
    rest = [
        replace(poses[-1], t_s=poses[-1].t_s + (i + 1) / 10) for i in range(round(10 * (REST_ENDS_S + 3)))
    ]
    done = push("squat", [*poses, *rest], film.size_wh)
    assert done.updates[-1].ended_by is End.RESTED
    assert len(done.report.cycles) == 1
    ended = next(u.t_s for u in done.updates if u.phase is Phase.ENDED)
    assert ended - done.live.reps[-1].judged.end_s == pytest.approx(REST_ENDS_S, abs=1.5)


def test_two_pictures_a_second_are_enough_to_begin() -> None:
    pose = next(p for p in filmed("squat_front_clean").poses if p is not None)
    live = LiveSet("squat", BLAZEPOSE, filmed("squat_front_clean").size_wh)
    phases = [live.push(replace(pose, t_s=i / 2)).phase for i in range(20)]
    assert Phase.REST in phases
    gone = [live.push(Sight(None, 10 + i / 2)) for i in range(10)]
    assert gone[-1].sentence.startswith("Nobody is to be seen")


def test_who_walks_off_before_a_repetition_is_placed_again() -> None:
    film = filmed("squat_front_clean")
    poses = standing_before([p for p in film.poses if p is not None][:5], LEAD_S)
    live = LiveSet("squat", BLAZEPOSE, film.size_wh)
    phases = [live.push(p).phase for p in poses]
    assert phases[-1] is Phase.REST
    last = [live.push(s) for s in nobody(poses[-1].t_s, GONE_S + 1)][-1]
    assert last.phase is Phase.PLACING
    assert last.reps == ()
    assert live.finish().cycles == ()


def test_moving_in_the_quiet_seconds_begins_them_anew() -> None:
    film = filmed("squat_front_clean")
    still = standing_before([p for p in film.poses if p is not None][:1], 12.0)
    shaken = [
        replace(p, xy=p.xy + (30.0 if 4.3 < p.t_s < 4.8 else 0.0, 0.0)) if p.t_s < 5 else p for p in still
    ]
    calm, moved = (push("squat", poses, film.size_wh, hands_free=True).updates for poses in (still, shaken))
    ready = [next(u.t_s for u in updates if u.phase is Phase.REST) for updates in (calm, moved)]
    assert ready[1] > ready[0] + 0.5


# --------------------------------------------------------------------------- pain, and what is refused


def test_pain_ends_the_set_at_once_and_says_what_to_do() -> None:
    film = filmed("squat_front_clean")
    live = LiveSet("squat", BLAZEPOSE, film.size_wh, hands_free=False)
    poses = seen_until("squat_front_clean", 3.42)
    for pose in poses[:-1]:
        live.push(pose)
    update = live.pain()
    assert (update.phase, update.ended_by, len(update.reps)) == (Phase.ENDED, End.PAIN, 1)
    assert "rest" in update.sentence
    assert "doctor" in update.sentence
    assert live.push(poses[-1]).phase is Phase.ENDED
    assert len(live.finish().cycles) == 1


def test_an_older_picture_changes_nothing() -> None:
    poses = fig.film(fig.squats(1), fig.FRONT, fig.clock(1.0))
    live = LiveSet("squat", BLAZEPOSE, fig.SIZE, hands_free=False)
    for pose in poses:
        last = live.push(pose)
    assert live.push(poses[3]) == last
    assert len(live.finish().track) == len(poses)


def test_a_movement_that_is_not_done_on_the_spot_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected a movement among squat, hinge, .*, got 'gait'"):
        LiveSet("gait", BLAZEPOSE, fig.SIZE)


def test_pictures_need_eyes_and_poses_a_size() -> None:
    picture = Frame(np.zeros((4, 4, 3), np.uint8), 0.0, 0)
    with pytest.raises(ValueError, match="expected eyes"):
        LiveSet("squat", BLAZEPOSE).push(picture)
    with pytest.raises(ValueError, match="expected the picture's size"):
        LiveSet("squat", BLAZEPOSE).push(Sight(None, 0.0))


def test_a_set_without_a_picture_has_a_report() -> None:
    assert LiveSet("squat", BLAZEPOSE, fig.SIZE).finish().cycles == ()


# --------------------------------------------------------------------------- however long it gets


def test_judging_costs_no_more_late_in_a_set_than_early(monkeypatch: pytest.MonkeyPatch) -> None:
    reps, fps = 12, 15.0
    seen: list[int] = []
    counted = 0
    push_one, cycles = Session.push, Session.cycles

    def counting(self: Session, pose: Pose | None) -> None:
        nonlocal counted
        counted += 1
        push_one(self, pose)

    def judging(self: Session, after_s: float) -> tuple[JudgedCycle, ...]:
        nonlocal counted
        seen.append(counted)
        counted = 0
        return cycles(self, after_s)

    monkeypatch.setattr(Session, "push", counting)
    monkeypatch.setattr(Session, "cycles", judging)
    length = fig.set_length(reps)
    live = LiveSet("squat", BLAZEPOSE, fig.SIZE, hands_free=False)
    for pose in fig.film(fig.squats(reps), replace(fig.FRONT, noise_px=0.3), fig.clock(length, fps)):
        live.push(pose)
    assert len(live.reps) == reps
    longest = (fig.set_length(WINDOW_REPS + 1) + 2.0) * fps
    assert max(seen) <= longest < length * fps * 0.6
    assert len(seen) <= 5 * reps  # nor is it asked too often
    assert len(live.finish().cycles) == reps


def test_praise_follows_a_cue_that_was_answered() -> None:
    caving = fig.Stance(shin=30.0, thigh=58.0, trunk=35.0, knees_m=(0.02, 0.17))
    good = fig.Stance(shin=30.0, thigh=58.0, trunk=35.0, knees_m=(0.18, 0.18))
    motion = fig.squats(3, [caving, caving, good])
    poses = fig.film(motion, replace(fig.FRONT, noise_px=0.3), fig.clock(fig.set_length(3)))
    said = push("squat", poses, fig.SIZE).live.said
    assert [(s.kind, s.rep) for s in said] == [(Kind.CUE, 2), (Kind.PRAISE, 3)]
