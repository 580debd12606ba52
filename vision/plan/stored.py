"""What a plan is made from, as text to be kept: the plan itself is made anew from it each time.

So a stored plan cannot be read past its gate, and better words reach plans that are under way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, cast

from vision.plan.gate import UNANSWERED, Answers, Pain, RedFlag, Stopped, ask
from vision.plan.model import NoPlan, Plan, Profile, Signal
from vision.plan.rules import make


class StoredPlanError(ValueError):
    """What was kept of a plan cannot be read."""


def findings_text(signals: tuple[Signal, ...], profile: Profile) -> str:
    """Findings and profile as JSON."""
    rows = [{**asdict(s), "on": s.on.isoformat()} for s in signals]
    return json.dumps({"signals": rows, "profile": asdict(profile)}, allow_nan=False)


def read_findings(text: str) -> tuple[tuple[Signal, ...], Profile]:
    """Findings and profile out of `findings_text`. Raises StoredPlanError for anything else."""
    try:
        data = json.loads(text)
        signals = tuple(_signal(row) for row in data["signals"])
        return signals, Profile(**{key: bool(value) for key, value in data["profile"].items()})
    except (KeyError, TypeError, ValueError, AttributeError):
        raise StoredPlanError("expected the findings of a plan; make the plan anew") from None


def _signal(row: Mapping[str, Any]) -> Signal:
    count = cast("list[int]", row["often"])
    kept: dict[str, Any] = {**row, "on": date.fromisoformat(row["on"])}
    kept["often"] = (int(count[0]), int(count[1]))
    return Signal(**kept)


def rebuilt(findings: str, answers: str, starts: date, today: date) -> Plan | NoPlan | Stopped:
    """The plan of what was kept, as of ``today``: past its gate, or what stands in its place.

    An answer that is older than a week is asked for again. Raises StoredPlanError for what is broken.
    """
    gate = ask(read_answers(answers))
    if isinstance(gate, Stopped):
        return gate
    if not gate.holds_on(today):
        return UNANSWERED
    return make(*read_findings(findings), gate, starts)


def answers_text(answers: Answers) -> str:
    """Answers to the pain question as JSON."""
    return json.dumps(
        {
            "pain": answers.pain.value if answers.pain else None,
            "red_flags": sorted(flag.name for flag in answers.red_flags),
            "on": answers.on.isoformat(),
        }
    )


def read_answers(text: str) -> Answers:
    """Answers out of `answers_text`. Raises StoredPlanError for anything else."""
    try:
        data = json.loads(text)
        flags = frozenset(RedFlag[name] for name in data["red_flags"])
        pain = None if data["pain"] is None else Pain(data["pain"])
        return Answers(pain, flags, date.fromisoformat(data["on"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise StoredPlanError("expected answers to the pain question; answer it again") from None
