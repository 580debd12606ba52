"""Stickers before a camera: proposed while the athlete stands, taken when they hold still, then followed.

From picture to picture they are linked as they come, with the rule that clips are linked with; so
cues can follow them. What was seen of every picture is kept, a few numbers each, and at the end of
the set it is linked once more by the code of clips, the body's size known all along.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

import numpy as np

from vision.pose.linking import Frame as Body
from vision.pose.markers import Click, MarkerError, MarkerTracker, bodies
from vision.pose.proposing import propose
from vision.prepare import prepare
from vision.stickers import SeenStickers
from vision.types import FloatArray, Frame, Plane, Pose, Skeleton
from vision.view import estimate_view

PROPOSE_EVERY_S: Final = 0.25
"""Seconds between two proposals; each costs more than following."""

IN_A_ROW: Final = 3
STILL: Final = 0.04
"""Proposals in a row of the same stickers, each within this of the one before on the body, trunk
lengths, before they are taken."""

BODY_S: Final = 2.0
LOST_S: Final = 0.5
"""Seconds without a sticker after which that is said."""

GONE_S: Final = 2.0
"""Seconds without any sticker after which, before a set, they are looked for anew: the athlete turned."""


class Marking:
    """The stickers of one athlete before a camera; pictures come in order, with the pose seen in each."""

    def __init__(self, skeleton: Skeleton) -> None:
        self._skeleton = skeleton
        self.forget()

    def forget(self) -> None:
        """Look for stickers anew."""
        self._recent: deque[Pose] = deque()
        self._proposed_s = float("-inf")
        self._held: list[tuple[tuple[str, ...], FloatArray]] = []
        self._clicks: tuple[Click, ...] = ()
        self._known: dict[int, tuple[float, Body]] = {}
        self._tracker: MarkerTracker | None = None
        self._seen: dict[int, FloatArray] = {}
        self._seen_s: FloatArray = np.zeros(0)
        self._t_s = 0.0
        self.xy: FloatArray = np.zeros((0, 2))

    @property
    def taken(self) -> bool:
        """Whether stickers are followed."""
        return self._tracker is not None

    @property
    def stickers(self) -> SeenStickers | None:
        """What was seen so far, by the camera's picture numbers; None before any were taken."""
        return None if self._tracker is None else SeenStickers(self._tracker.names, self._seen)

    @property
    def gone(self) -> bool:
        """Whether all stickers that were taken have been lost for a while."""
        return self.taken and self._t_s - float(self._seen_s.max()) > GONE_S

    def take(self, clicks: Iterable[Click], frame: Frame, pose: Pose) -> None:
        """Follow these stickers from this picture on. Raises MarkerError where that cannot be."""
        body = self._body(pose)
        if body is None:
            raise MarkerError("expected the athlete whose stickers these are, nobody is seen")
        self._known[frame.index] = (frame.t_s, body)
        tracker = MarkerTracker(tuple(clicks), frame, self._known)
        self._tracker, self._seen_s = tracker, np.full(len(tracker.names), frame.t_s)
        self._follow(frame)

    def look(self, frame: Frame, pose: Pose | None) -> None:
        """Take the next picture."""
        self._t_s = frame.t_s
        body = None if pose is None else self._body(pose)
        if body is None or pose is None:
            self.xy = np.full_like(self.xy, np.nan)
            return
        if self._tracker is not None:
            self._known[frame.index] = (frame.t_s, body)
            self._follow(frame)
        elif frame.t_s - self._proposed_s >= PROPOSE_EVERY_S:
            self._proposed_s = frame.t_s
            self._propose(frame, pose, body)

    def _follow(self, frame: Frame) -> None:
        assert self._tracker is not None
        found = self._tracker.follow(frame)
        self._seen[frame.index] = found
        self.xy = found[:, :2]
        self._seen_s[np.isfinite(self.xy).all(axis=1)] = frame.t_s

    def _body(self, pose: Pose) -> Body | None:
        """The body by the poses of the last seconds: a camera knows none of those to come."""
        self._recent.append(pose)
        while self._recent[0].t_s < pose.t_s - BODY_S:
            self._recent.popleft()
        known = bodies(self._recent, self._skeleton)
        return known[pose.index][1] if pose.index in known else None

    def _propose(self, frame: Frame, pose: Pose, body: Body) -> None:
        height, width = frame.rgb.shape[:2]
        view = estimate_view(prepare(list(self._recent), (width, height), self._skeleton, 1).track)
        side = view.seen_from if view.plane in (Plane.FRONTAL, Plane.SAGITTAL) else None
        try:
            clicks = propose(frame.rgb, body, side) if side else []
        except MarkerError:
            clicks = []
        self._clicks = tuple(clicks)
        self.xy = np.array([(c.x * width, c.y * height) for c in clicks]).reshape(-1, 2)
        names = tuple(c.name for c in clicks)
        local = body.local(self.xy)
        if not self._holds(names, local):
            self._held = []
        self._held.append((names, local))
        if names and len(self._held) >= IN_A_ROW:
            try:
                self.take(clicks, frame, pose)
            except MarkerError:
                self._held = []

    def _holds(self, names: tuple[str, ...], local: FloatArray) -> bool:
        if not self._held or self._held[-1][0] != names:
            return False
        return bool(np.all(np.abs(local - self._held[-1][1]) <= STILL))

    def relinked(self, poses: Iterable[Pose]) -> SeenStickers | None:
        """Everything linked once more by the code of clips, on the bodies of the whole set's ``poses``.

        Poses carry the camera's own times and picture numbers.
        """
        if self._tracker is None:
            return None
        self._known.update(bodies(poses, self._skeleton))
        return SeenStickers(self._tracker.names, self._tracker.finish())

    @property
    def words(self) -> str:
        """What is to be said of the stickers; empty while all is well."""
        if self._tracker is None:
            if not self._clicks:
                return "No stickers are seen yet."
            return f"Stickers seen: {_listed([c.name for c in self._clicks])}."
        away = self._t_s - self._seen_s > LOST_S
        lost = [name for name, gone in zip(self._tracker.names, away, strict=True) if gone]
        return f"Stickers lost: {_listed(lost)}." if lost else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
