"""Stickers of a clip whose poses are known: proposed where nobody clicked them, and followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from vision.capture import Clip, prefetch
from vision.pose.linking import Frame as Body
from vision.pose.markers import Click, MarkerError, MarkerTracker, bodies, check_clicks
from vision.pose.proposing import propose
from vision.prepare import prepare
from vision.types import FloatArray, Frame, Pose, Skeleton
from vision.view import estimate_view

_TRIES: Final = 6

Told = Callable[[Iterable[Frame]], Iterator[Frame]]
"""Passes frames on and tells somebody how far the reading is."""


@dataclass(frozen=True)
class Stickers:
    """Which stickers to follow: ``clicks`` in picture ``frame``, or None to have them proposed.

    Without a ``frame`` the first picture is meant, and a proposal chooses its own. Raises
    MarkerError for what makes no sense.
    """

    clicks: tuple[Click, ...] | None = None
    frame: int | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense before anything is read."""
        if self.clicks is not None:
            check_clicks(self.clicks)
        if self.frame is not None and self.frame < 0:
            raise MarkerError(f"expected a frame number from 0 up, got {self.frame}")


def asked(clicks: Sequence[Click] | None, *, auto: bool, frame: int | None) -> Stickers | None:
    """The stickers that somebody asked for in words; MarkerError where they make no sense."""
    if clicks and auto:
        raise MarkerError("expected --marker or --markers auto, got both")
    if frame is not None and not (clicks or auto):
        raise MarkerError("expected --marker or --markers auto with --marker-frame")
    return Stickers(tuple(clicks) if clicks else None, frame) if clicks or auto else None


@dataclass(frozen=True)
class SeenStickers:
    """What was found: ``names``, and by picture ``(M, 3)`` px the centre and its standard deviation."""

    names: tuple[str, ...]
    by_frame: Mapping[int, FloatArray]

    def on(self, pose: Pose) -> Pose:
        """The pose with its stickers."""
        return self.at(pose, pose.index)

    def at(self, pose: Pose, number: int) -> Pose:
        """The pose with the stickers of picture ``number``."""
        return replace(pose, markers=self.by_frame.get(number))


def seen_stickers(
    clip: Clip, poses: Sequence[Pose], skeleton: Skeleton, wanted: Stickers, told: Told
) -> SeenStickers:
    """Read the clip once more and follow the stickers. Raises MarkerError where there are none."""
    known = bodies(poses, skeleton)
    if not known:
        raise MarkerError(
            "expected a person whose hips and shoulders are seen, to look for markers on; none is"
        )
    clicks, start = _start(clip, poses, skeleton, wanted, known)
    tracker = MarkerTracker(clicks, start, known)
    with closing(prefetch(clip)) as frames:
        for frame in told(frames):
            tracker.look(frame)
    return SeenStickers(tracker.names, tracker.finish())


def _start(
    clip: Clip,
    poses: Sequence[Pose],
    skeleton: Skeleton,
    wanted: Stickers,
    known: Mapping[int, tuple[float, Body]],
) -> tuple[Sequence[Click], Frame]:
    """The clicks and the picture that they are in."""
    if wanted.clicks is not None:
        number = wanted.frame or 0
        frame = next(iter(clip.pick([number])), None)
        if frame is None:
            raise MarkerError(f"expected a frame that the clip has for the markers, got {number}")
        return wanted.clicks, frame
    seen_from = estimate_view(prepare(poses, (clip.width, clip.height), skeleton, len(poses)).track).seen_from
    numbers = sorted(known)
    tries = [numbers[i * (len(numbers) - 1) // _TRIES] for i in range(_TRIES)]
    problem = MarkerError("no frame was looked at")
    for frame in clip.pick(tries if wanted.frame is None else [wanted.frame]):
        if frame.index not in known:
            continue
        try:
            return propose(frame.rgb, known[frame.index][1], seen_from), frame
        except MarkerError as none:
            problem = none
    raise problem
