"""Nothing of Plumbline's asks for a name or opens a connection, not even what its libraries bring.

MediaPipe and newer releases of onnxruntime report to their makers, out of C++ where no patch of
Python's sockets sees it. So the models run in a process of their own under ``strace``, which writes
down every try and lets none through: also the control, which must be seen trying, sends nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from tests.clips import middle_of
from vision.pose import POSE_MODELS, open_pose

ROOT = Path(__file__).resolve().parents[1]
CALLS = "connect,sendto,sendmsg,sendmmsg"
OUTWARD = re.compile(r"AF_INET6?\b|nscd|resolve|avahi")
"""Addresses of the network, and the local services that look names up for a program."""

SILENT_FOR_S = 12
"""onnxruntime 1.31 makes its first try 9 s after it is imported, MediaPipe when a task is closed."""

PROBE = """
import sys, time
import numpy as np
from vision.pose import open_pose
began = time.monotonic()
for name in sys.argv[2:]:
    model = open_pose(name)
    model.find(np.zeros((96, 128, 3), np.uint8))
    model.close()
time.sleep(max(0.5, float(sys.argv[1]) - (time.monotonic() - began)))
"""
UNGUARDED = """
import vision.pose.mediapipe
vision.pose.mediapipe.stay_on_this_machine = lambda: None
"""


@pytest.fixture(scope="module")
def strace() -> str:
    """A strace that may trace here; in CI it has to be there."""
    path = shutil.which("strace")
    missing = "strace is not installed (Debian: apt-get install strace)"
    if path is not None:
        tried = subprocess.run(
            [path, "-f", "-qq", "-e", "trace=none", "true"], capture_output=True, text=True
        )
        if tried.returncode == 0:
            return path
        missing = f"strace may not trace here: {tried.stderr.strip()}"
    text = f"NOT TESTED whether the libraries try to reach the network: {missing}"
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)


def traced(
    strace: str, folder: Path, *words: str, **extra: str
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run Python with every way out shut; how it ended, and what it tried."""
    log = folder / "strace.txt"
    # CI is taken out because onnxruntime holds its tongue where it finds it.
    drop = {"CI", "XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY"}
    drop |= {key for key in os.environ if key.lower().endswith("_proxy")}
    env = {key: value for key, value in os.environ.items() if key not in drop}
    env |= {"PYTHONPATH": str(ROOT), "HOME": str(folder / "home"), **extra}
    shut = ["-e", f"trace={CALLS}", "-e", f"inject={CALLS}:error=ENETUNREACH"]
    command = [strace, "-f", "-qq", "-e", "signal=none", *shut, "-o", str(log), sys.executable, *words]
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=300)
    return done, [line for line in log.read_text("utf-8").splitlines() if OUTWARD.search(line)]


def tries(strace: str, folder: Path, program: str, *words: str, **extra: str) -> list[str]:
    """What ``program`` tried; it must have run to its end and said nothing on stderr."""
    done, seen = traced(strace, folder, "-c", program, *words, **extra)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return seen


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("traced")
    (folder / "home").mkdir()
    return folder


def test_the_trace_sees_an_unguarded_mediapipe_try(strace: str, folder: Path) -> None:
    assert tries(strace, folder, UNGUARDED + PROBE, "0", "mediapipe-full") != []


@pytest.mark.parametrize("library", ["blazepose", "mediapipe"])
def test_no_model_tries_to_reach_the_network(strace: str, folder: Path, library: str) -> None:
    # Apart, because what silences one library could silence the other.
    names = [name for name in POSE_MODELS if name.startswith(library)]
    lasting = SILENT_FOR_S if library == "blazepose" else 0
    assert tries(strace, folder, PROBE, str(lasting), *names) == []


def test_analysing_a_clip_tries_nothing(strace: str, folder: Path) -> None:
    # One bridge: nothing is done at the second that is not done at the first.
    clip = middle_of(ROOT / "videos" / "bridge_side_flat.mp4", folder / "bridge.mp4", 0.0, 4.0)
    words = ("analyse", str(clip), "--no-video", "--pose", "blazepose-full", "--out", str(folder / "out"))
    done, seen = traced(strace, folder, "-m", "vision", *words)
    assert done.returncode == 0, done.stderr
    assert list((folder / "out").rglob("report.json"))
    assert seen == []


def test_the_users_own_proxy_settings_do_not_let_mediapipe_out(strace: str, folder: Path) -> None:
    own = {"no_proxy": "*", "NO_PROXY": "*", "https_proxy": "http://127.0.0.1:1"}
    assert tries(strace, folder, PROBE, "0", "mediapipe-full", **own) == []


def test_onnxruntime_leaves_no_mark_in_the_home_folder(tmp_path: Path) -> None:
    env = {key: value for key, value in os.environ.items() if key not in ("CI", "XDG_CACHE_HOME")}
    env |= {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", PROBE, "0", "blazepose-full"], env=env, check=True, timeout=60)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("name", POSE_MODELS)
def test_models_work_without_pythons_sockets(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a model opened a socket")

    for door in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, door, refuse)
    model = open_pose(name)
    assert model.find(np.zeros((96, 128, 3), np.uint8)) == []
    model.close()
