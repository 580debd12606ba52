"""``python -m validation accuracy``, ``gait``, ``markers`` and ``sprint``."""

from __future__ import annotations

import sys

from validation import accuracy, gait, markers, sprint

JOBS = {"accuracy": accuracy.main, "gait": gait.main, "markers": markers.main, "sprint": sprint.main}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in JOBS:
        raise SystemExit(f"usage: python -m validation {{{','.join(JOBS)}}} [options]")
    JOBS[sys.argv[1]](sys.argv[2:])
