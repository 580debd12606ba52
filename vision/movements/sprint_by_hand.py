"""A kinogram corrected by hand: frames chosen for its pictures move the steps that numbers are taken of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from vision.types import KINOGRAM, Cycle, Kinogram, Track

_PICTURES_ONLY: Final = ("max_flight", "strike")
"""Pictures from which no number is taken."""


class CorrectionError(ValueError):
    """A frame given by hand that cannot be; one line says what was expected and what came."""


def corrected(
    track: Track, cycles: Sequence[Cycle], frames: Mapping[int, Mapping[str, int]]
) -> tuple[Cycle, ...]:
    """The steps with ``frames`` given by hand: by step its ``toe_off``, ``touch_down``, ``full_support``.

    A step's ``toe_off`` is that of the flight that leads to it, as in the kinogram, and so moves the end
    of the contact before. Raises CorrectionError where a frame is not in the track, a step or picture is
    not known, or the order of a step would break.
    """
    moved = list(cycles)
    for step, given in frames.items():
        if not 0 <= step < len(moved):
            raise CorrectionError(f"expected a step from 0 to {len(moved) - 1}, got {step}")
        for name, frame in given.items():
            row = _row(track, frame)
            if name not in _PICTURES_ONLY:
                _move(track, moved, step, name, row)
    for step, cycle in enumerate(moved):
        rows = [cycle.start, cycle.turn, *([] if cycle.off is None else [cycle.off]), cycle.end]
        if rows != sorted(rows) or cycle.start == cycle.end:
            came = ", ".join(str(int(track.index[min(row, len(track) - 1)])) for row in rows)
            raise CorrectionError(
                "expected touch-down, full support, toe-off and the next touch-down one after the other, "
                f"got frames {came} for step {step}"
            )
    return tuple(moved)


def by_hand(
    track: Track,
    rows: Sequence[Kinogram],
    frames: Mapping[int, Mapping[str, int]],
    before: Mapping[int, tuple[str, ...]],
) -> tuple[Kinogram, ...]:
    """The kinogram with the pictures chosen by hand, which it names; ``before`` were chosen earlier."""
    made: list[Kinogram] = []
    for row in rows:
        given = frames.get(row.step, {})
        times = {name: float(track.t_s[_row(track, frame)]) for name, frame in given.items()}
        chosen = {*before.get(row.step, ()), *given}
        made.append(
            Kinogram(
                row.side,
                row.step,
                {**row.frames, **given},
                {**row.t_s, **times},
                tuple(name for name in KINOGRAM if name in chosen),
            )
        )
    return tuple(made)


def _row(track: Track, frame: int) -> int:
    row = int(np.searchsorted(track.index, frame))
    if row >= len(track) or int(track.index[row]) != frame:
        raise CorrectionError(f"expected a frame in which the athlete was followed, got {frame}")
    return row


def _move(track: Track, cycles: list[Cycle], step: int, name: str, row: int) -> None:
    own = cycles[step]
    follows = step > 0 and cycles[step - 1].end == own.start
    if name == "full_support":
        cycles[step] = replace(own, turn=row)
    elif name == "touch_down":
        cycles[step] = replace(own, start=row)
        if follows:
            cycles[step - 1] = replace(cycles[step - 1], end=row)
    elif name == "toe_off" and follows:
        cycles[step - 1] = replace(cycles[step - 1], off=row)
    else:
        raise CorrectionError(f"expected toe_off, touch_down or full_support, got {name} of step {step}")
