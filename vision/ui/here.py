"""Who looks, and at which library: worked out anew whenever a page is drawn.

Without an ``[auth]`` section in the secrets there is no login, and whoever sits at this computer is
the viewer. Where secrets cannot be read nobody knows whether a login was wanted: nothing is shown.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from vision.store import Shelf
from vision.store.rows import LOCAL, Viewer
from vision.web import room as rooms
from vision.web.room import Room

UNREADABLE: Final = "The secrets of this server cannot be read, so nobody can be let in. Ask whoever runs it."
NAMELESS: Final = "Your login came without an id, so your library cannot be told from another’s."

_TICKET: Final = "ticket"
_TICKET_S: Final = 6 * 3600.0
"""Half of what a ticket lives: addresses stay the same for that long, so that no film loads twice."""


@dataclass(frozen=True, slots=True)
class Here:
    """The room, its viewer, that viewer's shelf, and the ticket that opens its files."""

    room: Room
    viewer: Viewer
    shelf: Shelf
    ticket: str


def here() -> Here:
    """What this page may show; stops the page where nobody is let in."""
    viewer = _viewer()
    room = rooms.current()
    return Here(room, viewer, room.library.shelf(viewer), _ticket(room, viewer))


def _viewer() -> Viewer:
    try:
        login = "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        login = False
        if _secrets_lie_about():
            _closed(UNREADABLE)
    except Exception:
        _closed(UNREADABLE)
        raise
    return _logged_in() if login else LOCAL


def _secrets_lie_about() -> bool:
    """Whether there is a file of secrets after all, so that not finding any means it is broken."""
    files: list[str] = st.get_option("secrets.files") or []
    return any(Path(name).exists() or Path(name).is_symlink() for name in files)


def _logged_in() -> Viewer:
    user = st.user.to_dict()
    if user.get("is_logged_in") is not True:
        st.title("Plumbline", anchor=False)
        st.write("This room belongs to a team. Log in to see your athletes and sets.")
        st.button("Log in", type="primary", on_click=st.login)
        st.stop()
    key = f"{user.get('iss') or ''} {user['sub']}".strip() if user.get("sub") else ""
    if not key:
        _closed(NAMELESS)
    return Viewer(key, str(user.get("name") or user.get("email") or ""))


def _closed(line: str) -> None:
    st.write(line)
    st.stop()


def _ticket(room: Room, viewer: Viewer) -> str:
    """The viewer's ticket, kept for this visit; addresses that change would reload the film."""
    kept = st.session_state.get(_TICKET)
    now = time.time()  # tickets run out by it; a steady clock stands still while a laptop sleeps
    if kept and kept[0] == viewer.key and 0 <= now - kept[1] < _TICKET_S:
        return str(kept[2])
    ticket = room.tickets.sign(viewer)
    st.session_state[_TICKET] = (viewer.key, now, ticket)
    return ticket
