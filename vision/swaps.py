"""Left and right legs that a pose model exchanges for some frames: found and put back.

A leg moves smoothly; a swap makes both legs jump at once. Over the whole set the cheapest labelling
is sought (Viterbi over pairs of frames): each frame pays for how far its legs accelerate from
the two frames before, and a little for disagreeing with the model, which is right most of the time.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision.types import FloatArray, Skeleton

_LEG: Final = ("knee", "ankle", "heel", "toe")
_DISAGREE: Final = 0.004  # leg lengths a frame: a wrong label of some seconds outweighs two jumps
_CAP: Final = 0.6  # leg lengths: beyond this a jump is a lost point, which no label can mend


def swapped_legs(xy: FloatArray, skeleton: Skeleton) -> NDArray[np.bool_]:
    """Frames ``(T,)`` in which left and right leg are exchanged, from raw points ``xy (T, K, 2)`` px.

    Frames without a pose (NaN) are never called swapped.
    """
    swapped = np.zeros(len(xy), bool)
    seen = np.flatnonzero(np.isfinite(xy[:, skeleton.index["left_hip"], 0]))
    if len(seen) < 3:
        return swapped
    left = xy[seen][:, skeleton.rows(*(f"left_{p}" for p in _LEG))]
    right = xy[seen][:, skeleton.rows(*(f"right_{p}" for p in _LEG))]
    leg_px = _leg_length(xy[seen], skeleton)
    legs = np.stack([np.stack([left, right], 1), np.stack([right, left], 1)], 1) / leg_px
    swapped[seen] = _cheapest(legs, np.diff(seen))
    return swapped


def _leg_length(xy: FloatArray, skeleton: Skeleton) -> float:
    hip, knee, ankle = (xy[:, skeleton.rows(f"left_{p}", f"right_{p}")] for p in ("hip", "knee", "ankle"))
    both = np.linalg.norm(hip - knee, axis=-1) + np.linalg.norm(knee - ankle, axis=-1)
    return max(float(np.nanpercentile(both, 90)), 1.0)


def _cheapest(legs: FloatArray, gaps: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Labelling ``(T,)`` of ``legs (T, state, leg, point, 2)`` with the least acceleration."""
    n = len(legs)
    jump = np.zeros((n, 2, 2, 2))  # [t, state at t-2, t-1, t]
    for a in (0, 1):
        for b in (0, 1):
            for c in (0, 1):
                second = legs[2:, c] - 2 * legs[1:-1, b] + legs[:-2, a]
                cost = np.minimum(np.linalg.norm(second, axis=-1), _CAP).mean(axis=(1, 2))
                jump[2:, a, b, c] = cost
    hole = np.flatnonzero(gaps > 1) + 1  # across a gap nothing is known of how the legs moved
    jump[np.clip(np.concatenate([hole, hole + 1]), 0, n - 1)] = 0
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
