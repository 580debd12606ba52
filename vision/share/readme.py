"""The ``README.txt`` of a package: what is in it and what to look at before handing it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Entry:
    """One set of a package: its name, its folder in the zip and what was left out or is in doubt."""

    name: str
    folder: str
    movement: str
    filmed_on: date
    headline: str
    left_out: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def without(self, what: str) -> Entry:
        """The entry with a line more about what is missing."""
        return replace(self, left_out=(*self.left_out, what))

    def doubting(self, doubts: Sequence[str]) -> Entry:
        """The entry with lines about what a person should look at."""
        return replace(self, doubts=(*self.doubts, *doubts))


_FILES = """\
report.html    the report on one page, for any browser; it needs nothing but itself
measures.csv   every measure of every repetition, for a spreadsheet
film.mp4       the film
"""

_BLURRED = """\
Faces are covered in the film and in the pictures of the report: a few flat cells in place of each
head. What was under them is not in these files.

LOOK AT THE FILM AND THE PICTURES BEFORE YOU HAND THEM ON. Heads are found by a program. One that
is small, half hidden, in a mirror or on a poster can be missed. Clothes, tattoos, the room and the
way somebody moves can also tell who it is.
"""

_OPEN = """\
Faces are NOT covered in these files. Hand them on only if everybody who can be seen agrees.
"""

_LIMITS = """\
Not a diagnosis. The report says how a movement looked from one camera. It does not predict injury
and cannot see muscles, forces, pain or their causes. When something hurts, stop and see a doctor or
physical therapist.
"""


def readme(entries: Sequence[Entry], *, blur: bool, names: bool) -> str:
    """The text in plain words, with lines that any editor shows."""
    parts = ["Shared from Plumbline\n=====================\n"]
    parts.extend(_about(entry) for entry in entries)
    parts.append("In here" + (" (one folder for each set)" if len(entries) > 1 else "") + ":\n\n" + _FILES)
    parts.append(_BLURRED if blur else _OPEN)
    if not names:
        parts.append("Names of athletes and titles of films are left out.\n")
    parts.append(_LIMITS)
    return "\r\n".join("\n".join(parts).splitlines()) + "\r\n"


def _about(entry: Entry) -> str:
    lines = [f"{' '.join(entry.name.split())}: {entry.movement}, filmed on {entry.filmed_on.isoformat()}"]
    lines += [f"  {line}" for line in (" ".join(entry.headline.split()),) if line]
    if entry.folder:
        lines.append(f"  in the folder {entry.folder}")
    lines += [f"  Left out: {line}." for line in entry.left_out]
    lines += [f"  Look here: {line}." for line in entry.doubts]
    return "\n".join(lines) + "\n"
