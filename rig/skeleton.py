"""Bones that turn, skin that follows, angles that come out of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.body import Body
from rig.data import BONES
from rig.landmarks import posed
from rig.rotations import between, carrying, unit

Array = npt.NDArray[np.float64]
INDEX = {name: i for i, name in enumerate(BONES)}
ROOT, THORAX = INDEX["root"], INDEX["spine02"]


@dataclass(frozen=True)
class Pose:
    """Where every bone is and how it is turned away from rest."""

    turns: Array  # (B, 3, 3)
    places: Array  # (B, 3)

    def place(self, bone: str) -> Array:
        """Where a bone begins."""
        return self.places[INDEX[bone]]

    def turn(self, bone: str) -> Array:
        """How a bone is turned."""
        return self.turns[INDEX[bone]]

    def moved(self, turn: Array, shift: npt.ArrayLike) -> Pose:
        """The whole pose turned about the origin, then shifted."""
        return Pose(np.einsum("ij,bjk->bik", turn, self.turns), self.places @ turn.T + np.asarray(shift))


def spine_turns(
    pelvis: Array, thorax: Array, head: Array, shares: tuple[float, float] = (0.34, 0.72)
) -> dict[str, Array]:
    """Pelvis and thorax free of each other; the lumbar bones share the way between them."""
    return {
        "root": pelvis,
        "spine05": between(pelvis, thorax, shares[0]),
        "spine04": between(pelvis, thorax, shares[1]),
        "spine03": thorax,
        "neck01": between(thorax, head, 0.5),
        "head": head,
    }


def limb_turn(body: Body, bone: str, child: str, direction: npt.ArrayLike, start: Array) -> Array:
    """The turn that points a limb's bone along a direction, as little twisted from `start` as can be."""
    rest = body.head(child) - body.head(bone)
    return carrying(start @ rest, direction) @ start


def arm_turns(
    body: Body, side: str, thorax: Array, upper: npt.ArrayLike, fore: npt.ArrayLike
) -> dict[str, Array]:
    """Turns of one arm from the directions of upper arm and forearm, given in the world."""
    first = limb_turn(body, f"upperarm01.{side}", f"lowerarm01.{side}", unit(upper), thorax)
    second = limb_turn(body, f"lowerarm01.{side}", f"wrist.{side}", unit(fore), first)
    return {
        f"shoulder01.{side}": between(thorax, first, 0.25),
        f"upperarm01.{side}": first,
        f"lowerarm01.{side}": second,
    }


def pose(body: Body, turns: dict[str, Array]) -> Pose:
    """Forward kinematics, hips' middle at the origin; a bone without its own turn goes with its parent."""
    count = len(BONES)
    turned = np.zeros((count, 3, 3))
    places = np.zeros((count, 3))
    for i, name in enumerate(BONES):
        parent = int(body.parents[i])
        if parent < 0:
            turned[i], places[i] = turns.get(name, np.eye(3)), body.heads[i]
            continue
        turned[i] = turns.get(name, turned[parent])
        places[i] = places[parent] + turned[parent] @ (body.heads[i] - body.heads[parent])
    middle = (places[INDEX["upperleg01.L"]] + places[INDEX["upperleg01.R"]]) / 2
    return Pose(turned, places - middle)


def skin(body: Body, at: Pose, rest: Array | None = None) -> tuple[Array, Array]:
    """The skin's points and normals in a pose (linear blend skinning); `rest` replaces the resting points."""
    rest = body.points if rest is None else rest
    shift = at.places - np.einsum("bij,bj->bi", at.turns, body.heads)
    blend = body.weights @ np.concatenate([at.turns.reshape(-1, 9), shift], 1)
    matrix = blend[:, :9].reshape(-1, 3, 3)
    points = np.einsum("vij,vj->vi", matrix, rest) + blend[:, 9:]
    return points, unit(np.einsum("vij,vj->vi", matrix, body.normals))


def landmarks(body: Body, at: Pose) -> Array:
    """The bony landmarks in a pose, (K, 3) in the order of `landmarks.NAMES`."""
    return posed(body.landmarks, at.turns, at.places, body.heads)


def lean_forward(turn: Array) -> float:
    """How far a segment's own upward axis leans forward in the sagittal plane of the world, degrees."""
    up = turn[:, 2]
    return float(np.degrees(np.arctan2(-up[1], up[2])))


def obliquity(turn: Array) -> float:
    """How far the left side of the pelvis is higher than the right, degrees."""
    across = turn[:, 0]
    return float(np.degrees(np.arctan2(across[2], np.hypot(across[0], across[1]))))


def lumbar_extension(pelvis: Array, thorax: Array) -> float:
    """Pelvis against ribs in the sagittal plane, degrees: + is arched, − is tucked."""
    relative = thorax.T @ pelvis
    return float(np.degrees(np.arctan2(-relative[1, 2], relative[2, 2])))
