"""Films of own arch and tuck in the room: read as on the command line, kept whole, never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import vision.calibrating
import vision.pipeline
from tests.jobs import own_films
from tests.jobs.conftest import Kept
from tests.jobs.fakes import FakePose
from tests.jobs.own_films import BRIDGE_WH, FILM_WH, FLAT_WH, TRUE_DEG
from vision.__main__ import USABLE, main
from vision.jobs import own, run_waiting
from vision.jobs.analysis import analyse
from vision.movements.calibration import OWN_FILM
from vision.outputs.own_file import NAME, read_own
from vision.pose.athlete import Athlete
from vision.store import State, StoredSet
from vision.store.rows import UsedOwn

pytestmark = pytest.mark.usefixtures("no_pelvis_networks", "made_up")

DAY = date(2025, 3, 9)


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Athlete, "poses", own_films.poses)
    for module in (vision.pipeline, vision.calibrating):
        monkeypatch.setattr(module, "open_pose", lambda _: FakePose())


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("own")
    names = {"own.mp4": FILM_WH, "bridge.mp4": BRIDGE_WH, "flat.mp4": FLAT_WH}
    return {name: own_films.clip(folder, size, name) for name, size in names.items()}


Add = Callable[..., StoredSet]


@pytest.fixture
def add(kept: Kept, clips: dict[str, Path]) -> Add:
    """Put a clip of an athlete into the library."""
    ada = kept.shelf.add_athlete("Ada").id

    def call(name: str, movement: str) -> StoredSet:
        one = kept.add(clips[name], name, movement)
        kept.shelf.change_set(one.id, athlete_id=ada, filmed_on=DAY)
        return one

    return call


def report_of(kept: Kept, one: StoredSet) -> Any:
    return json.loads((kept.results(kept.shelf.set(one.id)) / "report.json").read_text("utf-8"))


def tilt_of(kept: Kept, one: StoredSet) -> Any:
    found = [f for f in report_of(kept, one)["set"]["findings"] if f["measure"] == "pelvic_tilt"]
    return found[0]


def test_a_bridge_reads_as_on_the_command_line(
    kept: Kept, add: Add, clips: dict[str, Path], tmp_path: Path
) -> None:
    bridge, film = add("bridge.mp4", "auto"), add("own.mp4", OWN_FILM)
    assert run_waiting(kept.library, FakePose) == 2
    words = ["analyse", clips["bridge.mp4"], "--calibration", clips["own.mp4"]]
    assert main([str(w) for w in (*words, "--no-video", "--out", tmp_path)]) == USABLE
    told = json.loads((tmp_path / "bridge" / "report.json").read_text("utf-8"))
    assert report_of(kept, bridge) == told
    tilt = tilt_of(kept, bridge)
    assert abs(tilt["value"] - TRUE_DEG) < tilt["error95"] < 10
    results = kept.results(kept.shelf.set(film.id))
    assert kept.shelf.set(bridge.id).used_own == UsedOwn(film.id, results.name)


def test_without_the_film_the_same_bridge_has_no_degrees(kept: Kept, add: Add) -> None:
    bridge = add("bridge.mp4", "bridge")
    run_waiting(kept.library, FakePose)
    assert tilt_of(kept, bridge)["value"] is None
    assert kept.shelf.set(bridge.id).used_own is None


def test_a_film_is_kept_with_what_was_found_and_is_no_set(kept: Kept, add: Add) -> None:
    film = add("own.mp4", OWN_FILM)
    run_waiting(kept.library, FakePose)
    one = kept.shelf.set(film.id)
    assert (one.state, one.movement, one.score, one.reps) == (State.DONE, OWN_FILM, None, 0)
    assert one.verdict == "good"
    assert one.is_own_film
    assert "2 of 4 cues" in one.headline
    folder = kept.results(one)
    assert sorted(path.name for path in folder.iterdir()) == ["film.mp4", NAME]
    found = read_own(folder / NAME).calibration
    assert set(found.levels) == {"pelvic_tilt", "pelvic_tilt_by_landmarks"}
    assert set(found.refused) == {"ventral_bow", "lumbar_hollow"}  # so small a picture has coarse edges
    assert found.arch_s is not None
    assert found.tuck_s is not None
    assert 4.5 < found.arch_s[0] < found.arch_s[1] < 11 < found.tuck_s[0] < found.tuck_s[1] < 18
    assert kept.shelf.course() == ()
    assert kept.nothing_half_done()


def test_a_film_that_shows_no_arch_and_tuck_fails_in_a_line(kept: Kept, add: Add) -> None:
    film = add("flat.mp4", OWN_FILM)
    run_waiting(kept.library, FakePose)
    one = kept.shelf.set(film.id)
    assert one.state is State.FAILED
    assert one.problem.startswith("expected the hips held up for 5 s or longer")
    assert kept.nothing_half_done()


Spoil = Callable[[Path], object]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("{"),
        lambda path: path.unlink(),
        lambda path: path.write_text(path.read_text().replace('"format": 1', '"format": 0')),
        lambda path: path.write_text(path.read_text().replace("blazepose-full", "another")),
    ],
    ids=["damaged", "missing", "older", "another model"],
)
def test_levels_that_cannot_be_used_are_read_anew_from_the_film(kept: Kept, add: Add, spoil: Spoil) -> None:
    film = add("own.mp4", OWN_FILM)
    run_waiting(kept.library, FakePose)
    path = kept.results(kept.shelf.set(film.id)) / NAME
    before = path.read_bytes()
    spoil(path)
    bridge = add("bridge.mp4", "bridge")
    run_waiting(kept.library, FakePose)
    assert path.read_bytes() == before
    tilt = tilt_of(kept, bridge)
    assert abs(tilt["value"] - TRUE_DEG) < tilt["error95"]


def test_where_that_fails_the_bridge_is_read_without_and_says_why(
    kept: Kept, add: Add, clips: dict[str, Path]
) -> None:
    film = add("own.mp4", OWN_FILM)
    run_waiting(kept.library, FakePose)
    (kept.results(kept.shelf.set(film.id)) / NAME).write_text("{")
    kept.shelf.files(film.id).original.write_bytes(clips["flat.mp4"].read_bytes())
    bridge = add("bridge.mp4", "bridge")
    run_waiting(kept.library, FakePose)
    one = kept.shelf.set(bridge.id)
    assert one.state is State.DONE
    assert tilt_of(kept, bridge)["value"] is None
    assert one.used_own is not None
    assert one.used_own.film == film.id
    assert "hips held up" in one.used_own.problem


def test_progress_is_told_while_a_film_is_read(kept: Kept, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    film = add("own.mp4", OWN_FILM)
    job = kept.library.queue.take("w")
    assert job is not None
    assert job.set_id == film.id
    outcome = analyse(kept.folder, job, FakePose(), lambda stage, done, total: told.append(stage))
    assert list(dict.fromkeys(told)) == ["reading", "making the film"]
    assert kept.library.queue.finish(job, outcome)
    (kept.results(kept.shelf.set(film.id)) / NAME).unlink()
    add("bridge.mp4", "bridge")
    job = kept.library.queue.take("w")
    assert job is not None
    told.clear()
    analyse(kept.folder, job, FakePose(), lambda stage, done, total: told.append(stage))
    assert told[0] == own.READING_OWN
