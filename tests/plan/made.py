"""Findings as three people would bring them, and plans made of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.outputs import factory
from vision.asymmetry import of_set
from vision.feedback import guidance, rank
from vision.movements import MOVEMENTS
from vision.plan import Answers, NoPlan, Pain, Passed, Plan, Profile, Signal, ask, make, signals_of
from vision.scoring import judge, summarise
from vision.types import Cycle, CycleKind, Finding, JudgedCycle, Measurement, Plane, Report, View

DAY = date(2026, 3, 2)
FRONT = View(Plane.FRONTAL, "front", 0.0, 4.0, 0.0, 1.0, 0.9)
Values = dict[tuple[str, str | None], list[float | str]]


def passed(on: date = DAY) -> Passed:
    gate = ask(Answers(Pain.NONE, frozenset(), on))
    assert isinstance(gate, Passed)
    return gate


def report(
    movement: str, values: Values, *, sd: float = 0.5, judged: bool = True, markers: bool = True
) -> Report:
    """A report in which each measure had these values, judged by the real tables and rules.

    Measures with a side are dealt out to steps of that side, the others to repetitions.
    """
    known = MOVEMENTS[movement]
    cycles: list[JudgedCycle] = []
    steps = movement == "gait"
    for i in range(max(len(v) for v in values.values())):
        for side in ("left", "right") if steps else (None,):
            found = tuple(
                _one(movement, measure, of, row[i], sd, judged, markers)
                for (measure, of), row in values.items()
                if i < len(row) and (side is None or of == side)
            )
            kind = CycleKind.STEP if steps else CycleKind.REP
            cycles.append(JudgedCycle(len(cycles), Cycle(0, 1, 2, kind, side), 0.0, 0.5, 1.0, 90, found))
    whole = [
        summarise([f for c in cycles for f in c.findings if (f.measure, f.side) == key]) for key in values
    ]
    ranked = rank(whole, known.table.faults)
    return replace(
        factory.report(),
        movement=movement,
        view=FRONT,
        cycles=tuple(cycles),
        set_findings=tuple(whole),
        asymmetries=tuple(a.row() for a in of_set(cycles, whole)),
        guidance=guidance(ranked, known, cycles),
        stop_after_rep=None,
    )


def _one(
    movement: str, measure: str, side: str | None, value: float | str, sd: float, judged: bool, markers: bool
) -> Finding:
    row = MOVEMENTS[movement].table.criteria[measure]
    why = "" if judged else "told, not judged"
    return judge(row, Measurement(value, sd, 0, why, judged=judged, by_markers=markers), side, 0.0, 0)


def shifted(shift: float = -9.0, reps: int = 5) -> Report:
    """Squats whose hips go to one side; with -9 to the right, so that the left leg does less."""
    return report("squat", {("lateral_shift", None): [shift] * reps})


def arched(arches: int = 5, of: int = 5) -> Report:
    """Bridges with an arch at the top."""
    return report("bridge", {("lockout_pelvis", None): ["anterior"] * arches + ["neutral"] * (of - arches)})


def dropping(
    left: float = 11.0, right: float = 4.0, steps: int = 8, *, judged: bool = True, markers: bool = True
) -> Report:
    """Walking with stickers, measured against quiet standing; each drop on its own stance leg."""
    values: Values = {("pelvic_drop", "left"): [left] * steps, ("pelvic_drop", "right"): [right] * steps}
    return report("gait", values, judged=judged, markers=markers)


def signals(made: Report) -> tuple[Signal, ...]:
    return signals_of(made, DAY, "set")


def plan(*made: Report, profile: Profile | None = None) -> Plan:
    got = plan_or_none(*made, profile=profile)
    assert isinstance(got, Plan)
    return got


def plan_or_none(*made: Report, profile: Profile | None = None) -> Plan | NoPlan:
    found = [s for one in made for s in signals(one)]
    return make(found, profile or Profile(), passed(), DAY)
