"""Reading ``plan.toml``; what it says wrongly is refused when it is read, never in a plan."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from vision.plan.model import Dose, Exercise, Phase, Route, Rule, Sides


class PlanTableError(ValueError):
    """The plan's table says something that cannot be."""


@dataclass(frozen=True)
class Need:
    """Which exercises a group of faults asks for.

    Lists by route, ``sprint`` for who sprints, ``later`` from the strong phase on.
    """

    key: str
    faults: frozenset[str]
    always: tuple[str, ...]
    both: tuple[str, ...]
    weaker: tuple[str, ...]
    sprint: tuple[str, ...]
    later: tuple[str, ...]
    cue: str


@dataclass(frozen=True)
class Way:
    """The weeks of a route's phases, and when its daily drills end."""

    phases: Mapping[Phase, tuple[int, int]]
    wean: Rule

    @property
    def weeks(self) -> int:
        """How long it takes."""
        return max(last for _, last in self.phases.values())


@dataclass(frozen=True)
class PlanTable:
    """All of ``plan.toml``."""

    exercises: Mapping[str, Exercise]
    needs: tuple[Need, ...]
    ways: Mapping[Route, Way]
    avoid: tuple[tuple[str, Rule], ...]
    keep: tuple[Rule, ...]
    sprint: tuple[tuple[tuple[int, int], Rule], ...]
    normal: tuple[Rule, ...]
    version: str


@cache
def plan_table() -> PlanTable:
    """The table that comes with Plumbline."""
    return read_table(resources.files("vision.plan").joinpath("plan.toml").read_text("utf-8"))


def read_table(text: str) -> PlanTable:
    """The table in ``text``. Raises PlanTableError for what lacks a source or names what is not there."""
    data = tomllib.loads(text)
    exercises = {key: _exercise(key, row) for key, row in data["exercise"].items()}
    needs = tuple(_need(key, row, exercises) for key, row in data["need"].items())
    return PlanTable(
        exercises=exercises,
        needs=needs,
        ways={Route(key): _way(key, row) for key, row in data["route"].items()},
        avoid=tuple((str(row["when"]), _rule(row)) for row in data["avoid"]),
        keep=tuple(_rule(row) for row in data["keep"]),
        sprint=tuple((_pair("sprint", row["weeks"]), _rule(row)) for row in data["sprint"]),
        normal=tuple(_rule(row) for row in data["normal"]),
        version=f"plan@{hashlib.sha256(text.encode()).hexdigest()[:12]}",
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    if not row.get("words") or not row.get("source"):
        raise PlanTableError(f"expected words with a source, got {dict(row)}")
    return Rule(row["words"], row["source"])


def _pair(key: str, ends: Any) -> tuple[int, int]:
    low, high = (int(end) for end in ends)
    if not 0 < low <= high:
        raise PlanTableError(f"{key}: expected [from, to] with 0 < from <= to, got [{low}, {high}]")
    return low, high


def _dose(key: str, row: Mapping[str, Any]) -> Dose:
    pairs = {n: _pair(key, row[n]) for n in ("sets", "reps", "hold_s", "minutes", "daily") if n in row}
    if not pairs:
        raise PlanTableError(f"{key}: expected a dose, got none")
    return Dose(**pairs, rest_s=row.get("rest_s"), extra=row.get("extra", ""))


def _exercise(key: str, row: Mapping[str, Any]) -> Exercise:
    for text in ("title", "source", "how", "stop", "role"):
        if not row.get(text):
            raise PlanTableError(f"{key}: expected {text}, got none")
    days = {Phase(name): int(n) for name, n in row["days"].items()}
    if set(days) != set(Phase) or not all(0 <= n <= 7 for n in days.values()):
        raise PlanTableError(f"{key}: expected 0 to 7 days a week for each phase, got {row['days']}")
    return Exercise(
        key=key,
        title=row["title"],
        source=row["source"],
        phase=Phase(row["phase"]),
        sides=Sides(row["sides"]),
        dose=_dose(key, row["dose"]),
        days=days,
        how=tuple(row["how"]),
        stop=row["stop"],
        role=row["role"],
        bands=bool(row.get("bands", False)),
    )


def _need(key: str, row: Mapping[str, Any], exercises: Mapping[str, Exercise]) -> Need:
    lists = {name: tuple(row.get(name, ())) for name in ("always", "both", "weaker", "sprint", "later")}
    for name in (name for names in lists.values() for name in names):
        if name not in exercises:
            raise PlanTableError(f"{key}: the exercise {name!r} is not described in this file")
    return Need(key=key, faults=frozenset(row["faults"]), **lists, cue=row.get("cue", ""))


def _way(key: str, row: Mapping[str, Any]) -> Way:
    phases = {phase: _pair(key, row[phase.value]) for phase in Phase}
    ends = [0, *(end for pair in phases.values() for end in pair)]
    if any(ends[i + 1] != ends[i] + 1 for i in (0, 2, 4)):
        raise PlanTableError(f"{key}: expected phases that follow each other from week 1, got {phases}")
    return Way(phases, Rule(row["wean"], row["source"]))
