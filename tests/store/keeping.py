"""Things to keep in a library."""

from __future__ import annotations

from vision.store import DataFolder, Library, NewSet, Outcome, Shelf, StoredSet, Value


def clip(folder: DataFolder, content: bytes = b"film") -> str:
    """Put a clip into the folder and give its name."""
    name = folder.new_name(".mp4")
    (folder.clips / name).write_bytes(content)
    return name


def add(shelf: Shelf, folder: DataFolder, title: str = "clip.mp4", **about: object) -> StoredSet:
    return shelf.add_set(NewSet(title, clip(folder), **about))  # type: ignore[arg-type]


def outcome(folder: DataFolder, *values: float, movement: str = "squat") -> Outcome:
    """Write a folder of results and give what a worker would hand in."""
    name = folder.new_name()
    (folder.results / name).mkdir()
    (folder.results / name / "report.json").write_text("{}")
    found = tuple(
        Value(f"m{place}_deg", f"Measure {place}", "left", value, 1.5, "deg", "good")
        for place, value in enumerate(values)
    )
    return Outcome(name, movement, "frontal", "Knees out", "fault", 71, 5, False, found)


def finished(library: Library, shelf: Shelf, title: str = "clip.mp4", **about: object) -> StoredSet:
    """Add a set and let it be analysed; nothing else may be waiting."""
    added = add(shelf, library.folder, title, **about)
    job = library.queue.take("w")
    assert job is not None
    assert job.set_id == added.id
    assert library.queue.finish(job, outcome(library.folder, 1.0, 2.0))
    return shelf.set(added.id)
