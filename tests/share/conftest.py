"""A library with finished sets of a made-up athlete, each a small film with its results."""

from __future__ import annotations

import shutil
from datetime import date

import numpy as np
import pytest

from tests.outputs import factory
from vision.outputs import faces, write_outputs
from vision.outputs.files import write_text
from vision.outputs.film import make_film
from vision.outputs.player_data import player_data, player_text
from vision.store import LOCAL, DataFolder, Library, NewSet, Outcome, Value

SECRET_NAME = "Zacharias Example"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """A clip, ``clip.mp4``, and the ``results`` of its analysis, to be copied."""
    root = tmp_path_factory.mktemp("made")
    report, clip = factory.report(2), factory.clip_info(f"{SECRET_NAME}.mov", 60)
    path = factory.write_clip(root / "clip.mp4", np.arange(60) / factory.FPS, factory.SIZE)
    results = root / "results"
    results.mkdir()
    film = make_film(path, clip, results / "film.mp4")
    write_outputs(report, path, clip, results, video=False)
    player = player_data(report, clip, film.times_s, film.size_wh)
    write_text(results / "player.json", player_text(player))
    return root


class Room:
    """The library, the local viewer's shelf, and sets on it."""

    def __init__(self, root, made):
        self.made = made
        self.folder = DataFolder(root)
        self.library = Library.open(self.folder)
        self.shelf = self.library.shelf(LOCAL)
        self.athlete = self.shelf.add_athlete(SECRET_NAME)

    def add(self, day=1, value=10.0, error95=2.0, *, verdict="fault", view="frontal", athlete=True):
        """A finished set whose film is a grey room with a bright bar where the head is."""
        clip_name, name = self.folder.new_name(".mp4"), self.folder.new_name()
        shutil.copy(self.made / "clip.mp4", self.folder.clips / clip_name)
        shutil.copytree(self.made / "results", self.folder.results / name)
        new = NewSet(
            f"{SECRET_NAME}.mov",
            clip_name,
            filmed_on=date(2026, 3, day),
            athlete_id=self.athlete.id if athlete else None,
            session=f"with {SECRET_NAME}",
        )
        added = self.shelf.add_set(new)
        job = self.library.queue.take("w")
        assert job is not None
        found = Value("trunk_lean", "Trunk to one side", None, value, error95, "deg", verdict)
        done = Outcome(name, "squat", view, "Knees caved in.", "fault", 87, 2, True, (found,))
        assert self.library.queue.finish(job, done)
        return self.shelf.set(added.id)

    def results(self, one):
        return self.shelf.files(one.id).results


@pytest.fixture
def room(tmp_path, made_once):
    made = Room(tmp_path / "data", made_once)
    yield made
    made.library.close()


@pytest.fixture
def nobody_else(monkeypatch):
    """Nobody but the athlete is in the picture; saves the model's time."""

    class Nobody:
        def __call__(self, rgb, turn, known=()):
            return []

    monkeypatch.setattr(faces, "HeadFinder", Nobody)


@pytest.fixture
def unreadable(monkeypatch):
    """Looking for faces goes wrong."""

    class Broken:
        def __init__(self):
            raise RuntimeError("private-folder/models/detector is missing")

    monkeypatch.setattr(faces, "HeadFinder", Broken)
