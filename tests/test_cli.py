"""The command line: exit codes, one-line errors, and what lies in the folder afterwards."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import vision.pipeline
import vision.serve
from tests import figures as fig
from tests.browser import free_port
from tests.clips import cut, write, write_sound
from tests.outputs.factory import write_clip
from vision import __version__
from vision.__main__ import NOTHING_FOUND, UNUSABLE, USABLE, main
from vision.capture import Clip
from vision.movements import MOVEMENTS
from vision.outputs import NAMES
from vision.pose.athlete import Athlete
from vision.pose.base import BLAZEPOSE, Reading, Region
from vision.pose.pelvis import open_networks
from vision.session import Session
from vision.store.rows import LOCAL, State
from vision.types import FloatArray, ImageArray, Report
from vision.web import lan
from vision.web.room import SAMPLE, Room

SIZE = (404, 360)
FPS = 15.0
REPS = 2
LENGTH_S = fig.set_length(REPS)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; gives exit code, stdout and stderr."""

    def call(*args: object) -> tuple[int, str, str]:
        try:
            code = main([str(a) for a in args])
        except SystemExit as left:
            code = int(left.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def complaint(err: str) -> str:
    """The one line on stderr that is no progress bar; fails when there are more."""
    lines = [part for line in err.splitlines() for part in [line.split("\r")[-1].strip()] if part]
    said = [line for line in lines if "plumbline" in line]
    assert len(said) == 1, err
    assert "Traceback" not in err
    return said[0]


def nothing_in(folder: Path) -> bool:
    return not folder.exists() or not any(p.is_file() for p in folder.rglob("*"))


# --------------------------------------------------------------------------- a model that knows the figure


class Figure:
    """A pose model that reads the number of the frame off the bar of ``write_clip`` and answers by it."""

    name = "figure"
    skeleton = BLAZEPOSE
    model_files = ()
    camera = fig.Camera(-90.0, size_wh=SIZE, scale=0.5)

    def __init__(self, frames: int, motion: fig.Motion | None = None) -> None:
        self.frames = frames
        self.motion = motion or fig.hinges(REPS)
        self.closed = False

    def find(self, rgb: ImageArray) -> list[Region]:
        return [Region(SIZE[0] / 2, SIZE[1] / 2, 330.0, 0.0)]

    def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading:
        bar = int(np.argmax(rgb[5:20].mean(axis=(0, 2)) > 165))
        body = self.motion(round(bar * self.frames / (SIZE[0] - 8)) / FPS)
        xy = self.camera.xy(body)
        return Reading(xy, np.full(33, 0.95), self.camera.world_m(body), 1.0, self.find(rgb)[0])

    def close(self) -> None:
        self.closed = True


def frame_times() -> FloatArray:
    return fig.clock(LENGTH_S, FPS)


@pytest.fixture
def hinge_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_pelvis_networks: None) -> Path:
    """A clip in which the default pose model sees a figure that hinges twice."""
    times = frame_times()
    monkeypatch.setattr(vision.pipeline, "open_pose", lambda _: Figure(len(times)))
    return write_clip(tmp_path / "hinge.mp4", times, SIZE)


@pytest.fixture
def empty_clip(tmp_path: Path) -> Path:
    """A second of plain wall."""
    return write_clip(tmp_path / "wall.mp4", np.arange(12) / 30, SIZE)


# --------------------------------------------------------------------------- done


def test_a_usable_clip(run: Run, hinge_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said, err = run("analyse", hinge_clip, "--out", out)
    assert code == USABLE == 0
    assert "2 reps" in said
    assert "score" in said
    assert str(out / "hinge" / "report.html") in said
    assert "plumbline" not in err
    assert {p.name for p in (out / "hinge").iterdir()} == set(NAMES)
    report = json.loads(
        (out / "hinge" / "report.json").read_text("utf-8"), parse_constant=pytest.fail
    )  # no NaN
    assert report["movement"]["name"] == "hinge"
    assert report["set"]["reps"] == REPS
    assert report["clip"]["frames"] == len(frame_times())


def test_no_video_writes_no_film_and_a_given_movement_is_taken(
    run: Run, hinge_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    squatter = Figure(len(frame_times()), fig.squats(REPS))
    monkeypatch.setattr(vision.pipeline, "open_pose", lambda _: squatter)
    code, _, _ = run("analyse", hinge_clip, "--out", tmp_path, "--no-video", "--movement", "hinge")
    assert code == USABLE
    assert {p.name for p in (tmp_path / "hinge").iterdir()} == set(NAMES) - {"overlay.mp4"}
    report = json.loads((tmp_path / "hinge" / "report.json").read_text("utf-8"))
    assert report["movement"] == {"name": "hinge", "source": "given", "confidence": 1.0}


def test_slow_motion_is_timed_as_it_was(run: Run, hinge_clip: Path, tmp_path: Path) -> None:
    def turns(name: str, *more: object) -> list[float]:
        assert run("analyse", hinge_clip, "--out", tmp_path / name, "--no-video", *more)[0] == USABLE
        report = json.loads((tmp_path / name / "hinge" / "report.json").read_text("utf-8"))
        return [c["turn_s"] for c in report["cycles"]]

    # filmed at 30, played at 15: half as long in life
    assert turns("fast", "--capture-fps", 30) == pytest.approx(np.array(turns("plain")) / 2, abs=0.05)


def test_clips_of_one_name_get_folders_of_their_own(run: Run, hinge_clip: Path, tmp_path: Path) -> None:
    twin = tmp_path / "other" / "hinge.mp4"
    twin.parent.mkdir()
    twin.write_bytes(hinge_clip.read_bytes())
    code, said, _ = run("analyse", hinge_clip, twin, "--out", tmp_path / "out", "--no-video")
    assert code == USABLE
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"hinge", "hinge-2"}
    assert said.count("2 reps") == 2


def test_movements_are_listed_with_how_to_film_them(run: Run) -> None:
    code, said, _ = run("movements")
    assert code == USABLE
    for name, movement in MOVEMENTS.items():
        assert f"{name}: {movement.table.title}" in said
        for plane in movement.views:
            assert movement.table.film[plane.value] in said


def test_the_version_is_told(run: Run) -> None:
    assert run("--version")[:2] == (0, f"plumbline {__version__}\n")


# --------------------------------------------------------------------------- the room


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been started, had the room been opened; data folders included."""
    started: list[list[str]] = []

    def start(command: Sequence[str], env: Mapping[str, str], url: str, told: str) -> int:
        assert (lan.ENV in env) is ("https://" in told)
        started.append([*command, env["PLUMBLINE_DATA"], url])
        return USABLE

    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(vision.serve, "_run", start)
    return started


def test_review_opens_the_room_on_this_computer_alone(
    run: Run, tmp_path: Path, starts: list[list[str]]
) -> None:
    port = free_port()
    assert run("review", "--port", port, "--data", tmp_path / "data")[0] == USABLE
    (command,) = starts
    assert command[-2:] == [str(tmp_path / "data"), f"http://127.0.0.1:{port}"]
    for option, value in (("server.address", "127.0.0.1"), ("browser.gatherUsageStats", "false")):
        assert command[command.index(f"--{option}") + 1] == value
    assert "127.0.0.1" in command
    assert (tmp_path / "data" / "library.db").is_file()
    assert not list((tmp_path / "data").glob("lan*"))


def test_only_the_command_line_opens_the_room_to_the_network(
    run: Run, tmp_path: Path, starts: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(lan.ENV, '{"address": "192.168.1.5"}')
    assert run("review", "--port", free_port(), "--data", tmp_path)[0] == USABLE
    assert "192.168.1.5" not in starts.pop()
    monkeypatch.setattr("vision.web.lan.addresses", lambda: ("127.0.0.1",))
    code, _, err = run("review", "--port", free_port(), "--data", tmp_path, "--lan", "192.0.2.77")
    assert (code, starts) == (UNUSABLE, [])
    assert "--lan with an address of this computer (127.0.0.1), got 192.0.2.77" in complaint(err)
    code, _, err = run("review", "--port", free_port(), "--data", tmp_path, "--lan", "8.8.8.8")
    assert (code, starts) == (UNUSABLE, [])
    assert "everybody could reach" in complaint(err)


def test_demo_puts_the_sample_into_the_room_once(run: Run, tmp_path: Path, starts: list[list[str]]) -> None:
    for _ in range(2):
        assert run("demo", "--port", free_port(), "--data", tmp_path)[0] == USABLE
    assert len(starts) == 2
    with closing(Room.open({"PLUMBLINE_DATA": str(tmp_path)})) as room:
        (only,) = room.library.shelf(LOCAL).sets()
        assert (only.title, only.state) == (SAMPLE.name, State.QUEUED)


def test_a_port_in_use_is_one_line(run: Run, tmp_path: Path, starts: list[list[str]]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said, err = run("review", "--port", port, "--data", tmp_path)
    assert (code, said, starts) == (UNUSABLE, "", [])
    assert f"port {port} is in use" in complaint(err)
    assert "--port" in complaint(err)


@pytest.mark.parametrize("port", ["0", "-1", "65536", "http", "²", ""])
def test_a_port_that_is_none_is_one_line(run: Run, starts: list[list[str]], port: str) -> None:
    code, _, err = run("demo", "--port", port)
    assert (code, starts) == (UNUSABLE, [])
    assert "between 1 and 65535" in complaint(err)


def test_a_data_folder_that_cannot_be_is_one_line(run: Run, tmp_path: Path, starts: list[list[str]]) -> None:
    (tmp_path / "taken").write_text("mine", "utf-8")
    code, _, err = run("review", "--port", free_port(), "--data", tmp_path / "taken")
    assert (code, starts) == (UNUSABLE, [])
    assert "taken" in complaint(err)
    assert (tmp_path / "taken").read_text("utf-8") == "mine"


@pytest.mark.parametrize(("name", "value"), [("PLUMBLINE_HOSTS", "ftp://x"), ("DATABASE_URL", "nonsense")])
def test_settings_that_cannot_be_are_one_line(
    run: Run,
    tmp_path: Path,
    starts: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    monkeypatch.setenv(name, value)
    code, _, err = run("review", "--port", free_port(), "--data", tmp_path)
    assert (code, starts) == (UNUSABLE, [])
    assert name in complaint(err)


# --------------------------------------------------------------------------- nothing found


def test_a_clip_without_a_person_still_gets_its_report(run: Run, empty_clip: Path, tmp_path: Path) -> None:
    code, said, _ = run("analyse", empty_clip, "--out", tmp_path / "out", "--pose", "blazepose-full")
    assert code == NOTHING_FOUND == 3
    assert "No person was found." in said
    assert {p.name for p in (tmp_path / "out" / "wall").iterdir()} == set(NAMES)
    report = json.loads((tmp_path / "out" / "wall" / "report.json").read_text("utf-8"))
    assert report["set"]["reps"] == 0
    assert report["set"]["score"] is None
    assert report["cycles"] == []


def test_someone_who_stands_still_has_no_repetition(
    run: Run, hinge_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = Figure(len(frame_times()), lambda _: fig.standing(fig.Stance()))
    monkeypatch.setattr(vision.pipeline, "open_pose", lambda _: still)
    code, said, _ = run("analyse", hinge_clip, "--out", tmp_path / "out", "--no-video")
    assert code == NOTHING_FOUND
    assert "No movement" in said
    code, said, _ = run("analyse", hinge_clip, "--out", tmp_path / "out", "--no-video", "--movement", "squat")
    assert code == NOTHING_FOUND
    assert "No repetition was found." in said
    assert still.closed


# --------------------------------------------------------------------------- unusable


def missing(folder: Path) -> Path:
    return folder / "not-there.mp4"


def directory(folder: Path) -> Path:
    (folder / "clips.mp4").mkdir()
    return folder / "clips.mp4"


def empty(folder: Path) -> Path:
    (folder / "empty.mp4").write_bytes(b"")
    return folder / "empty.mp4"


def text(folder: Path) -> Path:
    (folder / "notes.mp4").write_text("three sets of five\n" * 40, "utf-8")
    return folder / "notes.mp4"


def sound(folder: Path) -> Path:
    return write_sound(folder / "sound.mp4")


def headless(folder: Path) -> Path:
    return cut(write(folder / "whole.mp4", 10), folder / "half.mp4", keep=0.4)


@pytest.mark.parametrize("make", [missing, directory, empty, text, sound, headless])
def test_what_is_no_clip_is_refused_in_one_line(
    run: Run, make: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = make(tmp_path)
    code, said, err = run("analyse", path, "--out", tmp_path / "out")
    assert code == UNUSABLE == 2
    assert said == ""
    assert path.name in complaint(err)
    assert len(complaint(err)) > len(path.name) + 20
    assert nothing_in(tmp_path / "out")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--person", "0.5"], "X,Y"),
        (["--person", "a,b"], "X,Y"),
        (["--person", "1.5,0.5"], "between 0 and 1"),
        (["--person", "nan,0.5"], "between 0 and 1"),
        (["--capture-fps", "fast"], "capture-fps"),
        (["--capture-fps", "-30"], "30"),
        (["--capture-fps", "0"], "0"),
        (["--capture-fps", "nan"], "nan"),
        (["--movement", "yoga"], "yoga"),
        (["--pose", "magic"], "magic"),
        (["--loudly"], "loudly"),
    ],
)
def test_arguments_that_cannot_be_are_refused_in_one_line(
    run: Run, hinge_clip: Path, tmp_path: Path, args: list[str], words: str
) -> None:
    code, said, err = run("analyse", hinge_clip, "--out", tmp_path / "out", *args)
    assert code == UNUSABLE
    assert said == ""
    assert words in complaint(err)
    assert nothing_in(tmp_path / "out")


@pytest.mark.parametrize("args", [[], ["analyse"], ["dance"]])
def test_too_few_words_or_wrong_ones(run: Run, args: list[str]) -> None:
    code, said, err = run(*args)
    assert code == UNUSABLE
    assert said == ""
    assert complaint(err)


def test_one_bad_clip_does_not_stop_the_others(run: Run, hinge_clip: Path, tmp_path: Path) -> None:
    code, said, err = run("analyse", missing(tmp_path), hinge_clip, "--out", tmp_path / "out", "--no-video")
    assert code == UNUSABLE
    assert "not-there.mp4" in complaint(err)
    assert "2 reps" in said
    assert (tmp_path / "out" / "hinge" / "report.json").is_file()


# --------------------------------------------------------------------------- nothing half-written


def test_an_output_folder_that_is_a_file_is_refused(run: Run, hinge_clip: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", "utf-8")
    code, _, err = run("analyse", hinge_clip, "--out", taken)
    assert code == UNUSABLE
    assert "taken" in complaint(err)
    assert taken.read_text("utf-8") == "mine"


def _no_room(*_: object, **__: object) -> object:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("stage", ["write_overlay", "report_html", "report_text"])
def test_a_run_that_fails_leaves_whole_files_only_and_no_report(
    run: Run, hinge_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    out = tmp_path / "out"
    assert run("analyse", hinge_clip, "--out", out)[0] == USABLE
    monkeypatch.setattr(f"vision.outputs.{stage}", _no_room)
    code, _, err = run("analyse", hinge_clip, "--out", out)
    assert code == UNUSABLE
    assert "No space left" in complaint(err)
    left = {p.name for p in (out / "hinge").iterdir()}
    assert left <= set(NAMES), "no temporary name is left"
    assert "report.json" not in left, "an older report must not speak for a failed run"


def test_an_interrupted_run_leaves_nothing_half_written(
    run: Run, hinge_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Figure):
        def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading:
            raise KeyboardInterrupt

    monkeypatch.setattr(vision.pipeline, "open_pose", lambda _: Stopped(10))
    code, _, err = run("analyse", hinge_clip, "--out", tmp_path / "out")
    assert code == 130
    assert "stopped" in complaint(err)
    assert nothing_in(tmp_path / "out")


# --------------------------------------------------------------------------- live == clip


def _camera_loop(path: Path, model: Figure) -> Report:
    """Pictures as a camera hands them on: one by one, each judged before the next comes."""
    with Clip(path) as clip:
        session = Session(model.skeleton, (clip.width, clip.height))
        athlete = Athlete(model, pelvis=open_networks())
        for frame in clip:
            session.push(athlete(frame))
    return session.finish()


@pytest.mark.parametrize("motion", [fig.hinges(REPS), fig.squats(REPS)])
def test_a_camera_and_a_clip_give_the_same_report(tmp_path: Path, motion: fig.Motion) -> None:
    times = frame_times()
    path = write_clip(tmp_path / "clip.mp4", times, SIZE)
    model = Figure(len(times), motion)
    clip = vision.pipeline.analyse_clip(path, estimator=model).report
    live = _camera_loop(path, model)
    assert len(clip.cycles) == REPS
    for name in (
        "cycles",
        "set_findings",
        "set_score",
        "view",
        "headline",
        "cue",
        "guidance",
        "notes",
        "swaps_repaired",
    ):
        assert repr(getattr(live, name)) == repr(getattr(clip, name)), name
    np.testing.assert_array_equal(live.track.xy, clip.track.xy)
    assert not model.closed, "an open model that was handed in stays open"
