"""A kinogram corrected by hand: the set's results made anew from its body points, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from vision.capture import Clip
from vision.jobs.analysis import distance_of
from vision.jobs.outcome import outcome_of
from vision.outputs import STRIP, kinogram, track_file
from vision.outputs.files import write_text
from vision.outputs.page import report_html
from vision.outputs.player_data import player_data, player_text
from vision.outputs.report_json import report_text
from vision.outputs.tables import measures_csv
from vision.session import corrected
from vision.store import DataFolder, Shelf
from vision.types import ClipInfo, Report

_ANEW: Final = frozenset(
    {"report.json", "report.html", "measures.csv", "player.json", STRIP, track_file.NAME}
)


def correct(folder: DataFolder, shelf: Shelf, set_id: str, frames: Mapping[int, Mapping[str, int]]) -> None:
    """Choose pictures of a set's kinogram by hand: by step, name and frame; the numbers follow.

    The new results take the old ones' place in one step, in the library's courses too. Raises
    CorrectionError for what cannot be, StoredError for results that cannot be corrected, ClipError
    where the clip cannot be read, NotFound for a set that is not the viewer's.
    """
    files = shelf.files(set_id)
    if files.results is None:
        raise track_file.StoredError("expected a set that is analysed; wait until it is")
    old, clip = track_file.read_with_track(files.results)
    known = distance_of(shelf.set(set_id).distance)
    report = corrected(
        old, frames, px_per_m=None if known is None else known.px_per_m((clip.width, clip.height))
    )
    name = folder.new_name()
    scratch = folder.scratch / name
    scratch.mkdir(mode=0o700)
    try:
        _write(report, clip, files.original, files.results, scratch)
        scratch.rename(folder.results / name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    try:
        shelf.replace_results(set_id, outcome_of(report, name), instead_of=files.results.name)
    except BaseException:
        folder.remove(folder.results / name)
        raise


def _write(report: Report, clip: ClipInfo, original: Path, before: Path, scratch: Path) -> None:
    for path in before.iterdir():
        if path.name not in _ANEW:
            _same(path, scratch / path.name)
    with Clip(original, capture_fps=clip.capture_fps) as source:
        strip = kinogram.strip_png(report, source.pick(kinogram.frames_of(report)))
    if strip is not None:
        (scratch / STRIP).write_bytes(strip)
    (scratch / track_file.NAME).write_bytes(track_file.track_bytes(report))
    write_text(scratch / "measures.csv", measures_csv(report))
    write_text(scratch / "report.html", report_html(report, clip, strip=strip))
    told = json.loads((before / "player.json").read_bytes())
    anew = player_data(report, clip, np.array(told["times_s"], np.float64), tuple(told["size_wh"]))
    write_text(scratch / "player.json", player_text(anew))
    write_text(scratch / "report.json", report_text(report, clip))


def _same(path: Path, to: Path) -> None:
    """The same file under a second name, or a copy where the disk knows no such thing."""
    try:
        os.link(path, to)
    except OSError:
        shutil.copyfile(path, to)
