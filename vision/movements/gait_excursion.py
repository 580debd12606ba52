"""How far the pelvis tips from one step to the other: the fall of both free hips, added.

Where a level pelvis would lie is not seen in a clip without quiet standing, and what is put on one side by
a wrong level is taken from the other. The sum is free of it: it can be judged where the sides cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from vision.movements.base import Scene, unseen
from vision.types import SIDES, Cycle, Measurement

SIDES_ARE_JUDGED: Final = "each side is judged by itself, against quiet standing"


def excursion(
    scene: Scene, cycles: Sequence[Cycle], drop: Callable[[Scene, str], Measurement], least_steps: int
) -> Measurement:
    """Mean fall of the free side in left steps plus that in right steps, degrees.

    ``drop`` gives a step's fall; ``least_steps`` are needed of each side. Nothing is told by the pose model's
    hip line, which hardly follows the pelvis. Against quiet standing the sides are judged, and not the sum.
    """
    told: dict[str, list[Measurement]] = {}
    for side in SIDES:
        steps = [drop(replace(scene, cycle=k), side) for k in cycles if k.side == side]
        told[side] = [m for m in steps if np.isfinite(_number(m))]
        if steps and not told[side]:
            return unseen(steps[0].reason)
    first = next((m for steps in told.values() for m in steps), None)
    if first is None:
        return unseen("not visible from this view")
    if not (first.by_network or first.by_markers):
        return unseen("body points hardly follow the pelvis: stickers or the pelvis network would show it")
    counts = [len(told[side]) for side in SIDES]
    if min(counts) < least_steps:
        return unseen(f"needs {least_steps} steps a side, has {counts[0]} left and {counts[1]} right")
    value = sum(float(np.mean([_number(m) for m in steps])) for steps in told.values())
    noise = [float(np.mean([m.sd**2 for m in steps])) / len(steps) for steps in told.values()]
    shared = sum(float(np.mean([m.shared_sd for m in steps])) for steps in told.values())
    out = Measurement(
        value,
        float(np.sqrt(sum(noise))),
        None,
        by_markers=first.by_markers,
        by_network=first.by_network,
        shared_sd=shared,
    )
    return out if scene.standing is None else replace(out, judged=False, reason=SIDES_ARE_JUDGED)


def _number(measured: Measurement) -> float:
    return measured.value if isinstance(measured.value, float) else float("nan")
