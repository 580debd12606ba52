"""Which set is read with which film of own arch and tuck, and what stays when the film goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.store.keeping import add, outcome
from vision.movements.calibration import OWN_FILM
from vision.store import LOCAL, DataFolder, Job, Library, NotFound, Shelf, StoredSet, Viewer
from vision.store.rows import NO_OWN_FILM, State, UsedOwn

DAY = date(2025, 3, 9)
OTHER = Viewer("https://login.example|42", "Somebody else")


def work(library: Library, movement: str = "bridge") -> Job:
    """Analyse the next set as a worker would that finds ``movement``."""
    job = library.queue.take("w")
    assert job is not None
    used = UsedOwn(job.own.id, job.own.results.name) if job.own and movement in job.own.movements else None
    assert library.queue.finish(job, replace(outcome(library.folder, movement=movement), used_own=used))
    return job


def film(library: Library, shelf: Shelf, athlete: str | None, day: date = DAY) -> StoredSet:
    """A film of own arch and tuck that was read; nothing else may be waiting."""
    one = add(shelf, library.folder, "own.mp4", movement=OWN_FILM, athlete_id=athlete, filmed_on=day)
    assert work(library, OWN_FILM).set_id == one.id
    return shelf.set(one.id)


def bridge(
    library: Library, shelf: Shelf, athlete: str | None, asked: str = "auto", **about: str
) -> StoredSet:
    one = add(shelf, library.folder, movement=asked, athlete_id=athlete, filmed_on=DAY)
    if about:
        shelf.change_set(one.id, own_film=about["film"])
    return one


def test_a_bridge_is_read_with_the_film_of_its_athlete_and_day(anywhere: Library) -> None:
    shelf = anywhere.shelf(LOCAL)
    ada, bea = (shelf.add_athlete(name).id for name in ("Ada", "Bea"))
    film(anywhere, shelf, bea)
    film(anywhere, shelf, ada, DAY - timedelta(1))
    film(anywhere, shelf, None)
    one = bridge(anywhere, shelf, ada)
    assert work(anywhere).own is None
    assert shelf.own_film_of(one.id) is None
    film(anywhere, shelf, ada)
    latest = film(anywhere, shelf, ada)
    bridge(anywhere, shelf, ada)
    job = work(anywhere)
    assert job.own is not None
    assert (job.own.id, job.own.title, job.own.movements) == (latest.id, "own.mp4", ("bridge",))
    assert job.own.original == shelf.files(latest.id).original
    assert job.own.results == shelf.files(latest.id).results
    assert shelf.set(job.set_id).used_own == UsedOwn(latest.id, job.own.results.name)
    assert [s.id for s in shelf.read_with(latest.id)] == [job.set_id]
    # The one that came before it is offered to be read again; what was read with it is not.
    assert [s.id for s in shelf.to_read_again(latest.id)] == [one.id]
    assert shelf.own_film_of(one.id) == latest


@pytest.mark.parametrize("asked", ["squat", "hip_thrust", OWN_FILM])
def test_only_bridges_take_the_film_of_the_day_by_themselves(
    library: Library, shelf: Shelf, asked: str
) -> None:
    ada = shelf.add_athlete("Ada").id
    own = film(library, shelf, ada)
    bridge(library, shelf, ada, asked)
    assert work(library, asked).own is None
    assert shelf.to_read_again(own.id) == ()


def test_what_turns_out_to_be_no_bridge_was_read_with_none(library: Library, shelf: Shelf) -> None:
    ada = shelf.add_athlete("Ada").id
    own = film(library, shelf, ada)
    one = bridge(library, shelf, ada)
    work(library, "squat")
    assert shelf.set(one.id).used_own is None
    assert shelf.to_read_again(own.id) == ()


def test_another_film_or_none_is_chosen_by_hand(anywhere: Library) -> None:
    shelf = anywhere.shelf(LOCAL)
    ada = shelf.add_athlete("Ada").id
    before = film(anywhere, shelf, ada, DAY - timedelta(7))
    today = film(anywhere, shelf, ada)
    one = bridge(anywhere, shelf, ada, "hip_thrust", film=before.id)
    assert [s.id for s in shelf.own_films(one.id)] == [today.id, before.id]
    job = work(anywhere, "hip_thrust")
    assert job.own is not None
    assert job.own.id == before.id
    assert "hip_thrust" in job.own.movements
    none = bridge(anywhere, shelf, ada, film=NO_OWN_FILM)
    assert work(anywhere).own is None
    assert shelf.to_read_again(today.id) == ()
    shelf.change_set(none.id, own_film="")
    assert [s.id for s in shelf.to_read_again(today.id)] == [none.id]
    shelf.change_set(none.id, own_film=before.id)
    assert [s.id for s in shelf.to_read_again(before.id)] == [none.id]


def test_clips_of_nobody_in_particular_get_a_film_by_hand_only(library: Library, shelf: Shelf) -> None:
    own = film(library, shelf, None)
    bridge(library, shelf, None)
    assert work(library).own is None
    assert shelf.to_read_again(own.id) == ()
    bridge(library, shelf, None, film=own.id)
    job = work(library)
    assert job.own is not None
    assert job.own.id == own.id


def test_what_is_no_film_of_the_athlete_cannot_be_chosen(library: Library, shelf: Shelf) -> None:
    ada, bea = (shelf.add_athlete(name).id for name in ("Ada", "Bea"))
    own = film(library, shelf, ada)
    squat, theirs = bridge(library, shelf, ada), bridge(library, shelf, bea)
    for wrong, of in ((squat.id, theirs.id), (own.id, theirs.id), (squat.id, squat.id)):
        with pytest.raises(ValueError, match="film of this athlete's own arch and tuck"):
            shelf.change_set(of, own_film=wrong)
    shelf.change_set(squat.id, own_film=own.id)
    shelf.change_set(squat.id, athlete_id=bea)  # the film is somebody else's now
    assert shelf.set(squat.id).own_film == ""


def test_anothers_film_is_used_by_nobody_else(library: Library, shelf: Shelf) -> None:
    ada = shelf.add_athlete("Ada").id
    own = film(library, shelf, ada)
    free = film(library, shelf, None)
    other = library.shelf(OTHER)
    namesake = other.add_athlete("Ada").id
    for athlete, theirs in ((namesake, own), (None, free)):
        one = bridge(library, other, athlete)
        with pytest.raises(NotFound, match="no such set"):
            other.change_set(one.id, own_film=theirs.id)
        assert work(library).own is None
        assert other.own_films(one.id) == ()
    assert shelf.to_read_again(own.id) == shelf.to_read_again(free.id) == ()


def test_a_deleted_film_leaves_what_was_found_and_no_byte(
    library: Library, shelf: Shelf, folder: DataFolder
) -> None:
    ada = shelf.add_athlete("Ada").id
    own = film(library, shelf, ada)
    one = bridge(library, shelf, ada, film=own.id)
    work(library)
    found, files = shelf.set(one.id), shelf.files(own.id)
    shelf.delete_set(own.id)
    assert shelf.set(one.id) == found
    assert found.used_own is not None
    with pytest.raises(NotFound, match="no such set"):
        shelf.set(found.used_own.film)
    assert files.results is not None
    assert not files.original.exists()
    assert not files.results.exists()
    left = b"".join(path.read_bytes() for path in folder.root.glob("library.db*"))
    assert b"own.mp4" not in left
    shelf.again(one.id)
    assert work(library).own is None
    assert shelf.set(one.id).used_own is None


def test_a_film_that_is_read_anew_is_offered_to_its_bridges_once_more(library: Library, shelf: Shelf) -> None:
    ada = shelf.add_athlete("Ada").id
    own = film(library, shelf, ada)
    one = bridge(library, shelf, ada)
    work(library)
    assert shelf.to_read_again(own.id) == ()
    shelf.again(own.id)
    assert shelf.set(own.id).state is State.QUEUED
    assert shelf.own_film_of(one.id) is None
    work(library, OWN_FILM)
    assert [s.id for s in shelf.to_read_again(own.id)] == [one.id]
    shelf.again(one.id)
    assert [s.id for s in shelf.to_be_read_with(own.id)] == [one.id]
    work(library)
    assert shelf.to_read_again(own.id) == shelf.to_be_read_with(own.id) == ()


def test_a_film_is_read_before_the_bridges_that_came_with_it(library: Library, shelf: Shelf) -> None:
    ada = shelf.add_athlete("Ada").id
    one = bridge(library, shelf, ada)
    own = film(library, shelf, ada)
    job = work(library)
    assert job.set_id == one.id
    assert job.own is not None
    assert job.own.id == own.id
