"""The movements Plumbline knows. Adding one: docs/adding-a-movement.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vision.movements.base import Movement
from vision.movements.bird_dog import BIRD_DOG
from vision.movements.bridge import BRIDGE
from vision.movements.gait import GAIT
from vision.movements.hinge import HINGE
from vision.movements.hip_mobility import HIP_MOBILITY
from vision.movements.hip_thrust import HIP_THRUST
from vision.movements.lunge import LUNGE
from vision.movements.side_lying_abduction import SIDE_LYING_ABDUCTION
from vision.movements.side_plank import SIDE_PLANK
from vision.movements.single_leg_bridge import SINGLE_LEG_BRIDGE
from vision.movements.single_leg_rdl import SINGLE_LEG_RDL
from vision.movements.single_leg_squat import SINGLE_LEG_SQUAT
from vision.movements.single_leg_stance import SINGLE_LEG_STANCE
from vision.movements.split_squat import SPLIT_SQUAT
from vision.movements.sprint import SPRINT
from vision.movements.squat import SQUAT
from vision.movements.step_up import STEP_UP
from vision.movements.wall_hinge import WALL_HINGE

MOVEMENTS: Final[Mapping[str, Movement]] = {
    m.name: m
    for m in (
        SQUAT,
        HINGE,
        BRIDGE,
        GAIT,
        SPRINT,
        SINGLE_LEG_STANCE,
        SINGLE_LEG_BRIDGE,
        HIP_THRUST,
        SINGLE_LEG_SQUAT,
        SINGLE_LEG_STANCE,
        LUNGE,
        SPLIT_SQUAT,
        STEP_UP,
        SIDE_LYING_ABDUCTION,
        SINGLE_LEG_RDL,
        SIDE_PLANK,
        BIRD_DOG,
        WALL_HINGE,
        HIP_MOBILITY,
    )
}
