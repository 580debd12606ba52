"""Left and right legs that a pose model exchanges for some frames: found and put back.

A leg moves smoothly; a swap makes both legs jump at once. Over the whole set the cheapest labelling
is sought (Viterbi over pairs of frames): each frame pays for how much its legs' speed differs from
that between the two frames before, and a little for disagreeing with the model, which is right most of
the time. In some frames the legs are lost altogether, both laid somewhere between the true ones: they
tell nothing of left and right, and a labelling that goes through them may come out reversed. They are
left out, and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vision.types import SIDES, FloatArray, Skeleton

_LEG: Final = ("knee", "ankle", "heel", "toe")
_DISAGREE: Final = 0.004  # leg lengths a frame: a wrong label of some seconds outweighs two jumps
_CAP: Final = 0.6  # leg lengths: beyond this a jump is a lost point, which no label can mend
_LOST: Final = (0.12, 0.3)  # leg lengths a frame: below it is movement, above it none, under either label
_UNUSUAL: Final = 4.0  # times the set's median jump; in between, what exceeds this is lost
_FITS: Final = 0.8  # share of that, with which a frame after a loss goes on from what was before
_LONGEST_LOSS: Final = 3  # frames
_PAIRS: Final = tuple((a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1))


class Legs(NamedTuple):
    """Frames ``(T,)`` in which left and right leg are ``swapped``, and those in which they are ``lost``."""

    swapped: NDArray[np.bool_]
    lost: NDArray[np.bool_]


def label_legs(xy: FloatArray, skeleton: Skeleton, splices: Sequence[int] = ()) -> Legs:
    """What befell the legs, frame by frame, from raw points ``xy (T, K, 2)`` px.

    ``splices`` are rows before which the film was cut. Frames without a pose (NaN) are neither swapped nor
    lost; lost ones are never called swapped.
    """
    swapped, lost = np.zeros(len(xy), bool), np.zeros(len(xy), bool)
    seen = np.flatnonzero(np.isfinite(xy[:, skeleton.index["left_hip"], 0]))
    if len(seen) < 3:
        return Legs(swapped, lost)
    left = xy[seen][:, skeleton.rows(*(f"left_{p}" for p in _LEG))]
    right = xy[seen][:, skeleton.rows(*(f"right_{p}" for p in _LEG))]
    leg_px = _leg_length(xy[seen], skeleton)
    legs = np.stack([np.stack([left, right], 1), np.stack([right, left], 1)], 1) / leg_px
    cut = np.zeros(len(xy), np.intp)
    cut[list(splices)] = _LONGEST_LOSS + 1  # as if that many frames were missing there
    frames = seen + np.cumsum(cut)[seen]
    kept = _kept(legs, frames)
    lost[np.delete(seen, kept)] = True
    swapped[seen[kept]] = _cheapest(legs[kept], frames[kept])
    return Legs(swapped, lost)


def _leg_length(xy: FloatArray, skeleton: Skeleton) -> float:
    hip, knee, ankle = (xy[:, skeleton.rows(f"left_{p}", f"right_{p}")] for p in ("hip", "knee", "ankle"))
    both = np.linalg.norm(hip - knee, axis=-1) + np.linalg.norm(knee - ankle, axis=-1)
    return max(float(np.nanpercentile(both, 90)), 1.0)


def _jumps(legs: FloatArray, frames: NDArray[np.intp]) -> FloatArray:
    """Change of speed ``(n - 2, 2, 2, 2)``, legs a frame, by the states of three ``frames (n,)`` in a row."""
    step = np.diff(frames)[:, None, None, None]
    out = np.empty((max(len(frames) - 2, 0), 2, 2, 2))
    for a, b, c in _PAIRS:
        change = (legs[2:, c] - legs[1:-1, b]) / step[1:] - (legs[1:-1, b] - legs[:-2, a]) / step[:-1]
        out[:, a, b, c] = np.minimum(np.linalg.norm(change, axis=-1), _CAP).mean(axis=(1, 2))
    return out


def _kept(legs: FloatArray, frames: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rows whose legs can be believed: those that fit what came before, or that nothing later explains."""
    least = np.concatenate([[0.0, 0.0], _jumps(legs, frames).reshape(-1, 8).min(axis=1)])
    limit = float(np.clip(_UNUSUAL * np.median(least), *_LOST))
    kept = [0, 1]
    t = 2
    while t < len(frames):
        before = kept[-2:]
        near = before[1] == t - 1 and before[0] == t - 2
        if (least[t] if near else _least(legs, frames, [*before, t])) > limit:
            later = range(t + 1, min(t + 1 + _LONGEST_LOSS, len(frames) - 1))
            t = next((u for u in later if _returns(legs, frames, [*before, u], limit)), t)
        kept.append(t)
        t += 1
    return np.array(kept, np.intp)


def _returns(legs: FloatArray, frames: NDArray[np.intp], rows: list[int], limit: float) -> bool:
    """Whether the last of ``rows`` goes on from the others, and not from the frame right before it.

    After a cut of the film what follows fits itself: nothing was lost there.
    """
    back = rows[-1]
    goes_on = _least(legs, frames, rows) < _FITS * limit
    return goes_on and _least(legs, frames, [back - 1, back, back + 1]) > limit


def _least(legs: FloatArray, frames: NDArray[np.intp], rows: list[int]) -> float:
    """The jump over three ``rows`` under the labels that suit it best."""
    return float(_jumps(legs[rows], frames[rows]).min())


def _cheapest(legs: FloatArray, frames: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Labelling ``(n,)`` of ``legs (n, state, leg, point, 2)`` in ``frames (n,)`` with the least jumps."""
    n = len(legs)
    if n < 3:
        return np.zeros(n, bool)
    jump = np.zeros((n, 2, 2, 2))  # [t, state at t-2, t-1, t]
    jump[2:] = _jumps(legs, frames)
    hole = np.flatnonzero(np.diff(frames) > _LONGEST_LOSS + 1) + 1
    jump[np.clip(np.concatenate([hole, hole + 1]), 0, n - 1)] = 0  # nothing is known of how legs moved
    prior = np.array([0.0, _DISAGREE])
    total = prior[:, None] + prior[None, :]
    back = np.zeros((n, 2, 2), np.int8)
    for t in range(2, n):
        reach = total[:, :, None] + jump[t]
        back[t] = np.argmin(reach, axis=0)
        total = np.min(reach, axis=0) + prior[None, :]
    state = np.zeros(n, bool)
    b, c = np.unravel_index(int(np.argmin(total)), (2, 2))
    state[-1], state[-2] = bool(c), bool(b)
    for t in range(n - 1, 1, -1):
        b, c = back[t, b, c], b
        state[t - 2] = bool(b)
    return state


def exchange(array: FloatArray, frames: NDArray[np.bool_], skeleton: Skeleton) -> FloatArray:
    """Copy of ``array (T, K, ...)`` with the leg points of ``frames`` exchanged left for right."""
    out = array.copy()
    left = skeleton.rows(*(f"left_{p}" for p in _LEG))
    right = skeleton.rows(*(f"right_{p}" for p in _LEG))
    where = np.flatnonzero(frames)
    out[np.ix_(where, left)] = array[np.ix_(where, right)]
    out[np.ix_(where, right)] = array[np.ix_(where, left)]
    return out


def without_legs(score: FloatArray, frames: NDArray[np.bool_], skeleton: Skeleton) -> FloatArray:
    """Copy of ``score (T, K)`` in which the leg points of ``frames`` are not seen."""
    out = score.copy()
    rows = skeleton.rows(*(f"{side}_{p}" for side in SIDES for p in _LEG))
    out[np.ix_(np.flatnonzero(frames), rows)] = 0.0
    return out
