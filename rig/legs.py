"""Legs whose feet stay where they are put."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rig.body import Body
from rig.rotations import about_x, about_z, cross, unit

Array = npt.NDArray[np.float64]
SIDES = (("L", 1.0), ("R", -1.0))


@dataclass(frozen=True)
class Legs:
    """Two-bone legs of a body, bent so that the ankles stay where they are put."""

    body: Body

    @cached_property
    def rest(self) -> dict[str, tuple[Array, Array, Array]]:
        """Hip, knee and ankle of each side at rest, with the hips' middle at the origin."""
        b = self.body
        middle = (b.head("upperleg01.L") + b.head("upperleg01.R")) / 2
        return {
            s: (
                b.head(f"upperleg01.{s}") - middle,
                b.head(f"lowerleg01.{s}") - middle,
                b.head(f"foot.{s}") - middle,
            )
            for s, _ in SIDES
        }

    @property
    def lengths(self) -> tuple[float, float]:
        """Thigh and shank, metres."""
        hip, knee, ankle = self.rest["L"]
        return float(np.linalg.norm(knee - hip)), float(np.linalg.norm(ankle - knee))

    @property
    def hip_width(self) -> float:
        """Between the hip joints."""
        return 2 * float(self.rest["L"][0][0])

    @property
    def ankle_z(self) -> float:
        """How high an ankle is over the sole."""
        return float(self.body.head("foot.L")[2] - self.body.points[:, 2].min())

    def turns(
        self,
        pelvis: Array,
        hips: Array,
        ankles: dict[str, Array],
        forward: dict[str, Array],
        pitch: dict[str, float] | None = None,
    ) -> dict[str, Array]:
        """Turns of both legs; `forward` is where each knee points, `pitch` tips the toes down."""
        out: dict[str, Array] = {}
        for side, _ in SIDES:
            hip0, knee0, ankle0 = self.rest[side]
            hip = hips + pelvis @ hip0
            knee = self._knee(hip, ankles[side], forward[side])
            bent = cross(knee - hip, ankles[side] - knee)
            hinge = (
                unit(bent)
                if np.linalg.norm(bent) > 1e-4
                else cross(unit(forward[side]), np.array([0.0, 0.0, 1.0]))
            )
            hinge = hinge * np.sign(hinge @ cross(unit(forward[side]), np.array([0.0, 0.0, 1.0])) or 1.0)
            side_at_rest = -np.array([1.0, 0.0, 0.0])
            upper = _frame(knee - hip, hinge) @ _frame(knee0 - hip0, side_at_rest).T
            lower = _frame(ankles[side] - knee, hinge) @ _frame(ankle0 - knee0, side_at_rest).T
            yaw = float(np.degrees(np.arctan2(forward[side][0], -forward[side][1])))
            foot = about_z(yaw) @ about_x((pitch or {}).get(side, 0.0))
            out |= {f"upperleg01.{side}": upper, f"lowerleg01.{side}": lower, f"foot.{side}": foot}
        return out

    def _knee(self, hip: Array, ankle: Array, forward: Array) -> Array:
        thigh, shank = self.lengths
        way = ankle - hip
        reach = min(float(np.linalg.norm(way)), (thigh + shank) * 0.9995)
        along = unit(way)
        ahead = unit(forward - (forward @ along) * along)
        cosine = np.clip((thigh**2 + reach**2 - shank**2) / (2 * thigh * reach), -1, 1)
        return hip + thigh * (cosine * along + np.sqrt(1 - cosine**2) * ahead)

    def highest(self, pelvis: Array, hips: Array, ankles: dict[str, Array], bent_deg: float = 4.0) -> float:
        """How high the hips may be, at `hips` in the plane, for both legs to reach with knees bent so."""
        thigh, shank = self.lengths
        reach = np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(np.radians(bent_deg)))
        top = []
        for side, _ in SIDES:
            gap = ankles[side] - (hips * [1, 1, 0] + pelvis @ self.rest[side][0])
            top.append(gap[2] + np.sqrt(max(reach**2 - gap[0] ** 2 - gap[1] ** 2, 1e-4)))
        return float(min(top))


def _frame(axis: Array, hinge: Array) -> Array:
    z = unit(axis)
    x = unit(hinge - (hinge @ z) * z)
    return np.stack([x, cross(z, x), z], 1)
