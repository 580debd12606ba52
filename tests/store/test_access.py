"""Another viewer's things are not there: in every method, and in every list."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass

import pytest

from tests.plan.made import DAY, arched, plan
from tests.store.keeping import add, clip, finished
from vision.plan import Answers, Pain
from vision.store import LOCAL, Library, NewSet, NotFound, Outcome, Shelf, Viewer


@dataclass(frozen=True)
class Theirs:
    """What one viewer has, by id."""

    athlete: str
    set: str
    note: str
    plan: str
    checkup: str


CORRECTED = Outcome("1" * 32, "sprint", "side", "x", "unknown", None, 1, True, ())
UNHURT = Answers(Pain.NONE, frozenset(), DAY)
OTHER = Viewer("https://login.example|42", "Somebody else")

# Each with an id of the owner's, called by somebody else.
REFUSED: dict[str, Callable[[Shelf, Theirs], object]] = {
    "athlete": lambda shelf, ids: shelf.athlete(ids.athlete),
    "rename_athlete": lambda shelf, ids: shelf.rename_athlete(ids.athlete, "X"),
    "delete_athlete": lambda shelf, ids: shelf.delete_athlete(ids.athlete),
    "add_set": lambda shelf, ids: shelf.add_set(NewSet("x", "0" * 32, athlete_id=ids.athlete)),
    "sets": lambda shelf, ids: shelf.sets(athlete_id=ids.athlete),
    "set": lambda shelf, ids: shelf.set(ids.set),
    "files": lambda shelf, ids: shelf.files(ids.set),
    "change_set": lambda shelf, ids: shelf.change_set(ids.set, title="x"),
    "again": lambda shelf, ids: shelf.again(ids.set),
    "replace_results": lambda shelf, ids: shelf.replace_results(ids.set, CORRECTED, instead_of="0" * 32),
    "cancel": lambda shelf, ids: shelf.cancel(ids.set),
    "delete_set": lambda shelf, ids: shelf.delete_set(ids.set),
    "change_set to their film": lambda shelf, ids: shelf.change_set(
        shelf.add_set(NewSet("x", "0" * 32)).id, own_film=ids.set
    ),
    "own_films": lambda shelf, ids: shelf.own_films(ids.set),
    "own_film_of": lambda shelf, ids: shelf.own_film_of(ids.set),
    "read_with": lambda shelf, ids: shelf.read_with(ids.set),
    "to_be_read_with": lambda shelf, ids: shelf.to_be_read_with(ids.set),
    "to_read_again": lambda shelf, ids: shelf.to_read_again(ids.set),
    "notes": lambda shelf, ids: shelf.notes(ids.set),
    "add_note": lambda shelf, ids: shelf.add_note(ids.set, 0, "x"),
    "change_note": lambda shelf, ids: shelf.change_note(ids.set, ids.note, "x"),
    "delete_note": lambda shelf, ids: shelf.delete_note(ids.set, ids.note),
    "drawings": lambda shelf, ids: shelf.drawings(ids.set),
    "draw": lambda shelf, ids: shelf.draw(ids.set, 0, ({"kind": "line"},)),
    "draw nothing": lambda shelf, ids: shelf.draw(ids.set, 0, ()),
    "course": lambda shelf, ids: shelf.course(athlete_id=ids.athlete),
    "add_plan": lambda shelf, ids: shelf.add_plan(plan(arched()), ids.athlete),
    "plans": lambda shelf, ids: shelf.plans(ids.athlete),
    "plan": lambda shelf, ids: shelf.plan(ids.plan),
    "answer": lambda shelf, ids: shelf.answer(ids.plan, UNHURT),
    "tick": lambda shelf, ids: shelf.tick(ids.plan, DAY),
    "untick": lambda shelf, ids: shelf.untick(ids.plan, DAY),
    "delete_plan": lambda shelf, ids: shelf.delete_plan(ids.plan),
    "begin_checkup": lambda shelf, ids: shelf.begin_checkup(UNHURT, ids.athlete),
    "checkup": lambda shelf, ids: shelf.checkup(ids.checkup),
    "answer_checkup": lambda shelf, ids: shelf.answer_checkup(ids.checkup, UNHURT),
    "take_step": lambda shelf, ids: shelf.take_step(ids.checkup, "squat", None),
    "take_step with a set": lambda shelf, ids: shelf.take_step(
        shelf.begin_checkup(UNHURT, None).id, "squat", ids.set
    ),
    "reopen_step": lambda shelf, ids: shelf.reopen_step(ids.checkup, "squat"),
    "delete_checkup": lambda shelf, ids: shelf.delete_checkup(ids.checkup),
}
LISTS: dict[str, Callable[[Shelf], object]] = {
    "athletes": lambda shelf: shelf.athletes(),
    "sets": lambda shelf: shelf.sets(),
    "course": lambda shelf: shelf.course(),
    "tags": lambda shelf: shelf.tags(),
    "sessions": lambda shelf: shelf.sessions(),
    "plans": lambda shelf: shelf.plans(None),
    "checkups": lambda shelf: shelf.checkups(),
}


@pytest.fixture
def theirs(library: Library, shelf: Shelf) -> Theirs:
    ada = shelf.add_athlete("Ada")
    kept = finished(library, shelf, athlete_id=ada.id, tags=("t",), session="s")
    shelf.draw(kept.id, 0, ({"kind": "angle"},))
    note = shelf.add_note(kept.id, 0, "note")
    training = shelf.add_plan(plan(arched()), None)
    shelf.tick(training.id, DAY)
    checkup = shelf.begin_checkup(UNHURT, None)
    shelf.take_step(checkup.id, "squat", kept.id)
    return Theirs(ada.id, kept.id, note.id, training.id, checkup.id)


@pytest.fixture
def unchanged(shelf: Shelf, theirs: Theirs) -> Generator[None]:
    def seen() -> object:
        return (
            shelf.athletes(),
            shelf.sets(),
            shelf.notes(theirs.set),
            shelf.drawings(theirs.set),
            shelf.course(),
            shelf.plans(None),
            shelf.plans(theirs.athlete),
            shelf.checkups(),
            shelf.files(theirs.set).original.exists(),
        )

    before = seen()
    yield
    assert seen() == before


def test_every_method_of_a_shelf_is_in_these_tables() -> None:
    public = {name for name, _ in inspect.getmembers(Shelf, inspect.isfunction) if not name.startswith("_")}
    assert public - {"add_athlete"} == {name.split()[0] for name in REFUSED} | LISTS.keys()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("method", REFUSED)
def test_anothers_ids_are_not_found(library: Library, theirs: Theirs, method: str) -> None:
    other = library.shelf(OTHER)
    with pytest.raises(NotFound, match=r"^There is no such (athlete|set|plan|check-up) in this library\.$"):
        REFUSED[method](other, theirs)


@pytest.mark.parametrize("method", LISTS)
@pytest.mark.usefixtures("theirs")
def test_anothers_things_are_on_no_list(library: Library, shelf: Shelf, method: str) -> None:
    assert LISTS[method](shelf), "the owner sees them"
    assert LISTS[method](library.shelf(OTHER)) == ()


@pytest.mark.usefixtures("unchanged")
def test_own_sets_lead_to_no_athlete_or_note_of_anothers(library: Library, theirs: Theirs) -> None:
    other = library.shelf(OTHER)
    own = add(other, library.folder)
    with pytest.raises(NotFound, match="no such athlete"):
        other.change_set(own.id, athlete_id=theirs.athlete)
    with pytest.raises(NotFound, match="no such note on this set"):
        other.change_note(own.id, theirs.note, "x")
    with pytest.raises(NotFound, match="no such note on this set"):
        other.delete_note(own.id, theirs.note)
    with pytest.raises(NotFound, match="no such athlete"):
        other.add_set(NewSet("x", clip(library.folder), athlete_id=theirs.athlete))


def test_a_viewer_without_a_key_keeps_nothing(library: Library) -> None:
    with pytest.raises(ValueError, match="Expected a viewer with a key"):
        library.shelf(Viewer("")).add_athlete("Ada")


def test_the_local_viewer_is_not_everybody(library: Library) -> None:
    library.shelf(OTHER).add_athlete("Ada")
    assert library.shelf(LOCAL).athletes() == ()
