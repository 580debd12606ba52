"""The plain window, with a made camera, a made pose model and a screen that only remembers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests import figures as fig
from vision import __main__ as cli
from vision.capture import Clip
from vision.live import End, Eyes, LiveSet, Phase
from vision.live.following import COMPANY_TEXT
from vision.live.window import Trained, train
from vision.outputs.live_view import KEY_END, KEY_PAIN
from vision.pose.base import BLAZEPOSE, Mask, Reading, Region
from vision.types import Frame, ImageArray, Pose

pytestmark = pytest.mark.usefixtures("no_pelvis_networks")

WAIT_S = 90.0
FPS = 15.0
STAND_S = 7.0
REPS = 2
BODY = Region(320.0, 360.0, 600.0, 0.0)


def picture(number: int, size_wh: tuple[int, int] = fig.SIZE, grey: int = 120) -> ImageArray:
    """A grey picture that carries its number in the upper left corner."""
    rgb = np.full((size_wh[1], size_wh[0], 3), grey, np.uint8)
    rgb[:8, :8] = (number // 256, number % 256, 7)
    return rgb


class Model:
    """Reads the poses of a made set, each in the picture that carries its number."""

    name = "made"
    skeleton = BLAZEPOSE
    model_files: tuple[str, ...] = ()

    def __init__(self, poses: Sequence[Pose], *, others: Callable[[int], int] = lambda number: 0) -> None:
        self._poses = poses
        self._others = others
        self.read_up_to = -1

    def find(self, rgb: ImageArray) -> list[Region]:
        others = self._others(int(rgb[0, 0, 0]) * 256 + int(rgb[0, 0, 1]))
        return [BODY, *(replace(BODY, cx=BODY.cx + 700.0 * (i + 1)) for i in range(others))]

    def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading | None:
        number = int(rgb[0, 0, 0]) * 256 + int(rgb[0, 0, 1])
        self.read_up_to = number
        pose = self._poses[number]
        assert pose.world_m is not None
        mask: Mask | None = None
        return Reading(pose.xy, pose.score, pose.world_m, 1.0, region, mask)

    def close(self) -> None:
        """Nothing to free."""


def squats() -> list[Pose]:
    """Standing, then two squats."""
    motion = fig.squats(REPS)
    moments = fig.clock(STAND_S + fig.set_length(REPS), FPS)
    return fig.film(lambda t_s: motion(max(0.0, t_s - STAND_S)), replace(fig.FRONT, noise_px=0.2), moments)


def camera(model: Model, poses: Sequence[Pose], read: int = 10**6) -> Iterator[Frame]:
    """Pictures as fast as the first ``read`` of them are read; the others as fast as they are shown."""
    for number, pose in enumerate(poses):
        yield Frame(picture(number), pose.t_s, number)
        end_s = time.monotonic() + WAIT_S
        while number < read and model.read_up_to < number and time.monotonic() < end_s:
            time.sleep(0.001)
        assert model.read_up_to >= number or number >= read, "nobody reads the pictures"


class Memory:
    """A screen that remembers how many pictures it was shown, and presses keys."""

    def __init__(self, keys: Callable[[int], str | None] = lambda count: None) -> None:
        self._keys = keys
        self.pictures = 0
        self.last: ImageArray | None = None

    def show(self, rgb: ImageArray) -> str | None:
        self.pictures += 1
        self.last = rgb
        return self._keys(self.pictures)


def trained(
    keys: Callable[[int], str | None], keep: Path | None = None, read: int = 10**6
) -> tuple[Trained, Memory, list[str]]:
    poses = squats()
    model = Model(poses)
    screen = Memory(keys)
    played: list[str] = []
    return (
        train("squat", camera(model, poses, read), screen, model, play=played.append, keep=keep),
        screen,
        played,
    )


def test_a_set_in_the_window_is_counted_reported_and_kept_when_asked(tmp_path: Path) -> None:
    keep = tmp_path / "set.mp4"
    done, screen, played = trained(lambda count: None, keep)
    assert len(done.report.cycles) == REPS
    assert done.report.movement == "squat"
    assert done.report.provenance["pose"] == "made"
    assert done.ended_by is End.ASKED
    assert played == []
    assert screen.pictures == len(squats())
    assert done.recording == keep
    with Clip(keep) as clip:
        frames = list(clip)
    assert len(frames) == len(done.report.track)
    gaps = np.diff([f.t_s for f in frames])
    assert gaps == pytest.approx(np.diff(done.report.track.t_s), abs=0.002)
    assert list(tmp_path.iterdir()) == [keep]


def test_nothing_is_kept_that_was_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done, _, _ = trained(lambda count: KEY_END if count == 20 else None)
    assert done.recording is None
    assert done.report.cycles == ()
    assert list(tmp_path.iterdir()) == []


def test_the_pain_key_ends_the_set_and_the_words_stay_to_be_read(tmp_path: Path) -> None:
    keep = tmp_path / "set.mp4"
    done, screen, played = trained(lambda count: KEY_PAIN if count == 140 else None, keep, read=139)
    assert done.ended_by is End.PAIN
    assert "doctor" in done.sentence
    assert played == ["stop"]
    assert screen.pictures > 150


def test_a_camera_that_fails_is_told_and_the_thread_ends(tmp_path: Path) -> None:
    poses = squats()
    model = Model(poses)

    def broken() -> Iterator[Frame]:
        yield from camera(model, poses[:120])
        raise OSError("the camera stopped sending pictures")

    with pytest.raises(OSError, match="stopped sending"):
        train("squat", broken(), Memory(), model, keep=tmp_path / "set.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_failing_model_is_told() -> None:
    class Failing(Model):
        def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading | None:
            self.read_up_to = 10**6
            raise RuntimeError("the model broke")

    poses = squats()
    model = Failing(poses)
    with pytest.raises(RuntimeError, match="the model broke"):
        train("squat", camera(model, poses), Memory(), model)


# --------------------------------------------------------------------------- pictures through the eyes


def looked(
    change: Callable[[int], dict[str, object]], others: Callable[[int], int] = lambda number: 0
) -> list[tuple[Phase, str, End | None]]:
    """The set with pictures changed by ``change(number)``: phase, sentence and end after each."""
    poses = squats()
    model = Model(poses, others=others)
    live = LiveSet("squat", BLAZEPOSE, eyes=Eyes(model), hands_free=False)
    out: list[tuple[Phase, str, End | None]] = []
    for number, pose in enumerate(poses):
        how: dict[str, object] = change(number)
        u = live.push(Frame(picture(number, **how), pose.t_s, number))  # type: ignore[arg-type]
        out.append((u.phase, u.sentence, u.ended_by))
    return out


def test_a_picture_made_smaller_is_read_on_and_told() -> None:
    updates = looked(lambda number: {"size_wh": (320, 360)} if number >= 60 else {})
    assert all("320 × 360" in sentence for _, sentence, _ in updates[60:])
    assert all("smaller" not in sentence for _, sentence, _ in updates[:60])
    assert updates[-1][2] is None


def test_a_picture_made_larger_is_read_on_and_not_called_smaller() -> None:
    updates = looked(lambda number: {"size_wh": (1280, 1440)} if number >= 60 else {})
    assert all("smaller" not in sentence for _, sentence, _ in updates)
    assert updates[-1][2] is None


def test_a_picture_of_another_shape_ends_the_set_with_a_sentence() -> None:
    updates = looked(lambda number: {"size_wh": (720, 640)} if number >= 60 else {})
    assert updates[59][2] is None
    assert updates[60][2] is End.TURNED
    assert "shape" in updates[60][1]


def test_darkness_and_company_are_told_in_the_middle_of_a_set() -> None:
    dark = looked(lambda number: {"grey": 5} if number >= 60 else {})
    assert "dark" in dark[-1][1]
    company = looked(lambda number: {}, others=lambda number: number > 60)
    assert company[-1][1] == COMPANY_TEXT
    assert COMPANY_TEXT not in {sentence for _, sentence, _ in company[:60]}


# --------------------------------------------------------------------------- the command


def test_a_camera_that_is_not_there_is_one_clear_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["live", "--movement", "squat", "--camera", "63"]) == 2
    out = capfd.readouterr()
    assert out.out == ""
    assert out.err.count("\n") == 1
    assert "expected a camera at 63, none answers" in out.err
