"""What is kept of a film of own arch and tuck: exact, and refused in a line where it is not whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.movements.lockout import Calibration, Level
from vision.outputs.checked import StoredError
from vision.outputs.own_file import NAME, OwnFile, own_text, read_own

OWN = OwnFile(
    Calibration(
        {"ventral_bow": Level(0.1, -0.02, 0.004), "pelvic_tilt": Level(20.0, -11.0, 0.7)},
        {"lumbar_hollow": "not seen in half of the held pictures"},
        (5.5, 9.7),
        (12.25, 16.5),
    ),
    {"pose": "blazepose-full", "models": {"a.onnx": "00"}},
    0.25,
)


def kept(folder: Path, change: Callable[[Any], object] = lambda top: None) -> Path:
    top = json.loads(own_text(OWN))
    change(top)
    path = folder / NAME
    path.write_text(json.dumps(top))
    return path


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    assert read_own(kept(tmp_path)) == OWN


@given(arch=st.floats(-100, 100), span=st.floats(1e-6, 100), sd=st.floats(1e-9, 10))
def test_levels_come_back_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, arch: float, span: float, sd: float
) -> None:
    level = Level(arch, arch - span, sd)
    path = tmp_path_factory.getbasetemp() / "exact.json"
    path.write_text(own_text(OwnFile(Calibration({"ventral_bow": level}), {})))
    assert read_own(path).calibration.levels["ventral_bow"] == level


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda top: top.update(format=2), "another version of Plumbline"),
        (lambda top: top.pop("format"), "another version of Plumbline"),
        (lambda top: top.update(levels={}), "makes no sense"),
        (lambda top: top.update(time_scale=0), "makes no sense"),
        (lambda top: top["refused"].update(spine="x"), "makes no sense"),
        (lambda top: top["levels"]["ventral_bow"].update(sd=0), "an arch above the tuck"),
        (lambda top: top["levels"]["ventral_bow"].update(tuck=0.2), "an arch above the tuck"),
        (lambda top: top["levels"]["ventral_bow"].update(arch="much"), "a number at levels.ventral_bow.arch"),
        (lambda top: top["levels"].update(ventral_bow=3), "a JSON object at levels.ventral_bow"),
        (lambda top: top.update(refused=[]), "a JSON object at refused"),
        (lambda top: top.update(arch_s=[1]), "two times at arch_s"),
        (lambda top: top.pop("made"), "a JSON object at made"),
    ],
)
def test_a_file_that_is_not_whole_costs_one_line(
    tmp_path: Path, change: Callable[[Any], object], words: str
) -> None:
    with pytest.raises(StoredError, match=words) as said:
        read_own(kept(tmp_path, change))
    assert "again" in str(said.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, '{"format": 1'])
def test_what_is_no_such_file_costs_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / NAME
    path.write_text(text)
    with pytest.raises(StoredError, match=r"damaged|a JSON object at its top"):
        read_own(path)
    with pytest.raises(StoredError, match="missing"):
        read_own(tmp_path / "none.json")
