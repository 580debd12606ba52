"""The worker's process with a made-up pose model: ``fake_worker.py slow|quick|crashing``."""

from __future__ import annotations

import sys

from tests.jobs.fakes import CrashingPose, FakePose
from vision.jobs import worker

MODELS = {"slow": lambda: FakePose(0.05), "quick": FakePose, "crashing": CrashingPose}

if __name__ == "__main__":
    sys.exit(worker.main(MODELS[sys.argv[1]]))
