"""Cuts in a film are told from everything else that changes a picture."""

from __future__ import annotations

import numpy as np
import pytest

from tests.pose.test_athlete import People
from tests.pose.test_background import athlete_x, pan, scenery, window
from vision.pose.athlete import Athlete
from vision.pose.background import Background
from vision.types import Frame, ImageArray

FRAMES = 40
CUT = 23


def cuts(pictures: list[ImageArray]) -> list[int]:
    look, found = Background(), []
    for i, rgb in enumerate(pictures):
        look.look(rgb, [])
        found += [i] if look.spliced else []
    return found


def shot(seed: int = 3) -> list[ImageArray]:
    still = scenery(seed)
    return [window(still, pan(i), athlete_x(i)) for i in range(FRAMES)]


def test_another_place_is_a_cut_and_told_once() -> None:
    assert cuts(shot()[:CUT] + shot(5)[CUT:]) == [CUT]


def test_a_jump_in_one_place_is_a_cut() -> None:
    still = scenery()
    moved = [window(still, pan(i) + (400, 60)) for i in range(FRAMES)]
    assert cuts(shot()[:CUT] + moved[CUT:]) == [CUT]


def test_a_panning_camera_is_not() -> None:
    assert cuts(shot()) == []


def test_a_camera_that_is_torn_about_is_not() -> None:
    still = scenery()
    assert cuts([window(still, np.array([100.0 + 3 * i**1.6, 100.0])) for i in range(FRAMES)]) == []


def test_a_camera_at_rest_that_begins_to_turn_is_not() -> None:
    """Nothing changed before, and much does at once: but the background is followed."""
    still = scenery()
    assert cuts([window(still, np.array([100.0 + 12 * max(i - CUT, 0), 100.0])) for i in range(FRAMES)]) == []


@pytest.mark.parametrize("dimmed", [0.45, 0.7])
def test_lamps_that_go_out_are_not(dimmed: float) -> None:
    pictures = shot()
    dark = [(rgb * dimmed).astype(np.uint8) for rgb in pictures]
    assert cuts(pictures[:CUT] + dark[CUT:]) == []


def test_the_first_pose_after_a_cut_says_so_in_clip_and_camera() -> None:
    frames = [Frame(rgb, i / 30, i) for i, rgb in enumerate(shot()[:CUT] + shot(5)[CUT:])]
    live = Athlete(People())
    for poses in (list(Athlete(People()).poses(frames)), [live(frame) for frame in frames]):
        assert [p.index for p in poses if p is not None and p.spliced] == [CUT]
