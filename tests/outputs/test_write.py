"""The folder of a clip: complete, each file whole, report.json last."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from tests.outputs import factory
from vision import outputs
from vision.capture import ClipError
from vision.outputs import stills, write_outputs
from vision.outputs.files import whole, write_text
from vision.outputs.report_json import report_schema
from vision.outputs.wording import number_text, value_text
from vision.types import Frame, Verdict

SMALL = (96, 128)
TIMES = np.arange(90) / 30


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return factory.write_clip(tmp_path_factory.mktemp("clip") / "squat.mp4", TIMES, SMALL)


def run(clip: Path, folder: Path, **options: object) -> list[Path]:
    report, info = factory.report(3, SMALL), factory.clip_info(size_wh=SMALL)
    return write_outputs(report, clip, info, folder, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("video", [True, False])
def test_the_folder_holds_everything_and_nothing_else(clip: Path, tmp_path: Path, video: bool) -> None:
    folder = tmp_path / "out" / "squat"
    paths = run(clip, folder, video=video)
    names = {n for n in outputs.NAMES if video or n != "overlay.mp4"}
    assert {p.name for p in paths} == names
    assert {p.name for p in folder.iterdir()} == names
    assert all(p.stat().st_size > 0 for p in paths)
    read = json.loads((folder / "report.json").read_text("utf-8"))
    Draft202012Validator(report_schema()).validate(read)
    html = (folder / "report.html").read_text("utf-8")
    assert html.count("data:image/jpeg;base64,") == 2
    assert ("overlay.mp4" in html) == video


def test_report_json_is_written_last(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    replaced = os.replace

    def watch(source: Path, target: Path) -> None:
        order.append(Path(target).name)
        replaced(source, target)

    monkeypatch.setattr(os, "replace", watch)
    run(clip, tmp_path)
    assert set(order) == set(outputs.NAMES)
    assert order[-1] == "report.json"


def test_a_run_that_fails_leaves_no_report_json(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(clip, tmp_path)

    def fail(*_: object) -> str:
        raise OSError("no space left")

    monkeypatch.setattr(outputs, "report_html", fail)
    with pytest.raises(OSError, match="no space left"):
        run(clip, tmp_path)
    assert not (tmp_path / "report.json").exists()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_without_video_an_older_film_goes(clip: Path, tmp_path: Path) -> None:
    run(clip, tmp_path)
    run(clip, tmp_path, video=False)
    assert not (tmp_path / "overlay.mp4").exists()


def test_a_clip_that_is_gone_is_an_error_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match="expected a video file; there is nothing at"):
        run(tmp_path / "gone.mp4", tmp_path / "out")
    assert not (tmp_path / "out" / "report.json").exists()


def test_nobody_found_is_written_too(clip: Path, tmp_path: Path) -> None:
    report = replace(factory.report(0, SMALL), track=factory.track(1, SMALL)[0:0], curves=(), movement=None)
    paths = write_outputs(report, clip, factory.clip_info(size_wh=SMALL), tmp_path)
    assert {p.name for p in paths} == set(outputs.NAMES)
    assert "No person was found." in (tmp_path / "report.html").read_text("utf-8")


# ------------------------------------------------------------------ files


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.txt", "one\ntwo\r\n°±\n")
    assert path.read_bytes() == "one\ntwo\r\n°±\n".encode()


def test_a_failed_block_keeps_the_older_file(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.txt", "old")

    def write_half() -> None:
        with whole(path) as part:
            part.write_text("half")
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        write_half()
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text() == "old"


def test_files_are_as_readable_as_any_other(tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("x")
    assert write_text(tmp_path / "a.txt", "x").stat().st_mode == plain.stat().st_mode


# ------------------------------------------------------------------ stills


def test_stills_show_best_and_worst_at_the_same_moment() -> None:
    best, worst = stills.plan(factory.report())
    assert (best.role, best.cycle.index, best.row) == ("best", 0, 15)
    assert (worst.role, worst.cycle.index, worst.row) == ("worst", 1, 45)
    assert worst.finding is not None
    assert worst.finding.fault == "knees_cave"


def test_equal_repetitions_need_one_still_and_unscored_ones_none() -> None:
    report = factory.report()
    good = tuple(factory.cycle(i, report.cycles[0].findings, 100) for i in range(3))
    assert [p.role for p in stills.plan(replace(report, cycles=good))] == ["best"]
    unscored = tuple(replace(c, score=None) for c in report.cycles)
    assert stills.plan(replace(report, cycles=unscored)) == ()


def test_a_still_is_cut_around_the_athlete() -> None:
    size_wh = (1280, 720)
    report = factory.report(3, size_wh)
    plans = stills.plan(report)
    frames = {
        int(report.track.index[p.row]): Frame(np.zeros((720, 1280, 3), np.uint8), 0.5, p.row) for p in plans
    }
    made = stills.make(report, plans, frames)
    assert len(made) == 2
    assert made[0].size_wh == made[1].size_wh
    assert all(s.jpeg[:2] == b"\xff\xd8" for s in made)
    for one in plans:
        xy = report.track.xy[one.row]
        wide, high = stills.crop([xy], size_wh)
        span = np.nanmax(xy, axis=0) - np.nanmin(xy, axis=0)
        assert wide >= min(span[0], 1280)
        assert high >= min(span[1], 720)
    assert stills.make(report, plans, {}) == ()


# ------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("value", "unit", "error95", "text"),
    [
        (14.2, "deg", 4.2, "14° ± 4°"),
        (14.26, "deg", 0.4, "14.3° ± 0.4°"),
        (0.8412, "ratio", 0.06, "0.84 ± 0.06"),
        (-0.2, "%", 2.6, "0 ± 3 %"),
        (-5.6, "deg", 2.6, "−6° ± 3°"),
        (0.1043, "s", 0.004, "0.104 ± 0.004 s"),
        (0.09, "foot lengths", 0.05, "0.09 ± 0.05 foot lengths"),
        (90.0, "deg", None, "90°"),
    ],
)
def test_values_are_told_as_exactly_as_they_are_known(
    value: float, unit: str, error95: float | None, text: str
) -> None:
    criterion = replace(factory.SHIFT, unit=unit)
    assert value_text(factory.finding(criterion, value, Verdict.GOOD, error95=error95)) == text


def test_minus_nought_is_nought() -> None:
    assert number_text(-0.001, "deg", 1.0) == "0.0°"
    assert number_text(-0.001, "deg", 5.0) == "0°"
