"""Split squat, the rear foot on the floor or on a bench: a lunge without the step."""

from __future__ import annotations

from dataclasses import replace

from vision.movements.lunge import LUNGE
from vision.movements.table import load_table

SPLIT_SQUAT = replace(LUNGE, name="split_squat", table=load_table("split_squat"), travels=False)
