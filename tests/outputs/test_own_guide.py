"""The picture of own arch and tuck is the program's, and shows the arch above the tuck."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from vision.outputs.own_guide import main, svg

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


def test_the_picture_in_the_docs_is_the_programs(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 0
    (made,) = tmp_path.iterdir()
    assert (IMAGES / made.name).read_text("utf-8") == made.read_text("utf-8") == svg()


def test_the_back_bends_up_in_the_arch_and_down_in_the_tuck() -> None:
    paths = [e.attrib["d"] for e in ElementTree.fromstring(svg()).iter() if e.tag.endswith("path")]
    bends = [float(found[1]) for d in paths if (found := re.search(r"Q\S+ (\S+) ", d))]
    level, arch, tuck = bends
    assert arch < level < tuck
