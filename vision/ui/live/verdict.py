"""What is shown right after a live set: the verdict, what was said and why, and whether to keep it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

import streamlit as st

from vision.jobs.outcome import outcome_of
from vision.live import End
from vision.outputs import content
from vision.store.rows import NotFound
from vision.types import Report
from vision.ui import forms, ways
from vision.ui import show as fragments
from vision.ui.here import Here
from vision.ui.live import words
from vision.ui.live.film import Film
from vision.ui.live.run import Ended, Run

_KEPT: Final = "live-kept"
_HERE_S: Final = 20.0
"""Seconds after which the page tells again that somebody looks at it."""

_LOG: Final = logging.getLogger(__name__)


def came_to_nothing(ended: Ended) -> bool:
    """Whether the camera went off before there was anything to judge."""
    return ended.camera_off and (ended.report is None or not ended.report.cycles)


def _set(ended: Ended, report: Report, movement: str) -> None:
    """The verdict, from the same findings as a clip's."""
    clip = words.clip_of(report, forms.movement_word(movement))
    st.html(fragments.hero(report, clip, seen_all=outcome_of(report, "").seen_all))
    st.html(words.reps_html(report))
    if ended.log:
        st.subheader("What was said, and after which repetition", anchor=False)
        st.html(words.log_html(ended.log))
    if report.guidance:
        st.subheader("What to do about it", anchor=False)
        st.html(fragments.guidance(report.guidance))
    with st.expander("What was measured, and what could not be", key="live-numbers"):
        if any(f.value is not None for f in report.set_findings):
            st.caption("Over the whole set. ± is half of the 95 % interval.")
            st.html(fragments.findings(report))
        if content.gaps(report):
            st.html(fragments.gaps(report))
        st.html(fragments.lines(report.notes))


def show(room: Here, run: Run, ended: Ended, another: Callable[[], None]) -> None:
    """Everything after a set; ``another`` begins the next one."""
    line = ended.sentence
    if line and (ended.ended_by is End.PAIN or ended.report is None):
        st.html(fragments.problem(line))
    elif line:
        st.write(line)
    if ended.report is not None and ended.report.cycles:
        _set(ended, ended.report, run.movement)
        _recording(room, run)
    elif ended.report is not None:
        st.write(words.NO_REP)
    st.button("Train another set", type="primary", key="live-again", on_click=another)


def _recording(room: Here, run: Run) -> None:
    """Keep or delete the recording, or say that there is none."""
    kept = st.session_state.get(_KEPT)
    if kept and kept[0] == run.channel.id:
        st.write("This set is kept in your library. It is analysed there once more, picture by picture.")
        ways.link_to_set(kept[1], kept[2])
        return
    film = run.film
    if film is None:
        st.caption(words.UNRECORDED)
    elif film.problem:
        st.caption(words.UNWRITTEN.format(why=film.problem))
    elif not film.ready:
        st.caption("The recording is deleted.")
    else:
        _keep(room, run, film)


def _keep(room: Here, run: Run, film: Film) -> None:
    st.subheader("Keep this set?", anchor=False)
    st.write(words.RECORDED)
    st.fragment(film.seen, run_every=_HERE_S)()
    who = forms.athlete(room.shelf, "live")
    keep, drop = st.columns(2)
    with keep:
        wanted = st.button("Keep this set", key="live-keep")
    with drop:
        st.button("Delete the recording", key="live-drop", on_click=film.drop)
    if not wanted:
        return
    title = f"{forms.movement_word(run.movement)}, live {datetime.now():%H.%M}.mp4"
    try:
        made = film.keep(room.shelf, title=title, movement=run.movement, athlete_id=who)
    except (NotFound, ValueError, OSError) as problem:
        _LOG.warning("A live set could not be kept", exc_info=problem)
        st.caption("It could not be kept: its athlete is gone or the disk does not take it.")
        return
    st.session_state[_KEPT] = (run.channel.id, made.id, made.title)
    st.rerun()
