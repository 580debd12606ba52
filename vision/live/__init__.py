"""Training in front of a camera: who stands where, how many, what to change, and when to stop.

``LiveSet`` takes one picture or pose after the other and judges with the very code that judges clips.
It knows no camera, no browser and no loudspeaker; those bring pictures and show what comes back.
"""

from vision.live.eyes import Eyes
from vision.live.liveset import LIVE, Keeper, LiveSet
from vision.live.marking import Marking
from vision.live.newest import Newest, Worker
from vision.live.values import End, Kind, LiveRep, Phase, Said, Sight, Update

__all__ = [
    "LIVE",
    "End",
    "Eyes",
    "Keeper",
    "Kind",
    "LiveRep",
    "LiveSet",
    "Marking",
    "Newest",
    "Phase",
    "Said",
    "Sight",
    "Update",
    "Worker",
]
