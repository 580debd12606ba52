"""The queue: each set to one worker, and what happens when a worker or a user changes their mind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.store.keeping import add, at_once, finished, outcome
from vision.store import LOCAL, DataFolder, Job, Library, Queue, Shelf, State, Viewer
from vision.store.queue import GIVEN_UP, TRIES
from vision.store.rows import AskedDistance, AskedStickers


class Clock:
    """A time that passes when told to."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(library: Library, clock: Clock) -> Queue:
    return Queue(library._database, library.folder, lease_s=10, clock=clock)


def take(queue: Queue, worker: str = "w") -> Job:
    job = queue.take(worker)
    assert job is not None
    return job


def test_sets_are_taken_in_turn_whoever_they_belong_to(anywhere: Library) -> None:
    folder, queue = anywhere.folder, anywhere.queue
    ids = [add(anywhere.shelf(Viewer(key)), folder, capture_fps=120.0).id for key in ("a", "b", "a")]
    assert queue.waiting() == 3
    jobs = [take(queue), take(queue), take(queue)]
    assert [job.set_id for job in jobs] == ids
    assert jobs[0].original.read_bytes() == b"film"
    assert (jobs[0].movement, jobs[0].capture_fps, jobs[0].tries) == ("auto", 120.0, 1)
    assert queue.take("w") is None
    assert queue.waiting() == 0


def test_progress_and_outcome_are_seen_by_the_owner(anywhere: Library) -> None:
    shelf, queue = anywhere.shelf(LOCAL), anywhere.queue
    kept = add(shelf, anywhere.folder)
    job = take(queue)
    assert queue.beat(job, "reading", 3, 10, 4.5)
    seen = shelf.set(kept.id)
    assert (seen.state, seen.stage, seen.done, seen.total) == (State.RUNNING, "reading", 3, 10)
    assert seen.seconds_left == 4.5
    found = outcome(anywhere.folder, 12.5)
    assert queue.finish(job, found)
    done = shelf.set(kept.id)
    assert (done.state, done.movement, done.score, done.reps) == (State.DONE, "squat", 71, 5)
    assert (done.headline, done.verdict, done.seen_all, done.stage) == ("Knees out", "fault", False, "")
    assert shelf.files(kept.id).results == anywhere.folder.results / found.results
    assert [point.found for point in shelf.course()] == list(found.values)


def test_two_workers_never_get_the_same_set(anywhere: Library, request: pytest.FixtureRequest) -> None:
    shelf = anywhere.shelf(LOCAL)
    ids = {add(shelf, anywhere.folder).id for _ in range(24)}
    on_server = not anywhere._database.on_sqlite
    url: str | None = request.getfixturevalue("server") if on_server else None

    def work(number: int) -> list[str]:
        own = Library.open(anywhere.folder, url)
        taken: list[str] = []
        while (job := own.queue.take(f"w{number}")) is not None:
            taken.append(job.set_id)
        own.close()
        return taken

    taken = [set_id for each in at_once(4, work) for set_id in each]
    assert sorted(taken) == sorted(ids)


def test_a_lease_that_is_renewed_is_not_taken_over(library: Library, queue: Queue, clock: Clock) -> None:
    add(library.shelf(LOCAL), library.folder)
    job = take(queue)
    for _ in range(5):
        clock.now_s += 9
        assert queue.take("other") is None
        assert queue.beat(job, "reading", 1, 2)


def test_a_silent_worker_loses_its_set_to_the_next(queue: Queue, library: Library, clock: Clock) -> None:
    shelf = library.shelf(LOCAL)
    kept = add(shelf, library.folder)
    job = take(queue)
    clock.now_s += 11
    second = take(queue, "other")
    assert (second.set_id, second.tries) == (kept.id, 2)
    assert not queue.beat(job, "reading", 1, 2)
    late = outcome(library.folder, 99.0)
    assert not queue.finish(job, late)
    queue.fail(job, "too late")
    queue.put_back(job)
    assert shelf.set(kept.id).state is State.RUNNING
    assert not (library.folder.results / late.results).exists()
    assert queue.finish(second, outcome(library.folder, 1.0))
    assert [point.found.value for point in shelf.course()] == [1.0]


def test_a_set_that_kills_its_workers_is_given_up(queue: Queue, library: Library, clock: Clock) -> None:
    shelf = library.shelf(LOCAL)
    deadly = add(shelf, library.folder)
    fine = add(shelf, library.folder)
    for tries in range(1, TRIES + 1):
        job = take(queue)
        assert (job.set_id, job.tries) == (deadly.id, tries)
        clock.now_s += 11
    assert take(queue).set_id == fine.id
    given_up = shelf.set(deadly.id)
    assert (given_up.state, given_up.problem) == (State.FAILED, GIVEN_UP)
    assert "\n" not in GIVEN_UP
    shelf.again(deadly.id)
    assert take(queue).tries == 1


def test_what_a_dead_worker_had_is_free_at_once(library: Library) -> None:
    shelf, queue = library.shelf(LOCAL), library.queue
    mine, others = add(shelf, library.folder), add(shelf, library.folder)
    job = take(queue, "mine")
    take(queue, "other")
    assert queue.lost("mine") == 1
    assert not queue.beat(job)
    assert (take(queue).set_id, queue.take("w")) == (mine.id, None)
    assert shelf.set(others.id).state is State.RUNNING


def test_a_set_put_back_keeps_its_place_and_its_tries(library: Library) -> None:
    shelf, queue = library.shelf(LOCAL), library.queue
    first, _ = add(shelf, library.folder), add(shelf, library.folder)
    for _ in range(TRIES + 2):
        job = take(queue)
        assert (job.set_id, job.tries) == (first.id, 1)
        queue.put_back(job)
    assert (shelf.set(first.id).state, queue.waiting()) == (State.QUEUED, 2)


def test_a_failure_is_kept_as_one_line(library: Library) -> None:
    shelf, queue = library.shelf(LOCAL), library.queue
    kept = add(shelf, library.folder)
    queue.fail(take(queue), "No person\nwas seen.\0")
    assert (shelf.set(kept.id).state, shelf.set(kept.id).problem) == (State.FAILED, "No person was seen.")
    assert queue.take("w") is None


@pytest.mark.parametrize("change", ["cancel", "delete_set", "again", "delete_athlete"])
def test_a_user_stops_a_running_analysis(library: Library, shelf: Shelf, change: str) -> None:
    queue, folder = library.queue, library.folder
    ada = shelf.add_athlete("Ada")
    kept = add(shelf, folder, athlete_id=ada.id)
    job = take(queue)
    getattr(shelf, change)(ada.id if change == "delete_athlete" else kept.id)
    assert not queue.beat(job, "reading", 1, 2)
    assert not queue.finish(job, outcome(folder, 1.0))
    queue.fail(job, "stopped")
    queue.put_back(job)
    assert list(folder.results.iterdir()) == []
    assert shelf.course() == ()
    left = {"cancel": [State.CANCELLED], "again": [State.QUEUED]}.get(change, [])
    assert [one.state for one in shelf.sets()] == left
    assert queue.waiting() == (1 if change == "again" else 0)


def test_cancelling_a_finished_set_changes_nothing(library: Library, shelf: Shelf) -> None:
    done = finished(library, shelf)
    shelf.cancel(done.id)
    assert shelf.set(done.id) == done


def test_again_forgets_what_was_found(library: Library, shelf: Shelf, folder: DataFolder) -> None:
    done = finished(library, shelf, capture_fps=240.0, person=(0.1, 0.2))
    shelf.again(done.id, movement="hinge", capture_fps=None)
    seen = shelf.set(done.id)
    fresh = add(shelf, folder, movement="hinge", person=(0.1, 0.2))
    assert seen == replace(fresh, id=seen.id, added=seen.added)
    assert list(folder.results.iterdir()) == []
    assert shelf.files(done.id).original.exists()


CLICKS = AskedStickers((("left_psis", 0.44, 0.52), ("right_psis", 0.55, 0.521)), 12)


def test_a_known_distance_goes_with_the_job_until_it_is_taken_away(folder: DataFolder) -> None:
    known = AskedDistance((0.25, 0.9), (0.75, 0.875), 10.0)
    first = Library.open(folder)
    made = add(first.shelf(LOCAL), folder)
    assert made.distance is None
    first.shelf(LOCAL).again(made.id, distance=known)
    first.close()
    library = Library.open(folder)
    shelf = library.shelf(LOCAL)
    assert take(library.queue).distance == known
    shelf.again(made.id, person=(0.5, 0.5))
    assert shelf.set(made.id).distance == known
    shelf.again(made.id, distance=None)
    assert take(library.queue).distance is None
    library.close()


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (AskedDistance((0.1, 0.9), (0.1, 0.9), 5.0), "two different points"),
        (AskedDistance((0.1, 0.9), (0.4, 0.9), 0.0), "metres between them"),
        (AskedDistance((0.1, 0.9), (0.4, 0.9), float("nan")), "metres between them"),
        (AskedDistance((0.1, 0.9), (1.4, 0.9), 5.0), "fractions of width and height"),
    ],
)
def test_a_distance_that_cannot_be_is_refused(
    shelf: Shelf, folder: DataFolder, wrong: AskedDistance, complaint: str
) -> None:
    made = add(shelf, folder)
    with pytest.raises(ValueError, match=complaint):
        shelf.again(made.id, distance=wrong)
    assert shelf.set(made.id).distance is None


@pytest.mark.parametrize("asked", [CLICKS, AskedStickers(), None])
def test_stickers_go_with_the_job_and_survive_a_restart(
    folder: DataFolder, asked: AskedStickers | None
) -> None:
    first = Library.open(folder)
    made = add(first.shelf(LOCAL), folder, stickers=asked)
    assert made.stickers == asked
    first.close()
    library = Library.open(folder)
    assert take(library.queue).stickers == asked
    assert library.shelf(LOCAL).set(made.id).stickers == asked
    library.close()


def test_again_changes_stickers_only_where_it_is_told(library: Library, shelf: Shelf) -> None:
    done = finished(library, shelf)
    for asked in (CLICKS, AskedStickers(), None):
        shelf.again(done.id, stickers=asked)
        shelf.again(done.id, movement="squat")
        assert shelf.set(done.id).stickers == asked


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (AskedStickers((("Left psis; drop", 0.4, 0.5),)), "Expected stickers as a name"),
        (AskedStickers((("left_psis", 1.4, 0.5),)), "Expected stickers as a name"),
        (AskedStickers((("left_psis", float("nan"), 0.5),)), "Expected stickers as a name"),
        (AskedStickers((("rib", 0.4, 0.5),) * 5), "at most 4 are followed"),
        (AskedStickers((("rib", 0.4, 0.5),), -1), "Expected a frame"),
    ],
)
def test_stickers_that_are_nonsense_are_refused(
    library: Library, shelf: Shelf, asked: AskedStickers, words: str
) -> None:
    done = finished(library, shelf)
    with pytest.raises(ValueError, match=words):
        shelf.again(done.id, stickers=asked)
    assert shelf.set(done.id) == done


def test_finishing_twice_removes_nothing(library: Library, shelf: Shelf, folder: DataFolder) -> None:
    add(shelf, folder)
    job, found = take(library.queue), outcome(folder, 1.0)
    assert library.queue.finish(job, found)
    assert not library.queue.finish(job, found)
    assert (folder.results / found.results / "report.json").exists()


def test_an_outcome_that_cannot_be_kept_changes_nothing(library: Library, shelf: Shelf) -> None:
    kept = add(shelf, library.folder)
    job = take(library.queue)
    with pytest.raises(ValueError, match="Expected a finite value, got nan"):
        library.queue.finish(job, outcome(library.folder, 1.0, float("nan")))
    with pytest.raises(ValueError, match="Expected results under a name from"):
        library.queue.finish(job, replace(outcome(library.folder), results="../clips"))
    assert shelf.set(kept.id).state is State.RUNNING
