"""Who is let in: whoever sits here, a team's members by their login, nobody where that is broken."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.ui.room import LONG_S, SCRIPT, Library, opened, said, see, sound
from vision.store.rows import Viewer
from vision.ui import here

AUTH = {"auth": {"client_id": "id", "cookie_secret": "secret"}}
ALICE = {"is_logged_in": True, "iss": "//login.example", "sub": "alice", "name": "Alice"}


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    return opened(monkeypatch, tmp_path)


def seen_by(user: dict[str, Any]) -> AppTest:
    """The first page as a team's visitor sees it."""
    app = AppTest.from_file(str(SCRIPT), default_timeout=LONG_S)
    app.secrets, app.user = AUTH, user
    return sound(app.run())


def test_a_team_member_sees_nothing_before_the_login(library: Library) -> None:
    library.done("local.mov")
    app = seen_by({"is_logged_in": False})
    assert [part.label for part in app.button] == ["Log in"]
    assert "local.mov" not in said(app)


def test_each_member_has_a_library_of_their_own(library: Library) -> None:
    library.done("local.mov")
    library.done("alices.mov", viewer=Viewer("//login.example alice"))
    told = said(seen_by(ALICE))
    assert "alices.mov" in told
    assert "local.mov" not in told
    for other in ({**ALICE, "sub": "bob"}, {**ALICE, "iss": "//elsewhere.example"}):
        assert ".mov" not in said(seen_by(other))


@pytest.mark.parametrize("user", [{"is_logged_in": True, "name": "Alice"}, {**ALICE, "sub": ""}])
def test_a_login_without_an_id_is_not_let_in(library: Library, user: dict[str, Any]) -> None:
    library.done("local.mov")
    app = seen_by(user)
    assert here.NAMELESS in [part.value for part in app.markdown]
    assert ".mov" not in said(app)


def test_secrets_that_cannot_be_read_let_nobody_in(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.done("local.mov")
    broken = tmp_path / "secrets.toml"
    broken.write_text("[auth\nclient_id = ")
    options = st.get_option
    monkeypatch.setattr(
        st, "get_option", lambda key: [str(broken)] if key == "secrets.files" else options(key)
    )
    app = see("home")
    assert [part.value for part in app.markdown] == [here.UNREADABLE]
    assert ".mov" not in said(app)
    broken.unlink()
    assert "local.mov" in said(see("home"))


def test_the_ticket_stays_the_same_for_a_visit_so_that_no_film_loads_twice(library: Library) -> None:
    one = library.done()
    app = see("one_set", set=one.id)
    first = app.session_state["ticket"]
    sound(app.button("rep-fault-2").click().run())
    assert app.session_state["ticket"] == first
    assert library.room.tickets.viewer(first[2]) == Viewer("local")
    # The laptop slept: no steady clock ran, but tickets did run out.
    app.session_state["ticket"] = (first[0], time.time() - 7 * 3600, "of yesterday")
    sound(app.run())
    assert library.room.tickets.viewer(app.session_state["ticket"][2]) == Viewer("local")
