"""Training before the camera: what to do, the live set, and its verdict right after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

import streamlit as st
import streamlit_webrtc as webrtc

from vision.live import LIVE
from vision.movements import MOVEMENTS
from vision.pose.base import BLAZEPOSE
from vision.ui import forms, ways
from vision.ui.components.live_cues import cues
from vision.ui.here import Here, here
from vision.ui.live import verdict, words
from vision.ui.live.film import Film, forget_left_behind
from vision.ui.live.run import Run
from vision.web.live import live_url

_RUN: Final = "live-run"
_CAMERA: Final = "live-camera"
_WANTED: Final = {
    "audio": False,
    "video": {
        "width": {"ideal": 640},
        "height": {"ideal": 480},
        "frameRate": {"ideal": 30},
        "facingMode": {"ideal": "user"},
    },
}
_UNSEEN: Final = {"autoPlay": True, "muted": True, "playsInline": True, "style": {"height": 1, "opacity": 0}}
"""The camera's own frame shows no picture: the mirror below it does."""


def page() -> None:
    """The page for a set in front of the camera."""
    room = here()
    st.title("Train live", anchor=False)
    run = cast("Run | None", st.session_state.get(_RUN))
    if run is not None and run.ended is not None and run.channel.viewer == room.viewer.key:
        if not verdict.came_to_nothing(run.ended):
            verdict.show(room, run, run.ended, another=_forget)
            return
        st.caption(words.CAME_TO_NOTHING)
    _train(room, run)


def _forget() -> None:
    """The next drawing of the page begins with a new set."""
    run = st.session_state.pop(_RUN, None)
    if run is not None and run.film is not None:
        run.film.drop()


def _train(room: Here, run: Run | None) -> None:
    running = run is not None and run.started and not run.over
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        movement = _movement(running)
    with right:
        record = st.toggle(
            "Record this set, so that it can be kept",
            key="live-record",
            disabled=running,
            help="Without this no picture is written down anywhere. With it the recording is deleted after "
            "the set unless you keep it then.",
        )
        stickers = st.toggle(
            "I wear bright stickers on the pelvis: find them",
            key="live-stickers",
            disabled=running,
            help="Rings show what was found while you stand still. Where they go: “How to film”.",
        )
    st.write(words.film_line(MOVEMENTS[movement]))
    run = _run(room, movement, record, stickers)
    camera = st.container()
    url = live_url(room.ticket, run.channel.id)
    gone = cues(key="cues", run=run.channel.id, url=url, bones=words.bones(BLAZEPOSE))
    with camera:  # last, since connecting begins the page anew from within
        _camera(run)
    if gone:
        if run.over:
            st.rerun()
        st.caption("This page lost its line to the set. Reload it and start again.")
    with st.expander("No camera, no picture, no sound?", key="live-help"):
        st.markdown(words.HELP)
        ways.link("film", "How to film, movement by movement")
        ways.link("phone", "Use a phone as the camera")


def _movement(running: bool) -> str:
    asked = ways.asked("movement")
    start = LIVE.index(asked) if asked in LIVE else 0
    return st.selectbox(
        "Movement", LIVE, index=start, format_func=forms.movement_word, key="live-movement", disabled=running
    )


def _run(room: Here, movement: str, record: bool, stickers: bool) -> Run:
    """The set that waits or runs; a new one where something else was chosen."""
    run = cast("Run | None", st.session_state.get(_RUN))
    if run is not None:
        same = run.movement == movement and run.channel.viewer == room.viewer.key
        same = same and run.stickers == stickers
        if same and not run.over and (run.film is not None) == record:
            return run
        run.end()
    film = None
    if record:
        forget_left_behind(room.room.folder)
        film = Film(room.room.folder)
    run = Run(movement, room.viewer, film=film, stickers=stickers)
    st.session_state[_RUN] = run
    return run


def _camera(run: Run) -> None:
    """The browser's camera, its pictures on their way to the run. It connects to this server only."""
    streamer = cast("Callable[..., object]", webrtc.webrtc_streamer)
    sink = webrtc.create_video_sink_track(run.picture, key=_CAMERA, on_ended=run.camera_ended)
    streamer(
        key=_CAMERA,
        mode=webrtc.WebRtcMode.SENDONLY,
        rtc_configuration={"iceServers": []},
        media_stream_constraints=_WANTED,
        sink_video_track=sink,
        video_html_attrs=_UNSEEN,
        translations=words.TRANSLATIONS,
        media_toggle_controls=False,
    )
