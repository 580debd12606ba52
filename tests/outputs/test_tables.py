"""measures.csv and track.trc, read back as their users do."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.outputs import factory
from vision.outputs.tables import COLUMNS, cell, marker_name, marker_paths, measures_csv, track_trc
from vision.types import Report, Track, Verdict


def rows_of(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(measures_csv(report))))


def test_one_row_per_finding_of_every_cycle_and_of_the_set() -> None:
    rows = rows_of(factory.report())
    assert [r["scope"] for r in rows] == ["cycle"] * 9 + ["set"] * 2
    assert [r["index"] for r in rows[:9:3]] == ["0", "1", "2"]
    assert tuple(rows[0]) == COLUMNS


def test_a_row_holds_what_the_finding_holds() -> None:
    row = rows_of(factory.report())[3]
    assert (row["measure"], row["verdict"], row["fault"]) == ("knee_ankle_ratio", "fault", "knees_cave")
    assert (row["good_lo"], row["good_hi"], row["caution_lo"]) == ("0.8", "", "0.7")
    assert (row["frame"], row["t_s"], row["points_lost"]) == ("45", "1.5", "20.0")
    assert (row["start_s"], row["turn_s"], row["score"]) == ("1.0", "1.5", "80")


def test_what_was_not_measured_is_an_empty_cell_with_its_reason() -> None:
    row = rows_of(factory.report())[2]
    assert (row["value"], row["verdict"], row["reason"]) == ("", "unknown", "not visible from this view")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", '=cmd|" /C calc"!A0'])
def test_no_text_can_start_a_formula(text: str) -> None:
    report = factory.report(1)
    spoilt = replace(factory.RATIO, title=text, source=text, unit=text)
    found = factory.finding(spoilt, None, Verdict.UNKNOWN, reason=text)
    row = rows_of(replace(report, cycles=(factory.cycle(0, (found,), None),), set_findings=()))[0]
    for name in ("title", "source", "unit", "reason"):
        assert row[name][0] not in "=+-@\t\r\n"
        assert row[name].removeprefix("'") == text.strip()


def test_negative_numbers_stay_numbers() -> None:
    assert cell(-1.5) == -1.5
    found = factory.finding(factory.SHIFT, -3.25, Verdict.GOOD, 3, error95=2.0)
    report = replace(factory.report(1), cycles=(factory.cycle(0, (found,), 100),))
    assert float(rows_of(report)[0]["value"]) == -3.25


def test_a_pattern_and_steps_have_rows_too() -> None:
    found = factory.finding(factory.PELVIS, "posterior", Verdict.GOOD, 3, error95=None)
    report = replace(factory.report(1), cycles=(factory.cycle(0, (found,), 100),))
    assert rows_of(report)[0]["value"] == "posterior"
    assert [r["cycle_side"] for r in rows_of(factory.steps(factory.report(), 4))[:4]] == ["left", "right"] * 2


def test_no_findings_give_the_heading_alone() -> None:
    assert measures_csv(factory.report(0)) == ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize(
    ("name", "marker"),
    [
        ("left_knee", "LKnee"),
        ("right_hip", "RHip"),
        ("left_toe", "LBigToe"),
        ("right_heel", "RHeel"),
        ("nose", "Nose"),
        ("left_eye_inner", "LEyeInner"),
    ],
)
def test_markers_have_the_names_that_opensim_users_know(name: str, marker: str) -> None:
    assert marker_name(name) == marker


def parsed(text: str) -> tuple[dict[str, str], list[str], NDArray[np.float64]]:
    """Heading, marker names and the table ``(T, 2 + 3 M)`` of a TRC file, empty cells NaN."""
    lines = [line.split("\t") for line in text.splitlines()]
    assert lines[0][:3] == ["PathFileType", "4", "(X/Y/Z)"]
    heading = dict(zip(lines[1], lines[2], strict=True))
    names = [name for name in lines[3][2:] if name]
    assert lines[4][2:] == [f"{axis}{i + 1}" for i in range(len(names)) for axis in "XYZ"]
    body = [[float(c) if c else np.nan for c in line] for line in lines[5:] if any(line)]
    return heading, names, np.array(body)


def holed() -> Track:
    track = factory.track()
    xy = track.xy.copy()
    xy[4, track.skeleton.index["left_knee"]] = np.nan
    return replace(track, xy=xy, index=track.index + 7)


def test_trc_reads_back_as_the_track() -> None:
    track = holed()
    heading, names, body = parsed(track_trc(track))
    assert heading["Units"] == "mm"
    assert float(heading["DataRate"]) == pytest.approx(30)
    assert (int(heading["NumFrames"]), int(heading["NumMarkers"])) == (len(track), len(names))
    assert int(heading["OrigDataStartFrame"]) == 7
    np.testing.assert_array_equal(body[:, 0], track.index)
    np.testing.assert_allclose(body[:, 1], track.t_s, atol=1e-6)
    for k, point in enumerate(track.skeleton.names):
        assert names[k] == marker_name(point)
        x, y, z = body[:, 2 + 3 * k : 5 + 3 * k].T
        seen = np.isfinite(track.xy[:, k, 0])
        np.testing.assert_array_equal(np.isfinite(x), seen)
        np.testing.assert_allclose(x[seen], track.xy[seen, k, 0], atol=1e-3)
        np.testing.assert_allclose(track.size_wh[1] - y[seen], track.xy[seen, k, 1], atol=1e-3)
        assert np.all(z[seen] == 0)


def test_trc_points_up_and_adds_the_middles() -> None:
    track = factory.track()
    names, paths = marker_paths(track)
    at = {name: paths[0, i] for i, name in enumerate(names)}
    assert at["Nose"][1] > at["LAnkle"][1]
    np.testing.assert_allclose(at["Hip"], (at["LHip"] + at["RHip"]) / 2)
    np.testing.assert_allclose(at["Neck"], (at["LShoulder"] + at["RShoulder"]) / 2)
    assert len(set(names)) == len(names)


def test_trc_of_nobody_is_a_heading() -> None:
    heading, _, body = parsed(track_trc(factory.track()[0:0]))
    assert heading["NumFrames"] == "0"
    assert len(body) == 0
