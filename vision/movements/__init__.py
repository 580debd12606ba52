"""The movements Plumbline knows. Adding one: docs/adding-a-movement.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vision.movements.base import Movement
from vision.movements.bridge import BRIDGE
from vision.movements.gait import GAIT
from vision.movements.hinge import HINGE
from vision.movements.single_leg_stance import SINGLE_LEG_STANCE
from vision.movements.sprint import SPRINT
from vision.movements.squat import SQUAT

MOVEMENTS: Final[Mapping[str, Movement]] = {
    m.name: m for m in (SQUAT, HINGE, BRIDGE, GAIT, SINGLE_LEG_STANCE, SPRINT)
}
