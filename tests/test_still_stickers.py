"""Stickers in one picture: proposals carry the right names, and a click beside the middle finds it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.filmed import VIDEOS, filmed
from vision.capture import Clip
from vision.pose.base import BLAZEPOSE
from vision.pose.markers import Click, MarkerError, bodies
from vision.still_stickers import Still, _facing, centre, proposed

WALK, BRIDGE = "markers_walk_rear_right_hip_drops", "markers_bridge_side_arched_from_rep2"
NUMBER = 10


def still(name: str) -> tuple[Still, dict[str, tuple[float, float]]]:
    """A picture of a clip, read with the poses of all tests, and where its stickers are, px."""
    with Clip(VIDEOS / f"{name}.mp4") as clip:
        frame = next(iter(clip.pick([NUMBER])))
    pose = next(p for p in filmed(name).poses if p is not None and p.index == NUMBER)
    body = bodies([pose], BLAZEPOSE)[NUMBER][1]
    truth = json.loads((VIDEOS / f"{name}.json").read_text("utf-8"))["frames"][NUMBER]["markers2d"]
    spots = {marker: (float(x), float(y)) for marker, (x, y, _) in truth.items()}
    return Still(frame.rgb, NUMBER, body, _facing(pose, BLAZEPOSE, body)), spots


@pytest.mark.parametrize(("name", "guide"), [(WALK, "rear"), (BRIDGE, "side")])
def test_proposals_are_named_as_the_stickers_are(name: str, guide: str) -> None:
    one, truth = still(name)
    high, wide = one.rgb.shape[:2]
    found = {click.name: (click.x * wide, click.y * high) for click in proposed(one, guide)}
    assert set(found) == set(truth)
    for marker, at in truth.items():
        assert found[marker] == pytest.approx(at, abs=1.5)


@pytest.mark.parametrize("off", [(0.0, 0.0), (4.0, -3.0), (-7.0, 0.0)])
def test_a_click_beside_the_middle_finds_it(off: tuple[float, float]) -> None:
    one, truth = still(WALK)
    high, wide = one.rgb.shape[:2]
    for marker, (x, y) in truth.items():
        spot = centre(one, Click(marker, (x + off[0]) / wide, (y + off[1]) / high))
        assert (spot.x, spot.y) == pytest.approx((x, y), abs=0.7)
        assert 0 < spot.sd < 0.5


def test_a_click_far_from_any_sticker_and_a_picture_without_anybody_are_refused() -> None:
    one, _ = still(WALK)
    with pytest.raises(MarkerError, match="a bright sticker at left_psis"):
        centre(one, Click("left_psis", 0.05, 0.05))
    nobody = Still(np.zeros((90, 120, 3), np.uint8), 3, None, 1.0)
    for ask in (lambda: centre(nobody, Click("left_psis", 0.5, 0.5)), lambda: proposed(nobody, "rear")):
        with pytest.raises(MarkerError, match="nobody is seen"):
            ask()
