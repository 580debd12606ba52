"""report.html: verdict first, everything said, nothing fetched, nothing run."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.outputs import factory
from vision.outputs import plots, stills
from vision.outputs.content import band_text, deductions, entries, gaps, table, tiles
from vision.outputs.page import report_html
from vision.outputs.sides import asymmetry_texts
from vision.types import Curve, Frame, Guidance, Report, Verdict

VOID = {"meta", "br", "img", "input", "link", "hr"}
FETCHING = {"src", "href", "action", "poster", "data", "srcset", "formaction", "background"}


class Reader(HTMLParser):
    """Collects text and attributes of a page, and checks that its tags are balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += f"{data} "


def made(report: Report, name: str = "squat.mp4") -> str:
    plans = stills.plan(report)
    width, height = report.track.size_wh
    blank = np.full((height, width, 3), 90, np.uint8)
    frames = {i: Frame(blank, i / 30, i) for i in stills.frames_of(report, plans)}
    pictures = stills.make(report, plans, frames)
    return report_html(report, factory.clip_info(name), pictures, "overlay.mp4")


def read(report: Report) -> Reader:
    return Reader(made(report))


def words(report: Report) -> str:
    return " ".join(read(report).text.split())


REPORTS = {
    "squat": factory.report(),
    "one": factory.report(1),
    "steps": factory.steps(factory.report(), 18),
    "nobody": replace(factory.report(0), track=factory.track(1)[0:0], curves=(), movement=None),
}


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_the_page_needs_nothing_but_itself(report: Report) -> None:
    html = made(report)
    page_read = Reader(html)
    for tag, name, value in page_read.attributes:
        if name in FETCHING:
            inside = value.startswith(("data:image/jpeg;base64,", "#")) or value == "overlay.mp4"
            assert inside, f"<{tag} {name}={value[:60]}>"
    assert not {"script", "iframe", "object", "embed", "link", "base", "form"} & set(page_read.tags)
    assert not any(name.startswith("on") for _, name, _ in page_read.attributes)
    assert not re.search(r"https?:|//\w+\.|@import|url\(", html)
    assert "default-src 'none'" in html


def test_the_verdict_comes_first() -> None:
    text = words(factory.report())
    order = [
        "Knees caved in on 2 of 3 reps.",
        "“Knees out”",
        "Score of the set",
        "Rep by rep",
        "What to do about it",
        "Through the set",
        "The set in numbers",
        "What could not be measured, and why",
        "How to film it better",
        "Educational, not a diagnosis.",
    ]
    body = text[text.index("Something to change") :]
    places = [body.index(part) for part in order]
    assert all(a < b for a, b in pairwise(places))


@pytest.mark.parametrize(
    "said",
    [
        "Not visible from this view",
        "Heels lift",
        "Bring both feet into the picture.",
        "A note.",
        "Banded squats.",
        "0.8 or more",
        "assumed; below 1 the knees are inside the feet",
        "knee_ankle_ratio",
        "It does not predict injury",
        "Stop when something hurts and see a doctor or physical therapist.",
        "provisional",
        "squat@0123456789ab",
    ],
)
def test_the_page_says(said: str) -> None:
    assert said in words(factory.report())


def test_a_citation_is_plain_text() -> None:
    report = factory.report()
    source = "Munro 2012, https://doi.org/10.1000/xyz"
    cited = replace(report.set_findings[0], criterion=replace(factory.RATIO, source=source))
    html = made(replace(report, set_findings=(cited,)))
    assert source in html
    assert not any("doi.org" in value for _, _, value in Reader(html).attributes)


SPITE = "<script>alert('x')</script>\"><img src=x onerror=y>.mp4"


def test_no_text_becomes_markup() -> None:
    report = factory.report()
    spoilt = replace(factory.RATIO, title=SPITE, source=SPITE, unit=SPITE)
    found = factory.finding(spoilt, 0.5, Verdict.FAULT, 15, fault=SPITE, reason=SPITE, penalty=3.0)
    lost = factory.finding(replace(factory.HEELS, title=SPITE), None, Verdict.UNKNOWN, reason=SPITE)
    report = replace(
        report,
        cycles=(factory.cycle(0, (found, lost), 97), *report.cycles[1:]),
        set_findings=(found, lost),
        headline=SPITE,
        cue=SPITE,
        advice=SPITE,
        notes=(SPITE,),
        thresholds=SPITE,
        curves=(Curve(SPITE, SPITE, report.curves[0].value), *report.curves),
        guidance=(Guidance(SPITE, SPITE, SPITE, SPITE, SPITE, SPITE),),
        asymmetries=({"measure": SPITE, "left": 1.0, "right": 2.0, "unit": SPITE},),
        provenance={"version": SPITE, "pose": SPITE, "models": {SPITE: SPITE}},
    )
    html = made(report, SPITE)
    found_tags = Reader(html).tags
    assert "script" not in found_tags
    assert found_tags.count("img") == 2
    assert not any(name == "onerror" for _, name, _ in Reader(html).attributes)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_file_name_can_stand_on_the_page(text: str) -> None:
    html = report_html(REPORTS["nobody"], factory.clip_info(text))
    assert "script" not in Reader(html).tags


def test_nobody_found_says_so_and_how_to_film() -> None:
    text = words(REPORTS["nobody"])
    assert "No person was found." in text
    assert "Could not be judged" in text
    assert "Bring both feet into the picture." in text
    assert "Rep by rep" not in text
    assert "Too little was seen to judge." in text


def test_stills_carry_their_words() -> None:
    alts = [value for tag, name, value in read(factory.report()).attributes if (tag, name) == ("img", "alt")]
    assert len(alts) == 2
    assert alts[0].startswith("Best: rep 1, score 100.")
    assert alts[1].startswith("Worst: rep 2, score 80. Knees caved in: ")


# ------------------------------------------------------------------ what stands on it


def test_deductions_tell_how_much_and_where() -> None:
    (only,) = deductions(factory.report())
    assert (only.words, only.points, only.where) == ("Knees caved in", "−20 per rep", "reps 2 and 3")
    assert only.verdict is Verdict.FAULT


def test_unequal_deductions_give_their_range_dearest_first() -> None:
    report = factory.report()
    cheap = factory.finding(factory.SHIFT, 5.0, Verdict.CAUTION, 15, fault="shift_left", penalty=2.4)
    dear = factory.finding(factory.SHIFT, 9.0, Verdict.FAULT, 15, fault="shift_left", penalty=70.0)
    cycles = [
        replace(c, findings=(f, *c.findings[:1]))
        for c, f in zip(report.cycles, (cheap, dear, dear), strict=True)
    ]
    found = deductions(replace(report, cycles=tuple(cycles)))
    assert [d.words for d in found] == ["Hips shifted to the left", "Knees caved in"]
    assert (found[0].points, found[0].where) == ("−2 to −70 per rep", "every rep")


def test_tiles_name_the_faults() -> None:
    made_tiles = tiles(factory.report())
    assert [t.score for t in made_tiles] == [100, 80, 80]
    assert [t.words for t in made_tiles] == [("Good",), ("Knees caved in",), ("Knees caved in",)]
    assert [t.verdict for t in made_tiles] == [Verdict.GOOD, Verdict.FAULT, Verdict.FAULT]


def test_the_table_leaves_out_what_was_never_seen() -> None:
    rows = table(factory.report())
    assert [r.name for r in rows] == ["knee_ankle_ratio", "lateral_shift"]
    assert rows[1].cells[0] is not None
    assert rows[1].cells[0].text == "1 ± 2 %"


def test_steps_of_both_sides_share_a_row() -> None:
    (row,) = table(factory.steps(factory.report(), 6))
    assert row.title == "Hips to one side"
    assert all(cell is not None for cell in row.cells)


def test_gaps_are_gathered_by_reason() -> None:
    (gap,) = gaps(factory.report())
    assert (gap.titles, gap.reason, gap.where) == (("Heels lift",), "not visible from this view", "every rep")


def test_a_value_without_a_verdict_is_shown_as_not_judged() -> None:
    found = factory.finding(factory.PELVIS, 12.0, Verdict.UNKNOWN, 15, reason="reported, not judged")
    (entry,) = entries(replace(factory.report(), set_findings=(found,)))
    assert entry.word == "not judged"
    assert entry.note == "Reported, not judged"
    assert entry.gauge is None


def test_a_gauge_that_would_contradict_its_verdict_is_left_out() -> None:
    good = factory.finding(factory.RATIO, 0.6, Verdict.GOOD, 15, reason="judged against standing")
    (entry,) = entries(replace(factory.report(), set_findings=(good,)))
    assert entry.gauge is None


@pytest.mark.parametrize(
    ("band", "text"),
    [
        ((-4.0, 4.0), "−4° to 4°"),
        ((0.5, float("inf")), "0.5° or more"),
        ((-float("inf"), 10.0), "10° or less"),
        (None, ""),
    ],
)
def test_bands_in_words(band: tuple[float, float] | None, text: str) -> None:
    assert band_text(band, "deg") == text


def test_asymmetries_tell_the_clear_ones_and_gather_the_rest() -> None:
    report = replace(
        factory.report(),
        asymmetries=(
            {
                "measure": "knee_valgus",
                "left": 12.0,
                "right": 3.0,
                "difference": 9.0,
                "unit": "deg",
                "error95": 4.0,
                "beyond_error": True,
            },
            {
                "measure": "step_width",
                "left": 0.5,
                "right": 0.5,
                "unit": "",
                "error95": 0.2,
                "beyond_error": False,
            },
        ),
    )
    assert asymmetry_texts(report) == [
        "Knee valgus: left 12°, right 3°; 9° ± 4° apart",
        "No difference beyond the error: Step width",
    ]


# ------------------------------------------------------------------ plots


def points(line: plots.Line) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[float(v) for v in pair.split(",")] for pair in line.points.split()])


def test_a_plot_puts_times_and_values_where_its_axes_say() -> None:
    report = factory.report()
    (made_plot,) = plots.plots(report)
    drawn, curve = points(made_plot.lines[0]), report.curves[0].value
    np.testing.assert_allclose(drawn[:, 0], np.linspace(0, plots.WIDE, 90), atol=0.06)
    slope = np.polyfit(curve, drawn[:, 1], 1)
    assert slope[0] < 0
    np.testing.assert_allclose(np.polyval(slope, curve), drawn[:, 1], atol=0.1)
    for tick in made_plot.y_ticks:
        assert np.polyval(slope, float(tick.text)) == pytest.approx(tick.at * plots.HIGH / 100, abs=0.3)
    assert made_plot.zone is not None
    assert made_plot.zone[1] == pytest.approx(np.polyval(slope, 0.8), abs=0.2)
    assert made_plot.zone[0] == 0
    assert [s.label for s in made_plot.spans] == ["1", "2", "3"]
    assert made_plot.spans[1].turn == pytest.approx(100 * 45 / 89)
    assert [round(s.left, 2) for s in made_plot.spots] == [round(100 * 45 / 89, 2), round(100 * 75 / 89, 2)]


def test_a_curve_breaks_where_nothing_was_seen() -> None:
    report = factory.report()
    value = report.curves[0].value.copy()
    value[30:40] = np.nan
    (made_plot,) = plots.plots(replace(report, curves=(replace(report.curves[0], value=value),)))
    assert [len(points(line)) for line in made_plot.lines] == [30, 50]


def test_a_curve_of_nothing_gives_no_plot() -> None:
    report = factory.report()
    empty = replace(report.curves[0], value=np.full(90, np.nan))
    assert plots.plots(replace(report, curves=(empty,))) == []


@given(low=st.floats(-1e4, 1e4), reach=st.floats(1e-3, 1e4), most=st.integers(2, 9))
def test_ticks_are_round_few_and_inside(low: float, reach: float, most: int) -> None:
    ticks = plots.nice_ticks(low, low + reach, most)
    assert len(ticks) <= most + 1
    assert all(low - 1e-6 * reach <= t <= low + reach * (1 + 1e-6) for t in ticks)


@given(
    value=st.floats(-200, 200),
    error=st.floats(0, 50),
    good=st.tuples(st.floats(-50, 0), st.floats(0.1, 50)),
    extra=st.floats(0, 30),
)
def test_gauges_hold_their_value_and_bands(
    value: float, error: float, good: tuple[float, float], extra: float
) -> None:
    criterion = replace(factory.SHIFT, good=good, caution=(good[0] - extra, good[1] + extra))
    gauge = plots.gauge(factory.finding(criterion, value, Verdict.GOOD, 3, error95=error))
    assert gauge is not None
    for at in (gauge.at, gauge.error_left, gauge.error_left + gauge.error_width):
        assert -1e-6 <= at <= 100 + 1e-6
    for zone in gauge.zones:
        assert zone.width >= -1e-9
        assert zone.left >= -1e-9
        assert zone.left + zone.width <= 100 + 1e-6
    if good[0] <= value <= good[1]:
        green = gauge.zones[-1]
        assert green.left - 1e-6 <= gauge.at <= green.left + green.width + 1e-6
