"""What a viewer keeps: athletes, sets, notes and drawings, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.store.keeping import add, clip, finished
from vision.store import LOCAL, Library, NewSet, State, Viewer


def test_athletes_come_by_name_with_their_sets_counted(anywhere: Library) -> None:
    shelf = anywhere.shelf(LOCAL)
    zoe, ada = shelf.add_athlete("Zoë"), shelf.add_athlete("  ada ")
    for _ in range(3):
        add(shelf, anywhere.folder, athlete_id=zoe.id)
    assert [(one.name, one.sets) for one in shelf.athletes()] == [("ada", 0), ("Zoë", 3)]
    shelf.rename_athlete(ada.id, "Ada B.")
    assert shelf.athlete(ada.id).name == "Ada B."
    assert abs(shelf.athlete(zoe.id).added - datetime.now(UTC)) < timedelta(hours=1)


def test_a_name_is_taken_once_however_it_is_written(anywhere: Library) -> None:
    shelf = anywhere.shelf(LOCAL)
    shelf.add_athlete("Zoë Kern")
    other = shelf.add_athlete("Ada")
    with pytest.raises(ValueError, match=r"^There is an athlete called zoë  kern already\.$"):
        shelf.add_athlete("zoë  kern")
    with pytest.raises(ValueError, match="already"):
        shelf.rename_athlete(other.id, "ZOË KERN")
    shelf.rename_athlete(other.id, "ADA")  # itself is no obstacle
    anywhere.shelf(Viewer("somebody")).add_athlete("Zoë Kern")  # nor is another's


def test_a_set_keeps_what_was_said_about_it(anywhere: Library) -> None:
    shelf = anywhere.shelf(LOCAL)
    ada = shelf.add_athlete("Ada")
    kept = add(
        shelf,
        anywhere.folder,
        "Squat 1/2 <b>.MOV",
        movement="squat",
        athlete_id=ada.id,
        session="Tuesday",
        filmed_on=date(2026, 2, 3),
        capture_fps=240.0,
        person=(0.25, 0.5),
        tags=("heavy", "Belt", "heavy "),
    )
    assert (kept.title, kept.movement_asked, kept.athlete, kept.session) == (
        "Squat 1/2 <b>.MOV",
        "squat",
        "Ada",
        "Tuesday",
    )
    assert (kept.filmed_on, kept.capture_fps, kept.person) == (date(2026, 2, 3), 240.0, (0.25, 0.5))
    assert kept.tags == ("heavy", "Belt")
    assert (kept.state, kept.movement, kept.verdict) == (State.QUEUED, None, "")
    assert shelf.files(kept.id).original.read_bytes() == b"film"
    assert shelf.files(kept.id).results is None
    shelf.change_set(kept.id, title="Best", athlete_id=None, session="", tags=["belt"])
    changed = shelf.set(kept.id)
    assert (changed.title, changed.athlete_id, changed.athlete, changed.session) == ("Best", None, "", "")
    assert (changed.tags, changed.filmed_on) == (("belt",), date(2026, 2, 3))


def test_sets_are_found_by_everything_they_are_kept_under(anywhere: Library) -> None:
    shelf, folder = anywhere.shelf(LOCAL), anywhere.folder
    ada = shelf.add_athlete("Ada")
    first = finished(anywhere, shelf, athlete_id=ada.id, tags=("a", "b"), session="Mon")
    second = add(shelf, folder, movement="hinge", tags=("b",), session="Tue")
    third = add(shelf, folder, athlete_id=ada.id, session="Mon")

    def ids(**asked: str) -> list[str]:
        return [one.id for one in shelf.sets(**asked)]  # type: ignore[arg-type]

    assert ids() == [third.id, second.id, first.id]
    assert ids(athlete_id=ada.id) == [third.id, first.id]
    assert ids(movement="squat") == [first.id]
    assert ids(movement="hinge") == [second.id]
    assert ids(tag="b", session="Tue") == [second.id]
    assert ids(tag="a") == [first.id]
    assert ids(tag="%") == []
    assert shelf.tags() == ("a", "b")
    assert shelf.sessions() == ("Mon", "Tue")


def test_the_course_runs_from_the_oldest_film_and_only_over_finished_sets(anywhere: Library) -> None:
    shelf = anywhere.shelf(LOCAL)
    ada = shelf.add_athlete("Ada")
    late = finished(anywhere, shelf, "late", filmed_on=date(2026, 3, 1), athlete_id=ada.id)
    early = finished(anywhere, shelf, "early", filmed_on=date(2026, 1, 1), athlete_id=ada.id)
    other = finished(anywhere, shelf, "other", filmed_on=date(2026, 2, 1))
    course = shelf.course()
    assert [point.set_title for point in course] == ["early"] * 2 + ["other"] * 2 + ["late"] * 2
    found = [point.found for point in course[:2]]
    assert [(value.measure, value.value) for value in found] == [("m0_deg", 1.0), ("m1_deg", 2.0)]
    assert (course[0].view, course[0].movement, course[0].found.error95) == ("frontal", "squat", 1.5)
    assert {point.set_id for point in shelf.course(athlete_id=ada.id)} == {late.id, early.id}
    assert shelf.course(movement="gait") == ()
    shelf.again(other.id)
    assert other.id not in {point.set_id for point in shelf.course()}


def test_notes_are_kept_by_frame(anywhere: Library) -> None:
    shelf = anywhere.shelf(LOCAL)
    kept = add(shelf, anywhere.folder)
    late, early = shelf.add_note(kept.id, 30, "Knees\r\n out "), shelf.add_note(kept.id, 0, "Start")
    assert [(note.frame, note.text) for note in shelf.notes(kept.id)] == [(0, "Start"), (30, "Knees\n out")]
    shelf.change_note(kept.id, late.id, "Heels")
    shelf.delete_note(kept.id, early.id)
    assert [note.text for note in shelf.notes(kept.id)] == ["Heels"]


def test_drawings_replace_each_other_on_a_frame(anywhere: Library) -> None:
    shelf = anywhere.shelf(LOCAL)
    kept = add(shelf, anywhere.folder)
    line: dict[str, object] = {"kind": "line", "points": [[1.5, 2], [3, 4]], "text": "é\0"}
    shelf.draw(kept.id, 7, (line,))
    shelf.draw(kept.id, 2, (line, line))
    shelf.draw(kept.id, 7, (line, line, line))
    drawn = [(one.frame, one.shapes) for one in shelf.drawings(kept.id)]
    assert drawn == [(2, (line,) * 2), (7, (line,) * 3)]
    shelf.draw(kept.id, 2, ())
    assert [one.frame for one in shelf.drawings(kept.id)] == [7]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("", "The name is empty."),
        (" \t", "The name is empty."),
        ("\u200b\u2060", "The name is empty."),
        ("x" * 81, "The name is too long: 81 characters, at most 80 are kept."),
        ("a\nb", "The name holds a line break or a character that cannot be shown."),
        ("a\0b", "The name holds a line break or a character that cannot be shown."),
        ("a\ud800b", "The name holds a line break or a character that cannot be shown."),
    ],
)
def test_names_that_cannot_be_kept_say_why(library: Library, name: str, complaint: str) -> None:
    shelf = library.shelf(LOCAL)
    ada = shelf.add_athlete("Ada")
    for attempt in (shelf.add_athlete, lambda typed: shelf.rename_athlete(ada.id, typed)):
        with pytest.raises(ValueError, match=f"^{complaint}$"):
            attempt(name)
    assert [one.name for one in shelf.athletes()] == ["Ada"]


@pytest.mark.parametrize(
    ("about", "complaint"),
    [
        ({"title": ""}, "The clip's name is empty"),
        ({"title": "x" * 256}, "The clip's name is too long"),
        ({"original": "../../etc/passwd"}, "Expected a clip under a name from DataFolder.new_name"),
        ({"original": "my squat.mp4"}, "Expected a clip under a name from DataFolder.new_name"),
        ({"movement": "Squat'; --"}, "Expected a movement's name or auto"),
        ({"session": "a\nb"}, "The session's name holds a line break"),
        ({"tags": ("a", " ")}, "A tag is empty"),
        ({"tags": tuple(f"t{n}" for n in range(21))}, "These are 21 tags, at most 20 are kept"),
        ({"capture_fps": float("nan")}, "Expected a camera rate from 1 to 10000"),
        ({"person": (0.5, 1.5)}, "as fractions of width and height, 0 to 1"),
    ],
)
def test_sets_that_cannot_be_kept_say_why(library: Library, about: dict[str, object], complaint: str) -> None:
    shelf = library.shelf(LOCAL)
    with pytest.raises(ValueError, match=complaint):
        shelf.add_set(NewSet(**{"title": "clip", "original": clip(library.folder), **about}))  # type: ignore[arg-type]
    assert shelf.sets() == ()


def test_a_clip_is_in_the_library_only_once(library: Library) -> None:
    shelf, name = library.shelf(LOCAL), clip(library.folder)
    shelf.add_set(NewSet("clip", name))
    with pytest.raises(ValueError, match=r"^This clip is in the library already\.$"):
        shelf.add_set(NewSet("clip", name))


def test_notes_and_drawings_that_cannot_be_kept_say_why(library: Library) -> None:
    shelf = library.shelf(LOCAL)
    kept = add(shelf, library.folder)
    with pytest.raises(ValueError, match=r"^The note is empty\.$"):
        shelf.add_note(kept.id, 0, " \n ")
    with pytest.raises(ValueError, match="The note is too long: 4001"):
        shelf.add_note(kept.id, 0, "xx xx\n" * 666 + "x" * 5)
    with pytest.raises(ValueError, match="Expected a frame from 0 to"):
        shelf.add_note(kept.id, -1, "text")
    with pytest.raises(ValueError, match="no number or text"):
        shelf.draw(kept.id, 0, ({"x": float("nan")},))
    with pytest.raises(ValueError, match="too large"):
        shelf.draw(kept.id, 0, ({"x": "y" * 1_000_000},))
    assert shelf.notes(kept.id) == ()
    assert shelf.drawings(kept.id) == ()
