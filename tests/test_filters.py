"""Outliers, gaps and smoothing on signals whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision import filters
from vision.types import FloatArray

FPS = 30.0
T = np.arange(150) / FPS


# --------------------------------------------------------------------------- outliers


def test_a_spike_goes_and_nothing_else() -> None:
    x = 100 + 20 * np.sin(2 * np.pi * 0.5 * T)
    spiked = x.copy()
    spiked[[40, 90]] += (60, -80)
    out = filters.hampel(spiked)
    assert list(np.flatnonzero(np.isnan(out))) == [40, 90]
    np.testing.assert_array_equal(np.delete(out, [40, 90]), np.delete(x, [40, 90]))
    assert spiked[40] == x[40] + 60  # the input is untouched


def test_outliers_are_found_per_column_and_shapes_are_kept() -> None:
    x = np.zeros((30, 4, 2)) + np.arange(30)[:, None, None]
    x[10, 3, 1] = 500
    out = filters.hampel(x)
    assert out.shape == x.shape
    assert list(map(tuple, np.argwhere(np.isnan(out)))) == [(10, 3, 1)]


def test_hampel_lets_gaps_and_short_signals_be() -> None:
    x = np.full(20, np.nan)
    x[5:12] = 3.0
    np.testing.assert_array_equal(filters.hampel(x), x)
    np.testing.assert_array_equal(filters.hampel(np.array([0.0, 900.0, 0.0])), [0.0, 900.0, 0.0])


# --------------------------------------------------------------------------- gaps


def test_short_gaps_are_bridged_at_their_own_times() -> None:
    t = np.array([0.0, 0.03, 0.10, 0.12, 0.20, 0.24])
    x = 50 * t
    x[2:4] = np.nan
    np.testing.assert_allclose(filters.fill_gaps(x, t), 50 * t)


@pytest.mark.parametrize(("missing", "bridged"), [(6, True), (7, False)])
def test_a_gap_counts_from_the_last_seen_to_the_next(missing: int, bridged: bool) -> None:
    x = np.ones(60)
    x[20 : 20 + missing] = np.nan  # (missing + 1) / 30 s against 0.25 s
    assert bool(np.isfinite(filters.fill_gaps(x, T[:60], 0.25)).all()) is bridged


def test_ends_stay_unseen_and_empty_stays_empty() -> None:
    x = np.ones((20, 3))
    x[:2, 0] = np.nan
    x[-2:, 2] = np.nan
    out = filters.fill_gaps(x, T[:20])
    assert np.isnan(out).sum() == 4
    assert filters.fill_gaps(np.empty((0, 3)), np.empty(0)).shape == (0, 3)
    lost = np.full(20, np.nan)
    np.testing.assert_array_equal(filters.fill_gaps(lost, T[:20]), lost)


# --------------------------------------------------------------------------- smoothing


def amplitude(x: FloatArray, hz: float, t: FloatArray) -> float:
    """Amplitude of one frequency in the middle half of a signal."""
    part = slice(len(x) // 4, 3 * len(x) // 4)
    wave = np.stack([np.sin(2 * np.pi * hz * t[part]), np.cos(2 * np.pi * hz * t[part])], axis=1)
    return float(np.hypot(*np.linalg.lstsq(wave, x[part], rcond=None)[0]))


@pytest.mark.parametrize(
    ("hz", "low", "high"), [(0.5, 0.99, 1.01), (1.0, 0.98, 1.01), (5.0, 0.66, 0.76), (12.0, 0, 0.06)]
)
def test_what_passes_a_cutoff_of_5_hz(hz: float, low: float, high: float) -> None:
    t = np.arange(300) / FPS
    assert low <= amplitude(filters.smooth(np.sin(2 * np.pi * hz * t), t, 5.0), hz, t) <= high


def test_smoothing_has_no_lag() -> None:
    x = np.exp(-(((T - 2.5) / 0.4) ** 2))
    y = filters.smooth(x, T, 5.0)
    assert np.argmax(y) == np.argmax(x)
    np.testing.assert_allclose(y, filters.smooth(x[::-1], T, 5.0)[::-1], atol=1e-3)


@given(st.floats(-50, 50), st.floats(-500, 500), st.floats(3, 8))
def test_a_straight_line_stays_straight(slope: float, offset: float, cutoff: float) -> None:
    x = offset + slope * T
    np.testing.assert_allclose(
        filters.smooth(x, T, cutoff), x, atol=1e-3 * (1 + abs(offset) + 5 * abs(slope))
    )


def test_uneven_clocks_give_what_even_ones_give() -> None:
    rng = np.random.default_rng(3)
    uneven = np.cumsum(rng.uniform(0.02, 0.045, 200))

    def wave(t: FloatArray) -> FloatArray:
        return 10 * np.sin(2 * np.pi * 0.7 * t)

    got = filters.smooth(wave(uneven), uneven, 5.0)
    assert got.shape == uneven.shape
    assert np.abs(got - wave(uneven))[10:-10].max() < 0.3


def test_the_ends_of_an_uneven_clock_are_read_where_they_are() -> None:
    uneven = np.cumsum(np.random.default_rng(4).uniform(0.02, 0.045, 200))
    np.testing.assert_allclose(filters.smooth(3 - 40 * uneven, uneven, 5.0), 3 - 40 * uneven, atol=1e-3)


@pytest.mark.parametrize("uneven", [False, True])
def test_what_is_smoothed_side_by_side_is_as_if_alone(uneven: bool) -> None:
    rng = np.random.default_rng(6)
    t = np.cumsum(rng.uniform(0.025, 0.041, len(T))) if uneven else T
    x = rng.normal(size=(len(T), 40))
    x[rng.random(x.shape) < 0.04] = np.nan
    alone = np.stack([filters.smooth(column, t, 5.0) for column in x.T], axis=1)
    np.testing.assert_allclose(filters.smooth(x, t, 5.0), alone, atol=1e-12)


def test_stretches_are_smoothed_apart() -> None:
    x = np.where(T < 2, 10.0, 90.0)
    x[60:65] = np.nan
    y = filters.smooth(x, T, 5.0)
    np.testing.assert_allclose(y[:60], 10, atol=1e-6)
    np.testing.assert_allclose(y[65:], 90, atol=1e-6)
    assert np.isnan(y[60:65]).all()


@pytest.mark.parametrize(("n", "cutoff"), [(3, 5.0), (150, 15.0), (0, 5.0)])
def test_what_cannot_be_smoothed_is_left_alone(n: int, cutoff: float) -> None:
    x = np.random.default_rng(0).normal(size=n)
    np.testing.assert_array_equal(filters.smooth(x, T[:n], cutoff), x)


# --------------------------------------------------------------------------- the rest


@pytest.mark.parametrize(
    ("mask", "expected"),
    [([], []), ([0, 0], []), ([1, 1], [(0, 2)]), ([1, 0, 1, 1, 0], [(0, 1), (2, 4)]), ([0, 1], [(1, 2)])],
)
def test_runs(mask: list[int], expected: list[tuple[int, int]]) -> None:
    assert filters.runs(np.array(mask, bool)) == expected


def test_jitter_is_the_noise_that_was_added() -> None:
    rng = np.random.default_rng(5)
    clean = np.zeros((400, 33, 2))
    noisy = clean + rng.normal(0, 2.0, clean.shape)
    noisy[::50] += 300  # lost points must not count
    noisy[3] = np.nan
    assert filters.jitter_sd(noisy, clean) == pytest.approx(2.0, rel=0.05)
    assert np.isnan(filters.jitter_sd(np.zeros(7), np.zeros(7)))
