"""What a browser sends is checked: nonsense never reaches a page."""

from __future__ import annotations

import re

import pytest

from vision.ui.components import assets
from vision.ui.components.film_player import read_drawn, read_noted
from vision.ui.components.sticker_clicks import read_click
from vision.ui.components.uploading import read_finished

LINE = {"kind": "line", "colour": "#FF8AD8", "points": [[1, 2.5], [30, 4]]}
TEXT = {"kind": "text", "colour": "#FF8AD8", "points": [[1, 2]], "text": " sit back "}


def drawn(**changed: object) -> dict[str, object]:
    return {"frame": 7, "shapes": [LINE], "token": "a-1", **changed}


def test_a_drawing_comes_through_with_its_known_fields_only() -> None:
    found = read_drawn(drawn(shapes=[{**LINE, "onclick": "x"}, TEXT], more=1))
    assert found == {
        "frame": 7,
        "token": "a-1",
        "shapes": [
            {"kind": "line", "colour": "#FF8AD8", "points": [[1.0, 2.5], [30.0, 4.0]]},
            {"kind": "text", "colour": "#FF8AD8", "points": [[1.0, 2.0]], "text": "sit back"},
        ],
    }
    assert read_drawn(drawn(shapes=[])) == {"frame": 7, "shapes": [], "token": "a-1"}


@pytest.mark.parametrize(
    "changed",
    [
        {"frame": -1},
        {"frame": 1.5},
        {"frame": True},
        {"frame": float("nan")},
        {"frame": "7"},
        {"token": "a b"},
        {"token": None},
        {"shapes": "none"},
        {"shapes": [LINE] * 201},
        {"shapes": [{**LINE, "kind": "image"}]},
        {"shapes": [{**LINE, "kind": ["line"]}]},
        {"shapes": [{**LINE, "colour": "url(x)"}]},
        {"shapes": [{**LINE, "points": [[1, 2]]}]},
        {"shapes": [{**LINE, "points": [[1, 2], [3, float("inf")]]}]},
        {"shapes": [{**LINE, "points": [[1, 2], [3, "4"]]}]},
        {"shapes": [{**LINE, "points": [[1, 2], None]}]},
        {"shapes": [{**TEXT, "text": " "}]},
        {"shapes": [{**TEXT, "text": "x" * 121}]},
        {"shapes": [None]},
    ],
)
def test_a_drawing_with_nonsense_in_it_is_dropped(changed: dict[str, object]) -> None:
    assert read_drawn(drawn(**changed)) is None


@pytest.mark.parametrize(
    "value", [None, [], "x", {"frame": 1, "text": "", "token": "a"}, {"frame": 1, "text": 3}]
)
def test_a_note_of_nothing_is_dropped(value: object) -> None:
    assert read_noted(value) is None


def test_a_note_loses_what_cannot_be_stored() -> None:
    found = read_noted({"frame": 1, "text": " knees\x00 out\n", "token": "a"})
    assert found == {"frame": 1, "text": "knees out", "token": "a"}


@pytest.mark.parametrize(
    "text", ["3\N{NO-BREAK SPACE}reps", "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{FIRE ENGINE}", "\u3000a\u202fb"]
)
def test_a_note_comes_back_as_it_was_typed_or_the_player_would_call_it_lost(text: str) -> None:
    assert read_noted({"frame": 1, "text": f"x{text}", "token": "a"}) == {
        "frame": 1,
        "text": f"x{text}",
        "token": "a",
    }


def test_of_the_finished_files_the_sound_ones_stay() -> None:
    given = [{"set_id": "ab_1-x", "name": "a.mp4"}, {"set_id": "../x", "name": "a"}, {"set_id": "b"}, 3]
    assert read_finished(given) == [{"set_id": "ab_1-x", "name": "a.mp4"}]
    assert read_finished({"0": given[0]}) == []


@pytest.mark.parametrize("name", sorted(assets.SCRIPTS))
def test_a_script_takes_nothing_from_elsewhere(name: str) -> None:
    text = assets.script(name)
    assert text.count("export default") == 1
    for bad in ("innerHTML", "eval(", "new Function", "document.write", "import ", "insertAdjacentHTML"):
        assert bad not in text, bad
    outside = set(re.findall(r"https?://[^\s\"']+", text + assets.style(name) + assets.markup(name)))
    assert outside <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\son\w+=", assets.markup(name)), "an inline event handler"


# --------------------------------------------------------------------------- clicked stickers

CLICK = {"name": "left_psis", "x": 0.25, "y": 1, "set": "abc-0-rear", "token": "t-1"}


def test_a_click_comes_through_with_its_known_fields_only() -> None:
    assert read_click({**CLICK, "more": 1}) == {**CLICK, "y": 1.0}


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "left psis"},
        {"name": None},
        {"x": 1.01},
        {"x": -0.1},
        {"y": float("nan")},
        {"y": True},
        {"y": "0.5"},
        {"set": "a b"},
        {"token": ""},
    ],
)
def test_a_click_that_is_nonsense_is_none(changed: dict[str, object]) -> None:
    assert read_click({**CLICK, **changed}) is None
