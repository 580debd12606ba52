"""The sets of a check-up, read for what they say together."""

from __future__ import annotations

from collections.abc import Mapping

from vision.outputs.checked import StoredError
from vision.plan.checkup import Filmed, outcome
from vision.store.rows import NotFound, State, StoredSet
from vision.ui.here import Here
from vision.ui.results import read

__all__ = ["filmed", "outcome"]


def filmed(room: Here, of: Mapping[str, str | None]) -> tuple[dict[str, Filmed], list[StoredSet]]:
    """Sets that are through, by step, and those that are not; one that is gone is neither."""
    done: dict[str, Filmed] = {}
    others: list[StoredSet] = []
    for key, set_id in of.items():
        if set_id is None:
            continue
        try:
            one = room.shelf.set(set_id)
            if one.state is not State.DONE:
                others.append(one)
                continue
            done[key] = Filmed(read(room.shelf.files(set_id).results).report, one.filmed_on, set_id)
        except (NotFound, StoredError):
            continue
    return done, others
