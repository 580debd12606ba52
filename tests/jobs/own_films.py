"""A film of own arch and tuck and a bridge: grey clips, and the poses of a made-up athlete in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests import figures as fig
from tests.movements.test_lockout import outline, shot
from tests.movements.test_own_tilt import lift, seen
from tests.outputs import factory
from vision.pose.athlete import Athlete
from vision.types import Frame, Pose

FPS = 15.0
FILM_WH, BRIDGE_WH, FLAT_WH = (160, 180), (162, 180), (164, 180)
"""Clips are told apart by their size."""

TRUE_DEG = 10.0
"""How far the pelvis tips forward in the bridge."""


def _film(arch_deg: float, tuck_deg: float) -> list[Pose]:
    """Arch held from 5 to 10 s, tuck from 11 on, as the edges and the network see it."""

    def true(t: float) -> float:
        return float(np.interp(t, [4, 5, 10, 11], [0.0, arch_deg, arch_deg, tuck_deg]))

    return [replace(p, pelvis=seen(true(p.t_s), lift(p.t_s))) for p in shot(noise=0.001, fps=FPS)]


def _bridge() -> list[Pose]:
    poses: list[Pose] = []
    for pose in fig.film(fig.bridges(2), fig.FROM_RIGHT, fig.clock(fig.set_length(2), FPS)):
        up = fig.depth_at(pose.t_s, 2)
        edges = outline(0.03, 0.09, "right")
        poses.append(replace(pose, pelvis=seen(TRUE_DEG * up, up), outline=edges))
    return poses


SHOTS = {
    FILM_WH: _film(14.0, -14.0),
    BRIDGE_WH: _bridge(),
    FLAT_WH: fig.film(lambda _: fig.bridging(3.0), fig.FROM_RIGHT, fig.clock(6.0, FPS)),
}


def clip(folder: Path, size_wh: tuple[int, int], name: str) -> Path:
    """The grey clip in which the poses of that size are seen."""
    return factory.write_clip(folder / name, np.arange(len(SHOTS[size_wh])) / FPS, size_wh)


def poses(_: Athlete, frames: Iterable[Frame]) -> Iterator[Pose | None]:
    """Stands in for ``Athlete.poses``."""
    for frame in frames:
        high, wide = frame.rgb.shape[:2]
        pose = SHOTS[wide, high][frame.index]
        yield replace(pose, t_s=frame.t_s, index=frame.index, xy=pose.xy * high / fig.SIZE[1])
