"""A person's own arch and tuck, held on purpose at the top of a bridge, as levels of the outline.

Both are held with the hips up, where the outline is read later on: lying, the floor and the fold of
the hip shape the same edges, and on truth clips a change from lying did not follow the tilt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from vision.movements import common as c
from vision.movements import own_tilt
from vision.movements.lockout import ANTERIOR, POSTERIOR, UNDETERMINED, Calibration, Level
from vision.movements.pelvis import TILTED_DEG
from vision.movements.spine import edge_sd_of
from vision.types import FloatArray, Track

LEAST_UP_S: Final = 5.0
"""Least time with the hips up that has room for an arch and a tuck."""

LEAST_HELD_S: Final = 1.5
GAP_S: Final = 0.5
SIGNALS: Final = {
    "ventral_bow": "the belly's edge",
    "lumbar_hollow": "the back's edge",
    own_tilt.TILT: "the pelvis network",
    own_tilt.TILT_BY_POINTS: "the network's landmarks",
}
"""What may have a level, in plain words by name."""

_LATE: Final = 0.4  # share at the head of a held part in which the back is still on its way
_EDGE_S: Final = 0.5  # at the end of a held part, where the next movement begins
_TO_SD: Final = 1.4826

OWN_FILM: Final = "own_arch_and_tuck"
"""Stands where a movement's name would, for a film that is none: the calibration's own."""

HOW: Final = (
    "Lie on your back as for a bridge, camera at mat height straight to the side, hands beside the head. "
    "Lift into your bridge and stay up: arch the low back as far as it goes without pain and hold 6 seconds, "
    "then tuck the pelvis as far as it goes and hold 6 seconds, then lower. Same clothes and camera place as "
    "in the bridges that follow. Stop where it hurts."
)
"""How the calibration is filmed."""


class CalibrationError(ValueError):
    """A calibration film that gives nothing; one line that says why and what to do."""


def calibrate(
    track: Track,
    lift: FloatArray,
    edges: Mapping[str, FloatArray],
    limits: Mapping[str, float],
    network: Mapping[str, FloatArray] | None = None,
) -> Calibration:
    """Levels of arch and tuck from a film in which both are held with the hips up, the arch first.

    ``lift (T,)`` is the hips' height in trunk lengths and ``edges`` the indices of the outline by
    measure, ``(T,)`` in chords, + bowed or hollow as in an arch; ``network`` the pelvis network's readings
    of the tilt, ``(T,)`` degrees, + anterior; ``limits`` are the table's. Raises
    CalibrationError where the film does not show the two, and refuses an index, with the reason, whose
    levels differ by less than ``least_separation`` of their noise, the network's also where they differ by
    less than ``least_span_deg``.
    """
    tilts = network or {}
    signals = {**edges, **tilts}
    up = _up(lift, track.t_s, limits["least_lift"])
    arch, tuck = _held(track.t_s, up, signals)
    # A level is the median of seconds: the edge's jitter is in the spread, one pixel of it stays.
    floor = edge_sd_of(c.trunk_px(track)) / 3
    levels: dict[str, Level] = {}
    refused: dict[str, str] = {}
    for name, signal in signals.items():
        least_sd = own_tilt.FLOOR_SD_DEG if name in tilts else floor
        found = _level(signal[arch], signal[tuck], least_sd, limits["least_separation"])
        why = found if isinstance(found, str) else ""
        if isinstance(found, Level) and name in tilts:
            why = own_tilt.usable(found, limits["least_span_deg"])
        if isinstance(found, Level) and not why:
            levels[name] = found
        else:
            refused[name] = why
    if not levels:
        whose = {
            reason: [SIGNALS[n] for n, r in refused.items() if r == reason] for reason in refused.values()
        }
        why = "; ".join(f"{' and '.join(names)}: {reason}" for reason, names in whose.items())
        raise CalibrationError(
            f"expected an arch and a tuck that differ in the outline, they do not ({why}); wear tight "
            "clothes, hands beside the head, and hold each for 6 seconds"
        )
    return Calibration(levels, refused, _spell(track.t_s, arch), _spell(track.t_s, tuck))


def _up(lift: FloatArray, t_s: FloatArray, least_lift: float) -> slice:
    """The longest stretch with the hips up, bridging short gaps; CalibrationError where it is too short."""
    rows = np.flatnonzero(np.nan_to_num(lift, nan=-1.0) >= least_lift)
    if len(rows):
        parts = np.split(rows, np.flatnonzero(np.diff(t_s[rows]) > GAP_S) + 1)
        longest = max(parts, key=lambda part: float(t_s[part[-1]] - t_s[part[0]]))
        if t_s[longest[-1]] - t_s[longest[0]] >= LEAST_UP_S:
            return slice(int(longest[0]), int(longest[-1]) + 1)
        long_s = float(t_s[longest[-1]] - t_s[longest[0]])
    else:
        long_s = 0.0
    raise CalibrationError(
        f"expected the hips held up for {LEAST_UP_S:.0f} s or longer with an arch and then a tuck, "
        f"got {long_s:.1f} s; lift, stay up, and hold each for 6 seconds"
    )


def _held(t_s: FloatArray, up: slice, edges: Mapping[str, FloatArray]) -> tuple[slice, slice]:
    """Rows of the held arch and the held tuck: the split that leaves least scatter on either side."""
    values = np.stack([edge[up] for edge in edges.values()])
    spread = np.sqrt([_scatter(row[None]) for row in values])
    scaled = values / np.where(spread > 0, spread, 1.0)[:, None]
    t = t_s[up]
    splits = np.flatnonzero((t - t[0] >= LEAST_HELD_S) & (t[-1] - t >= LEAST_HELD_S))
    best = min(splits, key=lambda s: _scatter(scaled[:, :s]) + _scatter(scaled[:, s:]))
    first, last = up.start, up.start + int(best)
    return _late(t_s, slice(first, last)), _late(t_s, slice(last, up.stop))


def _scatter(values: FloatArray) -> float:
    """Sum of squares about the mean of each row, what was not seen apart."""
    seen = np.isfinite(values)
    counts = np.maximum(seen.sum(axis=1, keepdims=True), 1)
    middle = np.where(seen, values, 0.0).sum(axis=1, keepdims=True) / counts
    return float(np.square(np.where(seen, values - middle, 0.0)).sum())


def _late(t_s: FloatArray, part: slice) -> slice:
    """A held part without the way there and without the end, where the next movement begins."""
    start_s, end_s = float(t_s[part.start]), float(t_s[part.stop - 1])
    a = int(np.searchsorted(t_s, start_s + _LATE * (end_s - start_s)))
    b = int(np.searchsorted(t_s, end_s - min(_EDGE_S, 0.2 * (end_s - start_s))))
    return slice(a, max(b, a + 1))


def _spell(t_s: FloatArray, part: slice) -> tuple[float, float]:
    return float(t_s[part.start]), float(t_s[part.stop - 1])


def _level(arch: FloatArray, tuck: FloatArray, floor: float, least: float) -> Level | str:
    """The two levels of one index, or why they are none."""
    seen = [part[np.isfinite(part)] for part in (arch, tuck)]
    if any(
        len(part) * 2 < len(whole) or not len(part) for part, whole in zip(seen, (arch, tuck), strict=True)
    ):
        return "not seen in half of the held pictures"
    middle = [float(np.median(part)) for part in seen]
    sds = [max(_TO_SD * float(np.median(np.abs(p - m))), floor) for p, m in zip(seen, middle, strict=True)]
    noise = float(np.hypot(sds[0], sds[1]))
    if middle[0] - middle[1] < -least * noise:
        return "it moved the wrong way: arch first, then tuck"
    if middle[0] - middle[1] < least * noise:
        return f"arch and tuck look alike, they differ by less than {least:.0f} times their noise"
    return Level(middle[0], middle[1], max(sds))


def pointing(
    level: Level, value: float, sd: float, limits: Mapping[str, float], span_deg: float | None = None
) -> tuple[str, str]:
    """Which way an index of the outline points, and why where it is undetermined.

    ``value`` and its standard deviation ``sd`` are in chords. Within one deviation of a limit nothing is
    said, nor far outside of what the athlete showed. Where the degrees between arch and tuck are known,
    ``span_deg``, the limits are those of a tilt.
    """
    index, doubt = level.index(value), level.index_sd(sd)
    tucked_from, arched_below = limits["tucked_from"], limits["arched_below"]
    if span_deg is not None:
        tucked_from, arched_below = (0.5 + sign * TILTED_DEG / span_deg for sign in (1.0, -1.0))
        doubt = float(np.hypot(doubt, own_tilt.MIDDLE_SD_DEG / span_deg))
    told = f"index {index:.2f} ± {1.96 * doubt:.2f}, 0 arched, 1 tucked"
    if not -limits["far"] <= index <= 1 + limits["far"]:
        return UNDETERMINED, f"{told}: far from what was calibrated"
    if index - doubt >= tucked_from:
        return POSTERIOR, ""
    if index + doubt < arched_below:
        return ANTERIOR, ""
    return UNDETERMINED, told


def told(calibration: Calibration) -> str:
    """What the report says of a calibration: what is compared with it, and what was refused and why."""
    *most, last = (SIGNALS[name] for name in calibration.levels)
    used = f"{', '.join(most)} and {last}" if most else last
    line = f"{used} compared with your own arch and tuck"
    for name, why in calibration.refused.items():
        line += f"; {SIGNALS[name]} not: {why}"
    return line
