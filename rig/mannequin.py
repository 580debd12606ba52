"""A simple person of tubes, for tests and for machines without the packed body."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from rig.body import Body, Build, surface_normals
from rig.data import BONES
from rig.landmarks import place_landmarks
from rig.mesh import tube_faces

Array = npt.NDArray[np.float64]
AROUND = 24
HEADS = {  # where bones begin, as shares of stature; x of the left side
    "root": (0, 0.03, 0.55),
    "spine05": (0, 0.0, 0.56),
    "spine04": (0, 0.0, 0.59),
    "spine03": (0, 0.0, 0.63),
    "spine02": (0, 0.0, 0.69),
    "spine01": (0, 0.0, 0.77),
    "neck01": (0, 0.0, 0.84),
    "head": (0, -0.01, 0.89),
    "clavicle": (0.02, -0.02, 0.80),
    "shoulder01": (0.06, -0.01, 0.82),
    "upperarm01": (0.11, 0.0, 0.81),
    "lowerarm01": (0.16, 0.0, 0.65),
    "wrist": (0.20, -0.03, 0.51),
    "upperleg01": (0.058, 0.0, 0.52),
    "lowerleg01": (0.062, -0.005, 0.28),
    "foot": (0.066, 0.01, 0.045),
    "toe": (0.07, -0.075, 0.015),
}
TRUNK = (  # height, half width and half depth as shares of stature, and the bone there
    (0.47, 0.085, 0.065, "root"),
    (0.52, 0.102, 0.072, "root"),
    (0.56, 0.096, 0.066, "root"),
    (0.60, 0.083, 0.058, "spine04"),
    (0.64, 0.085, 0.060, "spine03"),
    (0.70, 0.094, 0.068, "spine02"),
    (0.76, 0.100, 0.066, "spine01"),
    (0.81, 0.090, 0.052, "spine01"),
    (0.84, 0.035, 0.035, "neck01"),
    (0.88, 0.034, 0.038, "neck01"),
    (0.92, 0.045, 0.055, "head"),
    (0.97, 0.043, 0.052, "head"),
    (1.0, 0.01, 0.01, "head"),
)
LIMBS = {
    "arm": (("upperarm01", 0.028), ("lowerarm01", 0.022), ("wrist", 0.015)),
    "leg": (("upperleg01", 0.05), ("lowerleg01", 0.032), ("foot", 0.02), ("toe", 0.012)),
}


def mannequin(build: Build | None = None) -> Body:
    """A person of tubes, about as tall and as stout as the build says."""
    build = build or Build()
    tall, stout = 1.50 + 0.35 * build.height, 0.85 + 0.35 * build.weight
    heads = np.array([_head(name) for name in BONES]) * tall
    points, weights, faces = [], [], []
    start = 0
    for grid, weight in [
        _trunk(tall, stout),
        *(_limb(heads, limb, s, tall * stout) for limb in LIMBS for s in "LR"),
    ]:
        points.append(grid.reshape(-1, 3))
        weights.append(np.repeat(weight, AROUND, 0))
        faces.append(tube_faces(len(grid), AROUND) + start)
        start += len(points[-1])
    skin, blend, faces_all = np.concatenate(points), np.concatenate(weights), np.concatenate(faces)
    return Body(
        skin,
        faces_all,
        blend,
        heads,
        _parents(),
        np.zeros((0, 3), np.int32),
        surface_normals(skin, faces_all),
        place_landmarks(skin, blend, heads),
        build,
    )


def _head(name: str) -> tuple[float, float, float]:
    stem, _, side = name.partition(".")
    x, y, z = HEADS[stem]
    return (-x if side == "R" else x, y, z)


def _parents() -> npt.NDArray[np.int32]:
    order = {"clavicle": "spine01", "upperleg01": "root"}
    chains = (
        ("shoulder01", "clavicle"),
        ("upperarm01", "shoulder01"),
        ("lowerarm01", "upperarm01"),
        ("wrist", "lowerarm01"),
        ("lowerleg01", "upperleg01"),
        ("foot", "lowerleg01"),
        ("toe", "foot"),
    )
    out = []
    for i, name in enumerate(BONES):
        stem, _, side = name.partition(".")
        if i == 0:
            out.append(-1)
        elif not side:
            out.append(i - 1)
        else:
            parent = order.get(stem) or f"{dict(chains)[stem]}.{side}"
            out.append(BONES.index(parent))
    return np.array(out, np.int32)


def _trunk(tall: float, stout: float) -> tuple[Array, Array]:
    rows = [(z, w, d, BONES.index(b)) for z, w, d, b in TRUNK]
    z = np.linspace(rows[0][0], rows[-1][0], 40)
    wide, deep = (np.interp(z, [r[0] for r in rows], [r[k] for r in rows]) * stout for k in (1, 2))
    angle = np.arange(AROUND) * 2 * np.pi / AROUND
    grid = np.stack(
        np.broadcast_arrays(wide[:, None] * np.cos(angle), deep[:, None] * np.sin(angle), z[:, None]), -1
    )
    weight = np.zeros((len(z), len(BONES)))
    for row, height in enumerate(z):
        upper = next(k for k, r in enumerate(rows) if r[0] >= height - 1e-9)
        lower = max(upper - 1, 0)
        span = max(rows[upper][0] - rows[lower][0], 1e-9)
        share = float(np.clip((height - rows[lower][0]) / span, 0, 1))
        weight[row, rows[lower][3]] += 1 - share
        weight[row, rows[upper][3]] += share
    return grid * tall, weight


def _limb(heads: Array, limb: str, side: str, scale: float) -> tuple[Array, Array]:
    joints = [(BONES.index(f"{name}.{side}"), radius * scale) for name, radius in LIMBS[limb]]
    rings, weight = [], []
    angle = np.arange(AROUND) * 2 * np.pi / AROUND
    for (bone, radius), (child, last) in pairwise(joints):
        along = heads[child] - heads[bone]
        across = np.cross(along, [0, 1.0, 0])
        across /= np.linalg.norm(across)
        ahead = np.cross(across, along) / np.linalg.norm(along)
        circle = np.cos(angle)[:, None] * across + np.sin(angle)[:, None] * ahead
        for share in np.linspace(0, 0.94, 12):
            rings.append(heads[bone] + share * along + ((1 - share) * radius + share * last) * circle)
            row = np.zeros(len(BONES))
            row[bone] = 1.0
            weight.append(row)
    return np.array(rings), np.array(weight)
