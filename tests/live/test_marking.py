"""Stickers before a camera, on films of discs whose centres are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pytest

from tests import figures as fig
from tests.movements.stickered_figures import PSIS, Stickered
from tests.pose.stickered import TRUNK_PX, Film
from vision.live import Eyes, LiveSet, Marking, Phase, Sight
from vision.outputs.live_view import Shown, live_picture
from vision.pose.base import BLAZEPOSE
from vision.pose.markers import MarkerTracker, bodies
from vision.stickers import SeenStickers
from vision.types import Frame, Pose

SPOTS = {"left_psis": (-11.0, -14.0), "right_psis": (11.0, -15.0)}


def sway(t_s: float) -> tuple[float, float]:
    """Stands for a second, then sways and sinks."""
    later = max(t_s - 1.0, 0.0)
    return 120 + 14 * np.sin(4 * later), 110 + 10 * (1 - np.cos(3 * later))


def film(**changed: Any) -> Film:
    return replace(Film(SPOTS, sway, frames=75, hip_noise_px=0.6), **changed)


STANDING = fig.film(fig.squats(1), fig.Camera(180.0), np.array([0.0]))[0]


def whole_pose(shot: Film, frame: int) -> Pose:
    """The film's own hips and shoulders on a figure seen from behind, as a pose model gives it."""
    pose = shot.pose(frame)
    own = np.isfinite(pose.xy[:, :1])
    rows = BLAZEPOSE.rows("left_hip", "right_hip", "left_shoulder", "right_shoulder")
    hip, trunk = STANDING.xy[rows[:2]].mean(axis=0), STANDING.xy[rows[2:]].mean(axis=0)
    body = (STANDING.xy - hip) * TRUNK_PX / np.hypot(*(trunk - hip)) + pose.xy[rows[:2]].mean(axis=0)
    return replace(STANDING, t_s=pose.t_s, index=frame, xy=np.where(own, pose.xy, body))


def watched(shot: Film) -> Marking:
    marking = Marking(BLAZEPOSE)
    for i in range(shot.frames):
        marking.look(shot.frame(i), whole_pose(shot, i))
    return marking


def test_stickers_are_taken_once_they_were_proposed_three_times_in_place() -> None:
    shot, marking, seen = film(), Marking(BLAZEPOSE), []
    for i in range(35):
        marking.look(shot.frame(i), whole_pose(shot, i))
        seen.append((marking.taken, len(marking.xy)))
    first = [taken for taken, _ in seen].index(True)
    assert 0.5 <= first / shot.fps <= 1.0
    assert seen[first - 1] == (False, 2)
    assert marking.stickers is not None
    assert marking.stickers.names == ("left_psis", "right_psis")
    assert marking.words == ""


def test_followed_as_they_come_they_are_where_they_are() -> None:
    shot = film()
    found = watched(shot).stickers
    assert found is not None
    for i, marks in found.by_frame.items():
        assert marks[:, :2] == pytest.approx(shot.truth(i), abs=0.5)


def arm(frame: int) -> float | None:
    """Hides the right sticker alone for the better part of a second."""
    return sway(frame / 30)[0] + SPOTS["right_psis"][0] - 13 if 40 <= frame < 62 else None


@pytest.mark.parametrize("arm_at", [lambda frame: None, arm], ids=["free", "an arm in front"])
def test_linked_anew_at_the_end_it_is_what_a_clip_of_the_same_pictures_gives(arm_at: Any) -> None:
    shot = film(arm=arm_at)
    marking = watched(shot)
    poses = [whole_pose(shot, i) for i in range(shot.frames)]
    live = marking.relinked(poses)
    assert live is not None
    start = min(marking.stickers.by_frame) if marking.stickers else 0
    tracker = marking._tracker
    assert tracker is not None
    clip = MarkerTracker(tracker.clicks, shot.frame(start), bodies(poses, BLAZEPOSE))
    for i in range(shot.frames):
        clip.look(shot.frame(i))
    expected = clip.finish()
    for i in range(start, shot.frames):
        assert live.by_frame[i] == pytest.approx(expected[i], abs=0.05, nan_ok=True)


def test_a_lost_sticker_says_so_and_a_found_one_is_silent_again() -> None:
    shot, marking = film(arm=arm), Marking(BLAZEPOSE)
    said = []
    for i in range(shot.frames):
        marking.look(shot.frame(i), whole_pose(shot, i))
        said.append(marking.words)
    assert any("Stickers lost: right psis" in words for words in said[56:62])
    assert said[-1] == ""


def test_without_stickers_that_is_said_and_nothing_is_taken() -> None:
    marking = watched(film(colours=dict.fromkeys(SPOTS, (60, 90, 110)), frames=30))
    assert not marking.taken
    assert marking.relinked([]) is None
    assert marking.words == "No stickers are seen yet."


# --------------------------------------------------------------------------- in a set


@dataclass
class KnownEyes:
    """Eyes that know the poses, and stickers that know where they are."""

    poses: list[Pose]
    estimator: Any = None
    pelvis: Any = None
    gone: bool = False

    def look(self, frame: Frame, size_wh: tuple[int, int]) -> Sight:
        return Sight(self.poses[frame.index], frame.t_s, 120.0)

    def forget(self) -> None:
        pass


class KnownMarking(Marking):
    """Stickers whose places are known; ``found`` is what the end finds."""

    def __init__(self, found: SeenStickers) -> None:
        super().__init__(BLAZEPOSE)
        self.found = found

    @property
    def stickers(self) -> SeenStickers | None:
        return self.found

    def look(self, frame: Frame, pose: Pose | None) -> None:
        self.xy = self.found.by_frame[frame.index][:, :2]

    def relinked(self, poses: Any) -> SeenStickers | None:
        self.given = list(poses)
        return self.found

    @property
    def words(self) -> str:
        return ""


class Model:
    name, model_files = "figure", ()


def test_the_same_stickers_give_the_same_findings_before_a_camera_and_in_a_clip() -> None:
    who = Stickered(fig.squats(2), PSIS, slope=lambda t: 6.0 * fig.depth_at(t, 2))
    poses = who.poses(fig.Camera(180.0, distance_m=3.3), fig.set_length(2))
    clip = who.report(poses, "squat")
    far = 7  # a camera counts from its own start, not from the set's
    marks = {i + far: p.markers for i, p in enumerate(poses) if p.markers is not None}
    seen = SeenStickers(tuple(who.spots), marks)
    bare = [replace(p, index=i + far, markers=None) for i, p in enumerate(poses)]
    eyes = KnownEyes([*poses[:far], *bare], Model())
    marking = KnownMarking(seen)
    live = LiveSet("squat", BLAZEPOSE, fig.SIZE, eyes=cast(Eyes, eyes), hands_free=False, marking=marking)
    blank = np.zeros((fig.SIZE[1], fig.SIZE[0], 3), np.uint8)
    for i, pose in enumerate(poses):
        update = live.push(Frame(blank, 20.0 + pose.t_s, i + far))
    assert update.phase is not Phase.ENDED
    assert update.stickers is not None
    report = live.finish()
    assert [p.index for p in marking.given[:2]] == [far, far + 1]
    assert marking.given[0].t_s == pytest.approx(20.0 + poses[0].t_s)
    told = [
        [(f.value, f.verdict) for f in k.findings if f.measure == "pelvic_obliquity"] for k in clip.cycles
    ]
    mine = [
        [(f.value, f.verdict) for f in k.findings if f.measure == "pelvic_obliquity"] for k in report.cycles
    ]
    assert len(told) == len(mine) == 2
    pairs = [pair for one, other in zip(told, mine, strict=True) for pair in zip(one, other, strict=True)]
    for (a, b), (c, d) in pairs:
        assert a == pytest.approx(c, abs=0.01)
        assert b is d
    assert live.reps[0].judged.findings


def test_rings_stand_where_the_stickers_are_in_the_mirror() -> None:
    picture = np.full((360, 640, 3), 90, np.uint8)
    shown = Shown(0, stickers=np.array([[200.0, 180.0], [np.nan, np.nan]]))
    plain = live_picture(picture, Shown(0), BLAZEPOSE, least_score=0.3)
    ringed = live_picture(picture, shown, BLAZEPOSE, least_score=0.3)
    rows, columns = np.nonzero((plain != ringed).any(axis=2))
    scale = ringed.shape[1] / 640
    assert columns.mean() == pytest.approx((640 - 200) * scale, abs=2 * scale)
    assert rows.mean() == pytest.approx(180 * scale, abs=2 * scale)
