"""What the player is told: in the film's frames and px, small, and no number without its error."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.outputs import factory
from vision.outputs.player_data import player_data, player_text
from vision.types import Curve, Report, Track, Verdict

FILM_WH = (101, 180)
TIMES = np.arange(90) / factory.FPS


def data_of(report: Report, **clip: Any) -> dict[str, Any]:
    """The data as the player reads it, through JSON."""
    info = replace(factory.clip_info(), **clip)
    return json.loads(player_text(player_data(report, info, TIMES, FILM_WH)))


def later(track: Track, by: int) -> Track:
    """The track as if the athlete came into the picture ``by`` frames later."""
    return replace(track, index=track.index + by)


def test_times_and_size_are_the_films() -> None:
    data = data_of(factory.report())
    assert data["version"] == 1
    assert data["size_wh"] == list(FILM_WH)
    np.testing.assert_allclose(data["times_s"], TIMES, atol=1 / 180000)
    assert data["capture_scale"] == 1
    assert data_of(factory.report(), capture_fps=240.0)["capture_scale"] == pytest.approx(30 / 240)


def test_points_lie_where_the_film_shows_them() -> None:
    report = factory.report()
    data = data_of(report)
    names, rows = data["skeleton"]["names"], data["track"]["xy"]
    assert data["track"]["frames"] == list(range(90))
    assert set(map(len, rows)) == {len(names)}
    for name in ("left_knee", "right_wrist", "nose"):
        shown = np.array([row[names.index(name)] for row in rows])
        np.testing.assert_allclose(shown, report.track.point(name) / 2, atol=0.051)
    assert not [name for name in names if "eye" in name or "mouth" in name]


def test_edges_join_named_points_and_know_their_side() -> None:
    skeleton = data_of(factory.report())["skeleton"]
    told = {
        (skeleton["names"][a], skeleton["names"][b]): side
        for (a, b), side in zip(skeleton["edges"], skeleton["side"], strict=True)
    }
    assert told["left_hip", "left_knee"] == "left"
    assert told["right_ankle", "right_toe"] == "right"
    assert told["left_hip", "right_hip"] is None
    assert len(told) == len(factory.BLAZEPOSE.edges)


def test_what_was_not_seen_is_null() -> None:
    report = factory.report()
    xy = report.track.xy.copy()
    xy[4, report.track.skeleton.index["left_knee"], 1] = np.nan
    ratio = report.curves[0].value.copy()
    ratio[4] = np.nan
    lost = replace(
        report, track=replace(report.track, xy=xy), curves=(replace(report.curves[0], value=ratio),)
    )
    data = data_of(lost)
    knee = data["skeleton"]["names"].index("left_knee")
    assert data["track"]["xy"][4][knee] is None
    assert data["track"]["xy"][5][knee] is not None
    assert data["curves"][0]["values"][4] is None
    assert data["curves"][0]["values"][5] is not None


def test_frames_are_those_of_the_file_where_the_athlete_came_later() -> None:
    report = factory.report(2)
    findings = tuple(replace(f, frame=f.frame and f.frame + 30) for f in report.cycles[1].findings)
    cycles = (report.cycles[0], replace(report.cycles[1], findings=findings))
    data = data_of(replace(report, track=later(report.track, 30), cycles=cycles))
    assert data["track"]["frames"][:2] == [30, 31]
    first, second = data["cycles"]
    assert (first["start"], first["turn"], first["end"]) == (30, 45, 60)
    assert (second["start"], second["turn"], second["end"]) == (60, 75, 90)
    assert [m["frame"] for m in data["markers"]] == [75]


def test_cycles_and_markers_are_in_words() -> None:
    data = data_of(factory.report())
    first, second, _ = data["cycles"]
    assert first == {
        "index": 0,
        "name": "Rep 1",
        "kind": "rep",
        "start": 0,
        "turn": 15,
        "end": 30,
        "score": 100,
        "verdict": "good",
        "faults": [],
    }
    assert (second["verdict"], second["faults"]) == ("fault", ["Knees caved in"])
    marker = data["markers"][0]
    assert (marker["frame"], marker["verdict"], marker["cycle"]) == (45, "fault", 1)
    assert marker["words"].startswith("Knees caved in: 0.")
    assert "±" in marker["words"]


def test_a_moment_of_the_whole_set_has_a_marker_without_a_cycle() -> None:
    report = factory.report()
    odd = replace(factory.RATIO, measure="cadence", title="Cadence", below=None)
    whole = factory.finding(odd, 90.0, Verdict.CAUTION, 10, error95=2.0)
    markers = data_of(replace(report, set_findings=(*report.set_findings, whole)))["markers"]
    assert markers[0] == {
        "frame": 10,
        "verdict": "caution",
        "words": "Cadence: 90 ± 2",
        "cycle": None,
    }
    assert len(markers) == 3


# --------------------------------------------------------------------------- curves


def curve_of(report: Report, curve: Curve) -> dict[str, Any]:
    return data_of(replace(report, curves=(curve,)))["curves"][0]


def test_a_curve_through_its_findings_has_their_error() -> None:
    curve = data_of(factory.report())["curves"][0]
    assert (curve["name"], curve["unit"], curve["side"]) == ("knee_ankle_ratio", "ratio", None)
    assert curve["title"] == "Knee gap over ankle gap"
    assert curve["absolute"] is True
    assert curve["error95"] == pytest.approx(0.05)
    assert len(curve["values"]) == 90


def test_what_a_curve_misses_its_findings_by_adds_to_the_error() -> None:
    report = factory.report()
    beside = replace(report.curves[0], value=report.curves[0].value + 0.03)
    assert curve_of(report, beside)["error95"] == pytest.approx(np.hypot(0.05, 0.03), abs=1e-3)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "hips_lowered"},
        {"side": "left"},
        {"unit": "deg"},
        {"value": np.full(90, 7.0)},
        {"value": np.full(90, np.nan)},
    ],
    ids=["no measure", "other side", "other unit", "counts from elsewhere", "nothing seen"],
)
def test_a_curve_of_unknown_error_shows_its_course_only(change: dict[str, Any]) -> None:
    report = factory.report()
    curve = curve_of(report, replace(report.curves[0], **change))
    assert (curve["absolute"], curve["error95"]) == (False, None)


def test_a_measure_without_error_gives_its_curve_none() -> None:
    report = factory.report()
    cycles = tuple(
        replace(c, findings=tuple(replace(f, error95=None) for f in c.findings)) for c in report.cycles
    )
    assert data_of(replace(report, cycles=cycles))["curves"][0]["absolute"] is False


def test_a_curves_title_names_no_moment() -> None:
    report = factory.report()
    for name, movement, title in (
        ("knee_flexion", "squat", "Knee bend"),
        ("shin_angle", "hinge", "Shin from vertical"),
        ("hip_extension", "bridge", "Hips (0 straight)"),
        ("hips_lowered", "squat", "Hips lowered"),
    ):
        curve = replace(report.curves[0], name=name)
        assert curve_of(replace(report, movement=movement), curve)["title"] == title


# --------------------------------------------------------------------------- edges


def test_a_clip_without_anybody_gives_a_film_without_a_skeleton() -> None:
    report = factory.report(reps=0)
    data = data_of(replace(report, movement=None, track=report.track[:0], curves=()))
    assert (data["track"], data["curves"], data["cycles"], data["markers"]) == (
        {"frames": [], "xy": []},
        [],
        [],
        [],
    )
    assert len(data["times_s"]) == 90


def test_ten_minutes_stay_small() -> None:
    report = factory.report()
    repeat = 200
    track = replace(
        report.track,
        t_s=np.arange(90 * repeat) / factory.FPS,
        index=np.arange(90 * repeat),
        **{
            name: np.concatenate([getattr(report.track, name)] * repeat)
            for name in ("xy", "score", "world_m", "outline")
        },
    )
    text = player_text(
        player_data(replace(report, track=track), factory.clip_info(), track.t_s, factory.SIZE)
    )
    assert len(text) < 6_000_000
