"""From what was found to a plan, by rules that can be read: plan.toml and rules.py."""

from vision.plan.gate import NOTICE, Answers, Pain, Passed, RedFlag, Stopped, ask
from vision.plan.model import (
    Dose,
    Exercise,
    Item,
    NoPlan,
    Phase,
    Plan,
    Profile,
    Route,
    Rule,
    Sides,
    Signal,
)
from vision.plan.rules import make
from vision.plan.signals import signals_of, signals_of_pair, unseen_in

__all__ = [
    "NOTICE",
    "Answers",
    "Dose",
    "Exercise",
    "Item",
    "NoPlan",
    "Pain",
    "Passed",
    "Phase",
    "Plan",
    "Profile",
    "RedFlag",
    "Route",
    "Rule",
    "Sides",
    "Signal",
    "Stopped",
    "ask",
    "make",
    "signals_of",
    "signals_of_pair",
    "unseen_in",
]
