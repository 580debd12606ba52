"""Poses of the rendered clips in ``videos/``, read once and kept in ``.cache/`` for every test that asks.

What is kept is named after everything it was made from: the clip, the model's files, the code that reads
and follows, and the libraries it leans on. A change in any of them reads the clip anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from secrets import token_hex

import numpy as np

from vision.capture import Clip, prefetch
from vision.pose import DEFAULT_POSE, open_pose
from vision.pose.athlete import Athlete
from vision.pose.base import BLAZEPOSE
from vision.pose.pelvis import network_sums, open_networks
from vision.pose.weights import sha256
from vision.session import Session
from vision.types import NO_PELVIS, Frame, Pose, Report

ROOT = Path(__file__).resolve().parents[1]
VIDEOS = ROOT / "videos"
CACHE = ROOT / ".cache" / "poses"
HALVED = (
    "hinge_side_clean",
    "hinge_side_knees_travel",
    "squat_front_clean",
    "squat_front_left_knee_caves_from_rep3",
    "walk_rear_level",
)
"""Clips of which every second picture is read, as if filmed at 15 a second.

They take half the time, and a camera on a slow computer gives no more; the others are read whole.
"""
QUICKLY = ("markers_walk_rear_right_hip_drops",)
"""Clips that are about nothing but their stickers: the quicker pose model leads to them as well."""

_LIBRARIES = ("av", "numpy", "onnxruntime", "opencv-contrib-python")


@dataclass(frozen=True)
class Filmed:
    """A clip's poses, None where nobody was seen, and its picture's size in px."""

    name: str
    poses: tuple[Pose | None, ...]
    size_wh: tuple[int, int]

    def report(self, movement: str | None = None) -> Report:
        """What the session says of the whole clip."""
        session = Session(BLAZEPOSE, self.size_wh, movement=movement)
        for pose in self.poses:
            session.push(pose)
        return session.finish()


@cache
def filmed(name: str) -> Filmed:
    """The clip ``name`` of ``videos/`` as the default pose model sees it, the ones in QUICKLY apart."""
    CACHE.mkdir(parents=True, exist_ok=True)
    path = CACHE / f"{name}-{_made_from(name)[:16]}.npz"
    with _alone(CACHE / f"{name}.lock"):
        if not path.is_file():
            for old in CACHE.glob(f"{name}-*.npz"):
                old.unlink()
            _keep(path, *_read(name))
    return _loaded(name, path)


def _made_from(name: str) -> str:
    parts = hashlib.sha256((VIDEOS / f"{name}.mp4").read_bytes())
    code = [ROOT / "vision" / f"{m}.py" for m in ("capture", "decode", "outline", "outline_grid", "types")]
    for source in (*code, *sorted((ROOT / "vision" / "pose").glob("*.py")), Path(__file__)):
        parts.update(source.read_bytes())
    parts.update(_models(_pose_of(name)).encode())
    parts.update(" ".join(f"{lib} {version(lib)}" for lib in _LIBRARIES).encode())
    return parts.hexdigest()


def _pose_of(name: str) -> str:
    return "blazepose-full" if name in QUICKLY else DEFAULT_POSE


@cache
def _models(pose: str) -> str:
    model = open_pose(pose)
    model.close()
    return " ".join(
        [f"{name} {sha256(name)}" for name in model.model_files]
        + [f"{name} {mark}" for name, mark in network_sums(open_networks()).items()]
    )


def pictures(clip: Clip, every: int) -> Iterator[Frame]:
    """Every so-manieth picture of the clip, numbered from 0 as those of a slower film would be."""
    for number, frame in enumerate(islice(clip, 0, None, every)):
        yield replace(frame, index=number)


def _read(name: str) -> tuple[list[Pose | None], tuple[int, int]]:
    model = open_pose(_pose_of(name))
    try:
        with Clip(VIDEOS / f"{name}.mp4") as clip:
            frames = pictures(clip, 2) if name in HALVED else clip
            poses = list(Athlete(model, pelvis=open_networks()).poses(prefetch(frames)))
            return poses, (clip.width, clip.height)
    finally:
        model.close()


def _keep(path: Path, poses: list[Pose | None], size_wh: tuple[int, int]) -> None:
    found = [p for p in poses if p is not None]
    arrays = {
        "seen": np.array([p is not None for p in poses]),
        "size_wh": np.array(size_wh),
        "t_s": np.array([p.t_s for p in found]),
        "index": np.array([p.index for p in found]),
        "xy": np.array([p.xy for p in found]),
        "score": np.array([p.score for p in found]),
        "world_m": np.array([p.world_m for p in found]),
        "pelvis": np.array([NO_PELVIS if p.pelvis is None else p.pelvis for p in found]),
        "outlined": np.array([p.outline is not None for p in found]),
        "outline": np.array([p.outline for p in found if p.outline is not None]),
    }
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    with part.open("wb") as file:
        np.savez(file, **arrays)
    os.replace(part, path)


def _loaded(name: str, path: Path) -> Filmed:
    with np.load(path) as kept:
        data = dict(kept)
    outlines = iter(data["outline"])
    found = iter(
        [
            Pose(float(t), int(i), xy, score, world, next(outlines) if outlined else None, pelvis=pelvis)
            for t, i, xy, score, world, pelvis, outlined in zip(
                *(data[k] for k in ("t_s", "index", "xy", "score", "world_m", "pelvis", "outlined")),
                strict=True,
            )
        ]
    )
    width, height = data["size_wh"].tolist()
    return Filmed(name, tuple(next(found) if seen else None for seen in data["seen"]), (width, height))


@contextmanager
def _alone(lock: Path) -> Generator[None]:
    """Let one process at a time read a clip; where files cannot be locked, each reads its own."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
