"""What can be said about a clip: the fields, once for new clips and once for a set that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import streamlit as st

from vision.movements import MOVEMENTS
from vision.movements.calibration import OWN_FILM
from vision.store import KEEP, Shelf
from vision.store.rows import NotFound, StoredSet
from vision.ui import own_view, own_words
from vision.ui.here import here
from vision.ui.plain import plain

AUTO: Final = "auto"
_NEW: Final = "+"
"""Not an id of anybody: ids are random and longer."""

FPS_RANGE: Final = (1.0, 2000.0)


def movement_word(name: str) -> str:
    """A movement as its table calls it."""
    if name == OWN_FILM:
        return own_words.WORD
    known = MOVEMENTS.get(name)
    return known.table.title if known else "Find out from the clip"


def movement(key: str, chosen: str = AUTO) -> str:
    """Which movement a clip shows, or that it is a film of own arch and tuck."""
    names = [AUTO, *MOVEMENTS, OWN_FILM]
    start = names.index(chosen) if chosen in names else 0
    return st.selectbox("Movement", names, index=start, format_func=movement_word, key=f"{key}-movement")


def athlete(shelf: Shelf, key: str, chosen: str | None = None) -> str | None:
    """Whose set it is: one of the athletes, nobody, or a new one who is added on the spot."""
    people = {person.id: person.name for person in shelf.athletes()}
    names: dict[str, str] = {"": "Nobody in particular", **people, _NEW: "Add an athlete …"}
    field = f"{key}-athlete"
    if st.session_state.get(field) not in names:
        st.session_state[field] = chosen if chosen in people else ""
    picked = st.selectbox("Athlete", list(names), format_func=lambda one: names[one], key=field)
    if picked != _NEW:
        return picked or None
    st.text_input("Name of the new athlete", key=f"{field}-name", on_change=_add_athlete, args=(field,))
    st.button("Add the athlete", key=f"{field}-add", on_click=_add_athlete, args=(field,))
    if wrong := st.session_state.pop(f"{field}-wrong", ""):
        st.caption(plain(wrong))
    return None


def whose(shelf: Shelf, sets: Sequence[StoredSet]) -> None:
    """A field per set for its athlete, so that a day's clips are told apart in one place."""
    people = shelf.athletes()
    names = {"": "Nobody in particular", **{person.id: person.name for person in people}}
    if not people:
        st.caption("There is no athlete yet: add one above, or on the page of athletes.")
        return
    for one in sets:
        field = f"whose-{one.id}"
        st.session_state[field] = one.athlete_id if one.athlete_id in names else ""
        st.selectbox(
            plain(one.title) or "Untitled",
            list(names),
            format_func=lambda key: names[key],
            key=field,
            on_change=_give,
            args=(one.id, field),
        )


def _give(set_id: str, field: str) -> None:
    """Give a set to whoever was chosen."""
    try:
        here().shelf.change_set(set_id, athlete_id=str(st.session_state.get(field) or "") or None)
    except (NotFound, ValueError):
        st.toast("That could not be changed: the clip or the athlete is gone.")


def _add_athlete(field: str) -> None:
    """Adds who was typed and picks them; pressed with Enter or with the button."""
    name = str(st.session_state.get(f"{field}-name", "")).strip()
    if not name:
        return
    try:
        st.session_state[field] = here().shelf.add_athlete(name).id
    except ValueError as wrong:
        st.session_state[f"{field}-wrong"] = str(wrong)


def session(shelf: Shelf, key: str, chosen: str = "") -> str:
    """A label that keeps sets of one day or plan together."""
    known = list(dict.fromkeys([*filter(None, [chosen]), *shelf.sessions()]))
    picked = st.selectbox(
        "Session",
        known,
        index=known.index(chosen) if chosen else None,
        accept_new_options=True,
        placeholder="Such as “Tuesday squats”",
        key=f"{key}-session",
    )
    return (picked or "").strip()


def tags(shelf: Shelf, key: str, chosen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Words by which sets can be found again."""
    picked = st.multiselect(
        "Tags",
        list(dict.fromkeys([*chosen, *shelf.tags()])),
        default=list(chosen),
        accept_new_options=True,
        placeholder="Type a word and press Enter",
        key=f"{key}-tags",
    )
    return tuple(dict.fromkeys(word for tag in picked if (word := tag.strip())))


def filmed_on(key: str, chosen: date | None = None) -> date:
    """The day of the recording."""
    day = st.date_input("Filmed on", chosen or "today", key=f"{key}-day")
    return day or chosen or date.today()


def capture_fps(key: str, chosen: float | None = None) -> float | None:
    """The camera's rate where a file plays slower than life."""
    return st.number_input(
        "Slow motion: pictures per second while filming",
        min_value=FPS_RANGE[0],
        max_value=FPS_RANGE[1],
        value=chosen,
        placeholder="Leave empty for normal speed",
        help="Phones film slow motion at 120 or 240 and play it at 30. Times need the first number.",
        key=f"{key}-fps",
    )


def stickers(key: str) -> bool:
    """Whether the program is to find stickers in the next clips."""
    return st.checkbox(
        "The athlete wears bright stickers on the pelvis: find them",
        help="Look at the film afterwards: a ring is drawn around each. To click them yourself, open the "
        "clip’s page as soon as it has arrived.",
        key=f"{key}-stickers",
    )


def options(shelf: Shelf, key: str, chosen_movement: str = AUTO) -> Mapping[str, object]:
    """Everything about the next clips, as the upload hands it on: plain values that JSON knows."""
    left, middle, right = st.columns(3)
    with left:
        picked = movement(key, chosen_movement)
    with middle:
        who = athlete(shelf, key)
    with right:
        label = session(shelf, key)
    with st.expander("Date, tags, slow motion, stickers", key=f"{key}-more"):
        left, middle, right = st.columns(3)
        with left:
            day = filmed_on(key)
        with middle:
            words = tags(shelf, key)
        with right:
            rate = capture_fps(key)
        marked = stickers(key)
    return {
        "movement": picked,
        "athlete_id": who,
        "session": label,
        "filmed_on": day.isoformat(),
        "capture_fps": rate,
        "tags": list(words),
        "stickers": "auto" if marked else "",
    }


def change(shelf: Shelf, one: StoredSet) -> None:
    """The fields of a set that is there, and a button that keeps them."""
    key = f"change-{one.id}"
    title = st.text_input("Title", one.title, key=f"{key}-title", max_chars=255)
    left, right = st.columns(2)
    with left:
        who = athlete(shelf, key, one.athlete_id)
        day = filmed_on(key, one.filmed_on)
    with right:
        label = session(shelf, key, one.session)
        words = tags(shelf, key, one.tags)
    film = own_view.choice(shelf, one, key)
    if st.button("Keep these changes", key=f"{key}-keep"):
        try:
            shelf.change_set(
                one.id,
                title=title,
                athlete_id=who,
                session=label,
                filmed_on=day,
                tags=words,
                own_film=KEEP if film == one.own_film else film,
            )
        except (NotFound, ValueError) as wrong:
            st.caption(plain(str(wrong)))
        else:
            st.rerun()
