"""The kinogram as data and as a strip."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from functools import cache

import jsonschema
import numpy as np
from PIL import Image

from tests.movements.sprinters import SIZE, Filmed, Sprinter
from tests.outputs.factory import clip_info, report
from vision.outputs import kinogram
from vision.outputs.page import report_html
from vision.outputs.report_back import parse_report
from vision.outputs.report_json import report_schema, report_text
from vision.types import KINOGRAM, Frame, Report


@cache
def sprint() -> Report:
    return Filmed(fps=120.0).report(Sprinter())


def frames(rep: Report) -> list[Frame]:
    grey = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)
    return [Frame(grey, i / 120, i) for i in sorted(kinogram.frames_of(rep))]


def test_it_is_in_the_report_and_read_back() -> None:
    text = report_text(sprint(), clip_info())
    jsonschema.validate(json.loads(text), report_schema())
    back, _ = parse_report(text)
    assert [(r.side, r.step, dict(r.frames)) for r in back.kinogram] == [
        (r.side, r.step, dict(r.frames)) for r in sprint().kinogram
    ]


def test_a_report_without_one_is_read_as_before() -> None:
    data = json.loads(report_text(sprint(), clip_info()))
    del data["kinogram"]
    jsonschema.validate(data, report_schema())
    assert parse_report(json.dumps(data))[0].kinogram == ()


def test_the_strip_has_a_row_a_step_and_five_pictures_a_row() -> None:
    rep = sprint()
    png = kinogram.strip_png(rep, frames(rep))
    assert png is not None
    sheet = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    shown = kinogram.rows(rep)
    assert [r.side for r in shown] == sorted(r.side for r in shown)
    tall = sheet.shape[0] / (len(shown) + 0.1)
    wide = (sheet.shape[1] - 110) / len(KINOGRAM)
    for number, row in enumerate(shown):
        for column, name in enumerate(KINOGRAM):
            part = sheet[int(30 + number * (tall - 1)) :, int(112 + column * wide) :][:300, :250]
            drawn = (np.ptp(part, axis=2) > 60).sum() > 100  # limbs are in colour, all else is grey
            assert drawn == (row.frames[name] is not None), (number, name)


def test_no_steps_no_strip() -> None:
    assert kinogram.strip_png(report(), []) is None
    assert kinogram.strip_png(replace(sprint(), kinogram=()), []) is None


def test_the_strip_says_what_its_frame_rate_cannot_give_and_what_is_missing() -> None:
    assert "4 ms" in kinogram.remarks(sprint())[0]
    slow = replace(sprint(), track=replace(sprint().track, t_s=sprint().track.t_s * 2))
    assert "Too few to time" in kinogram.remarks(slow)[0]
    assert "Too few to time" not in kinogram.remarks(sprint())[0]
    whole = replace(sprint(), kinogram=tuple(r for r in sprint().kinogram if None not in r.frames.values()))
    assert any("Not seen" in line for line in kinogram.remarks(sprint()))
    assert not any("Not seen" in line for line in kinogram.remarks(whole))


def test_a_long_run_shows_the_steps_of_which_most_was_seen() -> None:
    whole = next(r for r in sprint().kinogram if None not in r.frames.values())
    bare = replace(whole, frames=dict.fromkeys(KINOGRAM, None) | {"full_support": 1})
    run = [replace(whole if step in (9, 11) else bare, side="left", step=step) for step in range(14)]
    shown = [r.step for r in kinogram.rows(replace(sprint(), kinogram=tuple(run)))]
    assert shown == [0, 1, 2, 3, 9, 11]
    chosen = [*run[:-1], replace(run[-1], by_hand=("strike",))]
    assert 13 in [r.step for r in kinogram.rows(replace(sprint(), kinogram=tuple(chosen)))]


def test_a_foot_that_lands_twice_in_a_row_is_told() -> None:
    assert kinogram.mixed_up(sprint()) == 0
    cycles = list(sprint().cycles)
    other = "left" if cycles[1].cycle.side == "right" else "right"
    cycles[1] = replace(cycles[1], cycle=replace(cycles[1].cycle, side=other))
    wrong = replace(sprint(), cycles=tuple(cycles))
    assert kinogram.mixed_up(wrong) == 2
    assert any("2 times the same foot" in line for line in kinogram.remarks(wrong))
    cycles = list(sprint().cycles)
    cycles[-1] = replace(cycles[-1], cycle=replace(cycles[-1].cycle, side=cycles[-2].cycle.side))
    assert any("not sure: once the same" in s for s in kinogram.remarks(replace(wrong, cycles=tuple(cycles))))
    without = replace(sprint(), cycles=(*sprint().cycles[:1], *sprint().cycles[2:]))
    assert kinogram.mixed_up(without) == 0, "a step that was not seen is no mix-up"


def test_the_page_shows_it_and_says_that_nothing_is_judged() -> None:
    rep = sprint()
    page = report_html(rep, clip_info(), strip=kinogram.strip_png(rep, frames(rep)))
    assert "data:image/png;base64," in page
    assert "Kinogram" in page
    assert "Told, not judged" in page
    assert "Too little was seen" not in page
    assert "Each score starts" not in page
    assert "good zone" not in page
    assert re.search(r'<img class="strip-picture" src="data:image/png', page)
    assert re.search(r"\.strip-picture \{[^}]*width: 100%", page), "all five pictures are on the page"
    assert "Kinogram" not in report_html(report(), clip_info())
