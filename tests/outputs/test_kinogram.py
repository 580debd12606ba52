"""The kinogram as data and as a strip."""

from __future__ import annotations

import io
import json
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


def test_the_page_shows_it_and_says_that_nothing_is_judged() -> None:
    rep = sprint()
    page = report_html(rep, clip_info(), strip=kinogram.strip_png(rep, frames(rep)))
    assert "data:image/png;base64," in page
    assert "Kinogram" in page
    assert "Told, not judged" in page
    assert "Too little was seen" not in page
    assert "Kinogram" not in report_html(report(), clip_info())
