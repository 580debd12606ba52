"""The recording of a live set: cut where the set ends, gone unless it is saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.clips import number, picture
from vision.capture import Clip
from vision.outputs.recording import Recording
from vision.types import Frame

SIZE = (96, 72)
TIMES = np.cumsum([0.0, *([0.033, 0.07, 0.033] * 13)])


def filled(path: Path) -> Recording:
    recording = Recording(path)
    for i, t_s in enumerate(TIMES):
        recording.add(Frame(picture(i, SIZE), float(t_s), i))
    return recording


def test_every_picture_keeps_its_time(tmp_path: Path) -> None:
    path = tmp_path / "set.mp4"
    assert filled(path).save() == path
    with Clip(path) as clip:
        frames = list(clip)
    assert [number(f.rgb) for f in frames] == list(range(len(TIMES)))
    assert [f.t_s for f in frames] == pytest.approx(TIMES, abs=0.001)
    assert list(tmp_path.iterdir()) == [path]


def test_it_is_cut_where_the_set_ends(tmp_path: Path) -> None:
    path = filled(tmp_path / "set.mp4").save(until_s=float(TIMES[20]))
    assert path is not None
    with Clip(path) as clip:
        assert [number(f.rgb) for f in clip] == list(range(21))


def test_begun_anew_it_forgets_and_unsaved_it_leaves_nothing(tmp_path: Path) -> None:
    recording = filled(tmp_path / "set.mp4")
    assert len(list(tmp_path.iterdir())) == 1
    recording.restart()
    assert list(tmp_path.iterdir()) == []
    assert recording.save() is None
    recording.add(Frame(picture(7, SIZE), 0.0, 0))
    recording.add(Frame(picture(8, (64, 48)), 0.1, 1))  # another size: left out
    recording.add(Frame(picture(9, SIZE), 0.2, 2))
    path = recording.save()
    assert path is not None
    with Clip(path) as clip:
        assert [number(f.rgb) for f in clip] == [7, 9]
