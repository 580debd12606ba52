"""Adding clips: what they show, whose they are, the files themselves, and how far each one is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from vision.movements import MOVEMENTS
from vision.movements.calibration import OWN_FILM
from vision.store import Shelf
from vision.store.rows import StoredSet
from vision.ui import forms, jobs_view, own_view, ways
from vision.ui.components import upload
from vision.ui.here import here
from vision.web.addresses import upload_url

LATELY: Final = timedelta(hours=12)
MOST: Final = 20


def page() -> None:
    """The page for new clips."""
    room = here()
    sprint = ways.asked("for") == "sprint"
    st.title("Review sprints" if sprint else "Add clips", anchor=False)
    _words(sprint)
    wanted = ways.asked("movement")
    chosen = wanted if wanted in (*MOVEMENTS, OWN_FILM) else forms.AUTO
    options = forms.options(room.shelf, "sprint" if sprint else "add", chosen)
    if options["movement"] == OWN_FILM:
        own_view.guide()
    finished = upload(key="upload", url=upload_url(room.ticket), options=dict(options))
    lately = _lately(room.shelf)
    if not lately:
        return
    st.header("Added lately", anchor=False)
    if len(finished) == 1 and any(one.id == finished[0]["set_id"] for one in lately):
        ways.link("one_set", "Go to the clip that was just added", {"set": str(finished[0]["set_id"])})
    jobs_view.rows(lambda: _lately(here().shelf), "add")
    with st.expander("Whose clips these are", key="whose"):
        forms.whose(room.shelf, lately)


def _words(sprint: bool) -> None:
    if sprint:
        st.write(
            "Film from the side, the camera at hip height, the whole runner in the picture, 120 "
            "pictures per second or more; turning the phone with the runner is fine. Open “Date, tags, slow "
            "motion, stickers” and say the rate if the file plays slowly. You get times on the ground and in "
            "the air, the thighs and the kinogram, told and not judged. Below 120 pictures a second the "
            "times stay unknown."
        )
        return
    st.write("Say what is in the clips, then drop them. They stay on the computer that runs this room.")
    ways.link("phone", "Send clips from a phone")


def _lately(shelf: Shelf) -> Sequence[StoredSet]:
    """What came in the last hours or still waits, the newest first."""
    since = datetime.now(UTC) - LATELY
    sets = [one for one in shelf.sets() if one.state in jobs_view.WORKING or one.added >= since]
    return sets[:MOST]
