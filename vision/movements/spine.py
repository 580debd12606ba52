"""What the silhouette tells about the back and the belly in a side view.

The outline (see :mod:`vision.outline`) has two rows, one on either side of the shoulder-hip line;
which of them is the back depends on where the athlete faces.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vision.movements.base import TURN_S, Scene, unseen
from vision.outline_grid import ALONG
from vision.types import FloatArray, Measurement

BACK_SPAN: Final = (0.15, 0.9)
"""Part of the trunk, from shoulder 0 to hip 1, over which the back's edge is compared with its chord."""

BELLY_SPAN: Final = (0.45, 0.95)
"""Part over which the belly's edge is compared with its chord (reference: 45-95 %)."""

_EDGE_PX: Final = 1.0  # silhouette edges jitter by about a pixel of the 256 px crop


def dorsal_row(facing: float) -> int:
    """The outline's row that shows the back, for an athlete who faces ``facing`` (+1 image right).

    Row 0 looks to image right of someone upright: that is the front of whoever faces image right.
    """
    return 1 if facing > 0 else 0


def bow(edge: FloatArray, span: tuple[float, float]) -> FloatArray:
    """Largest signed departure ``(T,)`` of an edge ``(T, S)`` from its chord over ``span``, in chords.

    + is outward, away from the trunk's middle. NaN where less than 80 % of the span was seen.
    """
    pick = (span[0] - 1e-9 <= ALONG) & (span[1] + 1e-9 >= ALONG)
    part, s = edge[:, pick], ALONG[pick]
    seen = np.isfinite(part).mean(axis=1) >= 0.8
    out = np.full(len(edge), np.nan)
    for i in np.flatnonzero(seen & np.isfinite(part[:, [0, -1]]).all(axis=1)):
        y = part[i]
        chord = y[0] + (y[-1] - y[0]) * (s - s[0]) / (s[-1] - s[0])
        off = y - chord
        off = off[np.isfinite(off)]
        out[i] = off[np.argmax(np.abs(off))] / (s[-1] - s[0])
    return out


def window_median(values: FloatArray, t_s: FloatArray, row: int, half_s: float = TURN_S) -> float:
    """Median of ``values`` within ``half_s`` of ``row``; NaN when under half of it was seen."""
    near = values[np.abs(t_s - t_s[row]) <= half_s + 1e-6]
    seen = near[np.isfinite(near)]
    return float(np.median(seen)) if len(seen) * 2 >= len(near) and len(seen) else float("nan")


def edge_sd(scene: Scene) -> float:
    """Standard deviation of a bow, in chords, from the silhouette's resolution."""
    return edge_sd_of(scene.trunk_px)


def edge_sd_of(trunk_px: float) -> float:
    """The same for a trunk that is ``trunk_px`` long in the picture."""
    return float(_EDGE_PX * 3.0 / max(trunk_px, 1.0))


def dorsal_bend(scene: Scene, from_row: int) -> Measurement:
    """How much further the back's edge bows outward at the turn than at ``from_row``, in chords."""
    if not np.isfinite(scene.view.facing):
        return unseen("not visible from this view")
    back = bow(scene.track.outline[:, dorsal_row(scene.view.facing)], BACK_SPAN)
    change = window_median(back, scene.track.t_s, scene.cycle.turn) - window_median(
        back, scene.track.t_s, from_row
    )
    if not np.isfinite(change):
        return unseen("the back's outline is not clear (arms, bar or clothes in the way)")
    return Measurement(change, edge_sd(scene), scene.cycle.turn)
