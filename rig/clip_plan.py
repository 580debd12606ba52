"""Which clips a set is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rig.motion import Movement

SETS = {  # movements of a set, and the side each is filmed from
    "markers": (
        ("walk", "rear"),
        ("squat", "front"),
        ("bridge", "left"),
        ("hinge", "left"),
        ("stand", "rear"),
    ),
    "walks": (("walk", "rear"), ("walk", "front")),
    "squats": (("squat", "front"), ("squat", "rear"), ("squat", "left")),
    "bridges": (("bridge", "left"), ("bridge", "right")),
    "hinges": (("hinge", "left"), ("hinge", "right")),
    "stands": (("single_leg", "front"), ("single_leg", "rear"), ("stand", "left")),
}


@dataclass(frozen=True)
class Spec:
    """One clip of a set."""

    name: str
    movement: Movement
    seen_from: str
    clothes: str
    yaw_deg: float
    roll_deg: float
    distance_m: float
    markers: bool
    seed: int
    test: bool
    fps: int = 30
    size_wh: tuple[int, int] = (540, 720)
    blur: int = 3  # pictures that make up one frame's exposure


def specs(what: str, count: int, seed: int, *, clothes: str = "fitted", test: bool = False) -> list[Spec]:
    """The clips of a set; those with markers run through yaw −15, 0, 15 and roll −5, 0, 5."""
    plan = SETS[what]
    out = []
    for k in range(count):
        rng = np.random.default_rng((seed, k, sorted(SETS).index(what)))
        kind, seen_from = plan[k % len(plan)]
        grid = what == "markers"
        yaw = (0.0, 15.0, -15.0)[k // len(plan) % 3] if grid else float(rng.normal(0, 6))
        roll = (0.0, 5.0, -5.0)[(k // len(plan) + k) % 3] if grid else float(rng.normal(0, 1.5))
        distance = float(rng.uniform(2.9, 4.4))
        out.append(
            Spec(
                f"{what}_{k:03d}_{kind}_{seen_from}",
                _movement(rng, kind),
                seen_from,
                clothes,
                yaw,
                roll,
                distance,
                grid,
                int(rng.integers(2**31)),
                test,
                size_wh=(720, 540) if kind == "bridge" else (540, 720),
            )
        )
    return out


def _movement(rng: np.random.Generator, kind: str) -> Movement:
    drop = {"L": float(rng.uniform(0, 13)), "R": float(rng.uniform(0, 13))}
    start, turn = float(rng.uniform(-10, 10)), float(rng.uniform(-20, 24))
    if kind == "walk":
        return Movement(
            "walk",
            8,
            float(rng.uniform(0.95, 1.25)),
            drop,
            (float(rng.uniform(-8, 12)), 0.0),
            lean=float(rng.choice((0, 0, 5))),
        )
    sideways = float(rng.uniform(-9, 9)) if kind in ("squat", "single_leg") else 0.0
    return Movement(
        kind,
        3,
        float(rng.uniform(2.4, 3.4)),
        drop,
        (start, turn),
        sideways,
        depth=float(rng.uniform(0.8, 1.0)),
    )
