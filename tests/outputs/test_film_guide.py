"""The pictures of where the camera stands are the program's, and every new movement has its own."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.movements.moving import TAKES
from vision.movements import MOVEMENTS
from vision.outputs.film_guide import GUIDES, main, picture_name, svg

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


def test_the_pictures_in_the_docs_are_the_programs() -> None:
    for name, guide in GUIDES.items():
        assert (IMAGES / f"film-{name}.svg").read_text("utf-8") == svg(guide), name


def test_everything_is_drawn_inside_its_frame() -> None:
    for name, guide in GUIDES.items():
        root = ElementTree.fromstring(svg(guide))
        lines = [e.attrib["points"] for e in root.iter() if e.tag.endswith("polyline")]
        points = [tuple(map(float, p.split(","))) for line in lines for p in line.split()]
        assert all(440 < x < 660 and 48 < y < 258 for x, y in points), name


@pytest.mark.parametrize("name", list(TAKES))
def test_every_view_worth_filming_has_its_picture(name: str) -> None:
    for plane in MOVEMENTS[name].views:
        assert (IMAGES / picture_name(name, plane)).is_file(), plane


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 2
    assert "expected one folder that exists" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 0
    assert len(list(tmp_path.glob("film-*.svg"))) == len(GUIDES)
