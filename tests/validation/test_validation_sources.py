"""The sections of the accuracy report, on made-up data with known answers."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from benchmarks.clips import looped
from validation import accuracy, knees_cave, real_sets, two_cameras
from validation.opensim import Markers
from validation.readers import LabelledClip, LabelledRep, LabelledSquat
from validation.replay import Recording, Store, load, reader_now, save
from validation.tables import number, table
from vision.pose.base import BLAZEPOSE
from vision.types import Cycle, CycleKind, JudgedCycle, Pose, Verdict

POINTS = np.array([0, 9, 10, *range(11, 17), *range(23, 33)])


# --------------------------------------------------------------------------- caving knees


def _squat(knee_gap_at_bottom: float, *, turned_deg: float = 0.0) -> LabelledSquat:
    """A 3D squat of 3 s: ankles 40 cm apart, the knees from 38 cm to the given gap and back."""
    t = np.linspace(0, 3, 91)
    deep = np.where((t > 0.7) & (t < 2.3), 0.5 - 0.5 * np.cos(2 * np.pi * (t - 0.7) / 1.6), 0.0)
    body = np.zeros((len(t), 33, 3))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        gap = 38 + (knee_gap_at_bottom - 38) * deep
        for name, x, y, z in (
            ("ankle", 20.0, 40.0, 0.0),
            ("heel", 20.0, 43.0, 4.0),
            ("toe", 21.0, 44.0, -14.0),
            ("knee", gap / 2, 0.0 + 4 * deep, -25 * deep),
            ("hip", 12.0, -40.0 + 34 * deep, 14 * deep),
            ("shoulder", 18.0, -90.0 + 36 * deep, -8 * deep),
            ("elbow", 24.0, -65.0 + 36 * deep, -10 * deep),
            ("wrist", 20.0, -60.0 + 30 * deep, -30 * deep),
        ):
            row = BLAZEPOSE.index[f"{side}_{name}"]
            body[:, row] = np.stack(np.broadcast_arrays(sign * np.asarray(x), y, z), axis=-1)
    body[:, 0, 1] = -110 + 36 * deep
    c, s = np.cos(np.radians(turned_deg)), np.sin(np.radians(turned_deg))
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    xyz = body[:, POINTS] @ turn + np.array([-30.0, 10.0, 230.0])
    return LabelledSquat("made", "2023-01-01", "made up", POINTS, xyz)


@pytest.mark.parametrize("turned_deg", [0.0, 35.0, -50.0])
def test_virtual_camera_stands_in_front_however_the_squat_was_recorded(turned_deg: float) -> None:
    square, turned = (knees_cave.frontal(_squat(20, turned_deg=a)) for a in (0.0, turned_deg))
    np.testing.assert_allclose(turned, square, atol=1e-9)
    points = POINTS.tolist()
    left, right = (points.index(BLAZEPOSE.index[f"{s}_ankle"]) for s in ("left", "right"))
    np.testing.assert_allclose(
        (square[:, left] - square[:, right]), [[40.0, 0.0, 0.0]] * len(square), atol=1e-9
    )


def test_caving_and_straight_knees_come_out_of_the_product_as_they_went_in() -> None:
    caving, straight = (knees_cave.judge(_squat(gap, turned_deg=30)) for gap in (16.0, 40.0))
    assert (caving.reps, straight.reps) == (1, 1)
    assert caving.ratio == pytest.approx(16 / 40, abs=0.06)
    assert caving.verdict is Verdict.FAULT
    assert straight.ratio > 0.9
    assert straight.verdict is not Verdict.FAULT


def test_threshold_parts_the_kinds_and_takes_the_middle_of_the_gap() -> None:
    value = np.array([0.2, 0.3, 0.4, 0.8, 0.9])
    caves = np.array([True, True, True, False, False])
    assert knees_cave.best_threshold(value, caves) == pytest.approx(0.6)
    assert knees_cave.balanced_accuracy(value < 0.6, caves) == 1
    assert knees_cave.balanced_accuracy(value < 0.35, caves) == pytest.approx((2 / 3 + 1) / 2)
    assert knees_cave.balanced_accuracy(np.ones(5, bool), caves) == 0.5
    with pytest.raises(ValueError, match="got one kind"):
        knees_cave.best_threshold(value, np.zeros(5, bool))


def test_days_are_halved_by_date_not_by_count() -> None:
    days = ["2023-05-02", "2023-04-06", "2023-04-06", "2023-04-06", "2023-04-18", "2023-05-09"]
    assert knees_cave.first_days(days).tolist() == [False, True, True, True, True, False]


# --------------------------------------------------------------------------- real sets


def _cycle(start_s: float, turn_s: float, end_s: float, kind: CycleKind = CycleKind.REP) -> JudgedCycle:
    return JudgedCycle(0, Cycle(0, 1, 2, kind), start_s, turn_s, end_s, None, ())


def _clip(exercise: str, *turns: float) -> LabelledClip:
    return LabelledClip("x.mp4", exercise, "side", tuple(LabelledRep(t - 1, t, t + 1) for t in turns))


def test_repetitions_near_a_label_count_once_and_the_rest_are_false() -> None:
    cycles = [_cycle(0, 1.1, 2), _cycle(1, 1.3, 2), _cycle(3, 4.5, 5), _cycle(6, 7.0, 8, CycleKind.STEP)]
    got = real_sets.tally(_clip("squat", 1.0, 4.0, 7.0), cycles)
    assert (got.labelled, got.found, got.false) == (3, 1, 2)
    assert got.late_s == pytest.approx((0.1,))


def test_one_repetition_answers_one_label_only() -> None:
    got = real_sets.tally(_clip("squat", 1.0, 1.5), [_cycle(0, 1.25, 2)])
    assert (got.found, got.false) == (1, 0)


def test_a_deadlift_may_turn_at_the_floor() -> None:
    cycles = [_cycle(2.0, 5.0, 6.0)]
    assert real_sets.tally(_clip("deadlift", 2.5), cycles).found == 1
    assert real_sets.tally(_clip("squat", 2.5), cycles).found == 0


# --------------------------------------------------------------------------- two cameras


@pytest.mark.parametrize(
    ("camera", "bearing"), [((3, 1, 0), 0), ((0, 1, 3), 90), ((0, 1, -3), -90), ((-3, 2, 0), 180)]
)
def test_bearing_of_a_camera_around_an_athlete_who_faces_x(camera: tuple[float, ...], bearing: float) -> None:
    # y is up; facing +x, the right hand is on +z.
    names = ("LHip", "RHip", "midHip", "LBigToe", "LHeel")
    xyz = np.array([[[0, 1, -0.1], [0, 1, 0.1], [0, 1, 0], [0.2, 0, -0.1], [0, 0, -0.1]]], float)
    got = two_cameras.true_bearing_deg(Markers(names, 60, np.zeros(1), xyz), np.array(camera, float))
    assert (got - bearing + 180) % 360 - 180 == pytest.approx(0, abs=1e-9)


# --------------------------------------------------------------------------- recordings


def test_a_recording_comes_back_as_it_was(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    k = len(BLAZEPOSE.names)
    pose = Pose(0.5, 7, rng.uniform(0, 500, (k, 2)), rng.uniform(size=k), rng.normal(size=(k, 3)), None)
    bare = Pose(0.6, 8, rng.uniform(0, 500, (k, 2)), rng.uniform(size=k))
    path = tmp_path / "a" / "x.npz"
    save(path, Recording((None, pose, None, bare), BLAZEPOSE, (640, 480), "reader"))
    got = load(path)
    assert (got.size_wh, got.reader, got.skeleton) == ((640, 480), "reader", BLAZEPOSE)
    assert [p is None for p in got.poses] == [True, False, True, False]
    one, two = got.poses[1], got.poses[3]
    assert one is not None
    assert two is not None
    assert (one.t_s, one.index, two.index) == (0.5, 7, 8)
    np.testing.assert_allclose(one.xy, pose.xy, atol=1e-4)
    np.testing.assert_allclose(one.world_m, pose.world_m, atol=1e-6)
    assert one.outline is None
    assert two.world_m is None
    assert list(tmp_path.rglob("*.part*")) == []


def test_a_kept_recording_is_used_and_an_older_readers_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "clip.mp4"
    film.write_bytes(b"not even a film")
    store = Store(tmp_path / "kept")
    from validation.follow import digest

    kept = tmp_path / "kept" / f"{digest(film)[:24]}-blazepose-heavy.npz"
    for reader, said in ((reader_now(), ""), ("another", "STALE: clip: poses by an older reader")):
        save(kept, Recording((None, None), BLAZEPOSE, (64, 48), reader))
        assert store.recording(film, "blazepose-heavy").poses == (None, None)
        err = capsys.readouterr().err
        assert err.startswith(said)
        assert bool(err) == bool(said)


# --------------------------------------------------------------------------- text


def test_what_is_missing_is_skipped_loudly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = accuracy.sections(tmp_path, [tmp_path / "no_clips"], "blazepose-heavy", Store(tmp_path / "kept"))
    text = accuracy.document(parts, pose="blazepose-heavy")
    assert text.count("**Skipped:") == len(parts) == 4
    assert capsys.readouterr().err.count("SKIPPED:") == 4
    assert str(tmp_path) not in text


def test_tables_are_padded_and_refuse_ragged_rows() -> None:
    text = table(["name", "n"], [["a", "1"], ["long one", "20 of 30"]])
    assert text.splitlines() == [
        "| name     |        n |",
        "| -------- | -------: |",
        "| a        |        1 |",
        "| long one | 20 of 30 |",
    ]
    with pytest.raises(ValueError, match="expected 2 cells in a row, got 1"):
        table(["name", "n"], [["a"]])


@pytest.mark.parametrize(
    ("value", "digits", "signed", "text"),
    [
        (1.25, 1, True, "+1.2"),
        (-0.04, 1, True, "0.0"),
        (-0.6, 1, False, "-0.6"),
        (float("nan"), 1, True, "–"),
    ],
)
def test_numbers_as_text(value: float, digits: int, signed: bool, text: str) -> None:
    assert number(value, digits, signed=signed) == text


# --------------------------------------------------------------------------- clips to measure with


def test_a_looped_clip_is_the_same_pictures_over_and_over(tmp_path: Path) -> None:
    source = tmp_path / "short.mp4"
    with av.open(str(source), "w") as out:
        stream = out.add_stream("libx264", rate=10, options={"g": "5", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for i in range(12):
            picture = np.full((48, 64, 3), 20 * i, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    made = looped(source, 3.0, cache=tmp_path)
    with av.open(str(made)) as container:
        shown = [
            (float(f.time or 0), float(f.to_ndarray(format="rgb24").mean()))
            for f in container.decode(video=0)
        ]
    times = np.array([t for t, _ in shown])
    assert len(shown) == 36
    np.testing.assert_allclose(np.diff(times), 0.1, atol=1e-3)
    grey = np.array([g for _, g in shown])
    np.testing.assert_allclose(grey[12:24], grey[:12], atol=0.5)
    assert looped(source, 3.0, cache=tmp_path) == made
