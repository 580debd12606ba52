"""A posed person: skin, garments, hair and arms as meshes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rig.body import Body
from rig.data import BONES
from rig.drape import Rings, outline, rings_along, tube
from rig.mesh import Mesh
from rig.rotations import unit
from rig.skeleton import Pose, skin
from rig.wardrobe import BOTTOM, HAIR, SKIN, TOP, Outfit

Array = npt.NDArray[np.float64]
AROUND_TRUNK, AROUND_LIMB = 44, 20


@dataclass
class Figure:
    """One body, with what garments need to know of it worked out once."""

    body: Body
    _parts: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for side in "LR":
            self._parts["leg" + side] = self._weight("upperleg01", "lowerleg01", "foot", side=side) > 0.5
            self._parts["arm" + side] = self._weight("upperarm01", "lowerarm01", side=side) > 0.5
        arms = sum(self._weight("upperarm01", "lowerarm01", "wrist", side=s) for s in "LR")
        head = self.body.weights[:, BONES.index("head")] + self.body.weights[:, BONES.index("neck01")]
        self._parts["trunk"] = (arms < 0.45) & (head < 0.3)
        hips = self.body.weights[:, BONES.index("root")]
        thighs = sum(self._weight("upperleg01", "lowerleg01", side=s) for s in "LR")
        self._parts["lower"] = (hips + thighs) > 0.5

    def _weight(self, *names: str, side: str) -> Array:
        return self.body.weights[:, [BONES.index(f"{n}.{side}") for n in names]].sum(1)

    @cached_property
    def crotch_z(self) -> float:
        """Height of the crotch at rest: the lowest skin near the middle between the legs."""
        hip = self.body.head("upperleg01.L")
        middle = np.abs(self.body.points[:, 0]) < 0.02
        low = self.body.points[middle & (self.body.points[:, 2] > hip[2] - 0.25), 2]
        return float(low.min()) if len(low) else float(hip[2]) - 0.09

    def meshes(self, at: Pose, outfit: Outfit) -> list[Mesh]:
        """Everything of this person in this pose and outfit."""
        rest = self.body.points + self._shell(outfit)[:, None] * self.body.normals
        points, normals = skin(self.body, at, rest)
        bare = points if not outfit.tubes else skin(self.body, at)[0]
        material = np.full(len(points), float(SKIN))
        out = [Mesh(points, normals, self.body.points, material, self.body.faces)]
        if len(self.body.hair) and outfit.hair:
            out.append(Mesh(points, normals, self.body.points, material + HAIR, self.body.hair))
        makers = {
            "top": self._top,
            "skirt": self._skirt,
            "hips": self._hips,
            "legs": self._legs,
            "arms": self._arms,
        }
        for kind in outfit.tubes:
            out += makers[kind](at, outfit, bare)
        return out

    def _shell(self, outfit: Outfit) -> Array:
        """How far the skin is pushed out by fitted cloth, or drawn in under loose cloth."""
        z = self.body.points[:, 2]
        push = np.zeros(len(z))
        trunk, legs = self._parts["trunk"], self._parts["lower"]
        if "top" in outfit.tubes:
            covered = trunk & (z < outfit.top_start_z - 0.03) & (z > outfit.hem_z + 0.02)
            push -= 0.010 * covered
            push += 0.006 * (trunk & (z >= outfit.top_start_z - 0.03))
        else:
            push += outfit.top_shell_m * (trunk & (z > outfit.hem_z))
        if "legs" in outfit.tubes or "skirt" in outfit.tubes:
            push -= 0.008 * (legs & (z < outfit.waist_z - 0.02) & (z > outfit.leg_z + 0.03))
        else:
            push += outfit.leg_shell_m * (legs & (z < outfit.waist_z) & (z > outfit.leg_z))
        return push

    def _along(self, part: str) -> Array:
        """How far along the part each point lies at rest: its height, for arms that along the arm."""
        points = self.body.points[self._parts[part]]
        if not part.startswith("arm"):
            return points[:, 2]
        top, low = self.body.head(f"upperarm01.{part[-1]}"), self.body.head(f"lowerarm01.{part[-1]}")
        return top[2] + (points - top) @ unit(top - low)

    def _spine_rings(self, at: Pose, heights: Array, part: str) -> Rings:
        """Rings at places along a part at rest, moved as the skin there is moved."""
        members = self._parts[part]
        along, weights = self._along(part), self.body.weights[members]
        near = np.exp(-(((along[None] - heights[:, None]) / 0.022) ** 2))
        near /= near.sum(1, keepdims=True) + 1e-12
        centres, blends = near @ self.body.points[members], near @ weights
        matrix = np.einsum("rb,bij->rij", blends, at.turns)
        shift = blends @ (at.places - np.einsum("bij,bj->bi", at.turns, self.body.heads))
        posed = np.einsum("rij,rj->ri", matrix, centres) + shift
        return rings_along(posed, matrix[:, :, 0])

    def _around(self, rings: Rings, heights: Array, part: str, points: Array, around: int) -> Array:
        members = self._parts[part]
        step = heights[1] - heights[0]
        return outline(points[members], (self._along(part) - heights[0]) / step, rings, around)

    def _below(self, at: Pose, start: Array, length: float, count: int, hang: float) -> Rings:
        """Rings that go on from the hips: with the pelvis, or straight down where the cloth hangs."""
        pelvis = at.turn("root")
        down = unit(
            -pelvis[:, 2] * (1 - 0.8 * hang * max(float(pelvis[2, 2]), 0)) + hang * np.array([0, 0, -1.0])
        )
        centre = start + np.linspace(0, length, count)[:, None] * down
        return rings_along(centre, np.tile(pelvis[:, 0], (count, 1)))

    def _hung(
        self,
        at: Pose,
        heights: Array,
        length: float,
        count: int,
        points: Array,
        hang: float,
    ) -> tuple[Rings, Array, Array]:
        """Rings over trunk and, below the hips, over whatever of pelvis and thighs is there in this pose."""
        upper = self._spine_rings(at, heights, "trunk")
        body = self._around(upper, heights, "trunk", points, AROUND_TRUNK)
        if length <= 0.01:
            return upper, body, heights
        lower = self._below(at, upper.centre[-1], length, count, hang)
        members = points[self._parts["lower"]]
        down = unit(lower.centre[-1] - lower.centre[0])
        ring = (members - lower.centre[0]) @ down / length * (count - 1)
        more = outline(members, ring, lower, AROUND_TRUNK)
        step = length / (count - 1)
        for i in range(count):  # cloth is only so long: it cannot reach far out at once
            before = body[-1] if i == 0 else more[i - 1]
            more[i] = np.clip(more[i], 0.5 * before, before + 1.1 * step)
        centre, across, ahead = (
            np.vstack([a, b[1:]])
            for a, b in zip(
                (upper.centre, upper.across, upper.ahead),
                (lower.centre, lower.across, lower.ahead),
                strict=True,
            )
        )
        z = np.concatenate([heights, heights[-1] - np.linspace(0, length, count)[1:]])
        return Rings(centre, across, ahead), np.vstack([body, more[1:]]), z

    def _top(self, at: Pose, outfit: Outfit, points: Array) -> list[Mesh]:
        hip_z = float(self.body.head("upperleg01.L")[2]) + 0.02
        end = max(outfit.hem_z, hip_z)
        heights = np.linspace(outfit.top_start_z, end, 22)
        rings, body, z = self._hung(at, heights, end - outfit.hem_z, 9, points, outfit.top_hang)
        noise = outfit.folds(len(z), AROUND_TRUNK, 0)
        return [tube(rings, body, outfit.top_cut, noise, z, TOP)]

    def _skirt(self, at: Pose, outfit: Outfit, points: Array) -> list[Mesh]:
        hip_z = float(self.body.head("upperleg01.L")[2]) + 0.02
        heights = np.linspace(outfit.waist_z, hip_z, 8)
        rings, body, z = self._hung(at, heights, hip_z - outfit.leg_z, 16, points, 0.9)
        return [tube(rings, body, outfit.leg_cut, outfit.folds(len(z), AROUND_TRUNK, 1), z, BOTTOM)]

    def _hips(self, at: Pose, outfit: Outfit, points: Array) -> list[Mesh]:
        heights = np.linspace(outfit.waist_z, self.crotch_z + 0.01, 10)
        rings, z = self._spine_rings(at, heights, "trunk"), heights
        body = self._around(rings, heights, "trunk", points, AROUND_TRUNK)
        noise = outfit.folds(len(z), AROUND_TRUNK, 1)
        return [tube(rings, body, outfit.hip_cut, noise, z, BOTTOM)]

    def _legs(self, at: Pose, outfit: Outfit, points: Array) -> list[Mesh]:
        out = []
        for n, side in enumerate("LR"):
            part = "leg" + side
            heights = np.linspace(self.crotch_z + 0.05, outfit.leg_z, 16)
            rings, z = self._spine_rings(at, heights, part), heights
            body = self._around(rings, heights, part, points, AROUND_LIMB)
            out.append(tube(rings, body, outfit.leg_cut, outfit.folds(len(z), AROUND_LIMB, 2 + n), z, BOTTOM))
        return out

    def _arms(self, at: Pose, outfit: Outfit, points: Array) -> list[Mesh]:
        out = []
        for n, side in enumerate("LR"):
            part = "arm" + side
            shoulder, elbow = self.body.head(f"upperarm01.{side}"), self.body.head(f"lowerarm01.{side}")
            length = float(np.linalg.norm(elbow - shoulder)) * 2 * outfit.sleeve
            heights = np.linspace(shoulder[2] + 0.01, shoulder[2] - length, 9)
            rings, z = self._spine_rings(at, heights, part), heights
            body = self._around(rings, heights, part, points, AROUND_LIMB)
            body = np.clip(body, 0.03, 0.085)
            out.append(tube(rings, body, outfit.sleeve_cut, outfit.folds(len(z), AROUND_LIMB, 4 + n), z, TOP))
        return out
