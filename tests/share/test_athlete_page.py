"""An athlete's page: complete in itself, and no change named that the error hides."""

from __future__ import annotations

import base64
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from tests.share.conftest import SECRET_NAME
from vision.share.athlete_page import athlete_page
from vision.store import NotFound, Viewer

VOID = {"meta", "link", "br", "img", "input", "hr", "circle", "path", "line", "polygon", "polyline"}


class Checked(HTMLParser):
    """Tags that open and close in order, and every address named."""

    def __init__(self):
        super().__init__()
        self.open, self.addresses = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.addresses += [v for k, v in attrs if k in ("src", "href", "action", "srcset")]

    def handle_startendtag(self, tag, attrs):
        self.addresses += [v for k, v in attrs if k in ("src", "href", "action", "srcset")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def page_of(room, *period):
    return athlete_page(room.shelf, room.athlete.id, *period)


def test_a_page_of_two_sets(room):
    room.add(1, 10.0)
    room.add(9, 1.0, verdict="good")
    page = page_of(room)
    checked = Checked()
    checked.feed(page)
    assert checked.open == []
    assert checked.addresses == []
    assert not re.search(r"https?:|url\(|@import|<script", page)
    assert SECRET_NAME in page
    assert "2026-03-01 to 2026-03-09 · 2 sets" in page
    assert "not a diagnosis" in page
    assert "better: now good" in page
    assert page.count("<g><title>") == 2
    assert "@media print" in page


def test_no_day_is_cut_off_at_the_edge(room):
    room.add(1, 10.0)
    room.add(28, 12.0)
    page = page_of(room)
    wide = float(re.search(r'class="course" viewBox="0 0 (\d+)', page)[1])
    ends = [float(x) for x in re.findall(r'<text x="([\d.]+)" [^>]*text-anchor="middle">2026-', page)]
    assert len(ends) == 2
    assert max(ends) <= wide - 35, "a day is 70 px wide"


def test_a_difference_within_the_error_is_none(room):
    room.add(1, 10.0)
    room.add(9, 12.0)
    page = page_of(room)
    assert "is within the error" in page
    assert not re.search(r"\bbetter\b|\bworse\b", page)


def test_views_are_drawn_apart(room):
    room.add(1, 10.0)
    room.add(9, 30.0, view="side")
    page = page_of(room)
    assert "<figure>" not in page, "one set alone is no course"
    assert page.count("Seen in one set so far") == 1
    assert page.count("filmed from the side") == 1
    found = re.search(r'behind</span></td><td class="n">([^<]*)</td><td class="n">2026-03-01', page)
    assert found is not None
    assert re.match(r"10.* ± ", found[1])


def test_a_tag_stands_with_its_set_and_a_dash_is_explained(room):
    one = room.add(1, 10.0)
    room.shelf.change_set(one.id, tags=("bend left",))
    page = page_of(room)
    assert "#bend left" in page
    assert "told and not judged, as a sprint is" in page


def test_the_period_has_both_its_ends(room):
    for day in (1, 5, 9):
        room.add(day, float(day))
    page = page_of(room, date(2026, 3, 5), date(2026, 3, 9))
    assert "2026-03-05 to 2026-03-09 · 2 sets" in page
    assert "2026-03-01" not in page
    assert "No finished set" in page_of(room, date(2026, 4, 1))
    with pytest.raises(ValueError, match="ends before it begins"):
        page_of(room, date(2026, 3, 5), date(2026, 3, 1))


def test_values_without_an_error_are_not_drawn(room):
    room.add(1, 10.0, None)
    page = page_of(room)
    assert "not told: its error is not known" in page
    assert '<svg class="course"' not in page
    room.add(2, 10.0, None)
    assert "2 values are not drawn: the error is not known." in page_of(room)


def test_texts_of_people_are_escaped(room):
    room.shelf.rename_athlete(room.athlete.id, '<b onload="x">&')
    room.add()
    page = page_of(room)
    assert "&lt;b onload=" in page
    assert "<b onload" not in page


def test_the_kinograms_of_the_latest_runs_are_on_the_page(room):
    png = b"\x89PNG a picture"
    for day in range(1, 7):
        one = room.add(day)
        if day != 2:  # a set without a kinogram, as a squat is
            (room.results(one) / "kinogram.png").write_bytes(png + bytes([day]))
    page = athlete_page(room.shelf, room.athlete.id, pictures=True)
    checked = Checked()
    checked.feed(page)
    found = [base64.b64decode(a.removeprefix("data:image/png;base64,")) for a in checked.addresses]
    assert found == [png + bytes([day]) for day in (6, 5, 4, 3)]
    assert "1 older one is not shown" in page
    assert "img-src data:" in page
    assert not re.search(r"https?:|url\(|@import|<script", page)
    assert "Kinograms" not in page_of(room)  # they show faces: only where somebody asks
    assert "data:" not in page_of(room)


def test_of_nobody_and_of_somebody_elses_athlete(room):
    with pytest.raises(NotFound, match="no such athlete"):
        athlete_page(room.shelf, "nobody")
    with pytest.raises(NotFound, match="no such athlete"):
        athlete_page(room.library.shelf(Viewer("somebody else")), room.athlete.id)
