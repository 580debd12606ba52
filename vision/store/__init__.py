"""The library: athletes, sets, notes and drawings, and where their files lie."""

from vision.store.bound import KEEP, Keep
from vision.store.folder import DataFolder, StoreError
from vision.store.library import Library, Shelf
from vision.store.queue import Queue
from vision.store.rows import (
    LOCAL,
    Athlete,
    Checkup,
    Drawing,
    Job,
    NewSet,
    Note,
    NotFound,
    Outcome,
    Point,
    SetFiles,
    Shapes,
    State,
    StoredPlan,
    StoredSet,
    Value,
    Viewer,
)

__all__ = [
    "KEEP",
    "LOCAL",
    "Athlete",
    "Checkup",
    "DataFolder",
    "Drawing",
    "Job",
    "Keep",
    "Library",
    "NewSet",
    "NotFound",
    "Note",
    "Outcome",
    "Point",
    "Queue",
    "SetFiles",
    "Shapes",
    "Shelf",
    "State",
    "StoreError",
    "StoredPlan",
    "StoredSet",
    "Value",
    "Viewer",
]
