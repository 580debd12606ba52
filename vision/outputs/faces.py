"""Which heads to cover in each frame of a film: the athlete's from the track, everybody else's as found.

Whatever is not known is covered: a gap between two sightings, a while before the first and after
the last, and the whole picture where nobody can say where the athlete's head is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d

from vision.pose.faces import Head, HeadFinder, around, head_names
from vision.types import FloatArray, Frame, Track

Progress = Callable[[str, int, int | None], None]

_LEAST_KNOWN: Final = 0.5
_GAP_S: Final = 1.0
_HOLD_S: Final = 0.5
_STILL_GAP_S: Final = 3.0
_MOVING_RADII: Final = 2.5
_WINDOW_S: Final = 1.0
# Parts of the body as shares of its height; what is turned away from the camera looks shorter.
_SHARES: Final = (("shoulder", "hip", 0.30), ("hip", "knee", 0.245), ("knee", "ankle", 0.246))
_SHOULDERS: Final = 0.25
_RADIUS: Final = 0.125
_FROM_SHOULDERS: Final = 0.2
_NECK: Final = 0.13
_WIDER: Final = 1.3
# Radii per second by which a head that is not seen may have moved: lifting moves it half a metre in half
# a second; others mostly stand about.
_GROWTH: Final = 3.0
_GROWTH_OTHERS: Final = 1.0
_SURE: Final = 0.5


class FacesError(RuntimeError):
    """Faces cannot be covered for sure; one line for the user: why."""


@dataclass(frozen=True)
class Plan:
    """What to cover: ``heads`` per frame, None for the whole picture; ``doubts`` are for a person to read."""

    heads: tuple[tuple[Head, ...] | None, ...]
    doubts: tuple[str, ...] = ()


def plan(
    frames: Iterable[Frame],
    track: Track,
    find: HeadFinder | None = None,
    *,
    progress: Progress | None = None,
    total: int | None = None,
) -> Plan:
    """Go through all ``frames`` once and say what to cover; ``track`` is in the px of the frames.

    Raises FacesError where too little is known of the athlete, and whatever the finder raises.
    """
    find = find or HeadFinder()
    rows = {int(index): row for row, index in enumerate(track.index)}
    own = heads_of(track)
    times: list[float] = []
    found: list[list[Head]] = []
    for frame in frames:
        row = rows.get(frame.index)
        head = own[row] if row is not None else None
        times.append(frame.t_s)
        found.append(find(frame.rgb, frame.index, [head] if head else []))
        if progress is not None:
            progress("looking for faces", len(times), total)
    t_s = np.array(times)
    athlete = _filled([own[rows[i]] if i in rows else None for i in range(len(times))], t_s)
    return _joined(athlete, others(found, t_s), t_s)


def _joined(athlete: list[tuple[Head, ...]], rest: list[list[Head]], t_s: FloatArray) -> Plan:
    known = np.array([bool(heads) for heads in athlete], dtype=bool)
    if not len(known) or known.mean() < _LEAST_KNOWN:
        share = 100 * known.mean() if len(known) else 0
        raise FacesError(f"the athlete's head is known in only {share:.0f} % of the pictures")
    doubts = tuple(
        f"nobody was followed from {t_s[a]:.1f} s to {t_s[b - 1]:.1f} s: the whole picture is made unreadable"
        for a, b in _runs(~known)
    )
    heads = tuple((*own, *more) if own else None for own, more in zip(athlete, rest, strict=True))
    return Plan(heads, doubts)


def _runs(flags: FloatArray | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """Stretches ``[start, end)`` where ``flags (T,)`` hold."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(flags, np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


# --------------------------------------------------------------------------- the athlete


def heads_of(track: Track) -> list[Head | None]:
    """The athlete's head in each row of the track; None where neither head nor shoulders were seen."""
    height = _heights(track)
    names = head_names(track.skeleton)
    points = track.xy[:, track.skeleton.rows(*names)]
    ears = track.xy[:, track.skeleton.rows("left_ear", "right_ear")]
    shoulders = track.xy[:, track.skeleton.rows("left_shoulder", "right_shoulder")]
    up = _upward(track)
    heads: list[Head | None] = []
    for row in range(len(track)):
        if np.isfinite(points[row]).all(axis=1).sum() >= 2 and np.isfinite(height[row]):
            heads.append(around(points[row], ears[row], _RADIUS * height[row]))
        elif np.isfinite(shoulders[row]).all(axis=1).any() and np.isfinite(height[row]):
            x, y = np.nanmean(shoulders[row], axis=0) + _NECK * height[row] * up[row]
            heads.append(Head(float(x), float(y), _FROM_SHOULDERS * float(height[row])))
        else:
            heads.append(None)
    return heads


def _upward(track: Track) -> FloatArray:
    """Direction ``(T, 2)`` from hips to shoulders, up in the picture where they are not seen."""
    trunk = track.mid("shoulder") - track.mid("hip")
    length = np.hypot(*trunk.T)[:, None]
    sure = np.isfinite(length) & (length > 1)
    return np.where(sure, trunk / np.where(sure, length, 1.0), (0.0, -1.0))


def _heights(track: Track) -> FloatArray:
    """The athlete's body height ``(T,)`` in px as its longest part says, the largest within a second."""
    guesses = [np.hypot(*(track.point("left_shoulder") - track.point("right_shoulder")).T) / _SHOULDERS]
    for upper, lower, share in _SHARES:
        for side in ("left", "right"):
            part = track.point(f"{side}_{upper}") - track.point(f"{side}_{lower}")
            guesses.append(np.hypot(*part.T) / share)
    table = np.sort(np.nan_to_num(np.array(guesses), nan=-1.0), axis=0)
    # The second longest: a single misplaced point makes one part long, not two of all seven.
    second, longest = np.asarray(table[-2], np.float64), np.asarray(table[-1], np.float64)
    height = np.where(second > 0, second, longest)
    window = 1 if len(track) < 2 else 2 * round(_WINDOW_S * track.fps) + 1
    largest = np.asarray(maximum_filter1d(height, window), np.float64)
    return np.where(largest > 0, largest, np.nan)


def _filled(heads: Sequence[Head | None], t_s: FloatArray) -> list[tuple[Head, ...]]:
    """The athlete's heads with gaps bridged and ends held, wider there; empty where nothing is known."""
    filled: list[tuple[Head, ...]] = [() if head is None else (head,) for head in heads]
    _hold([(i, head) for i, head in enumerate(heads) if head is not None], filled, t_s, _GAP_S, _GROWTH)
    return filled


# --------------------------------------------------------------------------- everybody


@dataclass
class _Path:
    """One person's head through the film."""

    seen: list[tuple[int, Head]] = field(default_factory=lambda: [])

    def may_be(self, head: Head, t_s: float, times: FloatArray) -> bool:
        """Whether ``head`` can be the same person: near for a moment, at the same place for longer."""
        last_index, last = self.seen[-1]
        gap = t_s - times[last_index]
        far = last.off(head) / max(last.radius, head.radius)
        alike = 0.5 < last.radius / head.radius < 2
        return alike and ((gap <= _GAP_S and far < _MOVING_RADII) or (gap <= _STILL_GAP_S and far < 1))


def others(found: Sequence[Sequence[Head]], t_s: FloatArray) -> list[list[Head]]:
    """What was ``found`` in each frame, each head held for a while before, after and in between."""
    paths: list[_Path] = []
    for i, heads in enumerate(found):
        taken: set[int] = set()
        for head in heads:
            fit = [
                (p.seen[-1][1].off(head), n)
                for n, p in enumerate(paths)
                if n not in taken and p.seen[-1][0] < i and p.may_be(head, t_s[i], t_s)
            ]
            if fit:
                number = min(fit)[1]
            else:
                paths.append(_Path())
                number = len(paths) - 1
            taken.add(number)
            paths[number].seen.append((i, head))
    covered: list[tuple[Head, ...]] = [tuple(heads) for heads in found]
    for path in paths:
        if len(path.seen) == 1 and path.seen[0][1].score < _SURE:
            continue  # seen once and hardly: most likely nobody, so that moment is enough
        _hold(path.seen, covered, t_s, _STILL_GAP_S, _GROWTH_OTHERS)
    return [list(heads) for heads in covered]


def _hold(
    seen: Sequence[tuple[int, Head]],
    heads: list[tuple[Head, ...]],
    t_s: FloatArray,
    gap_s: float,
    growth: float,
) -> None:
    """Add to ``heads`` where one person is between and around the frames in which it was ``seen``."""

    def at(i: int, known: int, head: Head) -> None:
        radius = head.radius * (_WIDER + growth * abs(t_s[i] - t_s[known]))
        heads[i] += (Head(head.cx, head.cy, float(radius), head.score),)

    def hold(known: int, head: Head, until: int) -> None:
        step = 1 if until > known else -1
        for i in range(known + step, until, step):
            if abs(t_s[i] - t_s[known]) > _HOLD_S:
                return
            at(i, known, head)

    for (a, before), (b, after) in pairwise(seen):
        if t_s[b] - t_s[a] <= gap_s:
            for i in range(a + 1, b):
                nearest = a if t_s[i] - t_s[a] < t_s[b] - t_s[i] else b
                at(i, nearest, _between(before, after, (t_s[i] - t_s[a]) / (t_s[b] - t_s[a])))
        else:
            hold(a, before, b)
            hold(b, after, a)
    if seen:
        hold(*seen[0], -1)
        hold(*seen[-1], len(heads))


def _between(before: Head, after: Head, share: float) -> Head:
    """A head on its way, with room for the way not being straight."""
    x = before.cx + share * (after.cx - before.cx)
    y = before.cy + share * (after.cy - before.cy)
    radius = max(before.radius, after.radius) + 0.2 * before.off(after)
    return Head(x, y, radius, min(before.score, after.score))
