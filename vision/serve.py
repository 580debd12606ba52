"""Starts the room on this computer and ends it again: the server, and with it the worker."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from vision.store import StoreError
from vision.store.rows import LOCAL
from vision.web import lan as lans
from vision.web import room as rooms
from vision.web.certificate import certificate
from vision.web.guard import HERE, HOSTS, team_hosts
from vision.web.invitation import invitation
from vision.web.lan import Lan
from vision.web.room import Room

APP: Final = Path(__file__).resolve().parents[1] / "app.py"
DONE, UNUSABLE, STOPPED = 0, 2, 130
_ADDRESS: Final = "127.0.0.1"
_END_S: Final = 20.0
"""The server gets this long to end by itself before it is made to."""


class CannotServe(Exception):
    """The room cannot be opened; the text is one line for the user."""


def serve(port: int, data: Path | None = None, *, sample: bool = False, network: str | None = None) -> int:
    """Open the room at ``http://127.0.0.1:PORT`` until Ctrl-C or SIGTERM; returns the exit status.

    ``data`` is the data folder, by default ``PLUMBLINE_DATA`` or this user's own; with ``sample`` the
    sample clip is put into the library first, unless it is there. ``network`` is the address on which
    other devices of the network are let in as well, over HTTPS and with a code; empty for the likeliest
    one, None for nowhere.
    """
    env = dict(os.environ)
    env.pop(lans.ENV, None)  # asked for on the command line or not at all
    if data is not None:
        env[rooms.DATA] = str(data.expanduser().absolute())
    try:
        address = None if network is None else lans.chosen(network)
        command = _command(port, env, address)
        _prepare(env, sample)
        lan = None if address is None else _lan(address, port, env)
    except (CannotServe, lans.NoNetwork, StoreError, OSError, ValueError) as problem:
        print(f"plumbline: {' '.join(str(problem).split())}", file=sys.stderr)
        return UNUSABLE
    told = f"Plumbline: open http://{_ADDRESS}:{port} in a browser; Ctrl-C ends it."
    if lan is not None:
        env[lans.ENV] = lan.to_env()
        told += f"\n{_invitation(lan)}"
    return _run(command, env, f"http://{_ADDRESS}:{port}", told)


def _lan(address: str, port: int, env: dict[str, str]) -> Lan:
    """The room's place on the network, with a certificate for it and a code that nobody had before."""
    made = certificate(rooms.data_root(env).absolute(), address, lans.addresses(real=True))
    return Lan(
        address,
        port,
        lans.new_code(),
        str(made.path),
        made.fingerprint,
        str(made.root),
        made.root_fingerprint,
    )


def _invitation(lan: Lan) -> str:
    """What the terminal says of it, with the QR code where it can show one."""
    others = tuple(a for a in lans.addresses() if a != lan.address)
    blocks = "utf" in (sys.stdout.encoding or "").lower() and sys.stdout.isatty()
    return invitation(lan, others, picture=blocks)


def _command(port: int, env: dict[str, str], network: str | None = None) -> list[str]:
    if not APP.is_file():
        raise CannotServe(f"the room {APP} is missing; run from a checkout of Plumbline")
    _check_port(_ADDRESS, port)
    if network is not None:
        _check_port(network, port)
    options = {
        "server.port": str(port),
        "server.address": _ADDRESS,
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "logger.hideWelcomeMessage": "true",
    }
    words = [sys.executable, "-m", "streamlit", "run", str(APP)]
    words += [word for name, value in options.items() for word in (f"--{name}", value)]
    hosts = [origin.partition(":")[0] for origin in team_hosts(env.get(HOSTS, ""))]
    hosts += [network] if network is not None else []
    if hosts:
        words += [word for name in (*hosts, *HERE) for word in ("--server.allowedHosts", name)]
    return words


def _check_port(address: str, port: int) -> None:
    with socket.socket() as probe:
        if os.name != "nt":  # where it would let two servers have one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                own = ", ".join(lans.addresses()) or "none"
                raise CannotServe(
                    f"expected --lan with an address of this computer ({own}), got {address}"
                ) from error
            raise CannotServe(f"port {port} is in use or not allowed; choose another with --port") from error


def _prepare(env: dict[str, str], sample: bool) -> None:
    """Open the library once here, where what is wrong with it can be said in one line."""
    room = Room.open(env)
    try:
        if sample:
            room.sample(LOCAL)
    finally:
        room.close()


def _run(command: Sequence[str], env: dict[str, str], url: str, told: str) -> int:
    with _signals() as heard:
        server = subprocess.Popen(command, env=env, cwd=APP.parent, stdin=subprocess.DEVNULL)
        try:
            _watch(server, url, told, heard)
            if not heard:
                print(f"plumbline: the room ended by itself (status {server.returncode})", file=sys.stderr)
                return 1
            # Ctrl-C reaches the server too; a second SIGTERM is nothing to it, and kill reaches us alone.
            server.terminate()
            server.wait(_END_S)
        except subprocess.TimeoutExpired:
            print("plumbline: the room did not end by itself and was made to", file=sys.stderr)
        finally:
            server.kill()
            server.wait()
        return STOPPED if signal.SIGINT in heard else DONE


def _watch(server: subprocess.Popen[bytes], url: str, told: str, heard: list[int]) -> None:
    """Say where the room is once it answers, then wait until it ends or is to end."""
    while server.poll() is None and not heard:
        if told and _answers(url):
            print(told, flush=True)
            told = ""
        time.sleep(0.2)


def _answers(url: str) -> bool:
    asks = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with asks.open(f"{url}/_stcore/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def _signals() -> Generator[list[int]]:
    """Collect the signals that ask for the end, where Python would stop in the middle of things."""
    heard: list[int] = []

    def hear(number: int, _: FrameType | None) -> None:
        heard.append(number)

    asked = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {number: signal.signal(number, hear) for number in asked}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
