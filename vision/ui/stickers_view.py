"""Stickers of a set: clicked on a picture of the clip or proposed, and the analysis that follows them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from vision.capture import Clip, ClipError
from vision.live.window import LIVE_POSE
from vision.outputs.marker_guide import GUIDES, svg
from vision.outputs.wording import sentence
from vision.pose import open_pose
from vision.pose.markers import Click, MarkerError, check_clicks
from vision.still_stickers import Still, centre, proposed, read_still
from vision.store.rows import AskedStickers, NotFound, StoredSet
from vision.ui.components.sticker_clicks import Clicked, Wanted, sticker_clicks
from vision.ui.here import Here
from vision.ui.plain import plain
from vision.ui.points_view import address

_SEEN: Final = {"rear": "From behind", "front": "From the front", "side": "From the side"}


@dataclass
class _Marked:
    """What was clicked or proposed on one picture: shares by name, troubles, the last token heard."""

    clicks: dict[str, Click]
    tokens: dict[str, str]
    trouble: str = ""


def stickers(room: Here, one: StoredSet) -> None:
    """The part of a set's page where its stickers are told."""
    opened = f"stickers-{one.id}-open"
    shown = bool(st.session_state.get(opened))
    with st.expander("Analyse with stickers on the pelvis", expanded=shown, key="stickers"):
        st.caption("Two to four bright stickers show the pelvis in degrees. Click each of them once.")
        if one.stickers is not None:
            st.caption("This set is analysed with stickers: mark them anew, or leave them out.")
            if st.button("Analyse without stickers", key=f"stickers-{one.id}-none"):
                _again(room, one, None)
        if st.toggle("Show a picture of the clip", key=opened):
            _mark(room, one)


def _mark(room: Here, one: StoredSet) -> None:
    key = f"stickers-{one.id}"
    path = room.shelf.files(one.id).original
    left, right = st.columns([2, 3], vertical_alignment="top")
    with left:
        seen = st.radio("Filmed", list(_SEEN), format_func=lambda name: _SEEN[name], key=f"{key}-seen")
        number = int(st.number_input("Picture of the clip", 0, _last(path), 0, key=f"{key}-frame"))
        st.caption("Choose one in which the whole athlete and every sticker are seen.")
    with right:
        st.image(svg(GUIDES[seen]), width="stretch")
    try:
        with st.spinner("Fetching the picture and looking for the athlete …"):
            still = _still(path, number, one.person)
    except (ClipError, MarkerError, OSError) as wrong:
        st.caption(plain(sentence(str(wrong))))
        return
    if still.body is None:
        st.caption("Nobody is seen in this picture: choose another one.")
    _clicks(room, one, still, seen, key)


def _clicks(room: Here, one: StoredSet, still: Still, seen: str, key: str) -> None:
    which = f"{one.id}-{still.index}-{seen}"
    marked: _Marked = st.session_state.setdefault(f"{key}-{which}", _Marked({}, {}))
    place = st.container()
    if st.button("Let the program propose them", key=f"{key}-propose", disabled=still.body is None):
        try:
            marked.clicks = {click.name: click for click in proposed(still, seen)}
            marked.trouble = ""
        except MarkerError as none:
            marked.trouble = sentence(str(none))
    with place:
        wanted = _wanted(still, marked, seen)
        high, wide = still.rgb.shape[:2]
        click = sticker_clicks(
            key=f"{key}-picture", picture=address(still.rgb), size_wh=(wide, high), names=wanted, which=which
        )
    if marked.trouble:
        st.caption(plain(marked.trouble))
    if click is not None and click["set"] == which and _heard(marked, click):
        st.rerun()
    _go(room, one, still, [w["name"] for w in wanted if w["found"]], marked, key)


def _go(room: Here, one: StoredSet, still: Still, names: list[str], marked: _Marked, key: str) -> None:
    """The button that starts the analysis, and why it cannot yet."""
    found = [marked.clicks[name] for name in names]
    try:
        check_clicks(found)
    except MarkerError as wrong:
        st.button("Analyse with these stickers", key=f"{key}-go", disabled=True)
        if found:
            st.caption(plain(sentence(str(wrong))))
        return
    if st.button("Analyse with these stickers", key=f"{key}-go", type="primary"):
        clicks = tuple((click.name, click.x, click.y) for click in found)
        _again(room, one, AskedStickers(clicks, still.index))


def _heard(marked: _Marked, click: Clicked) -> bool:
    """Take a click once; whether it was new."""
    name = click["name"]
    if marked.tokens.get(name) == click["token"]:
        return False
    marked.tokens[name] = click["token"]
    marked.clicks[name] = Click(name, click["x"], click["y"])
    marked.trouble = ""
    return True


def _wanted(still: Still, marked: _Marked, seen: str) -> list[Wanted]:
    """The guide's stickers, and others that were proposed, each with the centre that was found."""
    where = {s.name: s.words for s in GUIDES[seen].stickers}
    out: list[Wanted] = []
    for name in (*where, *(n for n in marked.clicks if n not in where)):
        one: Wanted = {
            "name": name,
            "words": name.replace("_", " "),
            "where": where.get(name, "proposed"),
            "found": None,
            "trouble": "",
            "token": marked.tokens.get(name, ""),
        }
        if (click := marked.clicks.get(name)) is not None:
            try:
                spot = centre(still, click)
            except MarkerError as none:
                one["trouble"] = "no bright sticker is there, click its middle" if still.body else str(none)
            else:
                radius = (spot.mass / 3.1416) ** 0.5
                one["found"] = {"x": spot.x, "y": spot.y, "sd": spot.sd, "r": radius}
                high, wide = still.rgb.shape[:2]
                marked.clicks[name] = Click(name, spot.x / wide, spot.y / high)
        out.append(one)
    return out


def _again(room: Here, one: StoredSet, asked: AskedStickers | None) -> None:
    try:
        room.shelf.again(one.id, stickers=asked)
    except (NotFound, ValueError) as wrong:
        st.caption(plain(str(wrong)))
    else:
        st.rerun()


@st.cache_data(max_entries=32, show_spinner=False)
def _last(path: Path) -> int:
    """The number of the last picture, by what the file promises."""
    try:
        with Clip(path) as clip:
            return max((clip.expected_frames or 1) - 1, 0)
    except (ClipError, OSError):
        return 0


@st.cache_resource(max_entries=4, show_spinner=False)
def _still(path: Path, number: int, person: tuple[float, float] | None) -> Still:
    model = open_pose(LIVE_POSE)
    try:
        return read_still(path, number, model, person)
    finally:
        model.close()
