"""Packages in the background: asked about by id, one viewer's not another's."""

from __future__ import annotations

import threading
import zipfile

import pytest

from vision.share import making
from vision.share.making import Makings, Stage
from vision.share.package import Packed
from vision.store import NotFound, Viewer

PATIENCE_S = 120


def ended(makings, key, id):
    """The package once nothing more happens to it."""
    for thread in threading.enumerate():
        if thread.name == "plumbline-package":
            thread.join(PATIENCE_S)
    return makings.state(key, id)


def test_a_package_is_made(room):
    makings = Makings()
    id = makings.start(room.shelf, room.folder, [room.add().id], blur=False)
    made = ended(makings, "local", id)
    assert made.stage is Stage.READY
    assert made.over
    assert made.name.endswith(".zip")
    assert zipfile.is_zipfile(room.folder.packages / made.name)
    assert makings.all_of("local") == (made,)
    assert makings.state("somebody else", id) is None
    assert makings.all_of("somebody else") == ()


def test_of_somebody_elses_set_none_is_begun(room):
    makings = Makings()
    stranger = room.library.shelf(Viewer("somebody else"))
    with pytest.raises(NotFound, match="no such set"):
        makings.start(stranger, room.folder, [room.add().id], blur=False)
    assert makings.all_of("somebody else") == ()


def test_a_deleted_set_is_said(room, monkeypatch):
    monkeypatch.setattr(making, "package", _raises(NotFound("gone")))
    made = _made(room)
    assert made.stage is Stage.FAILED
    assert made.problem == "A set of this package has been deleted."


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (ValueError("Choose at least one set to share."), "Choose at least one set to share."),
        (OSError(28, "No space left", "private-folder"), "could not be written"),
        (KeyError("private-folder"), "could not be made"),
    ],
)
def test_problems_are_one_plain_line(room, monkeypatch, problem, line):
    monkeypatch.setattr(making, "package", _raises(problem))
    made = _made(room)
    assert made.stage is Stage.FAILED
    assert line in made.problem
    assert "/home" not in made.problem


def test_progress_stop_and_forget(room, monkeypatch):
    makings, begun, go_on = Makings(), threading.Event(), threading.Event()

    def slow(shelf, set_ids, path, *, blur, names, progress):
        progress("Set 1: covering faces", 3, 9)
        begun.set()
        assert go_on.wait(PATIENCE_S)
        progress("Set 1: covering faces", 4, 9)
        path.write_bytes(b"")
        return Packed(())

    monkeypatch.setattr(making, "package", slow)
    one = room.add()
    id = makings.start(room.shelf, room.folder, [one.id], blur=True)
    try:
        assert begun.wait(PATIENCE_S)
        now = makings.state("local", id)
        assert (now.stage, now.doing, now.done, now.total) == (Stage.MAKING, "Set 1: covering faces", 3, 9)
        makings.stop("local", id)
    finally:
        go_on.set()
    assert ended(makings, "local", id).stage is Stage.STOPPED
    assert list(room.folder.packages.iterdir()) == []


def test_forgetting_removes_the_file(room):
    makings = Makings()
    one = room.add()
    id = makings.start(room.shelf, room.folder, [one.id], blur=False)
    assert ended(makings, "local", id).stage is Stage.READY
    makings.forget(room.folder, "local", set_id="another")
    assert makings.state("local", id) is not None
    makings.forget(room.folder, "local", set_id=one.id)
    assert makings.state("local", id) is None
    assert list(room.folder.packages.iterdir()) == []


def _raises(problem):
    def package(*_, **__):
        raise problem

    return package


def _made(room):
    makings = Makings()
    id = makings.start(room.shelf, room.folder, [room.add().id], blur=False)
    return ended(makings, "local", id)
