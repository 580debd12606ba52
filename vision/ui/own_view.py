"""Films of own arch and tuck: how to film one, what was found in it, and which sets are read with it."""

from __future__ import annotations

from contextlib import suppress
from html import escape

import streamlit as st

from vision.movements.calibration import HOW, OWN_FILM
from vision.movements.lockout import READ_AGAINST
from vision.outputs import own_guide
from vision.outputs.checked import StoredError
from vision.outputs.own_file import NAME, OwnFile, read_own
from vision.store import Shelf
from vision.store.rows import NO_OWN_FILM, NotFound, SetFiles, StoredSet
from vision.ui import cards, jobs_view, own_words, show, ways
from vision.ui.here import Here, here
from vision.ui.plain import plain
from vision.web.addresses import file_url


def guide() -> None:
    """How such a film is made."""
    with st.container(border=True, key="own-guide"):
        picture, words = st.columns([3, 2], vertical_alignment="center", gap="large")
        picture.image(own_guide.svg(), width="stretch")
        words.write(HOW)
        words.caption("Choose whose it is and the day: bridges of that athlete and day are read with it.")


# --------------------------------------------------------------------------- the film's own page


def show_film(room: Here, one: StoredSet) -> None:
    """The page of a film that was read: what was found, the film, and its bridges."""
    st.title(plain(one.title), anchor=False)
    try:
        found = _found(room.shelf.files(one.id))
    except StoredError as problem:
        st.html(show.problem(str(problem)))
        cards.try_again(one, "broken")
        return
    st.html(
        f"<p>{show.own_badge(enough=own_words.is_enough(found.calibration))}</p>{show.facts(show.labels(one)[1:])}"
    )
    film, beside = st.columns([3, 2], gap="large")
    with film:
        address = escape(file_url(room.ticket, one.id, "film.mp4"))
        st.html(f'<video class="pl-own" src="{address}" controls playsinline preload="metadata"></video>')
        if told := own_words.held(found):
            st.caption(told)
    with beside:
        _told(found)
    _bridges(room.shelf, one)


def _found(files: SetFiles) -> OwnFile:
    if files.results is None:
        raise StoredError("the results of this film are missing; analyse it again")
    return read_own(files.results / NAME)


def _told(found: OwnFile) -> None:
    own = found.calibration
    st.subheader("What it gives a bridge", anchor=False)
    st.html(show.lines(own_words.gives(own)))
    st.subheader("Arch and tuck told apart by", anchor=False)
    st.html(show.lines(own_words.usable(own)))
    if not_used := own_words.refused(own):
        st.subheader("Refused, and why", anchor=False)
        st.html(show.lines(not_used))


def _bridges(shelf: Shelf, one: StoredSet) -> None:
    """The sets that were read with the film, and those that may now be."""
    st.subheader("Bridges", anchor=False)
    if one.athlete_id is None:
        st.caption("This film is of nobody in particular: it is used only for sets in which it is chosen.")
    if again := shelf.to_read_again(one.id):
        several = f"these {len(again)} sets" if len(again) > 1 else "this set"
        st.write(f"The analysis of {several} did not use this film, or an earlier reading of it:")
        for each in again:
            ways.link_to_set(each.id, each.title)
        st.button(
            "Read the bridges of that day again with it" if _by_itself(again) else "Read again with it",
            key=f"own-again-{one.id}",
            type="primary",
            on_click=_read_all_again,
            args=(one.id,),
        )
    under_way = shelf.to_be_read_with(one.id)
    if under_way:
        jobs_view.rows(lambda: here().shelf.to_be_read_with(one.id), "own")
    used = shelf.read_with(one.id)
    if used:
        st.write("Read with it:")
        for each in used:
            ways.link_to_set(each.id, each.title)
    elif not again and not under_way:
        st.caption("None yet. Add the bridges of that day for the same athlete; they are read with it.")


def _by_itself(sets: tuple[StoredSet, ...]) -> bool:
    return all(not each.own_film for each in sets)


def _read_all_again(film_id: str) -> None:
    shelf = here().shelf
    with suppress(NotFound):
        for each in shelf.to_read_again(film_id):
            shelf.again(each.id)


# --------------------------------------------------------------------------- the page of a set


def of_set(room: Here, one: StoredSet) -> None:
    """Which film a bridge was read with, and a click to read it with the one that it should be."""
    if one.movement not in READ_AGAINST:
        return
    used, now = one.used_own, room.shelf.own_film_of(one.id)
    if used is not None:
        _used(room.shelf, one)
    if now is not None and (used is None or (used.film, used.results) != (now.id, _results(room, now))):
        _offer(one, f"There is a film of own arch and tuck for this set: {plain(now.title)}.", "with it")
    elif now is None and used is not None and one.own_film == NO_OWN_FILM:
        _offer(one, "By now no film of own arch and tuck is to be used.", "without it")
    elif now is None and used is None and one.own_film != NO_OWN_FILM and one.movement == "bridge":
        with st.container(horizontal=True, vertical_alignment="center"):
            words = "A film of your own arch and tuck would tell more of the pelvis, such as its degrees."
            st.caption(words, width="content")
            ways.link("add", "How to film it", {"movement": OWN_FILM})


def _used(shelf: Shelf, one: StoredSet) -> None:
    used = one.used_own
    if used is None:
        return
    try:
        film = shelf.set(used.film)
    except NotFound:
        st.caption(own_words.GONE)
        return
    if used.problem:
        st.html(show.problem(f"The film of own arch and tuck could not be used: {used.problem}"))
    with st.container(horizontal=True, vertical_alignment="center"):
        word = "Not read with the film" if used.problem else "Read with the film"
        st.caption(f"{word} of own arch and tuck, {show.day(film.filmed_on)}:", width="content")
        ways.link_to_set(film.id, film.title)


def _results(room: Here, film: StoredSet) -> str:
    results = room.shelf.files(film.id).results
    return results.name if results else ""


def _offer(one: StoredSet, words: str, how: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="own-offer"):
        st.markdown(words, width="content")
        st.button(f"Read this set again {how}", key=f"own-{one.id}", on_click=_read_again, args=(one.id,))


def _read_again(set_id: str) -> None:
    with suppress(NotFound):
        here().shelf.again(set_id)


# --------------------------------------------------------------------------- the form


def choice(shelf: Shelf, one: StoredSet, key: str) -> str:
    """Which film a set is to be read with: the day's own, another one, or none."""
    films = {film.id: film for film in shelf.own_films(one.id)} if _may(one) else {}
    if not films and not one.own_film:
        return one.own_film
    names = ["", NO_OWN_FILM, *films]
    picked = st.selectbox(
        "Film of own arch and tuck",
        names,
        index=names.index(one.own_film) if one.own_film in names else 0,
        format_func=lambda name: _named(name, films.get(name), one),
        key=f"{key}-own",
    )
    if picked in films:
        st.caption(own_words.SAME)
    return picked


def _may(one: StoredSet) -> bool:
    return not one.is_own_film and (one.movement or one.movement_asked) in ("auto", *READ_AGAINST)


def _named(name: str, film: StoredSet | None, one: StoredSet) -> str:
    if film is not None:
        return f"{film.title} · {show.day(film.filmed_on)}"
    if name == NO_OWN_FILM:
        return "None"
    by_itself = one.athlete_id is not None and one.movement != "hip_thrust"
    return "The one of that day, if there is one" if by_itself else "None unless chosen here"
