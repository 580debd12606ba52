"""How far each measure of the figures' movements strays: ``python -m tests.movements.errors [--write PAGE]``.

Every take is a figure whose joints are known in three dimensions, projected by a virtual camera. Square on
and without noise the tests hold each measure against the figure's own angles; here it is filmed from
cameras up to 10 degrees round, 3 degrees askew and with 2 px of noise, and goes through the whole of
``Session``. Printed, or written as a page, is how far it strays from the square film, and in how many films
the error that the report states held the difference.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np

from tests import figures as fig
from tests.movements import moving as mv
from validation.blocks import write_whole
from validation.tables import number, table
from vision.movements import MOVEMENTS
from vision.types import Report

YAWS_DEG: Final = (-10.0, 0.0, 10.0)
ROLLS_DEG: Final = (-3.0, 3.0)
NOISE_PX: Final = 2.0
FRONT_TOO: Final = ("single_leg_squat", "lunge", "step_up")


MOBILITY: Final[dict[str, tuple[dict[str, float], fig.Camera]]] = {
    "backwards": ({"thigh_deg": -18.0}, fig.FROM_LEFT),
    "outwards": ({"out_deg": 35.0}, fig.FRONT),
    "inwards": ({"out_deg": -20.0, "thigh_deg": 5.0}, fig.FRONT),
    "turned in": ({"turn_deg": 32.0}, fig.FRONT),
    "turned out": ({"turn_deg": -40.0}, fig.FRONT),
}
"""The directions of the mobility screen beside the take's own."""


def takes() -> dict[str, mv.Take]:
    """Each movement from its own view, and those that are judged from both from the other as well."""
    out = dict(mv.TAKES)
    for name in FRONT_TOO:
        take = out[name]
        other = fig.FROM_LEFT if take.camera.bearing_deg == 0 else fig.FRONT
        camera = replace(other, size_wh=take.camera.size_wh, shift_px=take.camera.shift_px)
        out[f"{name}, other view"] = replace(take, camera=camera)
    for name, (goal, camera) in MOBILITY.items():
        out[f"hip_mobility, {name}"] = mv.Take(mv.turns(goal), camera)
    return out


def _values(report: Report) -> dict[str, tuple[float, float]]:
    """Value and stated error of each measure that was told."""
    return {
        f.measure: (float(f.value), f.error95 or 0.0)
        for f in report.set_findings
        if isinstance(f.value, float)
    }


Differences = dict[str, list[tuple[float, float]]]


def differences(name: str, take: mv.Take) -> tuple[dict[str, float], Differences, list[int]]:
    """Values square on; differences from them with stated errors; how many repetitions each film gave."""
    movement = name.split(",")[0]

    def report(camera: fig.Camera) -> Report:
        poses = fig.film(take.motion, camera, fig.clock(take.seconds, 20))
        return fig.report(poses, movement, size_wh=camera.size_wh)

    ideal, counts = _values(report(take.camera)), []
    found: Differences = {}
    for yaw, roll in product(YAWS_DEG, ROLLS_DEG):
        bearing = take.camera.bearing_deg + yaw
        got = report(replace(take.camera, bearing_deg=bearing, roll_deg=roll, noise_px=NOISE_PX))
        counts.append(len(got.cycles))
        for key, (value, error95) in _values(got).items():
            if key in ideal:
                found.setdefault(key, []).append((value - ideal[key][0], error95))
    return {key: value for key, (value, _) in ideal.items()}, found, counts


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one take: its value square on, and how far it strayed, in its unit."""

    take: str
    measure: str
    unit: str
    square_on: float
    off: tuple[float, ...]
    held: int

    def cells(self) -> list[str]:
        """As the page shows it."""
        digits = 1 if self.unit in ("deg", "%") else 2
        spread, worst = float(np.std(self.off)), float(np.max(np.abs(self.off)))
        figures = (number(v, digits) for v in (self.square_on, float(np.mean(self.off)), spread, worst))
        return [f"{self.measure}, {self.unit}", *figures, f"{self.held} of {len(self.off)}"]


def rows(name: str, take: mv.Take) -> tuple[list[Row], int]:
    """A take's rows, and in how many of its films every repetition was counted, and no other."""
    movement = name.split(",")[0]
    ideal, found, counts = differences(name, take)
    made: list[Row] = []
    for key, films in found.items():
        off, error95 = np.array(films).T
        criterion = MOVEMENTS[movement].table.criteria[key]
        held = int((np.abs(off) <= error95).sum())
        title = f"{criterion.title[:1].lower()}{criterion.title[1:]} (`{key}`)"
        made.append(Row(name, title, criterion.unit, ideal[key], tuple(off), held))
    return made, counts.count(2)


HEAD: Final = ("measure", "square on", "bias", "spread", "worst", "within ±95 %")
INTRO: Final = """\
# Accuracy of the movements on one leg and on the floor

What follows is printed by `python -m tests.movements.errors --write docs/accuracy-movements.md`: figures
whose joints are known in three dimensions, two repetitions each, projected by a virtual camera and judged
by the product's own code. *Square on* is what the report says of the film square on and without noise; the
tests hold that against the figure's own angles, within 1 to 2.5°. The other columns are of {films} films
more, from cameras up to {yaw:.0f}° round and {roll:.0f}° askew, with {noise:.0f} px of noise on every
point: *bias* the mean difference from the film square on, *spread* its standard deviation, *worst* the
largest; *within ±95 %* counts the films in which the error that the report states held the difference.

**What is not in these figures**: skin, clothes, and how far a pose model's points lie from the joints. That
was measured on rendered people for squat, hinge, bridge and walking ([accuracy](accuracy.md)) and is
carried over into the stated errors where the measure is the same angle of the same segments; see [more
movements](more-movements.md).
"""


def page() -> Iterator[str]:
    """The page, part by part."""
    films = len(YAWS_DEG) * len(ROLLS_DEG)
    yield INTRO.format(films=films, yaw=max(YAWS_DEG), roll=max(ROLLS_DEG), noise=NOISE_PX)
    for name, take in takes().items():
        made, right = rows(name, take)
        movement, _, how = name.partition(", ")
        title = MOVEMENTS[movement].table.title + (f", {how}" if how else "")
        view = "the front" if abs(take.camera.bearing_deg) < 45 else "the side"
        told = f"From {view}; both repetitions and no other in {right} of {films} films."
        yield f"\n## {title}\n\n{told}\n\n{table(HEAD, [row.cells() for row in made])}\n"


def main(words: Sequence[str] | None = None) -> None:
    """Print the page, and write it whole where it was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE")
    args = parser.parse_args(words)
    parts: list[str] = []
    for part in page():
        print(part, end="", flush=True)
        parts.append(part)
    if args.write:
        write_whole(args.write, "".join(parts))


if __name__ == "__main__":
    main()
