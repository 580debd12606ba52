"""What is written from a report: JSON, tables, the overlay film and the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from vision.capture import Clip, prefetch
from vision.outputs import kinogram, stills, track_file
from vision.outputs.files import whole, write_text
from vision.outputs.overlay import write_overlay
from vision.outputs.page import report_html
from vision.outputs.report_json import report_text
from vision.outputs.tables import measures_csv, track_trc
from vision.types import ClipInfo, Frame, Report

__all__ = ["NAMES", "STRIP", "still_frames", "write_outputs"]

NAMES = ("measures.csv", "track.trc", "overlay.mp4", "report.html", "report.json")
"""What the folder of a clip receives, in the order in which it is written."""

STRIP = "kinogram.png"
"""What the folder of a sprint receives besides, with the points that a correction needs."""


def still_frames(report: Report) -> frozenset[int]:
    """Numbers of the frames that the page shows as stills."""
    return frozenset(stills.frames_of(report, stills.plan(report)))


def write_outputs(
    report: Report,
    clip_path: Path,
    clip: ClipInfo,
    folder: Path,
    *,
    video: bool = True,
    slow_faults: bool = False,
    kept: Mapping[int, Frame] | None = None,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> list[Path]:
    """Write everything about one clip into ``folder``, made if need be; return the paths.

    Each file appears whole or not at all, and ``report.json`` last: where it is, the run finished.
    So an older one is taken away first, and an older film when none is made. Without a film the
    clip is read once more for the stills, unless ``kept`` brings the frames :func:`still_frames`
    names. ``progress`` is told ``(stage, done, total)``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / name for name in NAMES if video or name != "overlay.mp4"}
    for name in NAMES:
        if name == "report.json" or name not in paths:
            (folder / name).unlink(missing_ok=True)
    write_text(paths["measures.csv"], measures_csv(report))
    write_text(paths["track.trc"], track_trc(report.track))
    plans = stills.plan(report)
    if video or kept is None:
        wanted = stills.frames_of(report, plans)
        with Clip(clip_path, capture_fps=clip.capture_fps) as source:
            if video:
                kept = write_overlay(
                    report,
                    clip,
                    prefetch(source),
                    paths["overlay.mp4"],
                    source=clip_path,
                    slow_faults=slow_faults,
                    keep=wanted,
                    progress=progress,
                )
            else:
                kept = {frame.index: frame for frame in source.pick(wanted)}
    pictures = stills.make(report, plans, kept)
    name = "overlay.mp4" if video else None
    strip = _write_strip(report, clip_path, clip, folder / STRIP)
    write_text(paths["report.html"], report_html(report, clip, pictures, name, strip))
    write_text(paths["report.json"], report_text(report, clip))
    return [paths[name] for name in NAMES if name in paths] + ([folder / STRIP] if strip else [])


def _write_strip(report: Report, clip_path: Path, clip: ClipInfo, path: Path) -> bytes | None:
    """Write the kinogram, if there is one; its pictures are read anew, since they are many."""
    points = path.with_name(track_file.NAME)
    if not report.kinogram:
        path.unlink(missing_ok=True)
        points.unlink(missing_ok=True)
        return None
    with whole(points) as part:
        part.write_bytes(track_file.track_bytes(report))
    with Clip(clip_path, capture_fps=clip.capture_fps) as source:
        png = kinogram.strip_png(report, source.pick(kinogram.frames_of(report)))
    if png is not None:
        with whole(path) as part:
            part.write_bytes(png)
    return png
