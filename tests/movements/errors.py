"""How far each measure of the figures' movements strays: ``python -m tests.movements.errors``.

Every take is filmed square on without noise, which the tests hold against the figure's own angles, and
then from cameras up to 10 degrees round, 3 degrees askew and with 2 px of noise. What is printed is the
standard deviation and the worst of the differences, through the whole of ``Session``, and in how many films
the error that the report states held the difference.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Final

import numpy as np

from tests import figures as fig
from tests.movements import moving as mv
from vision.types import Report

YAWS_DEG: Final = (-10.0, 0.0, 10.0)
ROLLS_DEG: Final = (-3.0, 3.0)
NOISE_PX: Final = 2.0
FRONT_TOO: Final = ("single_leg_squat", "lunge", "step_up")


def takes() -> dict[str, mv.Take]:
    """Each movement from its own view, and those that are judged from both from the other as well."""
    out = dict(mv.TAKES)
    for name in FRONT_TOO:
        take = out[name]
        other = fig.FROM_LEFT if take.camera.bearing_deg == 0 else fig.FRONT
        camera = replace(other, size_wh=take.camera.size_wh, shift_px=take.camera.shift_px)
        out[f"{name}, other view"] = replace(take, camera=camera)
    return out


def _values(report: Report) -> dict[str, tuple[float, float]]:
    """Value and stated error of each measure that was told."""
    return {
        f.measure: (float(f.value), f.error95 or 0.0)
        for f in report.set_findings
        if isinstance(f.value, float)
    }


def differences(name: str, take: mv.Take) -> tuple[dict[str, list[tuple[float, float]]], list[int]]:
    """Differences from the ideal film with stated errors, by measure; how many repetitions each film gave."""
    movement = name.split(",")[0]

    def report(camera: fig.Camera) -> Report:
        poses = fig.film(take.motion, camera, fig.clock(take.seconds, 20))
        return fig.report(poses, movement, size_wh=camera.size_wh)

    ideal, counts = _values(report(take.camera)), []
    found: dict[str, list[tuple[float, float]]] = {}
    for yaw, roll in product(YAWS_DEG, ROLLS_DEG):
        bearing = take.camera.bearing_deg + yaw
        got = report(replace(take.camera, bearing_deg=bearing, roll_deg=roll, noise_px=NOISE_PX))
        counts.append(len(got.cycles))
        for key, (value, error95) in _values(got).items():
            if key in ideal:
                found.setdefault(key, []).append((value - ideal[key][0], error95))
    return found, counts


def main() -> None:
    """Print the table."""
    print("| movement | repetitions | measure | n | spread | worst | within its error |")
    print("| --- | --- | --- | --: | --: | --: | --: |")
    for name, take in takes().items():
        found, counts = differences(name, take)
        reps = f"{counts.count(2)} of {len(counts)} films right"
        for key, films in found.items():
            off, error95 = np.array(films).T
            spread, worst = float(np.std(off)), float(np.max(np.abs(off)))
            held = f"{int((np.abs(off) <= error95).sum())} of {len(off)}"
            row = f"| `{name}` | {reps} | `{key}` | {len(off)} | {spread:.2f} | {worst:.2f} | {held} |"
            print(row, flush=True)


if __name__ == "__main__":
    main()
