"""The live picture: mirrored, sides kept, letters large."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests import figures as fig
from vision.movements import MOVEMENTS
from vision.outputs import live_view
from vision.outputs.lettering import text_size
from vision.outputs.live_view import LARGE, NoWindow, Screen, Shown, broken, letters, live_picture
from vision.outputs.palette import LEFT, RIGHT
from vision.pose.base import BLAZEPOSE
from vision.types import Verdict

CUES = sorted(
    {f.cue for m in MOVEMENTS.values() for f in m.table.faults.values()} | {"Stop set", "Good, like that"}
)


def drawn(shown: Shown, rgb: np.ndarray | None = None) -> np.ndarray:
    given = np.zeros((480, 640, 3), np.uint8) if rgb is None else rgb
    return live_picture(given, shown, BLAZEPOSE, least_score=0.3)


def test_the_picture_is_a_mirror_and_leaves_the_given_one_alone() -> None:
    rgb = np.zeros((480, 640, 3), np.uint8)
    rgb[200:280, 500:600] = (10, 200, 30)
    before = rgb.copy()
    out = drawn(Shown(0), rgb)
    assert out.shape == (720, 960, 3)
    green = np.argwhere((out == (10, 200, 30)).all(axis=2))
    assert green[:, 1].mean() / 960 == pytest.approx((640 - 550) / 640, abs=0.01)
    assert np.array_equal(rgb, before)


def test_the_skeleton_is_mirrored_with_its_sides() -> None:
    xy = fig.FRONT.xy(fig.standing(fig.Stance())) * (480 / 720) + (100, 0)
    out = drawn(Shown(0, xy=xy, score=np.ones(33)))
    legs = out[450:600]
    where = {
        side: np.argwhere((legs == colour).all(axis=2))[:, 1].mean()
        for side, colour in (("l", LEFT), ("r", RIGHT))
    }
    left, right = (960 - 1.5 * xy[BLAZEPOSE.index[f"{s}_knee"], 0] for s in ("left", "right"))
    assert where["l"] == pytest.approx(left, abs=12)
    assert where["r"] == pytest.approx(right, abs=12)
    assert where["l"] < where["r"]  # as in a mirror: the left leg on the left


def test_points_that_are_not_sure_are_not_drawn() -> None:
    xy = fig.FRONT.xy(fig.standing(fig.Stance())) * (480 / 720)
    unsure = drawn(Shown(0, xy=xy, score=np.full(33, 0.1)))
    assert np.array_equal(unsure, drawn(Shown(0)))


@pytest.mark.parametrize("cue", CUES)
@pytest.mark.parametrize("size", [(960, 720), (960, 540)])
def test_every_cue_fits_in_large_letters(cue: str, size: tuple[int, int]) -> None:
    px, lines = letters(cue, size[0], size[1])
    assert " ".join(lines) == cue
    assert len(lines) <= 2
    assert px >= 0.7 * LARGE * size[1]
    assert max(text_size(line, px, bold=True)[0] for line in lines) <= size[0] - 2 * px


def test_what_is_said_changes_the_picture_with_its_sign() -> None:
    plain = drawn(Shown(2))
    pictures = [drawn(Shown(2, "Knees out", v)) for v in (Verdict.CAUTION, Verdict.FAULT)]
    assert not np.array_equal(pictures[0], plain)
    assert not np.array_equal(*pictures)
    assert not np.array_equal(drawn(Shown(3)), plain)
    assert np.array_equal(drawn(Shown(2, sentence="")), plain)


def test_long_sentences_are_broken_between_words() -> None:
    text = "Your feet are out of the picture: step back or tilt the camera down."
    lines = broken(text, 40, 700)
    assert " ".join(lines) == text
    assert len(lines) > 1
    assert all(text_size(line, 40)[0] <= 700 for line in lines)
    assert broken("", 40, 700) == []


def test_without_a_screen_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_view.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(NoWindow, match="expected a screen, this session has none"):
        Screen("Plumbline")


def test_an_opencv_without_windows_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise cv2.error("The function is not implemented")

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(live_view.cv2, "namedWindow", missing)
    with pytest.raises(NoWindow, match="built without windows"):
        Screen("Plumbline")
