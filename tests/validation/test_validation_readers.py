"""Readers of validation data, on files written here with known contents."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from validation import opensim, readers, rendered

VIDEOS = Path(__file__).resolve().parents[2] / "videos"


def _trc(units: str, *, head: str = "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits") -> str:
    return "\n".join(
        (
            "PathFileType\t4\t(X/Y/Z)\tmade.trc",
            head,
            f" 50.0 \t50.0\t2\t2\t {units} ",
            "Frame#\tTime\tL.Knee\t\t\tR.Knee\t\t\t",
            "\t\tX1\tY1\tZ1\tX2\tY2\tZ2",
            "",
            "1\t0.00\t100\t200\t300\t400\t500\t600",
            "2\t0.02\t110\t210\t310\t\t\t",
            "",
        )
    )


def test_trc_in_millimetres_becomes_metres_and_lost_markers_nan(tmp_path: Path) -> None:
    path = tmp_path / "made.trc"
    path.write_text(_trc("mm"), "utf-8")
    got = opensim.read_trc(path)
    assert got.names == ("L.Knee", "R.Knee")
    assert got.rate_hz == 50
    np.testing.assert_allclose(got.t_s, [0, 0.02])
    np.testing.assert_allclose(got.path("L.Knee"), [[0.1, 0.2, 0.3], [0.11, 0.21, 0.31]])
    np.testing.assert_allclose(got.path("R.Knee"), [[0.4, 0.5, 0.6], [np.nan] * 3])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (_trc("furlongs"), "expected units of m, mm, cm, got 'furlongs'"),
        ("time\tx\n", "begins with PathFileType"),
        ("\n".join(_trc("m").splitlines()[:6]), "expected rows of markers"),
    ],
)
def test_trc_that_is_none_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "made.trc"
    path.write_text(text, "utf-8")
    with pytest.raises(readers.ReadError, match=expected):
        opensim.read_trc(path)


@pytest.mark.parametrize(
    ("head", "stated"), [("inDegrees=yes", True), ("inDegrees=no\t\t", False), ("name walk", None)]
)
def test_mot_columns_and_whether_degrees_were_stated(tmp_path: Path, head: str, stated: bool | None) -> None:
    path = tmp_path / "made.mot"
    path.write_text(f"Coordinates\n{head}\nendheader\t\t\n\ntime knee\n0.0 10\n0.5 -20.5\n", "utf-8")
    got = opensim.read_mot(path)
    assert got.in_degrees is stated
    np.testing.assert_allclose(got.t_s, [0, 0.5])
    np.testing.assert_allclose(got["knee"], [10, -20.5])
    with pytest.raises(KeyError, match="no column 'hip'; there are: time, knee"):
        got["hip"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("time knee\n0 1\n", "expected a line 'endheader'"),
        ("endheader\ntime knee\n", "expected column names and rows"),
        ("endheader\ntime knee\n0 1\n1\n", "expected 2 values in row 1, got 1"),
    ],
)
def test_mot_that_is_none_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "made.mot"
    path.write_text(text, "utf-8")
    with pytest.raises(readers.ReadError, match=expected):
        opensim.read_mot(path)


def _camera_file(path: Path, **change: object) -> Path:
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    raw: dict[str, object] = {
        "intrinsicMat": np.array([[800.0, 0, 320], [0, 900.0, 240], [0, 0, 1]]),
        "distortion": np.zeros((1, 5)),
        "rotation": turn,
        "translation": np.array([[0.0], [0.0], [4000.0]]),
        **change,
    }
    path.write_bytes(pickle.dumps(raw))
    return path


def test_camera_projects_known_points(tmp_path: Path) -> None:
    camera = opensim.read_camera(_camera_file(tmp_path / "cam.pickle"))
    np.testing.assert_allclose(camera.position_m, [0, 0, -4], atol=1e-12)
    # A quarter turn: the world's x runs down the picture, its y to the left.
    points = np.array([[0.0, 0, 0], [1.0, 0, 0], [0.0, 1, 0], [1.0, 0, 4]])
    np.testing.assert_allclose(
        camera.project(points), [[320, 240], [320, 240 + 900 / 4], [320 - 200, 240], [320, 240 + 900 / 8]]
    )


def test_camera_bends_lines_as_its_distortion_says(tmp_path: Path) -> None:
    bent = np.array([[0.2, 0.1, 0.01, 0.02, 0.05]])
    camera = opensim.read_camera(_camera_file(tmp_path / "cam.pickle", distortion=bent, rotation=np.eye(3)))
    # x = 0.5, y = 0: the textbook terms by hand.
    radial = 1 + 0.2 * 0.25 + 0.1 * 0.0625 + 0.05 * 0.015625
    x = 0.5 * radial + 0.02 * (0.25 + 2 * 0.25)
    y = 0.01 * 0.25
    np.testing.assert_allclose(camera.project(np.array([2.0, 0, 0])), [320 + 800 * x, 240 + 900 * y])


def test_turned_camera_sees_the_same_picture(tmp_path: Path) -> None:
    camera = opensim.read_camera(_camera_file(tmp_path / "cam.pickle"))
    board = np.array([[0.1, -0.3, 0.2], [0.4, 0.2, -0.5]])
    markers = board @ opensim.BOARD_FROM_OPENSIM
    turned = camera.turned(opensim.BOARD_FROM_OPENSIM)
    np.testing.assert_allclose(turned.project(markers), camera.project(board))


def test_camera_without_its_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cam.pickle"
    path.write_bytes(pickle.dumps({"rotation": np.eye(3)}))
    with pytest.raises(
        readers.ReadError, match="expected a camera with intrinsicMat, distortion, translation"
    ):
        opensim.read_camera(path)


class _Mischief:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.target),)


def test_pickle_that_would_run_code_is_refused_before_it_runs(tmp_path: Path) -> None:
    data = pickle.dumps(_Mischief(tmp_path / "made"))
    with pytest.raises(pickle.UnpicklingError, match="expected arrays only"):
        opensim.load_arrays_pickle(data)
    assert not (tmp_path / "made").exists()


def test_labelled_squats_are_cut_apart(tmp_path: Path) -> None:
    path = tmp_path / "squats.npz"
    xyz = np.arange(5 * 2 * 3, dtype=np.float32).reshape(5, 2, 3)
    np.savez(
        path,
        names=np.array(["recording_02052023_120247", "recording_14042023_100000"]),
        labels=np.array(["no depth", "knees caving"]),
        lengths=np.array([2, 3]),
        xyz=xyz,
        mp_index=np.array([23, 24]),
    )
    first, second = readers.read_squats3d(path)
    assert (first.day, first.label, second.day, second.label) == (
        "2023-05-02",
        "no depth",
        "2023-04-14",
        "knees caving",
    )
    np.testing.assert_array_equal(first.xyz_cm, xyz[:2])
    np.testing.assert_array_equal(second.xyz_cm, xyz[2:])


def test_labelled_squats_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "squats.npz"
    np.savez(
        path,
        names=np.array(["recording_02052023_120247"]),
        labels=np.array(["no depth"]),
        lengths=np.array([4]),
        xyz=np.zeros((3, 1, 3)),
        mp_index=np.array([23]),
    )
    with pytest.raises(readers.ReadError, match="expected 4 frames of joints, got 3"):
        readers.read_squats3d(path)


@pytest.mark.parametrize(
    ("exercise", "movement", "from_floor"),
    [
        ("barbell back squat", "squat", False),
        ("pistol (single-leg) squat", None, False),
        ("conventional deadlift", "hinge", True),
        ("hip thrust", "hip_thrust", False),
        ("Glute bridge", "bridge", False),
        ("walking lunges", None, False),
        ("bench press", None, False),
    ],
)
def test_labels_name_the_product_movement(
    tmp_path: Path, exercise: str, movement: str | None, from_floor: bool
) -> None:
    path = tmp_path / "labels.json"
    rep = {"start": 1, "turn": 2.5, "end": 4, "label": "good"}
    path.write_text(
        json.dumps([{"file": "a.mp4", "movement": exercise, "view": "side", "rep_count": 1, "reps": [rep]}]),
        "utf-8",
    )
    (clip,) = readers.read_labels(path)
    assert clip.movement == movement
    assert clip.from_floor is from_floor
    assert clip.reps == (readers.LabelledRep(1.0, 2.5, 4.0),)


def test_rig_truth_of_a_rendered_clip() -> None:
    got = readers.read_rig(VIDEOS / "squat_front_left_knee_caves_from_rep3.json")
    assert (got.movement, got.reps, got.size_wh) == ("squat", 5, (640, 720))
    assert got.xyz_m.shape == (*got.xy_px.shape[:2], 3) == (len(got.t_s), len(got.joints), 3)
    turns = [got.turn_of(i) for i in range(got.reps)]
    assert all(got.rep[t] == i and got.depth[t] > 0.99 for i, t in enumerate(turns))
    # What the clip's name promises: the left knee is straight in reps 1-2 and caves in from rep 3 on.
    left = got.angles_deg["fppa_cam_l"][turns]
    assert np.all(np.abs(left[:2]) < 2)
    assert np.all(left[2:] > 15)
    # The athlete faces the camera, so the left hip is on the picture's right, and z is up.
    assert got.px("hip_l")[0, 0] > got.px("hip_r")[0, 0]
    assert got.mid_m("hip")[0, 2] > got.mid_m("knee")[0, 2] > got.mid_m("ankle")[0, 2] > 0


def test_every_sample_clip_with_joints_is_in_the_accuracy_table() -> None:
    names = {film.stem for film, _ in rendered.films([VIDEOS])}
    stems = {p.stem for p in VIDEOS.glob("*.mp4")}
    assert names == {n for n in stems if not n.startswith("markers_")}
    assert names < stems


def test_rig_truth_turns_the_cameras_roll_into_the_products(tmp_path: Path) -> None:
    raw = json.loads((VIDEOS / "squat_front_clean.json").read_text("utf-8"))
    raw["camera"]["roll"] = 3.0  # the camera's own: upright things then lean to image left
    path = tmp_path / "rolled.json"
    path.write_text(json.dumps({**raw, "frames": raw["frames"][:1]}), "utf-8")
    assert readers.read_rig(path).roll_deg == -3


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"name": "x", "frames": []}, "got none"),
        ({"frames": [{"t": 0}]}, "expected rig truth with 'joints3d'"),
    ],
)
def test_rig_truth_that_is_none_is_refused(tmp_path: Path, content: object, expected: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(readers.ReadError, match=expected):
        readers.read_rig(path)
