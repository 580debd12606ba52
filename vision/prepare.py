"""From poses to a track that can be measured: swaps mended, unseen points out, gaps filled, level."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, overload

import numpy as np

from vision import filters
from vision.kinematics import turned
from vision.outline_grid import ALONG
from vision.swaps import exchange, label_legs, without_legs
from vision.types import FRONTAL, NO_PELVIS, PELVIS_COLUMNS, FloatArray, Markers, Pose, Skeleton, Track

SEEN_SCORE: Final = 0.3
"""Least score of a point that counts as seen (the likelihood that Sports2D asks for)."""

MAX_GAP_S: Final = 0.25
"""Longest gap that is bridged, seconds."""

MARKER_GAP_S: Final = 0.1
"""The same for stickers, which are there to be measured by."""


@dataclass(frozen=True)
class Prepared:
    """A set's track in the picture's own coordinates, cleaned but not smoothed.

    ``drawn`` keeps what was seen, swaps mended, for overlays; ``track`` has outliers out and short
    gaps filled; ``swaps_repaired`` counts frames; ``tracked_fraction`` those with the athlete; ``splices``
    are the rows before which the film was cut.
    """

    drawn: Track
    track: Track
    swaps_repaired: int
    tracked_fraction: float
    splices: tuple[int, ...] = ()


class PoseLog(Sequence[Pose]):
    """Poses of a set, kept small: about 1 kB a frame, so that ten minutes need no more room than ten seconds.

    Points are kept in single precision, which is a ten-thousandth of a pixel.
    """

    def __init__(self, skeleton: Skeleton, markers: int = 0) -> None:
        self._points = len(skeleton.names)
        self._markers = markers
        self._t_s = array("d")
        self._index = array("q")
        self._spliced = array("b")
        self._values = array("f")

    def append(self, pose: Pose) -> None:
        """Keep one more pose."""
        k = self._points
        world = np.full((k, 3), np.nan) if pose.world_m is None else pose.world_m
        outline = np.full((2, len(ALONG)), np.nan) if pose.outline is None else pose.outline
        marks = np.full((self._markers, 3), np.nan)
        if pose.markers is not None and len(pose.markers) == self._markers:  # others have no name here
            marks = pose.markers
        pelvis = NO_PELVIS if pose.pelvis is None else pose.pelvis
        camera = np.full(2, np.nan) if pose.camera_px is None else pose.camera_px
        parts = (pose.xy, pose.score, world, pelvis, marks, camera, outline)
        row = np.concatenate([part.ravel() for part in parts])
        self._t_s.append(pose.t_s)
        self._index.append(pose.index)
        self._spliced.append(pose.spliced)
        self._values.frombytes(row.astype(np.float32).tobytes())

    def __len__(self) -> int:
        return len(self._t_s)

    @overload
    def __getitem__(self, at: int) -> Pose: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Pose]: ...
    def __getitem__(self, at: int | slice) -> Pose | Sequence[Pose]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        i = range(len(self))[at]
        k, eyes = self._points, 6 * self._points
        marks = eyes + NO_PELVIS.size
        camera = marks + 3 * self._markers
        rest = camera + 2
        wide = rest + 2 * len(ALONG)
        row = np.array(self._values[i * wide : (i + 1) * wide], np.float64)
        return Pose(
            t_s=self._t_s[i],
            index=self._index[i],
            xy=row[: 2 * k].reshape(k, 2),
            score=row[2 * k : 3 * k],
            world_m=row[3 * k : eyes].reshape(k, 3),
            pelvis=row[eyes:marks].reshape(NO_PELVIS.shape),
            outline=row[rest:].reshape(2, -1),
            markers=row[marks:camera].reshape(-1, 3) if self._markers else None,
            camera_px=row[camera:rest],
            spliced=bool(self._spliced[i]),
        )


def prepare(
    poses: Sequence[Pose | None],
    size_wh: tuple[int, int],
    skeleton: Skeleton,
    frames: int,
    markers: tuple[str, ...] = (),
) -> Prepared:
    """Track of the poses seen in ``frames`` frames; poses are in order of time, None where lost.

    ``markers`` names the stickers that the poses carry.
    """
    raw = replace(_stack(poses, size_wh, skeleton), pelvis=_pelvis(poses))
    if markers:
        raw = replace(raw, markers=_markers(poses, markers))
    splices = _splices(poses)
    legs = label_legs(raw.xy, skeleton, splices)
    swapped = legs.swapped
    xy = exchange(raw.xy, swapped, skeleton)
    score = without_legs(exchange(raw.score, swapped, skeleton), legs.lost, skeleton)
    visible = np.where((score >= SEEN_SCORE)[..., None], xy, np.nan)
    drawn = replace(raw, xy=visible, score=score, world_m=exchange(raw.world_m, swapped, skeleton))
    return Prepared(drawn, cleaned(drawn), int(swapped.sum()), len(raw) / max(frames, 1), splices)


def _splices(poses: Sequence[Pose | None]) -> tuple[int, ...]:
    """Rows of the poses that were seen before which the film was cut; before the first there is nothing."""
    return tuple(row for row, p in enumerate(p for p in poses if p is not None) if p.spliced and row)


def cleaned(drawn: Track) -> Track:
    """The track with outliers out and short gaps filled."""
    clean = filters.fill_gaps(filters.hampel(drawn.xy), drawn.t_s, MAX_GAP_S)
    marks = drawn.markers
    if marks is not None:
        marks = replace(marks, xy=filters.fill_gaps(marks.xy, drawn.t_s, MARKER_GAP_S))
    pelvis = drawn.pelvis
    if pelvis is not None:
        pelvis = filters.fill_gaps(filters.hampel(pelvis), drawn.t_s, MAX_GAP_S)
    return replace(drawn, xy=clean, markers=marks, pelvis=pelvis)


def _markers(poses: Sequence[Pose | None], names: tuple[str, ...]) -> Markers:
    """The stickers of the poses that were seen, lost where a pose brings none."""
    lost = np.full((len(names), 3), np.nan)
    rows = [lost if p.markers is None else p.markers for p in poses if p is not None]
    seen = np.array(rows, dtype=np.float64).reshape(-1, len(names), 3)
    return Markers(names, seen[..., :2], seen[..., 2])


def _pelvis(poses: Sequence[Pose | None]) -> FloatArray | None:
    """Readings of the pelvis networks ``(T, 2, 7)``; None where they never looked."""
    rows = [NO_PELVIS if p.pelvis is None else p.pelvis for p in poses if p is not None]
    seen = np.array(rows, np.float64).reshape(-1, *NO_PELVIS.shape)
    return seen if np.isfinite(seen).any() else None


def _stack(poses: Sequence[Pose | None], size_wh: tuple[int, int], skeleton: Skeleton) -> Track:
    n, k = sum(p is not None for p in poses), len(skeleton.names)
    t_s, index = np.zeros(n), np.zeros(n, np.int64)
    xy, score = np.zeros((n, k, 2)), np.zeros((n, k))
    world, outline = np.full((n, k, 3), np.nan), np.full((n, 2, len(ALONG)), np.nan)
    camera = np.full((n, 2), np.nan)
    for i, pose in enumerate(p for p in poses if p is not None):
        t_s[i], index[i], xy[i], score[i] = pose.t_s, pose.index, pose.xy, pose.score
        if pose.world_m is not None:
            world[i] = pose.world_m
        if pose.outline is not None:
            outline[i] = pose.outline
        if pose.camera_px is not None:
            camera[i] = pose.camera_px
    return Track(t_s, index, xy, score, world, outline, size_wh, skeleton, camera_px=camera)


def levelled(track: Track, roll_deg: float) -> Track:
    """The track turned about the picture's centre so that plumb lines are upright."""
    centre = np.array(track.size_wh, float) / 2
    return replace(
        track,
        xy=turned(track.xy, -roll_deg, centre),
        camera_px=None if track.camera_px is None else turned(track.camera_px, -roll_deg, np.zeros(2)),
        markers=_with(track.markers, lambda xy: turned(xy, -roll_deg, centre)),
        pelvis=None if track.pelvis is None else _upright(track.pelvis, roll_deg),
    )


def _upright(pelvis: FloatArray, roll_deg: float) -> FloatArray:
    """Readings of a picture whose upright things leaned to the right, as if they had not.

    What was read from the side stands against the trunk's own line, and is not touched.
    """
    out = pelvis.copy()
    for name, sign in (("pelvis", 1.0), ("pelvis_by_points", 1.0), ("ribs", -1.0)):
        out[:, FRONTAL, PELVIS_COLUMNS.index(name)] += sign * roll_deg
    return out


def _calm(pelvis: FloatArray, t_s: FloatArray, cutoff_hz: float) -> FloatArray:
    """Readings without what moves too fast; where the networks looked away there stays nothing."""
    out = pelvis.copy()
    angles = [i for i, name in enumerate(PELVIS_COLUMNS) if not name.endswith("_sd")]
    out[:, :, angles] = filters.smooth(pelvis[:, :, angles], t_s, cutoff_hz)
    return out


def _with(markers: Markers | None, change: Callable[[FloatArray], FloatArray]) -> Markers | None:
    return None if markers is None else replace(markers, xy=change(markers.xy))


def smoothed(track: Track, cutoff_hz: float) -> Track:
    """The track without phase shift and without what moves faster than ``cutoff_hz``."""
    outline = filters.smooth(filters.hampel(track.outline), track.t_s, cutoff_hz)
    return replace(
        track,
        xy=filters.smooth(track.xy, track.t_s, cutoff_hz),
        outline=outline,
        camera_px=None if track.camera_px is None else filters.smooth(track.camera_px, track.t_s, cutoff_hz),
        markers=_with(track.markers, lambda xy: filters.smooth(xy, track.t_s, cutoff_hz)),
        pelvis=None if track.pelvis is None else _calm(track.pelvis, track.t_s, cutoff_hz),
    )
