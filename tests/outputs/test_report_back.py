"""A report read back from its file: it says the same, and what is no report is refused in one line."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.outputs import factory
from vision.outputs import content, report_back
from vision.outputs.report_back import StoredError, parse_report, read_report
from vision.outputs.report_json import report_text, report_to_json
from vision.types import Report
from vision.ui import show, show_details

TAGS = set(re.findall(r"\w+", "p i b h1 div span ol ul li em small br code pre table thead tbody tr th td"))


class Tags(HTMLParser):
    """The tags of fragments."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen = set[str]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)


@pytest.mark.parametrize(
    "report",
    [
        factory.report(),
        factory.report(reps=0),
        factory.steps(factory.report(), 6),
        replace(factory.report(), movement=None, set_score=None, cue=None, stop_after_rep=1),
    ],
    ids=["squat", "nothing found", "steps", "unknown movement"],
)
def test_what_is_read_back_says_the_same_as_the_report(report: Report) -> None:
    clip = factory.clip_info()
    again, clip_again = parse_report(report_text(report, clip))
    for part in (content.tiles, content.entries, content.gaps, content.overall):
        assert part(again) == part(report)
    assert content.facts(again, clip_again) == content.facts(report, clip)
    for field in ("headline", "cue", "guidance", "notes", "stop_after_rep", "set_score", "advice"):
        assert getattr(again, field) == getattr(report, field)


def valid() -> dict[str, Any]:
    return report_to_json(factory.report(), factory.clip_info())


@pytest.mark.parametrize(
    ("path", "value", "match"),
    [
        (["schema"], 2, "expected a Plumbline report of schema 1, got 2"),
        (["set"], [], "expected a JSON object at set, got list"),
        (["set", "headline"], 5, "expected a text at set.headline, got int"),
        (["set", "score"], 3.5, "expected a whole number at set.score, got float"),
        (["set", "notes"], [1], "expected a list of texts at set.notes, got list"),
        (["cycles", 0, "start_s"], None, r"expected a number at cycles\[0\].start_s, got NoneType"),
        (["cycles", 0, "findings", 0, "value"], True, r"findings\[0\].value, got bool"),
        (["cycles", 0, "findings", 0, "value"], 10**400, r"findings\[0\].value, got int"),
        (["cycles", 0, "findings", 0, "verdict"], "splendid", "expected a Plumbline report, got: .*splendid"),
        (["cycles", 0, "findings", 0, "criterion", "good"], [1], "expected two ends at .*good, got 1"),
        (["cycles", 0, "side"], "port", "expected one of left, right or null at .*side, got str"),
        (["view", "plane"], "upside down", "expected a Plumbline report, got: .*upside down"),
    ],
)
def test_a_report_that_is_none_is_refused_in_one_line(path: list[Any], value: object, match: str) -> None:
    data = valid()
    at: Any = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(StoredError, match=match) as refusal:
        parse_report(json.dumps(data))
    assert "\n" not in str(refusal.value)


def places(data: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in JSON data."""
    if path:
        yield path
    if isinstance(data, dict):
        for key, item in data.items():
            yield from places(item, (*path, key))
    elif isinstance(data, list):
        for i, item in enumerate(data):
            yield from places(item, (*path, i))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
PLACES = list(places(valid()))


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(PLACES), ANYTHING)
def test_a_damaged_report_is_refused_or_can_be_shown_whole(path: tuple[Any, ...], value: object) -> None:
    data = copy.deepcopy(valid())
    at: Any = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    try:
        report, clip = parse_report(json.dumps(data))
    except StoredError:
        return
    shown = show.hero(report, clip) + show.findings(report) + show.gaps(report)
    shown += show.lines(f"{tile.name} {tile.hint} {tile.words}" for tile in content.tiles(report))
    shown += show_details.every_cycle(report) + show_details.sources(report)
    shown += show.guidance(report.guidance) + show.lines([report.advice, *clip.warnings, *report.notes])
    assert Tags(shown).seen <= TAGS


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ('{"schema": 1, "cl', "expected JSON"),
        (b"\xff\xfe{", "expected JSON"),
        ("[" * 99999, "expected JSON"),
        ("[1]", "expected a JSON object at its top, got list"),
        ('{"name": "left-pad"}', "expected a Plumbline report of schema 1, got None"),
    ],
)
def test_what_is_no_report_is_refused(text: str | bytes, match: str) -> None:
    with pytest.raises(StoredError, match=match):
        parse_report(text)


def test_a_file_is_read_once_until_it_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(report_text(factory.report(), factory.clip_info()), "utf-8")
    first = read_report(path)
    assert first[0].cue == "Knees out"
    assert read_report(path) is first
    again = replace(factory.report(), cue="Hips back")
    path.write_text(report_text(again, factory.clip_info("renamed.mp4")), "utf-8")
    report, clip = read_report(path)
    assert (report.cue, clip.name) == ("Hips back", "renamed.mp4")


def test_a_file_beyond_any_report_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    path.write_text(report_text(factory.report(), factory.clip_info()), "utf-8")
    monkeypatch.setattr(report_back, "_MOST_BYTES", 1000)
    with pytest.raises(StoredError, match="expected at most 0 MB, got 0 MB"):
        read_report(path)
