"""A person at rest: mesh, skeleton, skin weights and the landmarks of pelvis and ribs.

`make_body` mixes one from MakeHuman's targets; `rig.mannequin` builds one that needs no data. Both are
the same type, so everything downstream knows no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rig.data import BONES, BodyData, default_path, load
from rig.landmarks import Landmarks, place_landmarks
from rig.rotations import three

Array = npt.NDArray[np.float64]
DETAILS = {  # shape targets that change what the pelvis looks like, with the largest share taken of each
    "hip/hip-scale-horiz": 0.6,
    "hip/hip-scale-depth": 0.5,
    "hip/hip-waist": 0.5,
    "torso/torso-scale-depth": 0.4,
    "torso/torso-scale-vert": 0.4,
    "torso/torso-scale-horiz": 0.4,
    "torso/measure-waist-circ": 0.5,
    "stomach/stomach-tone": 0.7,
    "buttocks/buttocks-volume": 0.8,
    "legs/measure-thigh-circ": 0.6,
}
HELD_OUT = {  # only test bodies move these, so that a test body is none that training could have drawn
    "torso/torso-vshape": 0.7,
    "torso/measure-hips-circ": 0.7,
    "pelvis/bulge": 0.4,
    "pelvis/pelvis-tone": 0.7,
    "torso/measure-waisttohip-dist": 0.5,
    "stomach/stomach-pregnant": 0.35,
}
FACE_M, HAIRLINE_M = 0.065, 0.21  # before the neck and above it: what hair leaves free
ENDS = {"hip-waist": ("down", "up")}


@dataclass(frozen=True)
class Build:
    """Who the person is: MakeHuman's own scales, each from 0 to 1."""

    gender: float = 0.0
    age: float = 0.5  # 0.5 is about 25 years, 1 is old age
    muscle: float = 0.5
    weight: float = 0.5
    height: float = 0.5
    proportions: float = 0.5
    origin: tuple[float, float, float] = (1.0, 0.0, 0.0)  # MakeHuman's three face and frame types, mixed
    details: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Body:
    """A mesh at rest with bones that move it."""

    points: Array  # (V, 3)
    faces: npt.NDArray[np.int32]  # (F, 3)
    weights: Array  # (V, B)
    heads: Array  # (B, 3) where each bone begins
    parents: npt.NDArray[np.int32]  # (B,)
    hair: npt.NDArray[np.int32]  # (H, 3) triangles of the hair cap, may be empty
    normals: Array = field(repr=False)
    landmarks: Landmarks = field(repr=False)
    build: Build = Build()

    def head(self, bone: str) -> Array:
        """Where a bone begins at rest."""
        return self.heads[BONES.index(bone)]

    @property
    def stature_m(self) -> float:
        """Height from sole to crown."""
        return float(np.ptp(self.points[:, 2]))


def random_build(rng: np.random.Generator, *, test: bool = False) -> Build:
    """Someone between 16 and 75 of any common build."""
    gender = float(np.clip((rng.random() < 0.5) + rng.normal(0, 0.12), 0, 1))
    details = [
        _signed(name, limit * _two_sided(rng)) for name, limit in DETAILS.items() if rng.random() < 0.7
    ]
    if test:
        details += [_signed(name, limit * _two_sided(rng)) for name, limit in HELD_OUT.items()]
    return Build(
        gender=gender,
        age=float(np.clip(rng.normal(0.58, 0.13), 0.4, 0.95)),
        muscle=float(rng.uniform(0.2, 0.95)),
        weight=float(np.clip(rng.normal(0.52, 0.22), 0.05, 1.0)),
        height=float(rng.uniform(0.15, 0.85)),
        proportions=float(rng.uniform(0.2, 1.0)),
        origin=three(rng.dirichlet((0.6, 0.6, 0.6))),
        details=tuple(details),
    )


def _two_sided(rng: np.random.Generator) -> float:
    return float(rng.uniform(-1.0, 1.0))


def _signed(name: str, amount: float) -> tuple[str, float]:
    low, high = ENDS.get(name.split("/")[-1], ("decr", "incr"))
    return f"{name}-{high if amount > 0 else low}", abs(amount)


def make_body(build: Build, *, path: Path | None = None, fine: bool = False) -> Body:
    """Mix a body. `fine` keeps the whole mesh for clips; crops do with a coarser one."""
    path = path or default_path()
    data = load(path)
    points = data.points.astype(np.float64)
    for name, amount in _mixture(build, data):
        index, delta = data.targets[name]
        points[index] += amount * delta
    heads = data.joints.astype(np.float64) @ points
    keep, faces, hair = _whole(path) if fine else _coarse(path)
    chosen = points[keep]
    normals = surface_normals(chosen, faces)
    whole = points[np.unique(data.faces)]
    landmarks = place_landmarks(whole, data.weights[np.unique(data.faces)], heads)
    return Body(
        chosen,
        faces,
        _planted_heels(chosen, data.weights[keep], heads),
        heads,
        data.parents,
        hair,
        normals,
        landmarks,
        build,
    )


def surface_normals(points: Array, faces: npt.NDArray[np.int32]) -> Array:
    """Mean of the normals of the triangles around each point."""
    a, b, c = points[faces[:, 0]], points[faces[:, 1]], points[faces[:, 2]]
    face = np.cross(b - a, c - a)
    total = np.zeros_like(points)
    for k in range(3):
        np.add.at(total, faces[:, k], face)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def _planted_heels(points: Array, weights: npt.NDArray[np.float32], heads: Array) -> Array:
    """Give the heel wholly to the foot: the stock weights let the shank drag it about."""
    out = weights.astype(np.float64)
    for side in "LR":
        foot, shank = BONES.index(f"foot.{side}"), BONES.index(f"lowerleg01.{side}")
        share = np.clip((heads[foot, 2] + 0.012 - points[:, 2]) / 0.03, 0, 1)
        out[:, foot] += out[:, shank] * share
        out[:, shank] *= 1 - share
    return out


def _mixture(build: Build, data: BodyData) -> list[tuple[str, float]]:
    """Every target that this build calls for, with its share."""
    scales = {k: getattr(build, k) for k in ("gender", "age", "muscle", "weight", "height", "proportions")}
    scales |= {"cupsize": 0.5, "firmness": 0.6}
    ends = {k: _ends(v, data.macro["macrotargets"][k]["parts"]) for k, v in scales.items()}
    ends["race"] = dict(zip(("caucasian", "african", "asian"), build.origin, strict=True))
    plans = (
        ("macrodetails/", ("race", "gender", "age")),
        ("macrodetails/universal-", ("gender", "age", "muscle", "weight")),
        ("macrodetails/height/", ("gender", "age", "muscle", "weight", "height")),
        ("macrodetails/proportions/", ("gender", "age", "muscle", "weight", "proportions")),
        ("breast/", ("gender", "age", "muscle", "weight", "cupsize", "firmness")),
    )
    found: list[tuple[str, float]] = []
    for folder, keys in plans:
        mixes: list[tuple[tuple[str, ...], float]] = [((), 1.0)]
        for key in keys:
            mixes = [(names + (n,), w * v) for names, w in mixes for n, v in ends[key].items() if v > 0 and n]
        found += [(folder + "-".join(names), w) for names, w in mixes]
    found += list(build.details)
    return [(name, w) for name, w in found if name in data.targets]


def _ends(value: float, parts: list[dict[str, Any]]) -> dict[str, float]:
    """The two named shapes that a scale's value lies between, with their shares."""
    for part in parts:
        if part["lowest"] <= value <= part["highest"]:
            share = (value - part["lowest"]) / (part["highest"] - part["lowest"])
            return {part["low"]: 1 - share, part["high"]: share}
    return {}


Topology = tuple[npt.NDArray[np.integer], npt.NDArray[np.int32], npt.NDArray[np.int32]]


def _cap(data: BodyData) -> npt.NDArray[np.int32]:
    """The part of the hair helper that covers the head; the rest would hang before the face and the back."""
    neck = data.joints[BONES.index("neck01")] @ data.points
    front, low = data.points[data.hair][:, :, 1:].min(1).T
    before_face = (front < neck[1] - FACE_M) & (low < neck[2] + HAIRLINE_M)
    return data.hair[(low > neck[2] + 0.02) & ~before_face]


@lru_cache(maxsize=2)
def _whole(path: Path) -> Topology:
    data = load(path)
    cap = _cap(data)
    keep, inverse = np.unique(np.concatenate([data.faces.ravel(), cap.ravel()]), return_inverse=True)
    split = data.faces.size
    return (
        keep,
        inverse[:split].reshape(-1, 3).astype(np.int32),
        inverse[split:].reshape(-1, 3).astype(np.int32),
    )


@lru_cache(maxsize=2)
def _coarse(path: Path) -> Topology:
    """Points that fall into one small cell become one, more coarsely where a pelvis crop hardly looks."""
    data = load(path)
    neutral = data.points.astype(np.float64)
    bone = data.weights.argmax(1)
    far = np.isin(bone, [i for i, n in enumerate(BONES) if n.startswith(("head", "wrist", "foot", "toe"))])
    cell = np.where(far, 0.04, 0.016)[:, None]
    key = np.column_stack([np.floor(neutral / cell).astype(np.int64), bone, neutral[:, 0] > 0, far])
    used = np.unique(data.faces)
    _, group = np.unique(key[used], axis=0, return_inverse=True)
    group = group.ravel()
    centre = np.zeros((group.max() + 1, 3))
    np.add.at(centre, group, neutral[used])
    centre /= np.bincount(group)[:, None]
    distance = np.linalg.norm(neutral[used] - centre[group], axis=1)
    order = np.lexsort((distance, group))
    first = order[np.unique(group[order], return_index=True)[1]]
    where = np.full(len(neutral), -1)
    where[used] = group
    faces = where[data.faces]
    real = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
    hair_points, hair = np.unique(_cap(data), return_inverse=True)
    keep = np.concatenate([used[first], hair_points])
    return keep, faces[real].astype(np.int32), (hair.reshape(-1, 3) + len(first)).astype(np.int32)
