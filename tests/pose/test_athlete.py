"""Holding on to one athlete: made-up people for the rules, rendered ones with a real model."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from vision.pose import open_pose
from vision.pose.athlete import CHOOSE_S, Athlete, search, trunk_colours
from vision.pose.base import BLAZEPOSE, PoseEstimator, Reading, Region
from vision.types import FloatArray, Frame, ImageArray, Pose

VIDEOS = Path(__file__).resolve().parents[2] / "videos"
HIPS = BLAZEPOSE.rows("left_hip", "right_hip")


def middle(pose: Pose) -> FloatArray:
    """Middle of the hips ``(2,)`` px."""
    return pose.xy[HIPS].mean(axis=0)


# --------------------------------------------------------------------------- made-up people

SIZE = (640, 480)
RED, GREEN, BLUE = (200, 30, 30), (30, 190, 40), (40, 60, 220)


class People:
    """A pose model for pictures in which each person is a block of one plain colour.

    ``find`` gives a region per colour block, ``read`` the block nearest to the region.
    """

    name = "people"
    skeleton = BLAZEPOSE
    model_files = ()

    def __init__(self) -> None:
        self.reads = 0

    def find(self, rgb: ImageArray) -> list[Region]:
        return [Region(x, y, size, 0.0) for x, y, size in _blocks(rgb)]

    def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading | None:
        self.reads += 1
        near = [b for b in _blocks(rgb) if np.hypot(b[0] - region.cx, b[1] - region.cy) < region.size_px / 2]
        if not near:
            return None
        x, y, size = min(near, key=lambda b: np.hypot(b[0] - region.cx, b[1] - region.cy))
        xy = np.tile([x, y], (33, 1)).astype(float)
        for part, dy in (("shoulder", -0.2), ("hip", 0.1)):
            for side, dx in (("left", 0.12), ("right", -0.12)):
                xy[BLAZEPOSE.index[f"{side}_{part}"]] += (dx * size, dy * size)
        return Reading(xy, np.full(33, 0.9), np.zeros((33, 3)), 1.0, Region(x, y, size, 0.0))

    def close(self) -> None:
        pass


def _blocks(rgb: ImageArray) -> list[tuple[float, float, float]]:
    """Middle and height of each plainly coloured block, the largest first."""
    found: list[tuple[float, float, float]] = []
    coarse = rgb[::3, ::3].astype(np.int16)
    for colour in (RED, GREEN, BLUE):
        y, x = np.nonzero(np.abs(coarse - np.array(colour, np.int16)).max(axis=2) < 10)
        if len(y) > 10:
            found.append((3.0 * float(x.mean()), 3.0 * float(y.mean()), 3.0 * float(np.ptp(y) + 1)))
    return sorted(found, key=lambda b: -b[2])


def picture(*people: tuple[tuple[int, int, int], float, float, float]) -> ImageArray:
    """People as ``(colour, x, y, height)``, the last one in front."""
    rgb = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)
    for colour, x, y, height in people:
        top, left = int(y - height / 2), int(x - height * 0.2)
        rgb[max(top, 0) : int(y + height / 2), max(left, 0) : int(x + height * 0.2)] = colour
    return rgb


def frames(*pictures: ImageArray, fps: float = 30.0) -> Iterator[Frame]:
    for i, rgb in enumerate(pictures):
        yield Frame(rgb, i / fps, i)


def squat(i: int) -> float:
    """Up and down by 50 px in 2 s."""
    return 240 + 25 * float(np.sin(2 * np.pi * i / 60))


def followed(people: list[ImageArray], point: tuple[float, float] | None = None) -> list[Pose | None]:
    return list(Athlete(People(), point=point).poses(frames(*people)))


def test_every_frame_gets_one_answer_in_order() -> None:
    poses = followed([picture((RED, 300, squat(i), 300)) for i in range(100)])
    assert [p.index for p in poses if p] == list(range(100))
    assert [p.t_s for p in poses if p] == pytest.approx(np.arange(100) / 30)


@pytest.mark.parametrize("count", [1, 20, 80])
def test_a_clip_of_any_length_is_answered(count: int) -> None:
    assert len(followed([picture((RED, 300, squat(i), 300)) for i in range(count)])) == count
    assert followed([picture()] * count) == [None] * count


def test_camera_and_clip_give_the_same_poses_of_one_person() -> None:
    shown = [picture((RED, 300 + i, squat(i), 300)) for i in range(120)]
    live = Athlete(People())
    for one, other in zip(followed(shown), map(live, frames(*shown)), strict=True):
        assert one is not None
        assert other is not None
        assert (one.t_s, one.index) == (other.t_s, other.index)
        np.testing.assert_array_equal(one.xy, other.xy)
        np.testing.assert_array_equal(one.score, other.score)


def test_the_camera_gives_each_pose_at_once() -> None:
    live = Athlete(People())
    (frame,) = frames(picture((RED, 300, 240, 300)))
    assert live(frame) is not None
    assert live(Frame(picture(), 0.03, 1)) is None


def test_the_one_who_moves_is_the_athlete_even_if_smaller() -> None:
    shown = [picture((GREEN, 480, 240, 330), (RED, 150, squat(i), 280)) for i in range(150)]
    assert all(p is not None and middle(p)[0] == pytest.approx(150, abs=5) for p in followed(shown))


def test_the_point_picks_the_person_from_the_first_frame_on() -> None:
    shown = [picture((GREEN, 480, 240, 200), (RED, 150, squat(i), 300)) for i in range(90)]
    assert all(
        p is not None and middle(p)[0] == pytest.approx(480, abs=5) for p in followed(shown, (0.75, 0.5))
    )
    assert all(
        p is not None and middle(p)[0] == pytest.approx(150, abs=5) for p in followed(shown, (0.2, 0.5))
    )


class ShortSighted(People):
    """Sees a person only where it fills a quarter of the picture it is shown, as real models do."""

    def find(self, rgb: ImageArray) -> list[Region]:
        return [r for r in super().find(rgb) if r.size_px > 0.25 * max(rgb.shape[:2])]


@pytest.mark.parametrize("live", [False, True])
def test_the_point_picks_a_small_person_beside_a_large_one(live: bool) -> None:
    shown = [picture((RED, 150, squat(i), 300), (GREEN, 480, 300, 110)) for i in range(20)]
    athlete = Athlete(ShortSighted(), point=(0.75, 0.6))
    poses = list(map(athlete, frames(*shown)) if live else athlete.poses(frames(*shown)))
    assert all(p is not None and middle(p)[0] == pytest.approx(480, abs=5) for p in poses)


def test_what_is_nobody_when_it_is_read_does_not_stand_at_the_point() -> None:
    """A large square around a small person, which the detector takes for somebody."""

    class Fooled(People):
        def find(self, rgb: ImageArray) -> list[Region]:
            whole = rgb.shape[1] == SIZE[0]
            return [Region(330, 260, 400, 0.0)] if whole else super().find(rgb)

        def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading | None:
            return None if region.size_px == 400 else super().read(rgb, region, with_mask=with_mask)

    shown = [picture((RED, 400 + i, 300, 60)) for i in range(12)]
    poses = list(Athlete(Fooled(), point=(400 / SIZE[0], 300 / SIZE[1])).poses(frames(*shown, fps=240.0)))
    assert [round(middle(p)[0]) for p in poses if p] == pytest.approx([400 + i for i in range(12)], abs=4)


def test_who_comes_late_is_still_found() -> None:
    shown = [picture()] * 40 + [picture((RED, 300, squat(i), 300)) for i in range(80)]
    poses = followed(shown)
    assert poses[:40] == [None] * 40
    assert all(p is not None for p in poses[60:])


def test_a_passer_by_in_front_is_not_followed() -> None:
    """Blue walks across and hides red for some frames; red is taken up again where it was."""
    shown = [
        picture((RED, 200, squat(i), 300), *([(BLUE, 4.0 * (i - 100), 240.0, 420.0)] if i > 100 else []))
        for i in range(300)
    ]
    poses = followed(shown)
    after = [middle(p) for p in poses[230:] if p]
    assert len(after) > 60
    assert np.abs(np.array(after)[:, 0] - 200).max() < 10
    seen = [p for p in poses if p]
    jumps = [p for p in seen if abs(middle(p)[0] - 200) > 60]
    assert len(jumps) <= 12


def test_a_lost_athlete_is_none_and_found_again() -> None:
    shown = [picture() if 80 <= i < 100 else picture((RED, 300, squat(i), 300)) for i in range(160)]
    poses = followed(shown)
    assert poses[80:100] == [None] * 20
    assert all(p is not None for p in poses[110:])


def test_points_outside_the_picture_are_not_seen() -> None:
    (pose,) = followed([picture((RED, 12, 240, 300))])
    assert pose is not None
    right, left = BLAZEPOSE.rows("right_hip", "left_hip")
    assert pose.xy[right, 0] < 0
    assert pose.score[right] == 0
    assert pose.score[left] == 0.9


def test_people_are_found_largest_first_and_once() -> None:
    found = search(People(), picture((GREEN, 480, 240, 100), (RED, 150, 240, 160)))
    assert [round(r.cx, -1) for r in found] == [150, 480]
    assert [r.size_px for r in found] == pytest.approx([160, 100], abs=3)


def test_colours_of_a_trunk() -> None:
    reading = People().read(picture((RED, 300, 240, 300)), Region(300, 240, 300, 0.0))
    assert reading is not None
    red, green = (trunk_colours(picture((c, 300, 240, 300)), reading.xy) for c in (RED, GREEN))
    assert red is not None
    assert green is not None
    assert red.sum() == pytest.approx(1.0)
    assert np.sum(np.sqrt(red * red)) > 0.99
    assert np.sum(np.sqrt(red * green)) < 0.2
    assert trunk_colours(picture(), reading.xy + 900) is None
    assert trunk_colours(picture(), np.zeros((33, 2))) is None


# --------------------------------------------------------------------------- rendered people

SQUATTER, BYSTANDER, WALKER = "squat_front_clean", "squat_front_shifts_right", "walk_rear_level"
COUNT = 105  # 3.5 s: the choice and the first squat


@cache
def decoded(clip: str, count: int, first: int = 0) -> tuple[ImageArray, ...]:
    with av.open(str(VIDEOS / f"{clip}.mp4")) as container:
        shown = [
            f.to_ndarray(format="rgb24")
            for f, _ in zip(container.decode(video=0), range(first + count), strict=False)
        ]
    return tuple(shown[first:])


def half(rgb: ImageArray) -> ImageArray:
    """Half the size, by means of four pixels."""
    h, w = (n // 2 * 2 for n in rgb.shape[:2])
    return rgb[:h, :w].reshape(h // 2, 2, w // 2, 2, 3).mean(axis=(1, 3)).astype(np.uint8)


def beside(left: ImageArray, right: ImageArray) -> ImageArray:
    """Two pictures side by side, the lower edge level; the room above the smaller one is its top row."""
    fill = np.repeat(right[:1], left.shape[0] - right.shape[0], axis=0)
    return np.ascontiguousarray(np.hstack([left, np.vstack([fill, right])]))


@pytest.fixture(scope="module")
def model() -> Iterator[PoseEstimator]:
    opened = open_pose("blazepose-full")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def two_people() -> list[Frame]:
    """Large and squatting on the left, half the size and still on the right."""
    still = half(decoded(BYSTANDER, 1)[0])
    shown = [beside(rgb, still) for rgb in decoded(SQUATTER, COUNT)]
    return [Frame(rgb, i / 30, i) for i, rgb in enumerate(shown)]


def places(poses: list[Pose | None]) -> FloatArray:
    """Middles of the hips ``(T, 2)``; fails where the athlete was lost."""
    assert all(p is not None for p in poses)
    return np.array([middle(p) for p in poses if p])


def test_the_one_who_squats_is_held_beside_one_who_watches(
    model: PoseEstimator, two_people: list[Frame]
) -> None:
    at = places(list(Athlete(model).poses(two_people)))
    assert np.all(np.abs(at[:, 0] - 320) < 40)
    assert np.ptp(at[:, 1]) > 60  # went down


def test_person_picks_the_one_who_watches(model: PoseEstimator, two_people: list[Frame]) -> None:
    at = places(list(Athlete(model, point=(0.83, 0.75)).poses(two_people[:45])))
    assert np.all(np.abs(at[:, 0] - 800) < 40)
    assert np.ptp(at[:, 1]) < 12


@pytest.fixture(scope="module")
def passer_by() -> list[Frame]:
    """The squatter, and from the second second on a walker in other clothes who passes in front."""
    from_behind = np.array(decoded(BYSTANDER, 1)[0])
    room = np.median(np.array(decoded(WALKER, 24)[::6] + decoded(SQUATTER, 1)), axis=0)
    room[:, 200:440] = np.array(decoded("bridge_side_flat", 1)[0])[:, 200:440]
    mask = np.abs(from_behind.astype(float) - room).sum(axis=2) > 60
    mask[:, :200] = mask[:, 440:] = False
    mask[640:] = False
    x0, x1 = 200, 440
    shown: list[ImageArray] = []
    for i, rgb in enumerate(decoded(SQUATTER, COUNT)):
        out = rgb.copy()
        left = int(-240 + max(i - 50, 0) * 22)
        a, b = max(left, 0), min(left + (x1 - x0), 640)
        if b > a:
            part = slice(x0 + a - left, x0 + b - left)
            cut = mask[:, part]
            out[:, a:b][cut] = from_behind[:, part][cut]
        shown.append(out)
    return [Frame(rgb, i / 30, i) for i, rgb in enumerate(shown)]


def test_the_athlete_is_kept_when_somebody_walks_past(model: PoseEstimator, passer_by: list[Frame]) -> None:
    poses = list(Athlete(model).poses(passer_by))
    gone = [i for i, p in enumerate(poses) if p is None or abs(middle(p)[0] - 320) > 60]
    assert all(60 <= i <= 95 for i in gone), gone  # lost while hidden at most
    assert len(gone) < 25
    assert all(p is not None and abs(middle(p)[0] - 320) < 40 for p in poses[97:])


def test_live_and_clip_read_the_same_with_a_real_model(model: PoseEstimator) -> None:
    shown = [Frame(rgb, i / 30, i) for i, rgb in enumerate(decoded(SQUATTER, 50))]
    live = Athlete(model)
    clip = list(Athlete(model).poses(shown))
    assert CHOOSE_S < 50 / 30
    for one, frame in zip(clip, shown, strict=True):
        other = live(frame)
        assert one is not None
        assert other is not None
        np.testing.assert_allclose(one.xy, other.xy, atol=1e-6)
