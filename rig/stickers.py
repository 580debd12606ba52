"""Stickers on the clothes over bony points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rig.body import Body
from rig.camera import Camera
from rig.landmarks import NAMES
from rig.mesh import Mesh, disc
from rig.render import Drawn
from rig.rotations import unit
from rig.skeleton import Pose, landmarks

Array = npt.NDArray[np.float64]
RADIUS_M = 0.015
STUCK = {  # landmarks with stickers in each view, and the way out to the clothes in the bone's own axes
    "front": {"asis_l": (0.1, -1, 0), "asis_r": (-0.1, -1, 0)},
    "rear": {"psis_l": (0, 1, 0), "psis_r": (0, 1, 0)},
    "left": {"asis_l": (0.9, -0.5, 0), "psis_l": (0.9, 0.6, 0), "rib_l": (1, 0, 0)},
    "right": {"asis_r": (-0.9, -0.5, 0), "psis_r": (-0.9, 0.6, 0), "rib_r": (-1, 0, 0)},
}


def stickers(
    body: Body, at: Pose, seen_from: str, surface: Array, material: int
) -> tuple[list[Mesh], dict[str, Array]]:
    """The stickers for a view, and where their middles are; `surface` are all points of skin and clothes."""
    meshes: list[Mesh] = []
    spots: dict[str, Array] = {}
    points = landmarks(body, at)
    for name, way in STUCK[seen_from].items():
        k = NAMES.index(name)
        outward = at.turns[body.landmarks.bones[k]] @ unit(way)
        spots[name] = _onto(surface, points[k], outward)
        meshes.append(disc(spots[name], outward, RADIUS_M, material))
    return meshes, spots


def _onto(surface: Array, start: Array, way: Array) -> Array:
    """From a landmark outwards onto the clothes."""
    offset = surface - start
    along = offset @ way
    aside = np.linalg.norm(offset - along[:, None] * way, axis=1)
    near = (aside < 0.022) & (np.abs(along) < 0.12)
    reach = float(np.quantile(along[near], 0.9)) if near.any() else 0.0
    return start + (reach + 0.006) * way


def in_plain_sight(spots: Array, crop: Array, camera: Camera, drawn: Drawn) -> npt.NDArray[np.bool_]:
    """Whether each sticker's middle is what the camera sees there (M,)."""
    height, width = drawn.depth_m.shape
    inside = ((crop > 0) & (crop < 1)).all(-1)
    x = np.clip(crop[:, 0] * width, 0, width - 1).astype(np.int64)
    y = np.clip(crop[:, 1] * height, 0, height - 1).astype(np.int64)
    return inside & (np.abs(camera.depth(spots) - drawn.depth_m[y, x]) < 0.02)
