"""A film of own arch and tuck, read by the very code of ``plumbline analyse --calibration``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from vision import __version__
from vision.calibrating import UNREADABLE, calibration_of
from vision.capture import Clip
from vision.jobs.check import in_users_words
from vision.jobs.progress import READING
from vision.movements.bridge import BRIDGE
from vision.movements.calibration import OWN_FILM, SIGNALS
from vision.movements.lockout import NEEDED, Calibration
from vision.outputs.checked import StoredError
from vision.outputs.files import write_text
from vision.outputs.film import make_film
from vision.outputs.own_file import NAME, OwnFile, own_text, read_own
from vision.pose.base import PoseEstimator
from vision.pose.pelvis import listed_networks
from vision.pose.weights import sha256
from vision.store import Job, Outcome
from vision.store.rows import OwnFilm, UsedOwn
from vision.types import Verdict

READING_OWN: Final = "reading the film of own arch and tuck"

Progress = Callable[[str, int, int | None], None]
_log = logging.getLogger(__name__)


def read_film(job: Job, scratch: Path, model: PoseEstimator, progress: Progress) -> Callable[[str], Outcome]:
    """Read the film of ``job`` and write what its page shows into ``scratch``; gives its outcome by name.

    Raises ClipError for a file that cannot be used, CalibrationError for a film that does not show an arch
    and a tuck.
    """
    found = _read(job, model, lambda _, done, total: progress(READING, done, total))
    with Clip(job.original, capture_fps=job.capture_fps) as clip:
        info = clip.info()
    make_film(job.original, info, scratch / "film.mp4", progress=progress)
    write_text(scratch / NAME, own_text(found))
    return partial(outcome_of_film, found)


def outcome_of_film(found: OwnFile, results: str) -> Outcome:
    """What the library keeps of such a film: no score and no value, as it is no set of a movement."""
    cues = len(found.calibration.levels)
    enough = cues >= NEEDED
    return Outcome(
        results=results,
        movement=OWN_FILM,
        view="side",
        headline=f"Arch and tuck were told apart by {cues} of {len(SIGNALS)} cues.",
        verdict=(Verdict.GOOD if enough else Verdict.CAUTION).value,
        score=None,
        reps=0,
        seen_all=cues == len(SIGNALS),
    )


def own_of(job: Job, model: PoseEstimator, progress: Progress) -> tuple[Calibration | None, UsedOwn | None]:
    """The own arch and tuck to read ``job`` against, and which film they are from; None where there is none.

    What an older or another Plumbline kept of the film, or what is damaged, is read anew from the film. Where
    that fails the set is read without, and the library keeps why.
    """
    film = job.own
    if film is None:
        return None, None
    used = UsedOwn(film.id, film.results.name)
    try:
        found = _kept(film, model) or _anew(film, model, progress)
    except UNREADABLE as problem:
        _log.warning("film %s cannot be used for set %s: %s", film.id, job.set_id, problem)
        return None, replace(used, problem=in_users_words(str(problem), film.original, film.title))
    return replace(found.calibration, movements=film.movements), used


def _kept(film: OwnFilm, model: PoseEstimator) -> OwnFile | None:
    try:
        found = read_own(film.results / NAME)
    except StoredError as problem:
        _log.warning("film %s: %s", film.id, problem)
        return None
    return found if found.made == made_by(model) else None


def _anew(film: OwnFilm, model: PoseEstimator, progress: Progress) -> OwnFile:
    found = _read(film, model, lambda _, done, total: progress(READING_OWN, done, total))
    with suppress(OSError):  # it may be deleted by now; then nobody asks again
        write_text(film.results / NAME, own_text(found))
    return found


def _read(film: Job | OwnFilm, model: PoseEstimator, progress: Progress) -> OwnFile:
    found = calibration_of(
        film.original,
        capture_fps=film.capture_fps,
        person=film.person,
        estimator=model,
        progress=progress,
    )
    with Clip(film.original, capture_fps=film.capture_fps) as clip:
        return OwnFile(found, made_by(model), clip.time_scale)


def made_by(model: PoseEstimator) -> dict[str, object]:
    """What reads a film: levels that something else read are not compared with what this one sees."""
    files = (*model.model_files, *listed_networks())
    return {
        "version": __version__,
        "pose": model.name,
        "models": {name: sha256(name) for name in files},
        "thresholds": BRIDGE.table.version,
    }
