"""What the product's own pipeline hands to its session, kept so that a clip is read only once.

:func:`vision.pipeline.analyse_clip` runs as it is, from the file to the report; only its session is
watched. Whatever a pose carries is kept whole, so that readers added to the pipeline later (a network
that looks at the picture) need no change here. The key is the clip, the weights of every model and the
names of a pose's fields; a kept clip that was read by other code is used, with a word on stderr.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import vision
from validation.follow import CACHE, digest
from validation.replay import reader_now
from vision import pipeline
from vision.calibrating import calibration_from
from vision.movements.lockout import Calibration
from vision.pose import DEFAULT_POSE
from vision.prepare import PoseLog
from vision.session import Session
from vision.stickers import Stickers
from vision.types import Pose, Report

MODELS: Final = Path(__file__).resolve().parents[1] / "models"

OTHER_EYES: Final = ("pelvis",)
"""A pose's fields that something else than body points, outline and stickers fills, where there is one."""


@dataclass(frozen=True)
class Take:
    """One clip as the session saw it: how it was made, and what was pushed, frame by frame."""

    options: dict[str, Any]
    made_with: tuple[Any, ...]
    pushed: tuple[tuple[Any, ...], ...]
    reader: str

    def report(
        self,
        *,
        movement: str | None,
        see: Callable[[Pose], Pose] = lambda pose: pose,
        own: Calibration | None = None,
    ) -> Report:
        """The session's report; ``see`` may take from a pose what is not to be used.

        ``own`` is the athlete's own arch and tuck.
        """
        session = Session(*self.made_with, **self.options | {"movement": movement, "calibration": own})
        for seen in self.pushed:
            first, *rest = seen
            session.push(see(first) if isinstance(first, Pose) else first, *rest)
        return session.finish()

    def calibration(self) -> Calibration:
        """Of a film of one's own arch and tuck. Raises CalibrationError where it shows none."""
        skeleton, size_wh = self.made_with
        log = PoseLog(skeleton)
        for first, *_ in self.pushed:
            if isinstance(first, Pose):
                log.append(first)
        return calibration_from(log, size_wh, skeleton)


def without_extra_eyes(pose: Pose) -> Pose:
    """The pose with body points, outline and stickers only."""
    extra = {f.name: None for f in fields(pose) if f.name in OTHER_EYES}
    return replace(pose, **extra) if extra else pose


class _Watched(Session):
    """A session that remembers what it was given."""

    last: _Watched | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.made_with, self.options = args, options
        self.pushed: list[tuple[Any, ...]] = []
        _Watched.last = self

    def push(self, pose: Pose | None, *more: Any, **named: Any) -> None:
        """Remember, and push."""
        self.pushed.append((pose, *more))
        super().push(pose, *more, **named)


def record(clip: Path, *, movement: str, stickers: Stickers | None = None) -> Take:
    """Run the product's pipeline over a clip and keep what its session was given."""
    with patch.object(pipeline, "Session", _Watched):
        pipeline.analyse_clip(clip, movement=movement, markers=stickers)
    watched = _Watched.last
    assert watched is not None
    _Watched.last = None
    return Take(watched.options, watched.made_with, tuple(watched.pushed), _code())


def kept(
    clip: Path,
    *,
    movement: str,
    stickers: Stickers | None = None,
    folder: Path = CACHE / "judge" / "takes",
    fresh: bool = False,
) -> Take:
    """The clip's take, read now if need be; with the stickers that are to be followed, if any."""
    path = folder / f"{clip.stem}-{_key(clip, stickers)}.pickle"
    if path.is_file():
        take: Take = pickle.loads(path.read_bytes())  # our own file, under our own cache
        if take.reader == _code() or not fresh:
            if take.reader != _code():
                print(f"STALE: {clip.stem}: read by older code; --fresh reads it again", file=sys.stderr)
            return take
    take = record(clip, movement=movement, stickers=stickers)
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(pickle.dumps(take))
    part.replace(path)
    return take


def _key(clip: Path, stickers: Stickers | None) -> str:
    parts = [digest(clip), DEFAULT_POSE, weights(MODELS), *(f.name for f in fields(Pose))]
    parts += [repr(stickers)] if stickers else []
    return sha256("|".join(parts).encode()).hexdigest()[:20]


@cache
def weights(folder: Path) -> str:
    """Name and sha256 of every network in the folder of models."""
    return " ".join(f"{p.name} {digest(p)}" for p in sorted(folder.glob("*.onnx")))


@cache
def _code() -> str:
    return sha256((reader_now() + _text(Path(vision.__file__).parent / "pipeline.py")).encode()).hexdigest()


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def networks(names: Sequence[str] | None = None) -> tuple[str, ...]:
    """Files of the networks that look at the pelvis; empty while the product has none."""
    found = [p.name for p in sorted(MODELS.glob("*.onnx"))] if names is None else names
    return tuple(name for name in found if "pelvis" in name)
