"""The rendered clips with stickers in ``videos/`` through the pipeline, against the renderer's truth."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

from tests.filmed import VIDEOS, filmed
from validation.markers import Truth, centre_error_px, read_truth, told
from vision.capture import Clip
from vision.outputs.report_json import report_to_json
from vision.pose.base import BLAZEPOSE
from vision.session import Session
from vision.stickers import Stickers, seen_stickers
from vision.types import ClipInfo, Report

WALK, BRIDGE = "markers_walk_rear_right_hip_drops", "markers_bridge_side_arched_from_rep2"


def truth_of(name: str) -> Truth:
    truth = read_truth(VIDEOS / f"{name}.json")
    assert truth is not None
    return truth


@cache
def report_of(name: str, *, auto: bool = False) -> Report:
    """The report, from poses that are read once for all tests."""
    film, truth = filmed(name), truth_of(name)
    poses = [p for p in film.poses if p is not None]
    with Clip(VIDEOS / f"{name}.mp4") as clip:
        wanted = Stickers(None if auto else truth.clicks)
        found = seen_stickers(clip, poses, BLAZEPOSE, wanted, lambda frames: iter(frames))
    session = Session(BLAZEPOSE, film.size_wh, movement=truth.movement, markers=found.names)
    for pose in poses:
        session.push(found.on(pose))
    return session.finish()


@pytest.mark.parametrize(("name", "goal_deg", "count"), [(WALK, 1.0, 12), (BRIDGE, 2.0, 3)])
def test_every_value_is_near_the_truth_and_within_its_error(name: str, goal_deg: float, count: int) -> None:
    values = told(report_of(name), truth_of(name))
    assert len(values) >= count
    for v in values:
        assert v.value == pytest.approx(v.true, abs=goal_deg)
        assert abs((v.value or 0.0) - v.true) < v.error95


@pytest.mark.parametrize("name", [WALK, BRIDGE])
def test_stickers_are_followed_to_a_third_of_a_pixel(name: str) -> None:
    rms, most, seen = centre_error_px(report_of(name), truth_of(name))
    assert rms < 0.3
    assert most < 1.5
    assert seen > 0.98


def test_the_lockout_is_named() -> None:
    found = [f.value for k in report_of(BRIDGE).cycles for f in k.findings if f.measure == "lockout_pelvis"]
    assert found == ["posterior", "anterior", "anterior"]


@pytest.mark.parametrize("name", [WALK, BRIDGE])
def test_proposed_stickers_are_the_clicked_ones(name: str) -> None:
    clicked, proposed = report_of(name).track.markers, report_of(name, auto=True).track.markers
    assert clicked is not None
    assert proposed is not None
    assert set(proposed.names) == set(clicked.names)
    for i, marker in enumerate(clicked.names):
        off = clicked.xy[:, i] - proposed.xy[:, proposed.names.index(marker)]
        assert np.nanmax(np.abs(off)) < 1.0


def test_the_report_says_that_stickers_showed_it() -> None:
    clip = ClipInfo(WALK, "0" * 64, 9.0, 272, 30.0, 30.0, 640, 720)
    data = report_to_json(report_of(WALK), clip)
    assert any("pelvis from stickers" in note for note in data["set"]["notes"])
    json.dumps(data, allow_nan=False)
