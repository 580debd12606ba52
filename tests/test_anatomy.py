"""Hip points that lie towards the fold are put back to the joint, in side views only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from vision import kinematics as kin
from vision.anatomy import with_hip_centres
from vision.types import SIDES, FloatArray, Plane, Track

OFFSET_TRUNKS = {0.0: 0.04, 90.0: 0.07}
"""How far BlazePose's hip lies towards the fold, straight and at a right angle (docs/accuracy.md)."""


def bent(flexion_deg: float, side: str) -> tuple[Track, float]:
    """A body bent at the hip, and its trunk's length in px."""
    stance = fig.Stance(shin=5.0, thigh=flexion_deg / 3, trunk=flexion_deg * 2 / 3)
    camera = fig.Camera(90.0 if side == "right" else -90.0)
    shot = fig.track(fig.film(lambda _: fig.standing(stance), camera, np.arange(6) / 30))
    return shot, float(kin.length_px(shot.mid("hip"), shot.mid("shoulder"))[0])


def with_fold(shot: Track, side: str, amount_px: float) -> Track:
    """The track as a model sees it: hip points moved along the bisector of the fold."""
    shoulder, hip, knee = (shot.point(f"{side}_{p}") for p in ("shoulder", "hip", "knee"))
    forward = 1.0 if side == "right" else -1.0

    def front(v: FloatArray, up: float) -> FloatArray:
        unit = up * v / kin.length_px(v, np.zeros(2))[:, None]
        return forward * np.stack([-unit[:, 1], unit[:, 0]], axis=1)

    way = front(shoulder - hip, 1.0) + front(knee - hip, -1.0)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    xy = shot.xy.copy()
    for s in SIDES:
        xy[:, shot.skeleton.index[f"{s}_hip"]] += amount_px * way
    return replace(shot, xy=xy)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("flexion", "trunks"), list(OFFSET_TRUNKS.items()))
def test_the_offset_that_was_measured_is_taken_off(side: str, flexion: float, trunks: float) -> None:
    shot, trunk = bent(flexion, side)
    seen = with_fold(shot, side, trunks * trunk)
    off_before = kin.length_px(seen.mid("hip"), shot.mid("hip"))
    back = with_hip_centres(seen, fig.seen_from(side), trunk)
    off_after = kin.length_px(back.mid("hip"), shot.mid("hip"))
    assert off_before == pytest.approx(trunks * trunk)
    assert np.all(off_after < 0.012 * trunk)


def test_a_bent_hip_moves_further_and_backwards() -> None:
    moved: list[float] = []
    for flexion in (0.0, 45.0, 90.0):
        shot, trunk = bent(flexion, "right")
        back = with_hip_centres(shot, fig.seen_from("right"), trunk)
        step = (back.mid("hip") - shot.mid("hip"))[0]
        assert step[0] < 0  # away from where the athlete faces
        moved.append(float(np.hypot(*step)) / trunk)
    assert moved == sorted(moved)
    assert moved[0] > 0.02


def test_nothing_but_the_hips_moves() -> None:
    shot, trunk = bent(60.0, "left")
    back = with_hip_centres(shot, fig.seen_from("left"), trunk)
    changed = {shot.skeleton.names[i] for i in np.flatnonzero((back.xy != shot.xy).any(axis=(0, 2)))}
    assert changed == {"left_hip", "right_hip"}


def test_other_views_and_unknown_lengths_are_left_alone() -> None:
    shot, trunk = bent(60.0, "right")
    oblique = replace(fig.seen_from("right"), plane=Plane.OBLIQUE)
    for view, length in (
        (fig.seen_from("front"), trunk),
        (oblique, trunk),
        (fig.seen_from("right"), float("nan")),
    ):
        assert with_hip_centres(shot, view, length) is shot


def test_an_unseen_knee_leaves_the_hip_where_it_is() -> None:
    shot, trunk = bent(60.0, "right")
    xy = shot.xy.copy()
    xy[2, shot.skeleton.index["right_knee"]] = np.nan
    blind = replace(shot, xy=xy)
    back = with_hip_centres(blind, fig.seen_from("right"), trunk)
    np.testing.assert_array_equal(back.mid("hip")[2], shot.mid("hip")[2])
    assert np.all(back.mid("hip")[3] != shot.mid("hip")[3])
