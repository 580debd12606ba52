"""A set that is done: the one thing to change, its repetitions, the film, the numbers and the gaps."""

from __future__ import annotations

from typing import Final

import streamlit as st

from vision.movements import MOVEMENTS
from vision.outputs import content
from vision.outputs.plan_words import groove_text
from vision.outputs.sides import asymmetry_texts
from vision.outputs.wording import cycle_name, sentence, told_only, worst_first
from vision.plan.groove import groove
from vision.store.rows import NotFound, StoredSet
from vision.types import JudgedCycle, Verdict
from vision.ui import kinogram_view, own_view, set_notes, show, show_details, ways
from vision.ui.components import PlayerEvents, player
from vision.ui.here import Here, here
from vision.ui.plain import plain
from vision.ui.results import Results, best_and_worst
from vision.web.addresses import file_url

_SEEK: Final = "seek"
_COUNT: Final = "seek-count"


def show_set(room: Here, one: StoredSet, found: Results) -> None:
    """The whole verdict of a set."""
    report = found.report
    st.html(show.hero(report, found.clip, show.labels(one), seen_all=one.seen_all))
    own_view.of_set(room, one)
    if report.cycles:
        _strip(one, found)
    film, beside = st.columns([3, 2], gap="large")
    with film:
        _film(one, found)
    with beside:
        if report.guidance:
            st.subheader("What to do about it", anchor=False)
            st.html(show.guidance(report.guidance))
            whose = {"athlete": one.athlete_id} if one.athlete_id else {}
            ways.link("plan", "Make a plan of it", {"sets": one.id, **whose})
        _best_and_worst(one, found)
        set_notes.notes(room.shelf, one, found, seek)
    kinogram_view.of_set(room, one, found, seek)
    _numbers(found)


# --------------------------------------------------------------------------- the film and its frames


def seek(set_id: str, frame: int) -> None:
    """Have the player show a frame; each asking counts, so that the same frame can be asked for twice."""
    count = int(st.session_state.get(_COUNT, 0)) + 1
    st.session_state[_COUNT] = count
    st.session_state[_SEEK] = (set_id, frame, count)


def _wanted(set_id: str) -> tuple[int, int] | None:
    """The frame to show: what was clicked last, else what the address names."""
    asked = st.session_state.get(_SEEK)
    if asked and asked[0] == set_id:
        return int(asked[1]), int(asked[2])
    named = ways.asked("frame")
    return (int(named), 0) if named.isascii() and named.isdigit() and len(named) < 8 else None


def _film(one: StoredSet, found: Results) -> None:
    """The player; what is drawn or noted in it goes into the library."""
    if not found.has_film:
        st.info("There is no film of this set to play. “Analyse again” below makes one.")
        return

    def draw() -> None:
        # Anew each time: a page that is only looked at goes on for longer than a ticket lives.
        _player(here(), one)

    # What the player tells while it is looked at must not draw the rest of the page anew.
    st.fragment(draw)()


def _player(room: Here, one: StoredSet) -> None:
    notes = [{"id": n.id, "frame": n.frame, "text": n.text} for n in room.shelf.notes(one.id)]
    drawn = {d.frame: [dict(shape) for shape in d.shapes] for d in room.shelf.drawings(one.id)}
    events = player(
        key=f"player-{one.id}",
        film_url=file_url(room.ticket, one.id, "film.mp4"),
        data_url=file_url(room.ticket, one.id, "player.json"),
        seek=_wanted(one.id),
        drawings=drawn,
        notes=notes,
        title=one.title,
    )
    if events.drawn or events.noted:
        _keep(room, one.id, events)


def _keep(room: Here, set_id: str, events: PlayerEvents) -> None:
    """Put what was drawn or written into the library; the player then hears of it in the next run."""
    try:
        if drawn := events.drawn:
            room.shelf.draw(set_id, drawn["frame"], tuple(drawn["shapes"]))
        if noted := events.noted:
            room.shelf.add_note(set_id, noted["frame"], noted["text"])
    except (NotFound, ValueError) as wrong:
        st.caption(f"It could not be kept: {plain(str(wrong))}")
        return
    st.rerun()


# --------------------------------------------------------------------------- the repetitions


def _strip(one: StoredSet, found: Results) -> None:
    """A button per repetition that leads to its frame."""
    name = "Steps" if found.report.cycles[0].cycle.side else "Repetitions"
    st.subheader(name, anchor=False)
    frames = [_frame(found, cycle) for cycle in found.report.cycles]
    with st.container(horizontal=True, key="strip", gap="small"):
        for tile, frame in zip(content.tiles(found.report), frames, strict=True):
            score = "–" if tile.score is None else str(tile.score)
            judged = "" if told_only(found.report.movement) else f"{show.SIGN[tile.verdict]} *{score}* "
            words = "; ".join(tile.words)
            st.button(
                f"**{plain(tile.name)}** {judged}{plain(words)}",
                key=f"rep-{tile.verdict.value}-{tile.number}",
                width=158,
                disabled=frame is None or not found.has_film,
                on_click=seek,
                args=(one.id, frame),
            )
    unit = "step" if found.report.cycles[0].cycle.side else "rep"
    told = [] if told_only(found.report.movement) else [_groove(found, unit)]
    told += ["A click shows the moment in the film."] if found.has_film else []
    st.caption(" ".join(told))


def _groove(found: Results, unit: str) -> str:
    return f"{sentence(groove_text(groove(found.report), unit))}."


def _frame(found: Results, cycle: JudgedCycle) -> int | None:
    """The frame of a repetition that is worth a look."""
    first = next(iter(worst_first(cycle.findings)), None)
    if first is not None and first.verdict in (Verdict.FAULT, Verdict.CAUTION) and first.frame is not None:
        return first.frame
    return found.frame_of(cycle.index)


def _best_and_worst(one: StoredSet, found: Results) -> None:
    pair = best_and_worst(found.report)
    if pair is None or not found.spells or not found.has_film:
        return
    names = [cycle_name(found.report.cycles[i]).lower() for i in pair]
    ways.link(
        "compare",
        f"Compare {names[0]} (best) with {names[1]} (worst)",
        {"left": one.id, "leftrep": str(pair[0] + 1), "right": one.id, "rightrep": str(pair[1] + 1)},
    )


# --------------------------------------------------------------------------- the numbers


def _numbers(found: Results) -> None:
    report = found.report
    if any(f.value is not None for f in report.set_findings):
        st.subheader("What was measured", anchor=False)
        st.caption("Over the whole set. ± is half of the 95 % interval.")
        st.html(show.both_sides(report) if told_only(report.movement) else show.findings(report))
    if sides := asymmetry_texts(report):
        st.subheader("Left against right", anchor=False)
        st.html(show.lines(sides))
    if content.gaps(report):
        st.subheader("What could not be measured, and why", anchor=False)
        st.html(show.gaps(report))
    if advice := _filming(found):
        st.subheader("How to film it next time", anchor=False)
        st.html(show.lines(advice))
    with st.expander("Details: every repetition, limits and their sources", key="details"):
        told = show.lines([*report.notes, *show_details.provenance(report)])
        st.html(show_details.every_cycle(report) + show_details.sources(report) + told)


def _filming(found: Results) -> list[str]:
    """What would have been seen better, and from where to film what this view cannot show."""
    report = found.report
    told = [*filter(None, [report.advice])]
    movement = MOVEMENTS.get(report.movement or "")
    if movement and content.gaps(report):
        planes = [plane.value for plane in movement.views if plane is not report.view.plane]
        other = [words for plane, words in movement.table.film.items() if plane in planes]
        told += [words for words in other if not any(words in text for text in told)]
    return list(dict.fromkeys(told))
