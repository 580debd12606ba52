"""Cameras that must agree, and the comparison with another program, on geometry known by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from validation import four_cameras, real_pelvis, sports2d, sports2d_files
from validation.four_cameras import Camera
from validation.opensim import read_trc


def camera(name: str, bearing_deg: float) -> Camera:
    """A level camera 4 m away and 1.5 m above the origin; 0 looks along +y, x to its right."""
    a = np.radians(bearing_deg)
    right, back = np.array([np.cos(a), np.sin(a), 0.0]), np.array([np.sin(a), -np.cos(a), 0.0])
    return Camera(name, np.array([right, [0, 0, 1.0], back]), np.full(2, 900.0), np.full(2, 360.0))


def seen(cam: Camera, points: np.ndarray) -> np.ndarray:
    own = (points - 4.0 * cam.axes[2] - [0, 0, 1.5]) @ cam.axes.T
    return cam.centre + cam.focal * np.stack([own[:, 0] / -own[:, 2], own[:, 1] / own[:, 2]], axis=1)


@pytest.mark.parametrize("rise", [-12.0, 0.0, 7.0])
@pytest.mark.parametrize("turn", [0.0, 35.0])
def test_cameras_that_see_one_line_agree_on_its_rise(rise: float, turn: float) -> None:
    r, t = np.radians(rise), np.radians(turn)
    along = np.array([np.cos(r) * np.cos(t), np.cos(r) * np.sin(t), np.sin(r)])
    ends = 0.1 * np.stack([along, -along])
    cameras = [camera(f"cam{k}", b) for k, b in enumerate((-50.0, 20.0, 100.0))]
    lines = [seen(c, ends) for c in cameras]
    assert four_cameras.rise_deg(cameras, lines) == pytest.approx(rise, abs=1e-6)
    found = four_cameras.agreement(cameras, [{0: line} for line in lines])
    assert found.spread == pytest.approx(0.0, abs=1e-6)
    assert list(found.pairs) == ["0 and 1", "0 and 2", "1 and 2"]


def test_a_camera_that_disagrees_shows_in_its_pairs() -> None:
    ends = np.array([[0.1, 0, 0.01], [-0.1, 0, -0.01]])
    cameras = [camera(f"cam{k}", b) for k, b in enumerate((-10.0, 30.0, 165.0))]
    lines = [seen(c, ends) for c in cameras]
    lines[1] = lines[1] + [[0, 4.0], [0, -4.0]]
    pairs = four_cameras.agreement(cameras, [{0: line} for line in lines]).pairs
    true = np.degrees(np.arctan(0.1))
    assert pairs["0 and 2"][0] == pytest.approx(true, abs=1e-6)
    assert abs(pairs["1 and 2"][0] - true) > 3


def test_planes_that_are_nearly_one_give_nothing() -> None:
    ends = np.array([[0.1, 0, 0.01], [-0.1, 0, -0.01]])
    cameras = [camera("cam1", 0.0), camera("cam2", 2.0)]
    assert np.isnan(four_cameras.rise_deg(cameras, [seen(c, ends) for c in cameras]))


def test_a_clip_s_values_are_told_by_repetition_with_the_commonest_reason() -> None:
    def cycle(value: float | None, reason: str) -> SimpleNamespace:
        finding = SimpleNamespace(measure="pelvic_tilt", side=None, value=value, error95=4.0, reason=reason)
        return SimpleNamespace(findings=(finding,))

    cycles = [cycle(7.6, ""), cycle(None, "hidden"), cycle(None, "hidden"), cycle(None, "dark")]
    report: Any = SimpleNamespace(cycles=cycles)
    assert real_pelvis.told(report, "pelvic_tilt") == "+8, –, –, – ± 4"
    assert real_pelvis.why_not(report, "pelvic_tilt") == "hidden"
    assert real_pelvis.told(report, "pelvic_drop") == "–"


def points(frames: int = 60) -> sports2d.Points:
    """Somebody upright whose right knee bends and whose left stays straight."""
    bend = np.radians(30 + 30 * np.sin(np.arange(frames) / 10))
    out: sports2d.Points = {"nose": np.tile([300.0, 100.0], (frames, 1))}
    for side, x in (("left", 330.0), ("right", 270.0)):
        for part, y in (("shoulder", 180), ("elbow", 240), ("wrist", 300), ("hip", 330), ("knee", 430)):
            out[f"{side}_{part}"] = np.tile([x, float(y)], (frames, 1))
        turn = bend if side == "right" else np.zeros(frames)
        shin = 100 * np.stack([-np.sin(turn), np.cos(turn)], axis=1)
        out[f"{side}_ankle"] = out[f"{side}_knee"] + shin
        out[f"{side}_heel"] = out[f"{side}_ankle"] + [-5, 10]
        out[f"{side}_toe"] = out[f"{side}_ankle"] + [25, 10]
    return out


def test_angles_of_a_known_figure() -> None:
    got = sports2d.angles_deg(points())
    assert got["left knee"] == pytest.approx(0.0, abs=1e-5)
    assert got["right knee"] == pytest.approx(30 + 30 * np.sin(np.arange(60) / 10))
    assert got["trunk"] == pytest.approx(0.0)
    assert got["left hip"] == pytest.approx(0.0, abs=1e-5)


def test_swaps_exchange_legs_and_nothing_else() -> None:
    given = points(400)
    out = sports2d.spoilt(given, np.random.default_rng(3), 0.0, True)
    rows = (out["left_ankle"] != given["left_ankle"]).any(axis=1)
    assert 0.05 <= rows.mean() < 0.07
    assert np.array_equal(out["left_ankle"][rows], given["right_ankle"][rows])
    assert np.array_equal(out["left_hip"], given["left_hip"])
    assert np.array_equal(out["left_wrist"], given["left_wrist"])


def test_errors_take_both_sides_together() -> None:
    true = {"left knee": np.zeros(2), "right knee": np.zeros(2), "trunk": np.zeros(2)}
    got = {"left knee": np.array([3.0, np.nan]), "right knee": np.array([4.0, 0.0]), "trunk": np.ones(2)}
    off = sports2d.off_by(got, true, "knee")
    assert (off.n, off.largest) == (3, 4.0)
    assert off.rms == pytest.approx(np.sqrt(25 / 3))
    assert sports2d.off_by(got, true, "trunk").rms == 1.0


def test_what_the_other_program_is_given_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "one_px.trc"
    given = points(5)
    sports2d_files.write_trc(path, given, 30.0)
    back = read_trc(path)
    assert back.names == tuple(sports2d_files.NAMES)
    assert back.rate_hz == 30.0
    assert back.path("RKnee")[:, :2] == pytest.approx(given["right_knee"])
    assert back.path("Neck")[0, :2] == pytest.approx([300.0, 180.0])


def test_the_other_program_s_angles_are_read_by_their_two_words(tmp_path: Path) -> None:
    path = tmp_path / "one_angles_person00.mot"
    names = ("time", "right knee", "left knee", "right hip", "left hip", "trunk")
    path.write_text(
        "version=1\ninDegrees=yes\nendheader\n"
        + "\t".join(names)
        + "\n0.0\t-50\t2\t-12\t3\t86\n1.0\t0\t0\t0\t0\t-27\n"
    )
    got = sports2d.sports2d_angles(path)
    assert got["trunk"][1] == 117.0  # the head lower than the hips
    assert {k: float(v[0]) for k, v in got.items()} == {
        "trunk": 4.0,
        "left knee": 2.0,
        "left hip": 3.0,
        "right knee": 50.0,
        "right hip": 12.0,
    }


def test_without_the_other_program_the_part_is_skipped_aloud(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPORTS2D_PYTHON", raising=False)
    sports2d.main([])
    told = capsys.readouterr()
    assert told.out == ""
    assert "SKIPPED" in told.err
