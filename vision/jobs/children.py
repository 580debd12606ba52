"""Child processes that never outlive their parent and never hold its terminal."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

import vision

_PR_SET_PDEATHSIG: Final = 1
_LOOK_EVERY_S: Final = 1.0
_PARENT: Final = "PLUMBLINE_PARENT"


def start(
    command: Sequence[str], output: IO[bytes] | int, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a process group of its own, without input, its words going to ``output``.

    It is told its parent's id, for :func:`die_with_parent`, and finds this very package. A thread
    that starts a child must live as long as the child: Linux takes its end for the parent's.
    """
    root = str(Path(vision.__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        list(command),
        env={
            **(os.environ if env is None else env),
            _PARENT: str(os.getpid()),
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONIOENCODING": "utf-8",
        },
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes], within_s: float) -> None:
    """Ask ``process`` to end, and make it and whatever it started end after ``within_s`` seconds."""
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(within_s)
    kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End ``process`` and its process group at once."""
    if sys.platform == "win32":
        process.kill()
    else:
        # The group is there for as long as anybody of it is; the child has been its own leader.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def die_with_parent() -> None:
    """End this process when the one that started it ends, however that comes about."""
    parent = int(os.environ.get(_PARENT, "0")) or os.getppid()
    if sys.platform == "linux":
        library: Any = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    # Linux tells only of what happens from now on, and other systems nothing.
    threading.Thread(target=_watch, args=(parent,), name="plumbline-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_S)
    os._exit(1)
