"""Cloth as tubes around the posed body.

A garment is a stack of rings around a line through the body (trunk, leg, arm). For each ring the body's
own outline is measured in polar steps; the cloth takes that outline, bridges its hollows as stretched
cloth does, hangs down from the widest place above, sags to the lower side, and wrinkles where it is
loose. It never lies within the body.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.mesh import Mesh, tube_faces, tube_normals
from rig.rotations import unit

Array = npt.NDArray[np.float64]
CLEARANCE_M = 0.004


@dataclass(frozen=True)
class Cut:
    """How one garment falls."""

    ease_m: float = 0.004  # how far it stands off the body everywhere
    fall: float = 0.0  # 0 follows every hollow, 1 hangs straight down from the widest place above
    bridge: float = 0.0  # 0 follows hollows around the body, 1 spans them
    slack_m: float = 0.0  # how far it sags to the lower side
    flare: float = 0.0  # widening per metre of length
    wrinkle: float = 0.0  # share of the gap to the body that wrinkles take
    gather: float = 0.0  # 1 pulls the end in to the body (elastic hem, tucked in)


@dataclass(frozen=True)
class Rings:
    """Where the rings are: centres (R, 3) and their two directions across (R, 3) each."""

    centre: Array
    across: Array
    ahead: Array


def rings_along(centre: Array, sideways: Array) -> Rings:
    """Rings square to a line of centres (R, 3), turned so that `sideways` (R, 3) lies in them."""
    tangent = unit(np.gradient(centre, axis=0))
    across = unit(sideways - (sideways * tangent).sum(1, keepdims=True) * tangent)
    return Rings(centre, across, np.cross(across, tangent))


def outline(points: Array, ring: Array, rings: Rings, around: int) -> Array:
    """The body's radius (R, around) at each ring; `ring` (P,) says on which ring a point lies."""
    count = len(rings.centre)
    grid = np.zeros((count, around))
    for nearest in (np.floor(ring), np.ceil(ring)):
        inside = (nearest >= 0) & (nearest < count)
        i = nearest[inside].astype(np.int64)
        offset = points[inside] - rings.centre[i]
        x, y = (offset * rings.across[i]).sum(1), (offset * rings.ahead[i]).sum(1)
        j = np.round(np.arctan2(y, x) / (2 * np.pi) * around).astype(np.int64) % around
        np.maximum.at(grid.reshape(-1), i * around + j, np.hypot(x, y))
    return _filled(grid)


def _filled(grid: Array) -> Array:
    """Steps that no point fell into take the mean of the nearest seen ones on their ring."""
    out = grid
    for _ in range(6):
        empty = out <= 0
        if not empty.any():
            return out
        left, right = np.roll(out, 1, 1), np.roll(out, -1, 1)
        seen = (left > 0).astype(float) + (right > 0)
        out = np.where(empty & (seen > 0), (left + right) / np.maximum(seen, 1), out)
    filled = out.sum(1) / np.maximum((out > 0).sum(1), 1)
    rows = np.arange(len(out))
    good = filled > 0
    if not good.any():
        return np.full_like(out, 0.1)
    means = np.interp(rows, rows[good], filled[good])
    return np.where(out > 0, out, means[:, None])


def cloth_radius(body: Array, cut: Cut, down: Array, sag: Array, step_m: float, noise: Array) -> Array:
    """The cloth's radius (R, A) over the body's (R, A).

    `down` (R,) is how far the rings' run points downwards (1 hangs, 0 lies), `sag` (R, A) how far each place
    of the tube faces down, `noise` (R, A) wrinkles between −1 and 1.
    """
    rings, around = body.shape
    radius = body + cut.ease_m
    for reach in (1, 2, 3, 5, 8):
        if reach * 5 > around:
            break
        a, b = np.roll(radius, reach, 1), np.roll(radius, -reach, 1)
        chord = 2 * a * b * np.cos(2 * np.pi * reach / around) / (a + b)
        radius = np.maximum(radius, radius + cut.bridge * (chord - radius))
    for i in range(1, rings):
        share = cut.fall * max(float(down[i]), 0.25)
        hanging = radius[i - 1] + cut.flare * step_m
        radius[i] = np.maximum(radius[i], radius[i] + share * (hanging - radius[i]))
    end = np.linspace(0, 1, rings)[:, None]
    radius = radius + cut.slack_m * np.clip(sag, 0, 1) * np.minimum(1, 2 * end)
    gap = (radius - body) * np.clip(0.15 + 4 * end, 0, 1)  # no step where the cloth begins
    radius = body + gap * (1 + cut.wrinkle * noise)
    pull = cut.gather * np.clip((end - 0.88) / 0.12, 0, 1)
    radius = radius + pull * (body + cut.ease_m - radius)
    return np.maximum(radius, body + CLEARANCE_M)


def wrinkles(rng: np.random.Generator, rings: int, around: int) -> Array:
    """Smooth folds that run mostly along the cloth, between −1 and 1."""
    angle = np.arange(around) * 2 * np.pi / around
    along = np.linspace(0, 1, rings)[:, None]
    total = np.zeros((rings, around))
    for _ in range(4):
        waves, turn, phase = rng.integers(2, 9), rng.normal(0, 3), rng.uniform(0, 6.3)
        total = total + rng.uniform(0.3, 1) * np.sin(
            waves * angle + turn * along + phase + rng.normal(0, 2) * along**2
        )
    return total / max(float(np.abs(total).max()), 1e-9)


def tube(
    rings: Rings,
    body: Array,
    cut: Cut,
    noise: Array,
    rest_z: Array,
    material: int,
    limit: Array | None = None,
) -> Mesh:
    """The cloth's mesh; `rest_z` (R,) is the height at rest that patterns are looked up at."""
    around = body.shape[1]
    angle = np.arange(around) * 2 * np.pi / around
    way = (
        np.cos(angle)[None, :, None] * rings.across[:, None]
        + np.sin(angle)[None, :, None] * rings.ahead[:, None]
    )
    tangent = unit(np.gradient(rings.centre, axis=0))
    step = float(np.linalg.norm(np.diff(rings.centre, axis=0), axis=1).mean())
    radius = cloth_radius(body, cut, -tangent[:, 2], -way[..., 2], step, noise)
    if limit is not None:
        radius = np.minimum(radius, limit)
    grid = rings.centre[:, None] + radius[..., None] * way
    pattern = np.stack(np.broadcast_arrays(np.cos(angle) * 0.16, np.sin(angle) * 0.13, rest_z[:, None]), -1)
    return Mesh(
        grid.reshape(-1, 3),
        tube_normals(grid).reshape(-1, 3),
        pattern.reshape(-1, 3),
        np.full(grid.shape[0] * around, float(material)),
        tube_faces(*body.shape),
    )
