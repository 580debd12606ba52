"""Filters over time: outliers, short gaps, zero-phase smoothing. Axis 0 is time, in seconds.

Order and orders of magnitude as biomechanics does it: Hampel, fill short gaps, 4th-order zero-lag
Butterworth at 6 Hz (the defaults of Sports2D). Clips of uneven frame rate are smoothed on an even
grid and read back at their own times.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, lfilter_zi

from vision.types import FloatArray

_TWO_PASSES = 0.802  # a 2nd-order filter run both ways is down 3 dB at fc when designed for fc / 0.802


def hampel(x: FloatArray, half_width: int = 3, limit: float = 3.5) -> FloatArray:
    """Copy of ``x (T, ...)`` with outliers replaced by NaN.

    An outlier lies more than ``limit`` robust standard deviations from the median of the
    ``2 * half_width + 1`` samples around it.
    """
    if len(x) < 2 * half_width + 1:
        return x.copy()
    pad = np.pad(x, [(half_width, half_width)] + [(0, 0)] * (x.ndim - 1), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(pad, 2 * half_width + 1, axis=0)
    median = _nan_median(windows)
    spread = 1.4826 * _nan_median(np.abs(windows - median[..., None]))
    floor = 1e-3 * np.nanmax(np.abs(x), initial=1.0)
    return np.where(np.abs(x - median) > limit * np.maximum(spread, floor), np.nan, x)


def _nan_median(windows: FloatArray) -> FloatArray:
    """Median over the last axis without NaN; NaN where nothing is left, and no warning for it."""
    ordered = np.sort(windows, axis=-1)  # NaN sorts last
    count = np.sum(np.isfinite(windows), axis=-1)
    last = windows.shape[-1] - 1
    low = np.take_along_axis(ordered, np.clip((count - 1) // 2, 0, last)[..., None], -1)[..., 0]
    high = np.take_along_axis(ordered, np.clip(count // 2, 0, last)[..., None], -1)[..., 0]
    return np.where(count > 0, (low + high) / 2, np.nan)


def fill_gaps(x: FloatArray, t_s: FloatArray, max_gap_s: float = 0.25) -> FloatArray:
    """Copy of ``x (T, ...)`` with gaps of at most ``max_gap_s`` bridged by straight lines.

    A gap is measured between the last sample before and the first after it; longer gaps and the
    ends stay NaN.
    """
    if not len(x):
        return x.copy()
    flat = x.reshape(len(x), -1).copy()
    for column in flat.T:
        ok = np.isfinite(column)
        seen, holes = np.flatnonzero(ok), np.flatnonzero(~ok)
        after = np.searchsorted(seen, holes)
        within = (after > 0) & (after < len(seen))
        holes, after = holes[within], after[within]
        short = holes[t_s[seen[after]] - t_s[seen[after - 1]] <= max_gap_s]
        if len(short):
            column[short] = np.interp(t_s[short], t_s[seen], column[seen])
    return flat.reshape(x.shape)


def smooth(x: FloatArray, t_s: FloatArray, cutoff_hz: float) -> FloatArray:
    """Zero-phase 4th-order Butterworth over each stretch of ``x (T, ...)`` without NaN.

    Stretches too short for the filter, and a cutoff at or above half the frame rate, are left as they are.
    """
    if not len(x):
        return x.copy()
    flat = x.reshape(len(x), -1)
    out = flat.copy()
    stretches: dict[tuple[int, int], list[int]] = {}
    for c, seen in enumerate(np.isfinite(flat).T):
        for stretch in runs(seen):
            stretches.setdefault(stretch, []).append(c)
    alike: dict[tuple[int, float], list[_Stretch]] = {}
    for (a, b), columns in stretches.items():
        one = _Stretch.of(flat, t_s, a, b, columns)
        alike.setdefault((len(one.even), one.step_s), []).append(one)
    for (_, step_s), same in alike.items():  # what is as long and as even is filtered side by side
        calm = _smooth_even(np.concatenate([one.even for one in same], axis=1), step_s, cutoff_hz)
        if calm is None:
            continue
        ends = np.cumsum([len(one.columns) for one in same])
        for one, part in zip(same, np.split(calm, ends[:-1], axis=1), strict=True):
            own = part if one.grid_s is None else _read_at(t_s[one.rows], one.grid_s, part)
            out[one.rows, one.columns] = own
    return out.reshape(x.shape)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Columns that are seen over the same rows, ``even (N, C)`` at times about ``step_s`` apart.

    ``grid_s`` are these times where the stretch's own are uneven, else None.
    """

    rows: slice
    columns: list[int]
    even: FloatArray
    step_s: float
    grid_s: FloatArray | None

    @classmethod
    def of(cls, x: FloatArray, t_s: FloatArray, start: int, end: int, columns: list[int]) -> _Stretch:
        """The stretch ``[start, end)`` of ``x (T, C)``."""
        rows = slice(start, end)
        seen, times = x[rows, columns], t_s[rows]
        if len(times) < 4:
            return cls(rows, columns, seen, 0.0, None)
        steps = np.diff(times)
        step_s = _median(steps)
        if (np.abs(steps - step_s) <= 0.02 * step_s + 1e-8).all():
            return cls(rows, columns, seen, round(step_s, 9), None)
        lasts_s = float(times[-1] - times[0])
        grid_s: FloatArray = np.linspace(float(times[0]), float(times[-1]), round(lasts_s / step_s) + 1)
        step_s = float(f"{lasts_s / (len(grid_s) - 1):.3g}")  # few different ones: filters are dear to make
        return cls(rows, columns, _read_at(grid_s, times, seen), step_s, grid_s)


def _median(x: FloatArray) -> float:
    """The median of ``x (N,)`` without NaN; NumPy's own takes ten times as long where N is small."""
    ordered = sorted(x.tolist())
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _smooth_even(x: FloatArray, step_s: float, cutoff_hz: float) -> FloatArray | None:
    """``x (N, C)`` at times ``step_s`` apart, smoothed; None where it is too short or the cutoff too high."""
    normal = cutoff_hz / _TWO_PASSES * 2 * step_s
    if len(x) < 4 or normal >= 0.95:
        return None
    return _both_ways(x, normal, min(len(x) - 1, max(12, int(1.0 / (normal + 1e-9)) * 3)))


def _both_ways(x: FloatArray, normal: float, pad: int) -> FloatArray:
    """``x`` filtered forwards and backwards, its ends carried on by turning them about themselves."""
    b, a, start = _low_pass(normal)
    y = np.concatenate([2 * x[:1] - x[pad:0:-1], x, 2 * x[-1:] - x[-2 : -(pad + 2) : -1]])
    for _ in range(2):
        y, _ = lfilter(b, a, y, axis=0, zi=start[:, None] * y[:1])
        y = y[::-1]
    return y[pad:-pad] if pad else y


@lru_cache(maxsize=64)
def _low_pass(normal: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Coefficients of the filter and the state it starts in; making them takes longer than filtering."""
    b, a = butter(2, normal)
    return b, a, lfilter_zi(b, a)


def _read_at(t_s: FloatArray, at_s: FloatArray, x: FloatArray) -> FloatArray:
    """``x (T, C)`` with times ``at_s``, read at ``t_s`` by straight lines."""
    before = np.minimum(np.maximum(np.searchsorted(at_s, t_s, side="right") - 1, 0), len(at_s) - 2)
    share = np.minimum(np.maximum((t_s - at_s[before]) / (at_s[before + 1] - at_s[before]), 0.0), 1.0)[
        :, None
    ]
    return x[before] * (1 - share) + x[before + 1] * share


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open intervals ``[a, b)`` over which the 1-D ``mask`` is true."""
    edge = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edge[::2], edge[1::2], strict=True)]


def jitter_sd(raw: FloatArray, smoothed: FloatArray) -> float:
    """Robust standard deviation of what smoothing took away: the noise of a keypoint, in its unit."""
    rest = (raw - smoothed).ravel()
    rest = rest[np.isfinite(rest)]
    if rest.size < 8:
        return float("nan")
    return float(1.4826 * np.median(np.abs(rest - np.median(rest))))
