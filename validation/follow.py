"""The plainest way to read poses from a clip: one model, one person, nothing repaired.

It serves to compare models with each other and as the bare loop that the product's speed is
measured against; the product's own reading is :mod:`vision.pipeline`'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from validation.readers import FloatArray
from vision.capture import Clip
from vision.pose import open_pose
from vision.pose.base import PoseEstimator, Reading, Region
from vision.types import Frame

CACHE = Path(".cache")
"""Where tracks and made clips are kept between runs; ignored by git."""


def read_all(frames: Iterable[Frame], model: PoseEstimator) -> Iterator[tuple[Frame, Reading | None]]:
    """Each frame with its reading: the largest person, followed from frame to frame."""
    region: Region | None = None
    for frame in frames:
        reading = None if region is None else model.read(frame.rgb, region)
        if reading is None:
            people = model.find(frame.rgb)
            if people:
                reading = model.read(frame.rgb, max(people, key=lambda person: person.size_px))
        region = None if reading is None else reading.next_region
        yield frame, reading


@dataclass(frozen=True)
class BareTrack:
    """Poses of one clip as the model gave them: ``xy`` ``(T, K, 2)`` px, NaN where nobody was seen."""

    t_s: FloatArray
    xy: FloatArray
    score: FloatArray
    names: tuple[str, ...]

    def at(self, name: str) -> FloatArray:
        """Path ``(T, 2)`` px of one point."""
        return self.xy[:, self.names.index(name)]

    def frames_at(self, t_s: FloatArray) -> NDArray[np.intp]:
        """Frames nearest in time to ``t_s``."""
        after = np.clip(np.searchsorted(self.t_s, t_s), 1, len(self.t_s) - 1)
        return after - (t_s - self.t_s[after - 1] < self.t_s[after] - t_s)


def digest(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def bare_track(path: Path, model_name: str, *, cache: Path = CACHE) -> BareTrack:
    """Poses of the clip ``path``, read once and kept under ``cache`` by the clip's sha256."""
    kept = cache / "bare" / f"{digest(path)[:24]}-{model_name}.npz"
    if kept.is_file():
        with np.load(kept, allow_pickle=False) as data:
            return BareTrack(data["t_s"], data["xy"], data["score"], tuple(data["names"].tolist()))
    model = open_pose(model_name)
    try:
        with Clip(path) as clip:
            track = _collected(read_all(clip, model), model)
    finally:
        model.close()
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(".part.npz")
    np.savez_compressed(part, t_s=track.t_s, xy=track.xy, score=track.score, names=np.array(track.names))
    part.replace(kept)
    return track


def _collected(readings: Iterable[tuple[Frame, Reading | None]], model: PoseEstimator) -> BareTrack:
    points = len(model.skeleton.names)
    times: list[float] = []
    xy: list[FloatArray] = []
    score: list[FloatArray] = []
    for frame, reading in readings:
        times.append(frame.t_s)
        xy.append(np.full((points, 2), np.nan) if reading is None else reading.xy)
        score.append(np.zeros(points) if reading is None else reading.score)
    return BareTrack(np.array(times), np.array(xy), np.array(score), model.skeleton.names)
