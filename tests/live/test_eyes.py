"""Who else is in the picture: rendered people before a real model, made-up ones for the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from tests.pose.test_athlete import BLUE, RED, People, picture
from vision.live.eyes import PEOPLE_EVERY_S, Eyes
from vision.live.liveset import LiveSet
from vision.live.window import LIVE_POSE
from vision.pose import open_pose
from vision.pose.base import BLAZEPOSE, PoseEstimator, Reading, Region
from vision.types import Frame, ImageArray

VIDEOS = Path(__file__).resolve().parents[2] / "videos"


@pytest.fixture(scope="module")
def model() -> Iterator[PoseEstimator]:
    model = open_pose(LIVE_POSE)
    yield model
    model.close()


@cache
def standing(name: str) -> ImageArray:
    """The first picture of a clip of ``videos/``, in which the athlete stands in the middle."""
    with av.open(str(VIDEOS / f"{name}.mp4")) as clip:
        return next(clip.decode(video=0)).to_ndarray(format="rgb24")


def beside(away: float) -> ImageArray:
    """A picture of 16:9 with one who stands left of the middle, another ``away`` heights to the right."""
    one, other = standing("squat_front_clean"), standing("squat_front_shifts_right")
    height, width = one.shape[:2]
    room = one[:, :1].repeat(height * 16 // 9, axis=1)
    room[:, :width] = one
    half, middle = int(0.19 * width), width // 2 + round(away * height)
    room[:, middle - half : middle + half] = other[:, width // 2 - half : width // 2 + half]
    return room


def people(model: PoseEstimator, rgb: ImageArray) -> int:
    return Eyes(model).look(Frame(rgb, 0.0, 0), (rgb.shape[1], rgb.shape[0])).people


@pytest.mark.parametrize("away", [0.4, 0.5, 0.7, 0.9])
def test_a_second_person_beside_the_athlete_is_seen(model: PoseEstimator, away: float) -> None:
    assert people(model, beside(away)) == 2


def test_one_person_is_one(model: PoseEstimator) -> None:
    assert people(model, standing("squat_front_clean")) == 1
    assert people(model, standing("bridge_side_flat")) == 1


# --------------------------------------------------------------------------- made-up regions

AT = Region(300.0, 240.0, 400.0, 0.0)


class Finds:
    """A pose model that finds what it is told; ``really`` is where a body is read in each region."""

    name = "finds"
    skeleton = BLAZEPOSE
    model_files: tuple[str, ...] = ()

    def __init__(self, *found: Region, really: dict[Region, Region] | None = None) -> None:
        self.found = list(found)
        self._really = really or {}

    def find(self, rgb: ImageArray) -> list[Region]:
        return list(self.found)

    def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading:
        at = self._really.get(region, region)
        xy = np.tile([at.cx, at.cy], (33, 1))
        return Reading(xy, np.full(33, 0.9), np.zeros((33, 3)), 1.0, at)

    def close(self) -> None:
        pass


def moved(by: float, **more: float) -> Region:
    """A region ``by`` widths of ``AT`` to the right of it."""
    return replace(AT, cx=AT.cx + by * AT.size_px, **more)


SIZE = (640, 480)
BLANK = np.zeros((480, 640, 3), np.uint8)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (moved(0.5), 2),
        (moved(0.3), 2),
        (moved(0.15), 1),  # one body found twice
        (moved(0.5, size_px=200.0), 1),  # far behind
        (moved(0.5, size_px=500.0), 2),  # nearer to the camera
    ],
)
def test_who_counts_as_another(other: Region, expected: int) -> None:
    assert people(Finds(AT, other), BLANK) == expected


def test_an_athlete_who_squats_counts_beside_one_who_stands() -> None:
    low = replace(AT, cy=300.0, size_px=260.0)
    model = Finds(low)
    eyes = Eyes(model)
    assert eyes.look(Frame(BLANK, 0.0, 0), SIZE).people == 1
    model.found = [moved(0.6), low]
    assert eyes.look(Frame(BLANK, PEOPLE_EVERY_S, 1), SIZE).people == 2


def test_a_region_in_which_the_athlete_is_read_is_nobody_else() -> None:
    assert people(Finds(AT, moved(0.5), really={moved(0.5): AT}), BLANK) == 1


def test_a_third_person_found_twice_is_one_more() -> None:
    assert people(Finds(AT, moved(0.6), moved(0.7)), BLANK) == 2


# --------------------------------------------------------------------------- one goes, another comes


NOTICED = 2
"""Pictures until other colours are sure to be somebody else's."""


def pictures(colour: tuple[int, int, int], from_s: float, to_s: float) -> Iterator[Frame]:
    for i in range(round(from_s * 10), round(to_s * 10)):
        yield Frame(picture((colour, 300, 240, 300)), i / 10, i)


def test_before_a_set_somebody_else_may_take_the_place_of_who_walked_by() -> None:
    live = LiveSet("squat", BLAZEPOSE, eyes=Eyes(People()))
    assert all(live.push(f).pose for f in pictures(RED, 0.0, 0.5))
    seen = [live.push(f).pose is not None for f in pictures(BLUE, 0.5, 3.0)]
    assert not any(seen[NOTICED:10])
    assert all(seen[-10:])


def test_in_a_set_nobody_else_becomes_the_athlete() -> None:
    live = LiveSet("squat", BLAZEPOSE, eyes=Eyes(People()), hands_free=False)
    assert all(live.push(f).pose for f in pictures(RED, 0.0, 0.5))
    seen = [live.push(f).pose is not None for f in pictures(BLUE, 0.5, 3.0)]
    assert not any(seen[NOTICED:])
