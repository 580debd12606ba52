"""The pictures of where stickers go are those that the program draws, and name real stickers."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from vision.outputs.marker_guide import GUIDES, main, svg
from vision.types import MARKER_NAMES

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


@pytest.mark.parametrize("name", list(GUIDES))
def test_the_picture_in_the_docs_is_the_programs(name: str) -> None:
    assert (IMAGES / f"markers-{name}.svg").read_text("utf-8") == svg(GUIDES[name])


@pytest.mark.parametrize("name", list(GUIDES))
def test_every_sticker_is_drawn_inside_and_named(name: str) -> None:
    root = ElementTree.fromstring(svg(GUIDES[name]))
    circles = [e for e in root.iter() if e.tag.endswith("circle")]
    texts = {e.text for e in root.iter() if e.tag.endswith("text")}
    assert len(circles) == len(GUIDES[name].stickers)
    for sticker in GUIDES[name].stickers:
        assert sticker.name in MARKER_NAMES
        assert sticker.name in texts
    assert all(0 < float(c.attrib["cx"]) < 720 and 0 < float(c.attrib["cy"]) < 320 for c in circles)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 2
    assert "expected one folder that exists" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 0
    assert len(list(tmp_path.glob("markers-*.svg"))) == len(GUIDES)
