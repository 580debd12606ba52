"""A camera as frames, with a made one behind it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np
import pytest

from vision import camera
from vision.camera import LOST_S, Camera, CameraError

BLUE = np.zeros((4, 6, 3), np.uint8)
BLUE[..., 0] = 200  # as OpenCV orders colours


class Made:
    """Gives its pictures one after the other, None where the camera gives none, then None for ever."""

    def __init__(self, pictures: Sequence[Any], *, opens: bool = True) -> None:
        self._pictures = list(pictures)
        self._opens = opens
        self.released = False

    def isOpened(self) -> bool:
        return self._opens

    def read(self) -> tuple[bool, Any]:
        picture = self._pictures.pop(0) if self._pictures else None
        return picture is not None, picture

    def release(self) -> None:
        self.released = True


class Clock:
    """Seconds that pass by ``step_s`` each time one looks."""

    def __init__(self, step_s: float) -> None:
        self._step_s = step_s
        self._now_s = 100.0

    def __call__(self) -> float:
        self._now_s += self._step_s
        return self._now_s


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera.time, "sleep", lambda seconds: None)


def test_pictures_come_numbered_in_red_green_blue_with_seconds_that_go_forward() -> None:
    made = Made([BLUE, None, BLUE, BLUE])
    with Camera(0, opener=lambda source: made, clock=Clock(0.05)) as source:
        frames = list(islice(source, 3))
    assert [f.index for f in frames] == [0, 1, 2]
    assert [f.t_s for f in frames] == pytest.approx([0.05, 0.15, 0.20])
    assert frames[0].rgb[0, 0].tolist() == [0, 0, 200]
    assert made.released


def test_two_pictures_of_one_moment_are_one() -> None:
    made = Made([BLUE] * 4)
    ticks = iter([0.0, 0.1, 0.1, 0.1, 0.3])
    frames = list(islice(Camera(0, opener=lambda source: made, clock=lambda: next(ticks)), 2))
    assert [f.t_s for f in frames] == [0.1, 0.3]


def test_a_camera_pulled_out_is_told() -> None:
    made = Made([BLUE] * 3)
    source = Camera(0, opener=lambda number: made, clock=Clock(LOST_S / 10))
    frames = iter(source)
    assert len(list(islice(frames, 3))) == 3
    with pytest.raises(CameraError, match="stopped sending pictures; plug it in"):
        next(frames)


def test_a_camera_that_does_not_open_is_told_and_let_go() -> None:
    made = Made([], opens=False)
    with pytest.raises(CameraError, match="expected a camera at 3, none answers"):
        Camera(3, opener=lambda source: made)
    assert made.released
