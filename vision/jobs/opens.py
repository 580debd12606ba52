"""``python -m vision.jobs.opens CLIP``: exit status 0 for a clip that opens, else a line that says why."""

from __future__ import annotations

import sys
from typing import Final

USABLE: Final = 0
UNUSABLE: Final = 2


def main(path: str) -> int:
    """Open the clip, which decodes its first pictures; the line for the user goes to stdout."""
    from vision.capture import Clip, ClipError
    from vision.jobs.children import die_with_parent

    die_with_parent()
    try:
        Clip(path).close()
    except ClipError as problem:
        print(problem, flush=True)
        return UNUSABLE
    return USABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
