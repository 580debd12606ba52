"""Triangles for the renderer: points, normals, resting coordinates for patterns, and a material number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Mesh:
    """Points with what is drawn there; `pattern` is where colours are looked up and sticks to the cloth."""

    points: npt.NDArray[np.floating]  # (V, 3)
    normals: npt.NDArray[np.floating]  # (V, 3)
    pattern: npt.NDArray[np.floating]  # (V, 3)
    material: npt.NDArray[np.floating]  # (V,)
    faces: npt.NDArray[np.int32]  # (F, 3)


def joined(meshes: Iterable[Mesh]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]:
    """One vertex table (V, 10) and one face table for a single draw call."""
    tables, faces, start = [], [], 0
    for mesh in meshes:
        table = np.empty((len(mesh.points), 10), np.float32)
        table[:, :3], table[:, 3:6], table[:, 6:9] = mesh.points, mesh.normals, mesh.pattern
        table[:, 9] = mesh.material
        tables.append(table)
        faces.append(mesh.faces + start)
        start += len(table)
    return np.concatenate(tables), np.concatenate(faces).astype(np.int32)


def tube_faces(rings: int, around: int) -> npt.NDArray[np.int32]:
    """Triangles of an open tube of rings × around points."""
    i, j = (x.ravel() for x in np.mgrid[: rings - 1, :around])
    a, b = i * around + j, i * around + (j + 1) % around
    c, d = a + around, b + around
    return np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)]).astype(np.int32)


def tube_normals(grid: Array) -> Array:
    """Outward normals of a grid (R, A, 3) whose columns run anticlockwise seen against the rings' run."""
    around = np.roll(grid, -1, 1) - np.roll(grid, 1, 1)
    along = np.gradient(grid, axis=0)
    normal = np.cross(around, along)
    outward = grid - grid.mean(1, keepdims=True)
    normal *= np.sign((normal * outward).sum((1, 2), keepdims=True))
    return normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12)


def box(centre: npt.ArrayLike, half: npt.ArrayLike, turn: Array, material: int) -> Mesh:
    """A box with flat sides."""
    points, normals, faces = [], [], []
    half = np.asarray(half, np.float64)
    for axis in range(3):
        for sign in (-1.0, 1.0):
            u, v = np.eye(3)[(axis + 1) % 3], np.eye(3)[(axis + 2) % 3]
            n = np.eye(3)[axis] * sign
            start = len(points)
            points += [n * half + (a * u + b * v) * half for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            normals += [n] * 4
            faces += [(start, start + 1, start + 2), (start, start + 2, start + 3)]
    local = np.array(points)
    world = local @ turn.T + np.asarray(centre)
    return Mesh(
        world, np.array(normals) @ turn.T, local, np.full(24, float(material)), np.array(faces, np.int32)
    )


def rod(
    start: npt.ArrayLike, end: npt.ArrayLike, radii: Sequence[float], material: int, around: int = 12
) -> Mesh:
    """A round rod whose radius runs through `radii` from start to end; closed where the radius is 0."""
    a, b = np.asarray(start, np.float64), np.asarray(end, np.float64)
    along = (b - a) / max(float(np.linalg.norm(b - a)), 1e-9)
    side = np.cross(along, [0.0, 0.0, 1.0] if abs(along[2]) < 0.9 else [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    other = np.cross(along, side)
    angle = np.arange(around) * 2 * np.pi / around
    ring = np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * other
    steps = np.linspace(0, 1, len(radii))
    grid = (a + steps[:, None] * (b - a))[:, None] + np.array(radii)[:, None, None] * ring
    pattern = np.stack(np.broadcast_arrays(np.cos(angle), np.sin(angle), steps[:, None]), -1) * 0.3
    count = grid.shape[0] * around
    return Mesh(
        grid.reshape(-1, 3),
        np.tile(ring, (len(radii), 1)),
        pattern.reshape(-1, 3),
        np.full(count, float(material)),
        tube_faces(len(radii), around),
    )


def quad(
    corner: npt.ArrayLike, u: npt.ArrayLike, v: npt.ArrayLike, normal: npt.ArrayLike, material: int
) -> Mesh:
    """A flat four-sided face."""
    p, u, v = (np.asarray(x, np.float64) for x in (corner, u, v))
    points = np.array([p, p + u, p + u + v, p + v])
    normals = np.tile(np.asarray(normal, np.float64), (4, 1))
    return Mesh(
        points, normals, points, np.full(4, float(material)), np.array([(0, 1, 2), (0, 2, 3)], np.int32)
    )


def disc(centre: Array, normal: Array, radius: float, material: int, around: int = 14) -> Mesh:
    """A flat round sticker."""
    side = np.cross(normal, [0.0, 0.0, 1.0] if abs(normal[2]) < 0.9 else [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    other = np.cross(normal, side)
    angle = np.arange(around) * 2 * np.pi / around
    rim = centre + radius * (np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * other)
    points = np.vstack([centre, rim])
    faces = [(0, 1 + k, 1 + (k + 1) % around) for k in range(around)]
    normals = np.tile(normal, (len(points), 1))
    return Mesh(points, normals, points, np.full(len(points), float(material)), np.array(faces, np.int32))
