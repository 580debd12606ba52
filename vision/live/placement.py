"""Whether the athlete stands where the camera can judge the movement, and what to do if not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from vision.live.values import Sight
from vision.movements.base import Movement, Posture
from vision.prepare import SEEN_SCORE, prepare
from vision.types import SIDES, FloatArray, Plane, Pose, Skeleton
from vision.view import estimate_view

DARK: Final = 40.0
GLARING: Final = 235.0
"""Mean brightness (0-255) beyond which a picture is too dark or too bright to judge (assumed)."""

NEAR: Final = 0.93
FAR: Final = 0.35
"""The body's length as a share of the picture's: more has no room to move, less is too small."""

LEAST_PX: Final = 110.0
"""Least length of the body in px: below it a joint is lost in the noise (assumed)."""

EDGE: Final = 0.01
"""Share of the picture at its edges that counts as outside."""

MOST_OF: Final = 0.7
"""Share of the last second in which something must hold."""

LYING_DEG: Final = 48.0
UPRIGHT_DEG: Final = 70.0
"""Trunk against the level: below the first nobody stands, above the second nobody lies or leans."""


class Problem(StrEnum):
    """What keeps a set from starting."""

    DARK = "dark"
    GLARE = "glare"
    NOBODY = "nobody"
    CROWD = "crowd"
    HEAD = "head"
    FEET = "feet"
    EDGE = "edge"
    NEAR = "near"
    FAR = "far"
    POSTURE = "posture"
    VIEW = "view"


SENTENCES: Final = {
    Problem.DARK: "It is too dark to see you: switch on a light or uncover the camera.",
    Problem.GLARE: "The picture is too bright: turn the camera away from the window or lamp.",
    Problem.NOBODY: "Nobody is to be seen: step into the picture.",
    Problem.CROWD: "More than one person is in the picture: ask the others to step out of it.",
    Problem.HEAD: "Your head is out of the picture: step back or tilt the camera up.",
    Problem.FEET: "Your feet are out of the picture: step back or tilt the camera down.",
    Problem.EDGE: "You are at the edge of the picture: move to its middle.",
    Problem.NEAR: "You are too close: take a step back.",
    Problem.FAR: "You are too far away: come closer.",
    Problem.POSTURE: "Stand upright to begin.",
    Problem.VIEW: "Turn your side to the camera.",
}
"""What to do about each problem; lying movements have words of their own."""

_ONE_VIEW: Final = {
    Plane.SAGITTAL: SENTENCES[Problem.VIEW],
    Plane.FRONTAL: "Turn your front or your back to the camera.",
}
_POSTURES: Final = {
    Posture.SUPINE: "Lie on your back with your side to the camera.",
    Posture.SIDE: "Lie on your side with your front to the camera.",
    Posture.FOURS: "Go on hands and knees with your side to the camera.",
}
_LYING_VIEWS: Final = {
    Posture.SUPINE: "Lie with your side to the camera.",
    Posture.SIDE: "Lie with your front or your back to the camera.",
    Posture.FOURS: "Turn your side to the camera.",
}
_LYING_SENTENCES: Final = {
    Problem.HEAD: "Your head is out of the picture: move the camera further away.",
    Problem.FEET: "Your feet are out of the picture: move the camera further away.",
    Problem.NEAR: "You are too close: move the camera further away.",
    Problem.FAR: "You are too far away: move the camera closer.",
}
_EITHER_VIEW: Final = "Face the camera, or turn your side to it: you stand in between."
GOOD: Final = "Good. Stay there."


@dataclass(frozen=True, slots=True)
class Placement:
    """What the check found: no ``problem`` means that the set may start."""

    problem: Problem | None
    sentence: str

    @property
    def good(self) -> bool:
        """Whether the set may start."""
        return self.problem is None


def check(
    recent: Sequence[Sight], movement: Movement, skeleton: Skeleton, size_wh: tuple[int, int]
) -> Placement:
    """Judge where the athlete stood over the ``recent`` second; the first problem found is the answer."""
    poses = [s.pose for s in recent if s.pose is not None]
    problem = light(recent) or _company(recent, poses)
    if problem is None:
        body = _Body(poses, skeleton, size_wh, lying=movement.posture is not Posture.STANDING)
        steps: tuple[Callable[[], Problem | None], ...] = (
            body.posture,
            lambda: _view(poses, movement, skeleton, size_wh),
            body.distance,
            body.inside,
        )
        problem = next((p for p in (step() for step in steps) if p is not None), None)
    return Placement(problem, sentence(problem, movement))


def sentence(problem: Problem | None, movement: Movement) -> str:
    """What to do about ``problem``, in the words that fit the movement."""
    if problem is None:
        return GOOD
    if movement.posture is Posture.STANDING:
        return _view_sentence(movement) if problem is Problem.VIEW else SENTENCES[problem]
    if problem is Problem.VIEW:
        return _LYING_VIEWS[movement.posture]
    if problem is Problem.POSTURE:
        return _POSTURES[movement.posture]
    return _LYING_SENTENCES.get(problem, SENTENCES[problem])


def _view_sentence(movement: Movement) -> str:
    planes = sorted(judged_planes(movement))
    return _EITHER_VIEW if len(planes) > 1 else _ONE_VIEW[planes[0]]


def judged_planes(movement: Movement) -> frozenset[Plane]:
    """The views in which something of the movement is judged; where nothing is, those worth filming."""
    rows = movement.table.criteria.values()
    judged = frozenset(r.plane for r in rows if r.good is not None or r.unit == "pattern") - {Plane.UNKNOWN}
    return judged or frozenset(movement.views)


def light(recent: Sequence[Sight]) -> Problem | None:
    """Whether the picture is too dark or too bright."""
    known = [s.light for s in recent if s.light is not None]
    if not known:
        return None
    level = float(np.median(known))
    return Problem.DARK if level < DARK else Problem.GLARE if level > GLARING else None


def _company(recent: Sequence[Sight], poses: Sequence[Pose]) -> Problem | None:
    if len(poses) < max(3, MOST_OF * len(recent)):
        return Problem.NOBODY
    return Problem.CROWD if max(s.people for s in recent) > 1 else None


def _view(
    poses: Sequence[Pose], movement: Movement, skeleton: Skeleton, size_wh: tuple[int, int]
) -> Problem | None:
    """Whether the body is turned so that a plane of the movement is seen squarely enough."""
    track = prepare(poses, size_wh, skeleton, len(poses)).track
    view = movement.view_of(track, estimate_view(track))
    return None if view.plane in judged_planes(movement) else Problem.VIEW


class _Body:
    """Where the parts of the body lay in the picture over the last second, as shares of its sides."""

    def __init__(
        self, poses: Sequence[Pose], skeleton: Skeleton, size_wh: tuple[int, int], *, lying: bool
    ) -> None:
        self._skeleton = skeleton
        self._lying = lying
        self._size = np.array(size_wh, np.float64)
        self._xy = np.stack([p.xy for p in poses])
        self._score = np.stack([p.score for p in poses])

    def _part(self, *parts: str) -> FloatArray:
        """The best seen of the points ``parts`` in each pose, ``(T, 2)`` in px."""
        rows = self._skeleton.rows(*parts)
        best = rows[np.argmax(self._score[:, rows], axis=1)]
        return self._xy[np.arange(len(self._xy)), best]

    def _pair(self, part: str) -> FloatArray:
        return self._part(*(f"{s}_{part}" for s in SIDES))

    def _seen(self, *parts: str) -> bool:
        """Whether one of the points ``parts`` was in the picture and sure most of the time."""
        rows = self._skeleton.rows(*parts)
        xy, score = self._xy[:, rows] / self._size, self._score[:, rows]
        inside = ((xy > EDGE) & (xy < 1 - EDGE)).all(axis=2) & (score >= SEEN_SCORE)
        return float(inside.any(axis=1).mean()) >= MOST_OF

    def distance(self) -> Problem | None:
        """Whether the body fills too much or too little of the picture."""
        head, foot = self._part("nose", "left_ear", "right_ear"), self._pair("ankle")
        along = 0 if self._lying else 1
        reach = np.abs(foot - head)[:, along]
        length = float(np.median(reach))
        share = length / float(self._size[along])
        if share > NEAR:
            return Problem.NEAR
        return Problem.FAR if share < FAR or length < LEAST_PX else None

    def inside(self) -> Problem | None:
        """Whether head and feet are in the picture, and the middle of the body not at its edge."""
        if not self._seen("nose", "left_ear", "right_ear", "left_eye_outer", "right_eye_outer"):
            return Problem.HEAD
        if not all(self._seen(*(f"{s}_{p}" for s in SIDES)) for p in ("knee", "ankle", "toe")):
            return Problem.FEET
        trunk = self._skeleton.rows(*(f"{s}_{p}" for s in SIDES for p in ("hip", "shoulder")))
        x = float(np.median(self._xy[:, trunk, 0].mean(axis=1))) / self._size[0]
        return None if 0.12 <= x <= 0.88 else Problem.EDGE

    def posture(self) -> Problem | None:
        """Whether the body lies for a lying movement and stands for a standing one."""
        v = np.median(self._pair("shoulder") - self._pair("hip"), axis=0)
        steep = float(np.degrees(np.arctan2(-v[1], abs(v[0]))))
        wrong = steep > UPRIGHT_DEG if self._lying else steep < LYING_DEG
        return Problem.POSTURE if wrong else None
