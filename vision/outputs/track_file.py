"""The body points of a sprint in ``track.npz``, so that its numbers can be made anew after a correction."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np

from vision.outputs.checked import StoredError
from vision.outputs.report_back import read_report
from vision.pose.base import BLAZEPOSE
from vision.types import ClipInfo, Cycle, CycleKind, Report, Track

NAME: Final = "track.npz"
_NONE: Final = -1


def track_bytes(report: Report) -> bytes:
    """Points, camera and steps of a report with its track, without the model's own guess at depth."""
    track = report.track
    cycles = [
        (c.start, c.turn, c.end, _NONE if c.off is None else c.off) for c in (k.cycle for k in report.cycles)
    ]
    file = io.BytesIO()
    np.savez_compressed(
        file,
        t_s=track.t_s,
        index=track.index,
        xy=track.xy.astype(np.float32),
        outline=track.outline.astype(np.float32),
        camera_px=np.full((len(track), 2), np.nan) if track.camera_px is None else track.camera_px,
        size_wh=np.array(track.size_wh),
        cycles=np.array(cycles, np.int64).reshape(-1, 4),
    )
    return file.getvalue()


def read_with_track(folder: Path) -> tuple[Report, ClipInfo]:
    """The report in ``folder`` with its track and steps, as far as a correction needs them.

    Raises StoredError where there is none or it does not go with the report.
    """
    report, clip = read_report(folder / "report.json")
    try:
        with np.load(folder / NAME, allow_pickle=False) as kept:
            data = {name: np.asarray(kept[name]) for name in kept.files}
        track = _track(data)
        rows = data["cycles"].tolist()
    except (OSError, KeyError, ValueError, BadZipFile):
        raise StoredError("the body points of this set cannot be read; analyse the clip again") from None
    if len(rows) != len(report.cycles):
        raise StoredError("the body points do not go with the report; analyse the clip again")
    cycles = tuple(
        replace(
            judged,
            cycle=Cycle(
                int(start),
                int(turn),
                int(end),
                CycleKind.STEP,
                judged.cycle.side,
                None if off < 0 else int(off),
            ),
        )
        for judged, (start, turn, end, off) in zip(report.cycles, rows, strict=True)
    )
    return replace(report, track=track, cycles=cycles), clip


def _track(data: dict[str, np.ndarray]) -> Track:
    xy = data["xy"].astype(np.float64)
    wide, high = (int(v) for v in data["size_wh"])
    return Track(
        t_s=data["t_s"].astype(np.float64),
        index=data["index"].astype(np.int64),
        xy=xy,
        score=np.where(np.isfinite(xy[:, :, 0]), 1.0, 0.0),
        world_m=np.full((*xy.shape[:2], 3), np.nan),
        outline=data["outline"].astype(np.float64),
        size_wh=(wide, high),
        skeleton=BLAZEPOSE,
        camera_px=data["camera_px"].astype(np.float64),
    )
