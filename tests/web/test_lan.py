"""The room on the network: which address, what is said of it, and a server that really listens there.

``127.0.0.2`` stands for this computer's address on the network: it is another one than ``127.0.0.1``,
and everybody's tests may listen on it.
"""

from __future__ import annotations

import http.client
import re
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import ifaddr
import pytest
from cryptography import x509
from starlette.routing import BaseRoute, Mount, Route
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes

from tests.browser import LONG_S, OTHER, Served, lan_server
from tests.web.test_gate import LAN
from vision.web import lan as lans
from vision.web.certificate import fingerprint
from vision.web.gate import COOKIE
from vision.web.invitation import invitation, qr_svg
from vision.web.lan import ENTRY, Lan, NoNetwork, addresses, chosen


def adapters(*own: tuple[str, str]) -> list[Any]:
    ips = [SimpleNamespace(name=name, nice_name=name, ips=[SimpleNamespace(ip=ip)]) for name, ip in own]
    return [*ips, SimpleNamespace(name="v6", nice_name="v6", ips=[SimpleNamespace(ip=("fe80::1", 0, 2))])]


def test_the_likeliest_address_of_a_network_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    own = adapters(
        ("lo", "127.0.0.1"),
        ("docker0", "172.17.0.1"),
        ("tun0", "10.8.0.2"),
        ("en0", "10.0.0.7"),
        ("wlan0", "192.168.1.5"),
        ("usb0", "169.254.3.4"),
        ("ppp0", "8.8.8.8"),
    )
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: own)
    assert addresses() == ("192.168.1.5", "10.0.0.7", "10.8.0.2", "172.17.0.1")
    assert addresses(real=True) == ("192.168.1.5", "10.0.0.7"), "a certificate tells them to everybody"
    assert chosen("") == "192.168.1.5"
    assert chosen("10.0.0.7") == "10.0.0.7"
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: adapters(("lo", "127.0.0.1")))
    with pytest.raises(NoNetwork, match="this computer is in no network"):
        chosen("")


@pytest.mark.parametrize("asked", ["8.8.8.8", "0.0.0.0", "224.0.0.1"])
def test_an_address_that_everybody_could_reach_is_refused(asked: str) -> None:
    with pytest.raises(NoNetwork, match=f"home or gym network, got {re.escape(asked)}"):
        chosen(asked)


def test_the_address_that_is_open_anyway_is_refused() -> None:
    with pytest.raises(NoNetwork, match="this computer's address on a network, got 127"):
        chosen("127.0.0.1")


@pytest.mark.parametrize("asked", ["phone", "192.168.1", "::1", "192.168.1.5:80"])
def test_an_address_that_is_none_is_refused(asked: str) -> None:
    with pytest.raises(NoNetwork, match=r"expected --lan with an address such as 192\.168\.1\.5, got"):
        chosen(asked)


def test_it_goes_through_the_environment_and_back() -> None:
    assert Lan.from_env({lans.ENV: LAN.to_env()}) == LAN
    assert Lan.from_env({}) is None
    assert Lan.from_env({lans.ENV: ""}) is None


def test_the_invitation_tells_address_code_and_fingerprint_and_shows_the_way_in() -> None:
    lan = replace(LAN, fingerprint="AB:CD")
    told = invitation(lan, ("10.0.0.7",))
    for part in ("https://192.168.1.5:8501", "ABCDE-FGHJK", "AB:CD", "10.0.0.7", "whole room"):
        assert part in told
    assert "█" in told
    assert "█" not in invitation(lan, picture=False)
    assert lan.entry() == f"https://192.168.1.5:8501{ENTRY}?code=ABCDEFGHJK"
    assert lan.entry("live").endswith("&to=live")
    drawn = qr_svg(lan.entry())
    assert drawn.startswith("<svg")
    assert drawn.count("http") == 1  # the name of SVG itself


# --------------------------------------------------------------------------- a server that really listens


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("lan") / "data"
    with lan_server(data) as served:
        served.root = data / "lan-root.crt"  # type: ignore[attr-defined]
        yield served


def line_to(served: Served) -> http.client.HTTPSConnection:
    """A line over the network, by somebody who knows the root."""
    trust = ssl.create_default_context(cafile=served.root)  # type: ignore[attr-defined]
    port = int(served.rpartition(":")[2])
    return http.client.HTTPSConnection(OTHER, port, timeout=LONG_S, context=trust)


def asked(served: Served, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    origin = f"https://{OTHER}:{served.rpartition(':')[2]}"
    with closing(line_to(served)) as line:
        line.request(method, path, headers={"Origin": origin, **headers})
        answer = line.getresponse()
        answer.read()
    return answer


def upgraded(served: Served, **headers: str) -> int:
    """The status with which the pages' own socket is answered."""
    with closing(line_to(served)) as line:
        origin = f"https://{OTHER}:{served.rpartition(':')[2]}"
        own = {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Origin": origin,
        }
        line.request(
            "GET", "/_stcore/stream", headers={**own, "Sec-WebSocket-Key": "A" * 22 + "==", **headers}
        )
        return line.getresponse().status


def paths_of(routes: list[BaseRoute]) -> list[tuple[str, str]]:
    """Every method and path of Streamlit's own routes, its files among them."""
    found = [
        (method, re.sub(r"\{[^}]*\}", "x", route.path))
        for route in routes
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
    ]
    mounts = [("GET", f"{route.path}/index.html") for route in routes if isinstance(route, Mount)]
    return [*found, *mounts, ("GET", "/"), ("GET", "/live"), ("GET", "/static/js/x.js"), ("GET", "/nowhere")]


def test_nothing_of_streamlits_own_answers_the_network_without_the_code(served: Served) -> None:
    paths = paths_of(create_streamlit_routes(MagicMock()))
    assert ("GET", "/_stcore/health") in paths
    assert len(paths) > 20
    for method, path in paths:
        assert asked(served, path, method).status in (401, 403), (method, path)
    assert upgraded(served) == 403
    assert upgraded(served, Cookie=f"{COOKIE}=x") == 403
    assert asked(served, "/_stcore/health", Host="127.0.0.1").status == 403


def test_the_code_of_the_terminal_opens_it(served: Served) -> None:
    answer = asked(served, f"{ENTRY}?code={served.code()}&to=live")
    assert (answer.status, answer.headers["location"]) == (303, "/live")
    cookie = (answer.headers["set-cookie"] or "").partition(";")[0]
    assert asked(served, "/_stcore/health", Cookie=cookie).status == 200
    assert asked(served, "/live", Cookie=cookie).status == 200
    assert upgraded(served, Cookie=cookie) == 101
    assert upgraded(served, Cookie=cookie, Origin="https://evil.example") == 403
    assert asked(served, "/-/nowhere", Cookie=cookie).status == 404


def test_this_computer_needs_no_code_and_keeps_its_address(served: Served) -> None:
    line = http.client.HTTPConnection(served.removeprefix("http://"), timeout=LONG_S)
    line.request("GET", "/_stcore/health")
    assert line.getresponse().status == 200
    line.close()
    served.code()
    assert f"open {served} in a browser" in served.said
    with pytest.raises(OSError, match=r"refused|timed out|unreachable|assign"):
        socket.create_connection(("127.0.0.3", int(served.rpartition(":")[2])), timeout=5)


def test_the_fingerprint_that_is_told_is_the_servers(served: Served) -> None:
    line = line_to(served)
    line.connect()
    assert isinstance(line.sock, ssl.SSLSocket)
    assert line.sock.version() in ("TLSv1.2", "TLSv1.3")
    found = line.sock.getpeercert(binary_form=True)
    line.close()
    assert found is not None
    served.code()  # it is said before the fingerprint, in one breath
    assert fingerprint(x509.load_der_x509_certificate(found)) in served.said
    named = x509.load_der_x509_certificate(found).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert IPv4Address(OTHER) in named.value.get_values_for_type(x509.IPAddress)


@pytest.mark.skipif(
    not Path("/proc/self/cmdline").is_file(), reason="NOT TESTED: processes are seen on Linux"
)
def test_the_code_stands_in_no_command_line(served: Served) -> None:
    code = lans.plain_code(served.code()).encode()
    for name in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert code not in name.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue


def test_it_ends_although_somebody_holds_a_line(served: Served) -> None:
    with closing(line_to(served)) as line:
        line.connect()
        line.sock.sendall(b"GET / HTTP/1.1\r\n")  # and nothing more
        assert served.stop(signal.SIGTERM) == 0, served.said
    assert "Traceback" not in served.said
    assert "made to" not in served.said, "it had to be killed"
