"""Quiet standing within a set: what a moving pelvis and trunk are held against."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from vision.filters import runs
from vision.types import SIDES, FloatArray, Track

STILL_S: Final = 1.0
"""Least length of standing that counts, seconds."""

STILL_LEGS: Final = 0.05
"""Most travel of each ankle and of the hips within that time, in leg lengths (assumed)."""

LEVEL_LEGS: Final = 0.12
"""Most difference in height between the ankles, in leg lengths: both feet are down (assumed)."""


def quiet_standing(track: Track, leg_px: float) -> slice | None:
    """Rows of the longest quiet standing on both feet; None where there is none of a second or more."""
    window = round(STILL_S * track.fps) if np.isfinite(track.fps) else 0
    if not np.isfinite(leg_px) or window < 3 or len(track) < window:
        return None
    ankles = [track.point(f"{side}_ankle") for side in SIDES]
    paths: FloatArray = np.concatenate([*ankles, track.mid("hip")], axis=1)
    seen = np.asarray(np.isfinite(paths).all(axis=1), np.bool_)
    filled = np.where(seen[:, None], paths, 0.0)
    travel = maximum_filter1d(filled, window, axis=0) - minimum_filter1d(filled, window, axis=0)
    level = np.abs(ankles[0][:, 1] - ankles[1][:, 1]) <= LEVEL_LEGS * leg_px
    quiet = seen & level & (travel <= STILL_LEGS * leg_px).all(axis=1)
    half = window // 2
    quiet[:half] = quiet[len(quiet) - half :] = False  # there the window hangs over the edge
    stretches = runs(quiet)
    if not stretches:
        return None
    a, b = max(stretches, key=lambda r: r[1] - r[0])
    return slice(a - half, b + half)
