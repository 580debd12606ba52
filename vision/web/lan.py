"""Where and for whom the room is open on the network: nowhere and for nobody unless it was asked for."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Final, cast
from urllib.parse import urlencode

import ifaddr

from vision.web.addresses import ROOT

ENV: Final = "PLUMBLINE_LAN"
MARK: Final = "plumbline.lan"
"""In the scope of whatever came over the network; only this program can write there."""

ENTRY: Final = f"{ROOT}/in"
HERE: Final = "127.0.0.1"
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Those that are not mistaken for one another when they are read off a screen."""

_LENGTH: Final = 10
_VIRTUAL: Final = re.compile(
    r"docker|br-|veth|virbr|vmnet|vbox|virtualbox|vethernet|tun|tap|wg|utun|zt|tailscale", re.I
)


class NoNetwork(Exception):
    """There is no address to open the room on; the text is one line for the user."""


@dataclass(frozen=True, slots=True)
class Lan:
    """The room's place on the network, the code that opens it, and its certificate's file and prints."""

    address: str
    port: int
    code: str
    certificate: str
    fingerprint: str
    root: str
    root_fingerprint: str

    @property
    def host(self) -> str:
        """Address and port, as browsers name it."""
        return f"{self.address}:{self.port}"

    @property
    def origin(self) -> str:
        """What every address of the room begins with over there."""
        return f"https://{self.host}"

    @property
    def code_told(self) -> str:
        """The code in two halves, for people who type it."""
        return f"{self.code[: _LENGTH // 2]}-{self.code[_LENGTH // 2 :]}"

    def entry(self, page: str = "") -> str:
        """The address that opens the room, code and all; ``page`` is the path of a page to go to."""
        return f"{self.origin}{ENTRY}?{urlencode({'code': self.code} | ({'to': page} if page else {}))}"

    def to_env(self) -> str:
        """All of it for the server's environment, which only this user can read."""
        return json.dumps(asdict(self))

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Lan | None:
        """What `to_env` wrote; None where nothing was asked for."""
        text = env.get(ENV)
        return cls(**cast("dict[str, Any]", json.loads(text))) if text else None


def current() -> Lan | None:
    """Where this process's room is open on the network; None for nowhere."""
    return Lan.from_env(os.environ)


def new_code() -> str:
    """A code of 49 random bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def plain_code(text: str) -> str:
    """A code as somebody typed it, without what only eases reading."""
    return re.sub(r"[\s-]", "", text).upper()


def addresses(*, real: bool = False) -> tuple[str, ...]:
    """The IPv4 addresses of this computer on networks around it, the likeliest one first.

    With ``real`` those within this computer and of tunnels are left out: nobody else need learn them.
    """
    found: list[tuple[bool, int, str]] = []
    for adapter in ifaddr.get_adapters():
        names = (str(adapter.name), adapter.nice_name)
        for ip in adapter.ips:
            if isinstance(ip.ip, str) and _near(IPv4Address(ip.ip)):
                order = 0 if ip.ip.startswith("192.168.") else 1 if ip.ip.startswith("10.") else 2
                virtual = any(_VIRTUAL.match(name) for name in names)
                if not (real and virtual):
                    found.append((virtual, order, ip.ip))
    return tuple(dict.fromkeys(ip for _, _, ip in sorted(found)))


def chosen(asked: str) -> str:
    """The address ``asked`` for, or the likeliest one where that is empty; NoNetwork where none will do."""
    if not asked:
        own = addresses()
        if not own:
            raise NoNetwork("this computer is in no network: connect it first, or leave --lan away")
        return own[0]
    try:
        address = IPv4Address(asked)
    except AddressValueError:
        raise NoNetwork(f"expected --lan with an address such as 192.168.1.5, got {asked!r}") from None
    if asked == HERE:
        raise NoNetwork(f"expected --lan with this computer's address on a network, got {asked}")
    if address.is_global or address.is_unspecified or address.is_multicast:
        raise NoNetwork(
            f"expected an address of a home or gym network, got {asked}, which everybody could reach; "
            "docs/room.md says how a team shares a room"
        )
    return str(address)


def _near(address: IPv4Address) -> bool:
    return not (address.is_loopback or address.is_link_local or address.is_global or address.is_unspecified)
