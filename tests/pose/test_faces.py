"""Finding everybody's head in a picture."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.capture import Clip
from vision.pose.base import BLAZEPOSE, Reading, Region
from vision.pose.faces import Head, HeadFinder, around, head_names

VIDEOS = Path(__file__).parents[2] / "videos"


class Fake:
    """A pose model that knows one person in the whole picture and, in parts, a small one."""

    name, skeleton, model_files = "fake", BLAZEPOSE, ()

    def __init__(self, whole=(), parts=(), *, readable=True):
        self.whole, self.parts, self.readable = whole, parts, readable
        self.shapes = []

    def find(self, rgb):
        self.shapes.append(rgb.shape[:2])
        return list(self.whole if rgb.shape[:2] == (200, 160) else self.parts)

    def read(self, rgb, region, *, with_mask=False):
        if not self.readable:
            return None
        xy = np.full((33, 2), np.nan)
        xy[:11] = (region.cx, region.cy - 0.25 * region.size_px)
        return Reading(xy, np.ones(33), np.zeros((33, 3)), 1.0, region)

    def close(self):
        pass


PICTURE = np.zeros((200, 160, 3), np.uint8)
LARGE = Region(80.0, 120.0, 150.0, 0.0)


def test_the_head_words_fit_the_skeleton():
    assert set(head_names(BLAZEPOSE)) == set(BLAZEPOSE.names[:11])


def test_a_circle_holds_all_points_with_room():
    points = np.array([[10.0, 10.0], [30.0, 10.0], [20.0, 25.0], [np.nan, np.nan]])
    head = around(points, points[:2], 5.0)
    assert (head.cx, head.cy) == (20.0, 10.0)
    assert head.radius == pytest.approx(1.3 * 15)
    assert around(points, points[2:], 50.0).radius == 50.0


def test_the_whole_picture_and_a_column_of_parts_are_searched():
    model = Fake([LARGE])
    (head,) = HeadFinder(model)(PICTURE, 0)
    assert (head.cx, head.cy) == (80.0, 120.0 - 0.25 * 150)
    assert model.shapes == [(200, 160), *[(100, 80)] * 3]


def test_small_people_in_parts_count_where_they_are():
    model = Fake([], [Region(20.0, 30.0, 40.0, 0.0)])
    heads = HeadFinder(model)(PICTURE, 2)
    assert sorted((h.cx, h.cy) for h in heads) == [(100.0, 20.0), (100.0, 70.0), (100.0, 120.0)]


def test_large_people_are_not_looked_for_in_parts():
    assert HeadFinder(Fake([], [LARGE]))(PICTURE, 0) == []


def test_who_is_known_is_not_found_again():
    finder = HeadFinder(Fake([LARGE]))
    (head,) = finder(PICTURE, 0)
    assert finder(PICTURE, 1, [head]) == []
    assert len(finder(PICTURE, 2, [Head(10.0, 10.0, 20.0)])) == 1


def test_who_cannot_be_read_is_covered_more_widely():
    (sure,) = HeadFinder(Fake([LARGE]))(PICTURE, 0)
    (unsure,) = HeadFinder(Fake([LARGE], readable=False))(PICTURE, 0)
    assert unsure.radius > sure.radius
    assert sure.off(unsure) < unsure.radius


def test_somebody_lying_has_the_head_beside_the_hips():
    lying = Region(80.0, 120.0, 150.0, np.pi / 2)
    (head,) = HeadFinder(Fake([lying], readable=False))(PICTURE, 0)
    assert head.cx > 100
    assert head.cy == pytest.approx(120.0)


@pytest.mark.parametrize("scale", [0.6, 0.4])
def test_a_second_person_in_a_sample_is_found(scale):
    """Somebody smaller pasted beside the athlete; the truth says where both heads are."""
    names = "squat_front_clean", "walk_rear_level"
    truth = [json.loads((VIDEOS / f"{n}.json").read_text())["frames"][3]["joints2d"]["head"] for n in names]
    with Clip(VIDEOS / f"{names[0]}.mp4") as one, Clip(VIDEOS / f"{names[1]}.mp4") as other:
        (rgb,), (small,) = ([f.rgb for f in clip.pick([3])] for clip in (one, other))
    small = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    wide = small.shape[1] // 4
    rgb[80 : 80 + small.shape[0], 10 : 10 + 2 * wide] = small[:, wide : 3 * wide]
    places = [truth[0], (truth[1][0] * scale - wide + 10, truth[1][1] * scale + 80)]
    finder = HeadFinder()
    found = [head for turn in range(3) for head in finder(rgb, turn)]
    for x, y in places:
        assert any(np.hypot(x - h.cx, y - h.cy) < 0.7 * h.radius for h in found)
    assert all(h.radius < 120 for h in found)
