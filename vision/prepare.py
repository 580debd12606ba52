"""From poses to a track that can be measured: swaps mended, unseen points out, gaps filled, level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vision import filters
from vision.kinematics import turned
from vision.outline_grid import ALONG
from vision.swaps import exchange, swapped_legs
from vision.types import Pose, Skeleton, Track

SEEN_SCORE: Final = 0.3
"""Least score of a point that counts as seen (the likelihood that Sports2D asks for)."""

MAX_GAP_S: Final = 0.25
"""Longest gap that is bridged, seconds."""


@dataclass(frozen=True)
class Prepared:
    """A set's track in the picture's own coordinates, cleaned but not smoothed.

    ``drawn`` keeps what was seen, swaps mended, for overlays; ``track`` has outliers out and short
    gaps filled; ``swaps_repaired`` counts frames; ``tracked_fraction`` those with the athlete.
    """

    drawn: Track
    track: Track
    swaps_repaired: int
    tracked_fraction: float


def prepare(
    poses: Sequence[Pose | None], size_wh: tuple[int, int], skeleton: Skeleton, frames: int
) -> Prepared:
    """Track of the poses seen in ``frames`` frames; poses are in order of time, None where lost."""
    seen = [p for p in poses if p is not None]
    raw = _stack(seen, size_wh, skeleton)
    swapped = swapped_legs(raw.xy, skeleton)
    xy = exchange(raw.xy, swapped, skeleton)
    score = exchange(raw.score, swapped, skeleton)
    visible = np.where((score >= SEEN_SCORE)[..., None], xy, np.nan)
    drawn = replace(raw, xy=visible, score=score, world_m=exchange(raw.world_m, swapped, skeleton))
    clean = filters.fill_gaps(filters.hampel(visible), raw.t_s, MAX_GAP_S)
    return Prepared(drawn, replace(drawn, xy=clean), int(swapped.sum()), len(seen) / max(frames, 1))


def _stack(poses: Sequence[Pose], size_wh: tuple[int, int], skeleton: Skeleton) -> Track:
    n, k = len(poses), len(skeleton.names)
    world = np.full((n, k, 3), np.nan)
    outline = np.full((n, 2, len(ALONG)), np.nan)
    for i, pose in enumerate(poses):
        if pose.world_m is not None:
            world[i] = pose.world_m
        if pose.outline is not None:
            outline[i] = pose.outline
    return Track(
        t_s=np.array([p.t_s for p in poses], float),
        index=np.array([p.index for p in poses], np.int64),
        xy=np.array([p.xy for p in poses], float).reshape(n, k, 2),
        score=np.array([p.score for p in poses], float).reshape(n, k),
        world_m=world,
        outline=outline,
        size_wh=size_wh,
        skeleton=skeleton,
    )


def levelled(track: Track, roll_deg: float) -> Track:
    """The track turned about the picture's centre so that plumb lines are upright."""
    centre = np.array(track.size_wh, float) / 2
    return replace(track, xy=turned(track.xy, -roll_deg, centre))


def smoothed(track: Track, cutoff_hz: float) -> Track:
    """The track without phase shift and without what moves faster than ``cutoff_hz``."""
    outline = filters.smooth(filters.hampel(track.outline), track.t_s, cutoff_hz)
    return replace(track, xy=filters.smooth(track.xy, track.t_s, cutoff_hz), outline=outline)
