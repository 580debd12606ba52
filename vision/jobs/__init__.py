"""Background work: clips are checked and analysed in processes of their own, never in the server's.

What this package offers is imported when it is first asked for, because the process that checks a
clip needs next to nothing of it and should not keep anybody waiting.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vision.jobs.check import check_clip
    from vision.jobs.progress import Cancelled
    from vision.jobs.supervisor import Supervisor, supervise
    from vision.jobs.work import run_waiting

__all__ = ["Cancelled", "Supervisor", "check_clip", "run_waiting", "supervise"]

_HOME = {
    "Cancelled": "progress",
    "Supervisor": "supervisor",
    "check_clip": "check",
    "run_waiting": "work",
    "supervise": "supervisor",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
