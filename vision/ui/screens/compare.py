"""Two sets, or two repetitions, beside each other or one over the other, in step by phase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from vision.outputs.checked import StoredError
from vision.outputs.wording import cycle_name
from vision.store.rows import State, StoredSet
from vision.ui import show, ways
from vision.ui.components import Film, compare_player
from vision.ui.here import Here, here
from vision.ui.results import Results, read
from vision.web.addresses import file_url

_SIDES: Final = (("left", "First"), ("right", "Second"))
_WHOLE: Final = 0


@dataclass(frozen=True)
class Half:
    """One of the two: a set, and one of its repetitions counted from 1, or 0 for all of them."""

    one: StoredSet
    found: Results
    rep: int

    @property
    def label(self) -> str:
        """What stands over its film."""
        rep = f", {cycle_name(self.found.report.cycles[self.rep - 1]).lower()}" if self.rep else ""
        return f"{self.one.title}{rep} ({show.day(self.one.filmed_on)})"


def page() -> None:
    """The page that compares."""
    room = here()
    st.title("Compare", anchor=False)
    sets = {one.id: one for one in room.shelf.sets() if one.state is State.DONE and not one.is_own_film}
    if not sets:
        st.write("There is nothing to compare yet: a set has to be analysed first.")
        ways.link("add", "Add clips")
        return
    halves: list[Half | None] = []
    for place, (side, name) in zip(st.columns(2), _SIDES, strict=True):
        with place:
            halves.append(_half(room, sets, side, name))
    left, right = halves
    if left is None or right is None:
        return
    pair = phases(left, right)
    if pair is None:
        st.caption("Nothing can be aligned: in one of the two no repetition was found.")
        return
    if left.one.movement != right.one.movement:
        st.caption("These are two different movements; only their turning points are brought together.")
    compare_player(
        key="-".join(["compare", *(f"{half.one.id}-{half.rep}" for half in (left, right))]),
        left=_film(room, left, pair[0]),
        right=_film(room, right, pair[1]),
        mode="ghost" if ways.asked("mode") == "ghost" else "side",
    )


def _half(room: Here, sets: Mapping[str, StoredSet], side: str, name: str) -> Half | None:
    """Which set and repetition stand on one side; the address may name them at first."""
    ids = list(sets)
    asked = ways.asked(side)
    start = ids.index(asked) if asked in sets else min(0 if side == "left" else 1, len(ids) - 1)
    chosen = st.selectbox(
        f"{name} set", ids, index=start, format_func=lambda i: _named(sets[i]), key=f"compare-{side}"
    )
    try:
        found = read(room.shelf.files(chosen).results)
    except StoredError as problem:
        st.html(show.problem(str(problem)))
        return None
    if not found.has_film:
        st.caption("There is no film of this set to play; analyse it again.")
        return None
    return Half(sets[chosen], found, _rep(found, side, chosen))


def _rep(found: Results, side: str, chosen: str) -> int:
    cycles = found.report.cycles[: len(found.spells)]
    names = {_WHOLE: "The whole set", **{i + 1: cycle_name(cycle) for i, cycle in enumerate(cycles)}}
    asked = ways.asked(f"{side}rep")
    named = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else _WHOLE
    start = named if named in names and ways.asked(side) == chosen else _WHOLE
    return st.selectbox(
        "Repetition",
        list(names),
        index=list(names).index(start),
        format_func=names.__getitem__,
        key=f"compare-{side}-rep-{chosen}",
    )


def _named(one: StoredSet) -> str:
    return " · ".join(filter(None, [one.title, one.athlete, show.day(one.filmed_on)]))


def phases(left: Half, right: Half) -> tuple[list[int], list[int]] | None:
    """Frames of the two that belong together: start, turn and end of as many repetitions as both have.

    Of two whole walks or runs, steps of one foot belong together. None where one of them has none.
    """
    i, j = (max(half.rep - 1, 0) for half in (left, right))
    if not left.rep and not right.rep:
        i, j = _first_alike(left, right)
    spells = [
        half.found.spells[first : first + 1 if half.rep else None] for half, first in ((left, i), (right, j))
    ]
    count = min(len(some) for some in spells)
    if not count:
        return None
    made: list[list[int]] = [[], []]
    lasts = [len(half.found.times_s) - 1 for half in (left, right)]
    for both in zip(*spells, strict=False):
        for key in ("start", "turn", "end"):
            pair = [min(int(getattr(spell, key)), last) for spell, last in zip(both, lasts, strict=True)]
            if all(not frames or frame > frames[-1] for frames, frame in zip(made, pair, strict=True)):
                for frames, frame in zip(made, pair, strict=True):
                    frames.append(frame)
    return made[0], made[1]


def _first_alike(left: Half, right: Half) -> tuple[int, int]:
    """The first steps of both with the same foot that begin with its touch-down; 0 and 0 without any."""

    def kinds(half: Half) -> list[tuple[str | None, bool]]:
        report = half.found.report
        lands = {row.step for row in report.kinogram if row.frames["touch_down"] is not None}
        told = bool(report.kinogram)
        return [(judged.cycle.side, i in lands or not told) for i, judged in enumerate(report.cycles)]

    one, two = kinds(left), kinds(right)
    alike = [(i, j) for i, a in enumerate(one) for j, b in enumerate(two) if a == b and a[1] and a[0]]
    return min(alike, key=sum, default=(0, 0))


def _film(room: Here, half: Half, frames: list[int]) -> Film:
    return {
        "film_url": file_url(room.ticket, half.one.id, "film.mp4"),
        "data_url": file_url(room.ticket, half.one.id, "player.json"),
        "label": half.label,
        "phases": frames,
    }
