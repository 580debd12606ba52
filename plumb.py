#!/usr/bin/env python3
"""Run Plumbline from a fresh checkout: ``python3 plumb.py analyse CLIP``.

The first run makes ``.venv`` beside this file and fills it with exactly what ``requirements.lock``
lists, by sha256; later runs start at once. ``python3 plumb.py test`` fills it with
``requirements-dev.lock`` and runs every check, the tests last; with words after ``test`` pytest runs once,
with those words. All other words go to ``plumbline``. Needs nothing but Python 3.11 or newer.

Exit status: that of what was run, or 2 when the set-up cannot go on.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
DEBIAN_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libstdc++.so.6": "libstdc++6",
}
"""What the wheels of OpenCV and MediaPipe expect of Linux, and the Debian packages that hold it."""

CHECKS = (
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("pyright", ["-m", "pyright"]),
    ("import-linter", ["-c", "from importlinter.cli import lint_imports_command as run; run()"]),
)


TESTS = (
    # Two at a time, a file by one of them. A browser with its server takes more than one core for moments
    # and waits in between: apart from the others, whose models take both cores for minutes.
    ("pytest", ["-n", "2", "--dist", "loadfile", "-m", "not browser"]),
    ("pytest in the browser", ["-n", "2", "--dist", "loadfile", "-m", "browser"]),
)


def main(words: list[str]) -> int:
    """Set up what ``words`` need, then run it; returns the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is also met by older Pythons
        stop(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}; try: python3.11 plumb.py")
    if words[:1] == ["test"]:
        set_up("dev")
        return run_checks(words[1:])
    set_up("run")
    return run_plumbline(words)


# --------------------------------------------------------------------------- set-up


def set_up(kind: str) -> None:
    """Bring ``.venv`` to what the lock ``kind`` lists; does nothing when it is there already."""
    if kind in installed():
        return
    began = time.monotonic()
    need_debian(missing_libraries(), "OpenCV and MediaPipe")
    say(f"setting up in {VENV.name} from {LOCKS[kind].name} (a few hundred MB, once)")
    make_venv()
    stamp("run").unlink(missing_ok=True)
    stamp("dev").unlink(missing_ok=True)
    pip("--require-hashes", "--only-binary=:all:", "-r", str(LOCKS[kind]))
    pip("--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT))
    tried = subprocess.run(
        [PYTHON, "-c", "import cv2, av, onnxruntime"], capture_output=True, text=True, env=clean_env()
    )
    if tried.returncode:
        stop(f"the installed libraries do not load: {tried.stderr.strip().splitlines()[-1]}")
    for done in ("run", "dev") if kind == "dev" else ("run",):
        fresh = stamp(done).with_suffix(".new")
        fresh.write_text(fingerprint(done), "utf-8")
        os.replace(fresh, stamp(done))
    say(f"set up in {time.monotonic() - began:.0f} s")


def installed() -> set[str]:
    """The kinds of set-up that are complete and still what the files here ask for."""
    done = {kind for kind in LOCKS if stamp_text(kind) == fingerprint(kind)}
    return done if PYTHON.exists() else set()


def stamp(kind: str) -> Path:
    """The file that is written once the set-up ``kind`` is complete."""
    return VENV / f"plumbline-{kind}.stamp"


def stamp_text(kind: str) -> str:
    """What the stamp of ``kind`` holds, empty where there is none."""
    try:
        return stamp(kind).read_text("utf-8")
    except OSError:
        return ""


def fingerprint(kind: str) -> str:
    """What the set-up ``kind`` hangs on: the lock, this Python and this folder."""
    parts = [LOCKS[kind].read_bytes(), sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def make_venv() -> None:
    """Make ``.venv`` with pip in it, unless a complete one is only to be added to.

    One that was broken off or made for other locks is made anew, from pip's cache where it has one:
    pip would take a half-unpacked package for installed, and it removes nothing that a lock no longer
    lists, though a second OpenCV would overwrite the first.
    """
    if installed():
        return
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        need_debian([f"python{version}-venv"], "making a virtual environment")
    if VENV.exists():
        shutil.rmtree(VENV)
    run([sys.executable, "-m", "venv", str(VENV)], "making .venv")


def pip(*words: str) -> None:
    """Install with the ``pip`` of ``.venv``; what it says goes to stderr."""
    talk = [] if sys.stderr.isatty() else ["--quiet", "--progress-bar=off"]
    run([PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", *talk, *words], "pip")


def missing_libraries() -> list[str]:
    """Debian packages of the shared libraries that Linux here lacks."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for library, package in DEBIAN_LIBRARIES.items() if not loads(library)]


def loads(library: str) -> bool:
    """Whether the shared library can be opened."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def need_debian(packages: list[str], purpose: str) -> None:
    """Install Debian packages as root, else stop with the one line that does it."""
    if not packages:
        return
    apt = shutil.which("apt-get")
    names = " ".join(packages)
    if apt is None:
        stop(f"{purpose} needs what Debian calls {names}; install it with your system's packages")
    if os.geteuid() != 0:
        stop(f"{purpose} needs system packages; run: sudo apt-get update && sudo apt-get install {names}")
    say(f"installing {names} for {purpose}")
    quiet_apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([apt, "-qq", "update"], "apt-get update", quiet_apt)
    run([apt, "-qq", "install", "-y", "--no-install-recommends", *packages], "apt-get install", quiet_apt)


# --------------------------------------------------------------------------- running


def run_checks(pytest_words: list[str]) -> int:
    """Run every check in turn up to the first that fails, then all tests; the first failure's status."""
    # pyright's wrapper would otherwise ask the registry whether there is a newer one.
    env = {**clean_env(), "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    for name, words in CHECKS:
        if status := run_check(name, words, env):
            say(f"{name} failed; the checks after it were not run")
            return status
    tests = (("pytest", pytest_words),) if pytest_words else TESTS
    # Both halves run whatever the first one says: whoever mends wants to see all of it.
    statuses = [run_check(name, ["-m", "pytest", *words], env) for name, words in tests]
    return next(filter(None, statuses), 0)


def run_check(name: str, words: list[str], env: dict[str, str]) -> int:
    """Run one check under its name and return its status."""
    print(f"== {name}", flush=True)
    return subprocess.run([PYTHON, *words], cwd=ROOT, env=env, stdin=subprocess.DEVNULL).returncode


def run_plumbline(words: list[str]) -> int:
    """Hand over to ``plumbline``, with the caller's folder as it is."""
    # -P: a folder called "vision" where the user stands must not be taken for ours.
    command = [str(PYTHON), "-P", "-m", "vision", *words]
    if os.name == "nt":
        return subprocess.run(command, env=clean_env()).returncode
    os.execve(PYTHON, command, clean_env())


def clean_env() -> dict[str, str]:
    """The environment without what would bend the Python or pip of ``.venv``."""
    drop = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"}
    kept = {key: value for key, value in os.environ.items() if key not in drop}
    return {**kept, "PATH": os.pathsep.join([str(PYTHON.parent), kept.get("PATH", "")])}


def run(command: list[str | Path], what: str, env: dict[str, str] | None = None) -> None:
    """Run a step of the set-up with its talk on stderr; stop when it fails."""
    status = subprocess.run(command, stdout=sys.stderr, env=env or clean_env()).returncode
    if status:
        line = shlex.join(str(word) for word in command)
        stop(f"{what} failed with status {status}; run it again to go on from here, or by hand: {line}")


def say(text: str) -> None:
    """Tell the user on stderr; stdout is for results."""
    print(f"plumb.py: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    """End with one line and status 2."""
    say(text)
    raise SystemExit(2)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("stopped; run it again to go on from here")
        sys.exit(130)
