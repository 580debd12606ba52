"""The kinogram in the room: the strip of a set, its correction by hand, and an athlete's wall of strips."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from vision.capture import Clip, ClipError
from vision.jobs.correcting import correct
from vision.movements.sprint_by_hand import CorrectionError
from vision.outputs import STRIP
from vision.outputs.checked import StoredError
from vision.outputs.kinogram import TITLES, tiles
from vision.outputs.track_file import read_with_track
from vision.store import State
from vision.store.rows import NotFound, StoredSet
from vision.types import KINOGRAM, ImageArray, Kinogram
from vision.ui import ways
from vision.ui.here import Here, here
from vision.ui.plain import plain
from vision.ui.results import Results, forget_results
from vision.web.addresses import file_url

SHOWN: Final = 12
"""Strips on an athlete's wall, the latest."""

BESIDE: Final = 2
"""Pictures before and after the chosen one that are shown beside it."""

_WRONG: Final = "kinogram-wrong"


def of_set(room: Here, one: StoredSet, found: Results, seek: Callable[[str, int], None]) -> None:
    """The strip of a set and the field to correct it; nothing where there is none."""
    rows = found.report.kinogram
    if not rows or (address := _address(room, one)) is None:
        return
    st.subheader("Kinogram", anchor=False)
    _picture(one, address)
    by_hand = [
        f"step {row.step + 1}: {', '.join(TITLES[n].lower() for n in row.by_hand)}"
        for row in rows
        if row.by_hand
    ]
    if by_hand:
        st.caption(f"Corrected by hand, and the numbers with it: {'; '.join(by_hand)}.")
    with st.expander("Correct a picture", key="kinogram-correct"):
        st.caption(
            "A rule found these pictures. Where one is wrong, give the right frame; the numbers follow."
        )
        _field(room, one, found, rows, seek)


def _address(room: Here, one: StoredSet) -> str | None:
    """Where the browser gets the strip, through the viewer's own ticket; None where there is none."""
    try:
        results = room.shelf.files(one.id).results
    except NotFound:
        return None
    if results is None or not (results / STRIP).is_file():
        return None
    return f"{file_url(room.ticket, one.id, STRIP)}?of={results.name}"


def _picture(one: StoredSet, address: str) -> None:
    words = (
        f"Kinogram of {one.title}: toe-off, highest flight, strike, touch-down and full support of each step"
    )
    st.html(f'<img class="pl-strip" src="{escape(address)}" alt="{escape(words)}">')


def _field(
    room: Here,
    one: StoredSet,
    found: Results,
    rows: tuple[Kinogram, ...],
    seek: Callable[[str, int], None],
) -> None:
    step, picture, frame = st.columns(3)
    number = step.selectbox(
        "Step",
        range(len(rows)),
        format_func=lambda i: f"{rows[i].step + 1} · {rows[i].side}",
        key=f"kinogram-step-{one.id}",
    )
    row = rows[number or 0]
    name = picture.selectbox(
        "Picture", KINOGRAM, format_func=lambda n: TITLES[n], index=3, key=f"kinogram-name-{one.id}"
    )
    known = row.frames[name]
    around = next((f for f in (known, row.frames["full_support"]) if f is not None), 0)
    key = f"kinogram-frame-{one.id}-{row.step}-{name}-{known}"

    def show() -> None:
        seek(one.id, int(st.session_state.get(key, around)))

    chosen = frame.number_input(
        "Frame", min_value=0, max_value=max(found.clip.frames - 1, 0), value=around, key=key, on_change=show
    )
    if st.toggle("Show the pictures before and after it", key=f"kinogram-around-{one.id}"):
        _around(room, one, int(chosen))
    st.button(
        "Use this frame",
        key=f"kinogram-use-{one.id}",
        disabled=chosen == known,
        on_click=_use,
        args=(one.id, row.step, name, int(chosen)),
    )
    if wrong := st.session_state.pop(_WRONG, None):
        st.warning(plain(str(wrong)))


def _around(room: Here, one: StoredSet, frame: int) -> None:
    """The pictures about a frame side by side, the chosen one in the middle."""
    files = room.shelf.files(one.id)
    made = {} if files.results is None else _pictures(files.results, files.original, frame)
    if not made:
        st.caption("These pictures cannot be read; the film above shows them.")
        return
    for place, (number, picture) in zip(st.columns(len(made)), sorted(made.items()), strict=True):
        named = f"frame {number}, the chosen one" if number == frame else f"frame {number}"
        place.image(picture, caption=named)


@st.cache_data(max_entries=16, show_spinner="Fetching the pictures …")
def _pictures(results: Path, original: Path, frame: int) -> dict[int, ImageArray]:
    try:
        report, _ = read_with_track(results)
        with Clip(original) as clip:
            return tiles(report, clip.pick(range(max(frame - BESIDE, 0), frame + BESIDE + 1)))
    except (StoredError, ClipError, OSError):
        return {}


def _use(set_id: str, step: int, name: str, frame: int) -> None:
    room = here()
    try:
        correct(room.room.folder, room.shelf, set_id, {step: {name: frame}})
        forget_results()
    except (CorrectionError, StoredError, ClipError, NotFound, OSError) as problem:
        st.session_state[_WRONG] = f"It was left as it was: {problem}"


def wall(room: Here, athlete_id: str) -> None:
    """The strips of an athlete's sprints under each other, the latest first; nothing without any."""
    sprints = room.shelf.sets(athlete_id=athlete_id, movement="sprint")
    done = [(s, a) for s in sprints if s.state is State.DONE and (a := _address(room, s)) is not None]
    done.sort(key=lambda pair: (pair[0].filmed_on, pair[0].added), reverse=True)
    if not done:
        return
    st.header("Kinogram wall", anchor=False)
    st.caption("Every sprint's steps, the left foot's landings above the right's; the latest run first.")
    for one, address in done[:SHOWN]:
        ways.link_to_set(one.id, f"{one.filmed_on.isoformat()} · {one.title}")
        _picture(one, address)
    if len(done) > SHOWN:
        st.caption(f"{len(done) - SHOWN} older ones are among the sets.")
