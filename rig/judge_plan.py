"""The truth set of the pelvis: which clips the judge examines the product with.

Every person, garment and room is one that training never makes. What a figure is to be told apart by (side,
yaw, roll, distance, picture, frame rate, clothes, arms) runs through its values so that no two go together.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

import numpy as np

from rig.clip_plan import Spec
from rig.motion import Movement

COUNTS = {"walk": 36, "squat": 24, "bridge": 36}
AWAY_M = {
    "walk": (2.9, 4.4),
    "squat": (3.5, 4.6),
    "bridge": (2.2, 3.2),
}  # the whole body stays in the picture
OWN_RANGE_DEG = (9.0, 20.0)  # from lying at ease to the own arch, and to the own tuck
OWN_FPS = 15
LEVELS: dict[str, tuple[float, ...]] = {
    "yaw": (0, 15, -15),
    "roll": (0, 5, -5),
    "fps": (24, 25, 30, 24, 25, 30, 24, 25, 30, 24, 25, 60, 30, 24, 25, 30, 24, 50),
    "blur": (1, 1, 2),
    "tall": (480, 600, 480, 720),
}


def judge_specs(seed: int) -> list[Spec]:
    """All clips, the movements taking turns so that any first part of the list holds some of each."""
    columns = [_column(seed, kind, count) for kind, count in COUNTS.items()]
    return [spec for row in zip_longest(*columns) for spec in row if spec is not None]


def own_specs(seed: int, count: int | None = None) -> list[Spec]:
    """Films of people who hold their own arch and tuck, for the bridges among the first `count` clips.

    Room, clothes, camera and hands are the bridge's.
    """
    return [_own(seed, spec) for spec in judge_specs(seed)[:count] if spec.movement.name == "bridge"]


def _own(seed: int, spec: Spec) -> Spec:
    """How far somebody can is their own, and at least as far as they go in the bridges."""
    rng = np.random.default_rng((seed, spec.seed))
    rest, turn = spec.movement.tilt
    arch, tuck = rng.uniform(*OWN_RANGE_DEG, 2)
    held = replace(
        spec.movement,
        name="own_arch_and_tuck",
        tilt=(rest, rest + max(arch, turn - rest + 1.0)),
        tuck=rest - max(tuck, rest - turn + 1.0),
    )
    return replace(spec, name=own_name(spec.name), movement=held, fps=OWN_FPS)


def own_name(bridge: str) -> str:
    """Name of the film of arch and tuck that belongs to a bridge."""
    return bridge.replace("judge_bridge", "judge_own")


def _column(seed: int, kind: str, count: int) -> list[Spec]:
    """The clips of one movement; every level comes equally often, each by its own shuffle."""
    rng = np.random.default_rng((seed, sorted(COUNTS).index(kind)))
    drawn = {name: rng.permutation(np.resize(levels, count)) for name, levels in LEVELS.items()}
    steps = rng.permutation(count) / (count - 1)
    return [
        _clip(rng, kind, k, float(steps[k]), {name: float(values[k]) for name, values in drawn.items()})
        for k in range(count)
    ]


def _clip(rng: np.random.Generator, kind: str, k: int, step: float, level: dict[str, float]) -> Spec:
    """Clip `k`; `step` is the share, 0 to 1, of what its movement varies."""
    seen_from = {
        "walk": "front" if k % 4 == 3 else "rear",
        "squat": "front",
        "bridge": ("left", "right")[k // 2 % 2],
    }[kind]
    tall = int(level["tall"])
    wide = tall * 4 // 3 if kind == "bridge" else tall * 3 // 4
    clothes = "loose" if k % 3 == 1 else "fitted"
    return Spec(
        f"judge_{kind}_{k:02d}_{seen_from}_{clothes}",
        {"walk": _walk, "squat": _squat, "bridge": _bridge}[kind](rng, k, step),
        seen_from,
        clothes,
        level["yaw"],
        level["roll"],
        float(rng.uniform(*AWAY_M[kind])),
        False,
        int(rng.integers(2**31)),
        True,
        fps=int(level["fps"]),
        size_wh=(wide, tall),
        blur=int(level["blur"]) if kind == "walk" else 1,
    )


def _walk(rng: np.random.Generator, k: int, step: float) -> Movement:
    """Nine strides, so that seven whole steps a side are left when the ends are cut."""
    drop = {"L": 15.0 * step, "R": float(rng.uniform(0, 15))}
    return Movement(
        "walk",
        9,
        float(rng.uniform(0.92, 1.0)),
        drop,
        (float(rng.uniform(-8, 12)), 0.0),
        lean=float(rng.choice((0, 0, 5))),
    )


def _squat(rng: np.random.Generator, k: int, step: float) -> Movement:
    return Movement(
        "squat",
        3,
        float(rng.uniform(2.0, 2.5)),
        tilt=(float(rng.uniform(-8, 8)), float(rng.uniform(-20, 10))),
        oblique=16.0 * step - 8.0,
        lean=float(rng.choice((0, 0, -4, 4))),
        depth=float(rng.uniform(0.8, 1.0)),
    )


def _bridge(rng: np.random.Generator, k: int, step: float) -> Movement:
    start = float(rng.uniform(-6, 6))
    return Movement(
        "bridge",
        3,
        float(rng.uniform(2.0, 2.5)),
        tilt=(start, start + 40.0 * step - 20.0),
        depth=float(rng.uniform(0.9, 1.0)),
        arms=("down", "overhead")[k % 2],
    )
