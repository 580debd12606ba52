"""The pages say what is so: the worked example runs, worked figures are right, links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from vision.movements import MOVEMENTS
from vision.scoring import judge
from vision.types import Measurement, Verdict

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "adding-a-movement.md"
BLOCK = re.compile(r"^```\w+ file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDED = re.compile(r"^```python add=vision/movements/__init__.py\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "videos" / "README.md",
    *(ROOT / "docs").glob("*.md"),
]


def blocks() -> dict[str, str]:
    """The page's files by the path that each block names."""
    return dict(BLOCK.findall(PAGE.read_text("utf-8")))


def test_the_example_is_whole() -> None:
    assert set(blocks()) == {
        "vision/movements/fencing_lunge.py",
        "vision/movements/fencing_lunge.toml",
        "tests/movements/test_fencing_lunge.py",
    }


def registry() -> str:
    """Today's registry with the page's import and the page's name put in."""
    (lines,) = ADDED.findall(PAGE.read_text("utf-8"))
    imported, name = lines.split("\n\n")
    today = (ROOT / "vision" / "movements" / "__init__.py").read_text("utf-8")
    last = today.rindex("        ", 0, today.index("    )\n}"))
    first = today.index("from vision.movements.base")
    return today[:first] + imported + "\n" + today[first:last] + name + today[last:]


def test_the_example_runs_as_the_page_says(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "vision", tmp_path / "vision", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in {**blocks(), "vision/movements/__init__.py": registry()}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-W", "error"]
    tested = subprocess.run(
        [sys.executable, *words, "tests"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120
    )
    assert "4 passed" in tested.stdout, tested.stdout + tested.stderr
    listed = subprocess.run(
        [sys.executable, "-m", "vision", "movements"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert "fencing_lunge: Fencer's lunge" in listed.stdout, listed.stderr


# --------------------------------------------------------------------------- docs/how-it-judges.md


@pytest.mark.parametrize(
    ("ratio", "points"), [(0.92, 0.0), (0.895, 7.5), (0.87, 15.0), (0.82, 30.0), (0.6, 60.0)]
)
def test_the_worked_points_are_right(ratio: float, points: float) -> None:
    row = replace(MOVEMENTS["squat"].table.criteria["knee_ankle_ratio"], definition_sd=0.0)
    finding = judge(row, Measurement(ratio, 0.001, 0), None, 0.0, 0)
    assert finding.penalty == pytest.approx(points, abs=0.05)


@pytest.mark.parametrize(
    ("sd", "verdict"), [(1.0, Verdict.FAULT), (3.0, Verdict.CAUTION), (7.2, Verdict.UNKNOWN)]
)
def test_the_worked_verdicts_are_right(sd: float, verdict: Verdict) -> None:
    row = replace(MOVEMENTS["bridge"].table.criteria["hip_extension"], definition_sd=0.0)
    assert judge(row, Measurement(12.0, sd, 0), None, 0.0, 0).verdict is verdict


# --------------------------------------------------------------------------- all pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_every_movement_and_view_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for movement in MOVEMENTS.values():
        assert f"`{movement.name}`" in text
