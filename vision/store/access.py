"""Who sees what, decided here and nowhere else.

Whoever adds an athlete or a set owns it, and only its owner sees, changes or deletes it. Without a
login everybody at this computer is the same viewer. With one, the login's stable id is the key, so
that each member of a team has a library of their own. Sharing within a team would be written here.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement

from vision.store.rows import Viewer
from vision.store.tables import AthleteRow, CheckupRow, PlanRow, SetRow


def owner_for(viewer: Viewer) -> str:
    """Give the owner of what ``viewer`` adds."""
    if not viewer.key:
        raise ValueError("Expected a viewer with a key, got an empty one.")
    return viewer.key


def athletes_of(viewer: Viewer) -> ColumnElement[bool]:
    """Tell which athletes ``viewer`` may see and change."""
    return AthleteRow.owner == viewer.key


def sets_of(viewer: Viewer) -> ColumnElement[bool]:
    """Tell which sets ``viewer`` may see and change, and with them notes, drawings and files."""
    return SetRow.owner == viewer.key


def plans_of(viewer: Viewer) -> ColumnElement[bool]:
    """Tell which plans ``viewer`` may see and change, with their days."""
    return PlanRow.owner == viewer.key


def checkups_of(viewer: Viewer) -> ColumnElement[bool]:
    """Tell which check-ups ``viewer`` may see and change, with their steps."""
    return CheckupRow.owner == viewer.key
