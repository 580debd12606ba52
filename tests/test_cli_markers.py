"""Stickers on the command line: nonsense is told in one line and nothing is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.filmed import VIDEOS
from vision.__main__ import UNUSABLE, main

CLIP = str(VIDEOS / "markers_walk_rear_right_hip_drops.mp4")
TWO = ["--marker", "left_psis=0.44,0.52", "--marker", "right_psis=0.55,0.52"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--marker", "left_psis=0.44,0.52"], "expected 2 to 4 markers, got 1"),
        (["--marker", "tail=0.44,0.52", "--marker", "rib=0.5,0.5"], "expected a marker among"),
        (["--marker", "left_psis=0.44,7", "--marker", "right_psis=0.5,0.5"], "within the picture"),
        ([*TWO, "--markers", "auto"], "got both"),
        (["--marker-frame", "3"], "with --marker-frame"),
        ([*TWO, "--marker-frame", "-1"], "from 0 up, got -1"),
    ],
)
def test_nonsense_is_one_line(
    options: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", CLIP, *options, "--out", str(tmp_path)]) == UNUSABLE
    told = capsys.readouterr().err.strip()
    assert says in told
    assert "\n" not in told
    assert not list(tmp_path.iterdir())


def test_what_is_no_marker_at_all_is_told_by_the_parser(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["analyse", CLIP, "--marker", "left_psis"])
    assert "expected NAME=X,Y such as left_psis=0.44,0.52" in capsys.readouterr().err
