"""``python -m validation accuracy``."""

from __future__ import annotations

import sys

from validation import accuracy

JOBS = {"accuracy": accuracy.main}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in JOBS:
        raise SystemExit(f"usage: python -m validation {{{','.join(JOBS)}}} [options]")
    JOBS[sys.argv[1]](sys.argv[2:])
