"""A distance by two clicks: what is missing of it is said, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.room import film, opened, said, see, sound
from vision.store.rows import AskedDistance
from vision.ui import points_view

ONE, OTHER = (0.2, 0.9), (0.7, 0.9)


@pytest.mark.parametrize(
    ("marked", "metres", "known", "missing"),
    [
        ({}, None, None, ""),
        ({"athlete": ONE}, 10.0, None, ""),
        ({"one_end": ONE}, 10.0, None, "other end"),
        ({"one_end": ONE, "other_end": OTHER}, None, None, "how many metres"),
        ({"one_end": ONE, "other_end": ONE}, 10.0, None, "at one place"),
        ({"one_end": ONE, "other_end": OTHER}, 10.0, AskedDistance(ONE, OTHER, 10.0), ""),
    ],
)
def test_a_distance_needs_two_ends_and_metres(
    marked: points_view.Points, metres: float | None, known: AskedDistance | None, missing: str
) -> None:
    got, why = points_view.distance(marked, metres)
    assert got == known
    assert missing in why
    assert bool(why) == bool(missing)


def test_what_was_clicked_before_stays_when_a_set_is_analysed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(monkeypatch, tmp_path)
    one = library.done("run.mov", person=ONE)
    known = AskedDistance(ONE, OTHER, 10.0)
    library.shelf().again(one.id, distance=known)
    library.room.library.queue.fail(library.take(one), "The clip broke.")
    app = see("one_set", set=one.id)
    toggle = next(t for t in app.toggle if t.label.startswith("Click on the athlete"))
    app = sound(toggle.set_value(True).run())
    assert "cannot be read" not in said(app)
    assert next(n for n in app.number_input if n.label.startswith("Metres")).value == 10.0
    sound(next(b for b in app.button if b.label == "Analyse again").click().run())
    again = library.shelf().set(one.id)
    assert (again.person, again.distance) == (ONE, known)


def test_the_first_picture_is_no_wider_than_a_page(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film())
    picture = points_view.first_picture(path)
    assert picture is not None
    assert picture.shape[1] <= 1280
    assert points_view.address(picture).startswith("data:image/jpeg;base64,")
    (tmp_path / "none.mp4").write_bytes(b"no film")
    assert points_view.first_picture(tmp_path / "none.mp4") is None


def test_a_days_clips_are_given_to_their_athletes_in_one_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(monkeypatch, tmp_path)
    shelf = library.shelf()
    ada, ben = (shelf.add_athlete(name) for name in ("Ada", "Ben"))
    first, second = (library.done(f"{n}.mov", athlete_id=ada.id) for n in (1, 2))
    app = see("add")
    field = app.selectbox(key=f"whose-{second.id}")
    assert field.value == ada.id
    app = sound(field.set_value(ben.id).run())
    assert app.selectbox(key=f"whose-{second.id}").value == ben.id
    assert [shelf.set(one.id).athlete for one in (first, second)] == ["Ada", "Ben"]
    sound(app.selectbox(key=f"whose-{first.id}").set_value("").run())
    assert shelf.set(first.id).athlete_id is None
