"""Procedural rooms: floor, walls, mat, bench, barbell and the clutter of a gym."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.camera import Camera
from rig.mesh import Mesh, box, quad, rod
from rig.poses import Posed
from rig.rotations import about_z, unit
from rig.wardrobe import BLOTCHES, CHECK, DIAGONAL, PLAIN, STRIPES, Material

Array = npt.NDArray[np.float64]
FIRST, COUNT = 14, 16  # a room's material numbers follow those of two people
FLOOR, WALL, MAT, STEEL = FIRST, FIRST + 1, FIRST + 2, FIRST + 3
PLANKS, TILES, RUBBER, BRICKS = 9, 10, 11, 12
FLOORS = {False: (PLANKS, RUBBER, PLAIN, BLOTCHES), True: (TILES, RUBBER, CHECK)}
WALLS = {False: (PLAIN, STRIPES, BLOTCHES, DIAGONAL), True: (BRICKS, PLAIN, CHECK)}


@dataclass(frozen=True)
class Room:
    """What stands around the person."""

    meshes: tuple[Mesh, ...]
    materials: tuple[Material, ...]


def random_room(rng: np.random.Generator, posed: Posed, camera: Camera, *, test: bool = False) -> Room:
    """A room as seen from a camera; test rooms have floors and walls that training never shows."""
    z = posed.floor_z
    meshes = [quad((-9, -9, z), (18, 0, 0), (0, 18, 0), (0, 0, 1), FLOOR)]
    away = unit(np.array([-camera.eye[0], -camera.eye[1], 0.0]))
    across = np.cross(away, [0.0, 0.0, 1.0])
    turn = about_z(rng.normal(0, 12))
    back, side = turn @ away, turn @ across
    if rng.random() < 0.85:
        far = rng.uniform(0.7, 4.5) if posed.support_z is None else rng.uniform(1.2, 4.5)
        meshes.append(quad(back * far - side * 9 + [0, 0, z], side * 18, (0, 0, 4), -back, WALL))
        if rng.random() < 0.7:
            meshes.append(_skirting(back, side, far, z))
        if rng.random() < 0.5:
            left = rng.choice((-1, 1)) * rng.uniform(1.0, 3.5)
            if left * float(camera.eye @ side) > 0:  # never between the camera and the person
                left = np.sign(left) * max(abs(left), abs(float(camera.eye @ side)) + 0.5)
            meshes.append(quad(side * left - back * 9 + [0, 0, z], back * 18, (0, 0, 4), -side * left, WALL))
    for _ in range(int(rng.integers(0, 9))):
        meshes.append(_thing(rng, back, side, z))
    meshes += _under(rng, posed)
    if (posed.movement == "thrust" and rng.random() < 0.6) or (
        posed.movement != "bridge" and rng.random() < 0.05
    ):
        meshes += barbell(posed, rng)
    return Room(tuple(meshes), _looks(rng, test=test))


def _skirting(back: Array, side: Array, far: float, z: float) -> Mesh:
    turn = np.stack([side, -back, np.array([0.0, 0.0, 1.0])], 1)
    return box(back * (far - 0.01) + [0, 0, z + 0.05], (9, 0.01, 0.05), turn, FIRST + 4)


def _thing(rng: np.random.Generator, back: Array, side: Array, z: float) -> Mesh:
    """A rack, a box, a ball, a post: anything that may stand about behind or beside the person."""
    aside = rng.choice((-1, 1)) * rng.uniform(0.45, 2.2)
    behind = rng.uniform(0.1, 3.5)
    if rng.random() < 0.5:
        aside, behind = rng.uniform(-1.5, 1.5), rng.uniform(0.9, 3.5)
    place = side * aside + back * behind
    material = FIRST + 4 + int(rng.integers(0, COUNT - 4))
    size = rng.uniform(0.03, 0.5, 3) * rng.choice((0.5, 1.0, 2.0))
    if rng.random() < 0.35:
        radius, tall = float(rng.uniform(0.02, 0.25)), float(rng.uniform(0.2, 2.0))
        return rod(place + [0, 0, z], place + [0, 0, z + tall], (radius, radius), material)
    up = rng.uniform(0, 1.5) if rng.random() < 0.4 else size[2]
    return box(place + [0, 0, z + up], size, about_z(rng.uniform(0, 90)), material)


def _under(rng: np.random.Generator, posed: Posed) -> list[Mesh]:
    """A mat below and a bench under the back."""
    out: list[Mesh] = []
    if (posed.movement == "bridge" and rng.random() < 0.7) or rng.random() < 0.08:
        out.append(
            box(
                (rng.normal(0, 0.05), 0.1, posed.floor_z + 0.006),
                (rng.uniform(0.28, 0.6), 1.1, 0.006),
                about_z(rng.normal(0, 5)),
                MAT,
            )
        )
    if posed.support_z is not None:
        shoulder = (posed.pose.place("upperarm01.L") + posed.pose.place("upperarm01.R")) / 2
        tall = (posed.support_z - posed.floor_z) / 2
        deep = rng.uniform(0.14, 0.3)
        out.append(
            box(
                (0, shoulder[1] + deep - 0.10, posed.floor_z + tall),
                (rng.uniform(0.22, 0.5), deep, tall),
                np.eye(3),
                MAT,
            )
        )
    return out


def barbell(posed: Posed, rng: np.random.Generator) -> list[Mesh]:
    """A bar across the hips' crease (lying) or across the upper back (upright), with or without plates."""
    at = posed.pose
    hips, pelvis = (at.place("upperleg01.L") + at.place("upperleg01.R")) / 2, at.turn("root")
    if posed.movement == "thrust":
        middle, across = hips - pelvis[:, 1] * 0.15, pelvis[:, 0]
    else:
        middle, across = at.place("neck01") + at.turn("spine01")[:, 1] * 0.09, at.turn("spine01")[:, 0]
    half, radius = rng.uniform(0.7, 1.1), rng.uniform(0.1, 0.225)
    out = [rod(middle - across * half, middle + across * half, (0.014, 0.014), STEEL)]
    if rng.random() < 0.45:
        for sign in (-1.0, 1.0):
            start = middle + sign * across * (half - 0.15)
            plate = (0.0, radius, radius, 0.0)
            out.append(
                rod(
                    start,
                    start + sign * across * 0.06,
                    plate,
                    FIRST + 4 + int(rng.integers(0, COUNT - 4)),
                    20,
                )
            )
    return out


def _looks(rng: np.random.Generator, *, test: bool) -> tuple[Material, ...]:
    def colour() -> tuple[float, float, float]:
        grey = rng.uniform(0.08, 1.0)
        r, g, b = np.clip(grey + rng.normal(0, 0.08 if rng.random() < 0.75 else 0.3, 3), 0.02, 1)
        return float(r), float(g), float(b)

    floor = Material(
        colour(),
        colour(),
        int(rng.choice(FLOORS[test])),
        float(rng.uniform(8, 40)),
        0.0,
        30.0,
        float(rng.uniform(0, 0.3)),
    )
    wall = Material(colour(), colour(), int(rng.choice(WALLS[test])), float(rng.uniform(2, 25)))
    mat = Material(colour(), colour(), int(rng.choice((PLAIN, STRIPES))), float(rng.uniform(3, 20)))
    steel = Material((0.5, 0.5, 0.52), shine=0.8)
    things = [
        Material(
            colour(),
            colour(),
            int(rng.choice((PLAIN, PLAIN, STRIPES, DIAGONAL, BLOTCHES))),
            float(rng.uniform(3, 40)),
        )
        for _ in range(COUNT - 4)
    ]
    return (floor, wall, mat, steel, *things)
