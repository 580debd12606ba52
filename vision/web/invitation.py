"""How somebody gets into the room from another device: what the terminal says, and the QR code."""

from __future__ import annotations

import io
from typing import Final

import segno

from vision.web.lan import Lan

_BORDER: Final = 2
"""Light modules around the code; phones read it with two."""


_WHITE_ON_BLACK: Final = "\x1b[97;40m"
_PLAIN: Final = "\x1b[0m"


def invitation(lan: Lan, others: tuple[str, ...] = (), *, picture: bool = True) -> str:
    """The lines for the terminal; ``others`` are addresses on which the room could be opened instead.

    With ``picture`` False there is no QR code: where the lines go is no terminal, or knows no blocks.
    """
    lines = [
        f"Plumbline: on a phone or another device of this network open {lan.origin}",
        f"  and enter the code {lan.code_told}. Whoever has the code sees the whole room.",
        *([qr_terminal(lan.entry())] if picture else []),
        "  The browser warns once, since this computer made its certificate itself. Its SHA-256:",
        f"  {lan.fingerprint}",
    ]
    if others:
        lines.append(f"  No answer there? This computer is also {', '.join(others)}: --lan ADDRESS")
    return "\n".join(lines)


def qr_terminal(text: str) -> str:
    """A QR code in block letters, dark on white whatever the terminal's colours."""
    out = io.StringIO()
    segno.make_qr(text, error="m").terminal(out=out, border=_BORDER, compact=True)
    return "\n".join(f"{_WHITE_ON_BLACK}{line}{_PLAIN}" for line in out.getvalue().splitlines())


def qr_svg(text: str) -> str:
    """A QR code as an SVG picture: dark on white in every theme."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(
        out, kind="svg", scale=8, border=4, dark="#111418", light="#ffffff", xmldecl=False, nl=False
    )
    return out.getvalue().decode()
