"""``python -m validation JOB``: accuracy, gait, markers, pelvis, real_pelvis, sports2d and sprint."""

from __future__ import annotations

import sys

from validation import accuracy, gait, markers, pelvis, real_pelvis, sports2d, sprint

JOBS = {
    "accuracy": accuracy.main,
    "gait": gait.main,
    "markers": markers.main,
    "pelvis": pelvis.main,
    "real_pelvis": real_pelvis.main,
    "sports2d": sports2d.main,
    "sprint": sprint.main,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in JOBS:
        raise SystemExit(f"usage: python -m validation {{{','.join(JOBS)}}} [options]")
    JOBS[sys.argv[1]](sys.argv[2:])
