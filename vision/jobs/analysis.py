"""One job: a clip in, a folder of results out, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from vision.jobs.outcome import outcome_of
from vision.jobs.own import own_of, read_film
from vision.jobs.progress import FILMING
from vision.movements.calibration import OWN_FILM
from vision.outputs import still_frames, write_outputs
from vision.outputs.files import write_text
from vision.outputs.film import make_film
from vision.outputs.player_data import player_data, player_text
from vision.pipeline import Distance, analyse_clip
from vision.pose.base import PoseEstimator
from vision.pose.markers import Click
from vision.stickers import Stickers
from vision.store import DataFolder, Job, Outcome
from vision.store.rows import AskedDistance

Progress = Callable[[str, int, int | None], None]


def analyse(folder: DataFolder, job: Job, model: PoseEstimator, progress: Progress) -> Outcome:
    """Analyse the clip of ``job``; its files lie in ``results`` when this returns.

    They are written elsewhere and moved there in one step. ``progress`` may raise to stop; whatever
    is raised, nothing is left. Raises ClipError for a file that cannot be used, MarkerError for
    stickers that cannot be followed, CalibrationError for a film of own arch and tuck that shows none,
    ValueError for a movement that is not known.
    """
    name = folder.new_name()
    scratch = folder.scratch / name
    scratch.mkdir(mode=0o700)
    try:
        kept = (read_film if job.movement == OWN_FILM else _judged)(job, scratch, model, progress)
        _onto_disk(scratch)
        scratch.rename(folder.results / name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return kept(name)


def _judged(job: Job, scratch: Path, model: PoseEstimator, progress: Progress) -> Callable[[str], Outcome]:
    """Write a set's files into ``scratch``; gives its outcome by the name that they will lie under."""
    own, used = own_of(job, model, progress)
    analysis = analyse_clip(
        job.original,
        movement=job.movement,
        capture_fps=job.capture_fps,
        person=job.person,
        estimator=model,
        markers=_stickers(job),
        distance=distance_of(job.distance),
        calibration=own,
        progress=progress,
    )
    # The file lies under a random name; people know it by the name they gave it.
    report, clip = analysis.report, replace(analysis.clip, name=job.title)
    film = make_film(job.original, clip, scratch / "film.mp4", keep=still_frames(report), progress=progress)
    write_outputs(report, job.original, clip, scratch, video=False, kept=film.kept)
    data = player_data(report, clip, film.times_s, film.size_wh)
    write_text(scratch / "player.json", player_text(data))
    progress(FILMING, clip.frames, clip.frames)
    against = used if job.own is not None and report.movement in job.own.movements else None
    return lambda name: replace(outcome_of(report, name), used_own=against)


def _stickers(job: Job) -> Stickers | None:
    """The stickers to follow. Raises MarkerError for what makes no sense."""
    asked = job.stickers
    if asked is None:
        return None
    clicks = tuple(Click(name, x, y) for name, x, y in asked.clicks)
    return Stickers(clicks or None, asked.frame)


def distance_of(asked: AskedDistance | None) -> Distance | None:
    """A distance as the library keeps it in the shape that the analysis wants."""
    return None if asked is None else Distance(asked.start, asked.end, asked.metres)


def _onto_disk(folder: Path) -> None:
    """Have the disk hold what the library is about to promise, whatever happens to the power."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
