"""Poses of a clip, read once and judged as often as one likes.

Reading poses takes nearly all of an analysis. They are kept under ``.cache/poses`` by the clip's
sha256 and the pose model, and pushed through the product's own :class:`vision.session.Session`
again whenever something behind the poses has changed.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import vision
from validation.follow import CACHE, digest
from vision.capture import Clip, prefetch
from vision.outline import empty_outline
from vision.pose import DEFAULT_POSE, open_pose
from vision.pose.athlete import Athlete
from vision.pose.base import BLAZEPOSE
from vision.session import Session
from vision.types import Pose, Report, Skeleton

SKELETONS = {BLAZEPOSE.name: BLAZEPOSE}


@dataclass(frozen=True)
class Recording:
    """What the product's reader saw in each frame of a clip, None where the athlete was lost.

    ``reader`` is a fingerprint of the code that read it.
    """

    poses: tuple[Pose | None, ...]
    skeleton: Skeleton
    size_wh: tuple[int, int]
    reader: str


@cache
def reader_now() -> str:
    """Fingerprint of the product's code between the file and the poses."""
    package = Path(vision.__file__).parent
    files = [*sorted((package / "pose").glob("*.py")), package / "outline.py", package / "decode.py"]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files if f.is_file())).hexdigest()[:16]


def read_poses(path: Path, pose: str) -> Recording:
    """Read a clip as :func:`vision.pipeline.analyse_clip` does, up to the poses."""
    model = open_pose(pose)
    try:
        with Clip(path) as clip:
            poses = tuple(Athlete(model).poses(prefetch(clip)))
            return Recording(poses, model.skeleton, (clip.width, clip.height), reader_now())
    finally:
        model.close()


def save(path: Path, recording: Recording) -> None:
    """Write a recording, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, **_packed(recording))
    part.replace(path)


def _packed(recording: Recording) -> dict[str, Any]:
    k = len(recording.skeleton.names)
    seen = [p for p in recording.poses if p is not None]
    blank_m = np.full((k, 3), np.nan)
    blank_outline = empty_outline()
    return {
        "lost": np.array([p is None for p in recording.poses], bool),
        "t_s": np.array([p.t_s for p in seen], np.float64),
        "index": np.array([p.index for p in seen], np.int64),
        "xy": np.array([p.xy for p in seen], np.float32).reshape(-1, k, 2),
        "score": np.array([p.score for p in seen], np.float32).reshape(-1, k),
        "world_m": np.array([blank_m if p.world_m is None else p.world_m for p in seen], np.float32).reshape(
            -1, k, 3
        ),
        "outline": np.array(
            [blank_outline if p.outline is None else p.outline for p in seen], np.float32
        ).reshape(-1, *blank_outline.shape),
        "size_wh": np.array(recording.size_wh, np.int64),
        "skeleton": np.array(recording.skeleton.name),
        "reader": np.array(recording.reader),
    }


def load(path: Path) -> Recording:
    """Read a recording back. Raises KeyError for a skeleton that is not known."""
    with np.load(path, allow_pickle=False) as data:
        packed = {name: data[name] for name in data.files}
    points, outlines = packed["world_m"].astype(np.float64), packed["outline"].astype(np.float64)
    rows = iter(range(len(packed["t_s"])))
    poses: list[Pose | None] = []
    for lost in packed["lost"]:
        i = -1 if lost else next(rows)
        poses.append(
            None
            if lost
            else Pose(
                t_s=float(packed["t_s"][i]),
                index=int(packed["index"][i]),
                xy=packed["xy"][i].astype(np.float64),
                score=packed["score"][i].astype(np.float64),
                world_m=None if np.isnan(points[i]).all() else points[i],
                outline=None if np.isnan(outlines[i]).all() else outlines[i],
            )
        )
    width, height = (int(v) for v in packed["size_wh"])
    return Recording(tuple(poses), SKELETONS[str(packed["skeleton"])], (width, height), str(packed["reader"]))


@dataclass(frozen=True, slots=True)
class Store:
    """Recordings kept on disk.

    A recording made by an older reader is used all the same, with a word on stderr; ``fresh`` reads
    such clips again.
    """

    folder: Path = CACHE / "poses"
    fresh: bool = False

    def recording(self, path: Path, pose: str = DEFAULT_POSE) -> Recording:
        """The poses of the clip ``path`` by the model ``pose``, read now if need be."""
        kept = self.folder / f"{digest(path)[:24]}-{pose}.npz"
        if kept.is_file():
            found = load(kept)
            if found.reader == reader_now():
                return found
            if not self.fresh:
                print(
                    f"STALE: {path.stem}: poses by an older reader; --fresh reads them again", file=sys.stderr
                )
                return found
        recording = read_poses(path, pose)
        save(kept, recording)
        return recording


def judge(
    poses: Iterable[Pose | None], skeleton: Skeleton, size_wh: tuple[int, int], movement: str | None
) -> Report:
    """Poses through the product's session; ``movement`` None to have it detected."""
    session = Session(skeleton, size_wh, movement=movement)
    for pose in poses:
        session.push(pose)
    return session.finish()


def analyse_cached(
    path: Path, *, movement: str | None = None, pose: str = DEFAULT_POSE, store: Store | None = None
) -> Report:
    """The product's report on a clip, its poses read only the first time."""
    recording = (store or Store()).recording(path, pose)
    return judge(recording.poses, recording.skeleton, recording.size_wh, movement)
