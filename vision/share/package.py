"""Sets packed to be handed on: one zip with pages, tables and films, with faces covered when asked.

Where a face cannot be covered for sure, the film and the stills stay out; nothing uncovered is
packed instead.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vision.capture import Clip, ClipError
from vision.movements import MOVEMENTS
from vision.outputs import stills
from vision.outputs.checked import StoredError
from vision.outputs.files import whole
from vision.outputs.page import report_html
from vision.outputs.veil import FacesError, veil_film
from vision.pose.weights import WeightError
from vision.share.readme import Entry, readme
from vision.share.rebuilt import rebuilt
from vision.store import Shelf, State, StoredSet
from vision.types import ClipInfo, Frame, Report

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how many frames are through and how many there will be; may raise Stopped."""

_LOG: Final = logging.getLogger(__name__)
_DAY_ONE: Final = (1980, 1, 1, 0, 0, 0)
_PRIVATE: Final = 0o600 << 16


class Stopped(Exception):
    """Whoever asked for a package wants it no longer."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was made: its sets in order, with what to know before handing it on."""

    entries: tuple[Entry, ...]

    @property
    def to_look_at(self) -> tuple[str, ...]:
        """What was left out or is in doubt, one line each."""
        return tuple(f"{e.name}: {line}" for e in self.entries for line in (*e.left_out, *e.doubts))


def package(
    shelf: Shelf,
    set_ids: Sequence[str],
    out: Path,
    *,
    blur: bool,
    names: bool = False,
    progress: Progress | None = None,
) -> Packed:
    """Write the sets ``set_ids`` to the zip ``out``, whole or not at all.

    ``blur`` covers every face, ``names`` writes athletes' names and the sets' titles into the pages.
    Raises NotFound for a set that is not the viewer's, ValueError for none or for one without a
    result, Stopped when ``progress`` does.
    """
    found = [shelf.set(set_id) for set_id in dict.fromkeys(set_ids)]
    if not found:
        raise ValueError("Choose at least one set to share.")
    for one in found:
        if one.state is not State.DONE or shelf.files(one.id).results is None:
            raise ValueError("A set without a result cannot be shared yet.")
    with (
        whole(out) as part,
        tempfile.TemporaryDirectory(prefix=".making-", dir=out.parent) as scratch,
        zipfile.ZipFile(part, "w") as zipped,
    ):
        entries: list[Entry] = []
        for number, one in enumerate(found, 1):
            entry = _entry(number, one, len(found) > 1, names=names)
            results = shelf.files(one.id).results or Path()
            entries.append(_pack(zipped, entry, results, Path(scratch), blur=blur, progress=progress))
        _add(zipped, "README.txt", readme(entries, blur=blur, names=names).encode())
    return Packed(tuple(entries))


def _entry(number: int, one: StoredSet, several: bool, *, names: bool) -> Entry:
    movement = one.movement if one.movement in MOVEMENTS else None
    name = f"Set {number}"
    if names:
        name = " · ".join(filter(None, (name, one.athlete, one.title)))
    folder = f"set-{number}-{movement or 'movement'}/" if several else ""
    return Entry(name, folder, movement or "movement not known", one.filmed_on, one.headline)


def _pack(
    zipped: zipfile.ZipFile,
    entry: Entry,
    results: Path,
    scratch: Path,
    *,
    blur: bool,
    progress: Progress | None,
) -> Entry:
    """Add one set; return what became of it."""
    try:
        report, clip = rebuilt(results, entry.name)
    except (OSError, StoredError):
        return entry.without("its results cannot be read any more; analyse the clip again")
    film = scratch / "film.mp4"
    entry, kept = _film(entry, results / "film.mp4", film, report, blur=blur, progress=progress)
    page = _page(report, clip, kept)
    _add(zipped, f"{entry.folder}report.html", page.encode())
    try:
        _add(zipped, f"{entry.folder}measures.csv", (results / "measures.csv").read_bytes())
    except OSError:
        entry = entry.without("the table of measures cannot be read any more")
    if film.exists():
        _add(zipped, f"{entry.folder}film.mp4", film)
        film.unlink()
    return entry


def _film(
    entry: Entry, source: Path, film: Path, report: Report, *, blur: bool, progress: Progress | None
) -> tuple[Entry, Mapping[int, Frame]]:
    """Make the film to pack and the pictures of the stills; neither where something goes wrong."""
    wanted = stills.frames_of(report, stills.plan(report))

    def told(stage: str, done: int, total: int | None) -> None:
        if progress is not None:
            progress(f"{entry.name}: {stage}", done, total)

    try:
        if blur:
            made = veil_film(source, report.track, film, keep=wanted, progress=told)
            return entry.doubting(made.doubts), made.kept
        told("copying the film", 0, None)
        with Clip(source) as clip:
            kept = {frame.index: frame for frame in clip.pick(wanted)}
        shutil.copyfile(source, film)
        return entry, kept
    except Stopped:
        raise
    except Exception as problem:
        # Whatever it was: a face that may be uncovered is not handed on.
        _LOG.warning("no film in the package", exc_info=True)
        film.unlink(missing_ok=True)
        return entry.without(f"no film and no stills, because {_reason(problem)}"), {}


def _reason(problem: Exception) -> str:
    """Why there is no film, without other libraries' words: they may name folders of this computer."""
    if isinstance(problem, FacesError):
        return str(problem)
    if isinstance(problem, WeightError):
        return "the model that finds heads is missing or damaged"
    return (
        "the film could not be read" if isinstance(problem, OSError | ClipError) else "something went wrong"
    )


def _page(report: Report, clip: ClipInfo, kept: Mapping[int, Frame]) -> str:
    pictures = stills.make(report, stills.plan(report), kept) if kept else ()
    return report_html(report, clip, pictures, None)


def _add(zipped: zipfile.ZipFile, name: str, content: bytes | Path) -> None:
    """Add a file that tells neither when nor by whom it was made; films are packed as they are."""
    info = zipfile.ZipInfo(name, _DAY_ONE)
    info.external_attr = _PRIVATE
    if isinstance(content, Path):
        info.file_size = content.stat().st_size
        with content.open("rb") as file, zipped.open(info, "w") as inside:
            shutil.copyfileobj(file, inside, 1 << 20)
        return
    info.compress_type = zipfile.ZIP_DEFLATED
    zipped.writestr(info, content)
