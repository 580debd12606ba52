"""How a phone gets into the room: the QR code while the room is open on the network, else how to open it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from vision.ui import show, ways
from vision.ui.here import here
from vision.web.guard import is_here
from vision.web.invitation import qr_svg
from vision.web.lan import Lan, current

COMMAND: Final = "plumbline review --lan"
_SIDE_PX: Final = 320
_STEPS: Final = (
    "The phone must be in the same Wi-Fi as this computer.",
    "Point its camera at the picture and open the address. The browser warns: this computer made its "
    "certificate itself, and nobody has vouched for it.",
    "Have the warning show the certificate and compare its SHA-256 fingerprint with the one below. If they "
    "differ, somebody else answers: close the page.",
    "Go on to the page, and allow the camera when it is asked for.",
)
_WARNING: Final = (
    "Whoever has the code sees everything in this room until it is closed: films, athletes, notes. The next "
    "start makes another code."
)
_CLOSED: Final = (
    "The room is open on this computer only. To open it for phones and others of your network, end it and "
    "start it with:"
)
_OVER: Final = "You came in over the network. The QR code is shown on the computer that runs the room only."


def page() -> None:
    """The page on phones."""
    here()
    st.title("On a phone", anchor=False)
    st.write(
        "A phone can stand where a laptop cannot: train before its camera, or send the clips it has filmed. "
        "They go from the phone to this computer and nowhere else."
    )
    lan = current()
    if lan is None:
        st.write(_CLOSED)
        st.code(COMMAND, language=None)
    elif not is_here(_host()):
        st.write(_OVER)
    else:
        _open(lan)
    ways.link("live", "Train live")
    ways.link("add", "Add clips")


def _host() -> str:
    """By which name the browser asked for this page; the guard has checked it."""
    return st.context.headers.get("Host") or ""


def _open(lan: Lan) -> None:
    picture, words = st.columns([2, 3], gap="large")
    with picture:
        st.image(qr_svg(lan.entry()), width=_SIDE_PX, alt="QR code of the address and the code")
    with words:
        st.html(show.lines(_STEPS))
        st.write("Or type the address, and the code when it is asked for:")
        st.code(lan.origin, language=None)
        st.code(lan.code_told, language=None)
        st.write(_WARNING)
    st.subheader("The certificate", anchor=False)
    st.write("SHA-256 fingerprint:")
    st.code(lan.fingerprint, language=None, wrap_lines=True)
    with st.expander("An iPhone that stays on “Connecting”", key="phone-root"):
        st.write(
            "Some browsers open the page and refuse its live line all the same. Then the phone has to know "
            "the root that signed the certificate. Bring this file to it by a way you trust, such as AirDrop "
            "or a cable, and install it; its key was thrown away, so it vouches for nothing else."
        )
        st.code(lan.root, language=None)
        st.write("SHA-256 fingerprint of the root:")
        st.code(lan.root_fingerprint, language=None, wrap_lines=True)
