"""Stickers in one picture of a clip: who is in it, which stickers are proposed, where a click's centre is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.capture import Clip
from vision.pose.athlete import Athlete
from vision.pose.base import PoseEstimator
from vision.pose.blobs import Spot
from vision.pose.linking import Frame as Body
from vision.pose.markers import REACH, Click, MarkerError, bodies, clicked
from vision.pose.proposing import propose
from vision.types import Frame, ImageArray, Pose, Skeleton

_MISSED: Final = (0.0, 0.15, 0.35)
"""How far around a click a sticker is looked for, as shares of the reach: fingers are wide."""


@dataclass(frozen=True)
class Still:
    """One picture ``rgb`` of a clip, its number, and the athlete's ``body`` in it, None where nobody is seen.

    ``facing`` is +1 where a side view shows the athlete facing image right, -1 image left, as in
    :class:`vision.types.View`.
    """

    rgb: ImageArray
    index: int
    body: Body | None
    facing: float


def read_still(
    path: str | os.PathLike[str],
    number: int,
    model: PoseEstimator,
    person: tuple[float, float] | None = None,
) -> Still:
    """Read picture ``number`` of a clip, the last one where it has fewer.

    ``person`` is a point on the athlete, as shares of width and height. Raises ClipError for a file that
    cannot be used, MarkerError for one without pictures.
    """
    with Clip(path) as clip:
        frame = next(iter(clip.pick([number])), None)
        if frame is None:
            frame = next(iter(clip.pick([max(len(clip.timestamps()) - 1, 0)])), None)
    if frame is None:
        raise MarkerError("expected a clip with pictures, got none")
    pose = Athlete(model, point=person)(Frame(frame.rgb, frame.t_s, frame.index))
    if pose is None:
        return Still(frame.rgb, frame.index, None, 1.0)
    known = bodies([pose], model.skeleton)
    if frame.index not in known:
        return Still(frame.rgb, frame.index, None, 1.0)
    body = known[frame.index][1]
    return Still(frame.rgb, frame.index, body, _facing(pose, model.skeleton, body))


def _facing(pose: Pose, skeleton: Skeleton, body: Body) -> float:
    """Where knees, toes and nose point, in the body's own axes: one picture is too little for a view."""

    def across(*names: str) -> float:
        return float(body.local(pose.xy[skeleton.rows(*names)])[:, 0].mean())

    knees, toes, heels = (across(f"left_{p}", f"right_{p}") for p in ("knee", "toe", "heel"))
    nose = across("nose") - across("left_ear", "right_ear")
    return 1.0 if knees + toes - heels + nose >= 0 else -1.0


def centre(still: Still, click: Click) -> Spot:
    """The sticker at or next to ``click``. Raises MarkerError where there is none, or nobody is seen."""
    if still.body is None:
        raise MarkerError(
            f"expected the athlete in picture {still.index}, nobody is seen; choose another one"
        )
    height, width = still.rgb.shape[:2]
    problem = MarkerError("no place was looked at")
    for share in _MISSED:
        off = share * REACH * still.body.trunk_px
        for angle in np.arange(0.0, 2 * np.pi, np.pi / 4) if share else (0.0,):
            x, y = click.x + off * np.cos(angle) / width, click.y + off * np.sin(angle) / height
            try:
                spot = clicked(still.rgb, Click(click.name, float(x), float(y)), still.body)
            except MarkerError as none:
                problem = problem if share else none
                continue
            if spot is not None:
                return spot
    raise problem


def proposed(still: Still, guide: str) -> list[Click]:
    """Stickers that the program finds, named for a film from the ``guide``'s side: rear, front or side.

    Raises MarkerError where no group makes sense, or nobody is seen.
    """
    if still.body is None:
        raise MarkerError(
            f"expected the athlete in picture {still.index}, nobody is seen; choose another one"
        )
    side = "right" if still.facing > 0 else "left"
    return propose(still.rgb, still.body, side if guide == "side" else guide)
