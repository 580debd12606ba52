"""Where the bony points of pelvis and lower ribs lie.

From the hip joints outwards by the proportions that anatomy gives (Bell 1990: the hip joint lies 14 % of
the inter-ASIS distance medial of, 19 % behind and 30 % below its ASIS), then pushed onto the skin, where
a finger or a sticker would find them. A landmark belongs to one bone and moves rigidly with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.data import BONES

Array = npt.NDArray[np.float64]
NAMES = (
    "asis_l",
    "asis_r",
    "psis_l",
    "psis_r",
    "crest_l",
    "crest_r",
    "hip_l",
    "hip_r",
    "sacrum",
    "rib_l",
    "rib_r",
    "rib_front",
    "rib_back",
)
SWAP = (1, 0, 3, 2, 5, 4, 7, 6, 8, 10, 9, 11, 12)  # the same names seen in a mirror
PELVIS_BONE, RIB_BONE = BONES.index("root"), BONES.index("spine03")
DEEP = np.array([n.startswith("hip") for n in NAMES])  # inside the body, never on the skin


@dataclass(frozen=True)
class Landmarks:
    """Points at rest (K, 3), the way out of the body at each (K, 3), and the bone each belongs to (K,)."""

    points: Array
    outward: Array
    bones: npt.NDArray[np.int64]


def place_landmarks(points: Array, weights: npt.NDArray[np.floating], heads: Array) -> Landmarks:
    """Find them on a body at rest; `points` is the skin (V, 3) with its weights (V, B)."""
    left = heads[BONES.index("upperleg01.L")]
    half, hip_y, hip_z = float(left[0]), float(left[1]), float(left[2])
    wide = 2.25 * half  # the distance between the two ASIS; MakeHuman sets its hip joints far apart
    rib_z = heads[RIB_BONE, 2] + 0.35 * (heads[BONES.index("spine02"), 2] - heads[RIB_BONE, 2])
    rib_z = max(rib_z, hip_z + 0.72 * wide)
    asis_z, back_z, crest_z = hip_z + 0.30 * wide, hip_z + 0.38 * wide, hip_z + 0.52 * wide
    front, back = (0.0, -1.0, 0.0), (0.0, 1.0, 0.0)
    trunk = weights[
        :, [BONES.index(n) for n in BONES[:6]] + [i for i, n in enumerate(BONES) if n[:8] == "upperleg"]
    ]
    skin = points[trunk.sum(1) > 0.5]
    level = np.abs(skin[:, 2] - asis_z) < 0.015
    asis_x = min(0.5 * wide, 0.76 * float(np.quantile(np.abs(skin[level, 0]), 0.98)))
    seeds = {  # a point inside the body, and the way out to the skin
        "asis": ((asis_x - 0.02, hip_y - 0.05 * wide, asis_z), (0.25, -1.0, 0.0)),
        "psis": ((0.19 * wide, hip_y, back_z), back),
        "crest": ((0.35 * wide, hip_y + 0.05 * wide, crest_z), (1.0, 0.0, 0.0)),
        "rib": ((0.30 * wide, hip_y, rib_z), (1.0, 0.0, 0.0)),
        "sacrum": ((0.0, hip_y, hip_z + 0.22 * wide), back),
        "rib_front": ((0.0, hip_y, rib_z + 0.02), front),
        "rib_back": ((0.0, hip_y, rib_z + 0.03), back),
    }
    spots, ways = [], []
    for name in NAMES:
        stem, mirrored = name.removesuffix("_l").removesuffix("_r"), name.endswith("_r")
        flip = np.array([-1.0 if mirrored else 1.0, 1.0, 1.0])
        if stem == "hip":
            spots.append(np.array([half, hip_y, hip_z]) * flip)
            ways.append(np.array([1.0, 0.0, 0.0]) * flip)
            continue
        seed, way = (np.array(x) for x in seeds[stem])
        way = way / np.linalg.norm(way)
        spots.append(_to_skin(skin, seed * flip, way * flip))
        ways.append(way * flip)
    bones = np.where([n.startswith("rib") for n in NAMES], RIB_BONE, PELVIS_BONE)
    return Landmarks(np.array(spots), np.array(ways), bones)


def _to_skin(skin: Array, seed: Array, way: Array) -> Array:
    """Go out from a seed until the skin around the ray is reached."""
    offset = skin - seed
    along = offset @ way
    aside = np.linalg.norm(offset - along[:, None] * way, axis=1)
    near = (aside < 0.025) & (along > 0)
    if not near.any():
        near = aside < aside.min() + 0.01
    weight = np.exp(-((aside[near] / 0.012) ** 2))
    return seed + way * float((along[near] * weight).sum() / weight.sum())


def posed(landmarks: Landmarks, turns: Array, places: Array, heads: Array) -> Array:
    """The landmarks in a pose; `turns` (B, 3, 3) and `places` (B, 3) are the bones'."""
    local = landmarks.points - heads[landmarks.bones]
    return places[landmarks.bones] + np.einsum("kij,kj->ki", turns[landmarks.bones], local)
