"""The pain question: nothing of a plan exists before it is answered with "no".

Pain anywhere, also far from the hips, means no drills and where to turn; a red flag means urgent care.
Only :func:`ask` makes a :class:`Passed`, and a plan cannot be built without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

NOTICE: Final = "Educational, not a diagnosis. It predicts no injury. Stop when something hurts."

GOOD_FOR_DAYS: Final = 7
"""After that many days the question is asked again before the plan is shown (assumed)."""


class Pain(StrEnum):
    """The answer to "does anything hurt?"."""

    NONE = "none"
    HIPS = "hips"
    ELSEWHERE = "elsewhere"


class RedFlag(StrEnum):
    """What wants somebody to look at it at once (reference, part D, from memory)."""

    NUMB = "numbness or tingling"
    NIGHT = "pain at night or at rest"
    FALL = "pain after a fall or a blow"
    WEIGHT = "the leg cannot carry weight"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, and when; ``pain`` None is a question that nobody answered."""

    pain: Pain | None
    red_flags: frozenset[RedFlag]
    on: date


@dataclass(frozen=True, slots=True)
class Stopped:
    """No plan, and where to turn; ``urgent`` where that should be today."""

    urgent: bool
    words: str


URGENT: Final = Stopped(
    True,
    "This needs a person who can examine you, today: go to urgent care or call a doctor. No drills, and no "
    "test, until they say so.",
)
PAINFUL: Final = Stopped(
    False,
    "No drills while something hurts. Rest it, let the pain settle, and see a doctor or physical therapist "
    "if it lasts or comes back. Pain changes how people move, so a test now would show the pain and not the "
    "habit. Come back when a day goes by without it.",
)
UNANSWERED: Final = Stopped(False, "Answer the question about pain first.")

_KEY: Final = object()


class Passed:
    """The gate, passed: answered with "nothing hurts" and no red flag. Made by :func:`ask` alone."""

    __slots__ = ("answers",)

    def __init__(self, answers: Answers, key: object = None) -> None:
        if key is not _KEY:
            raise TypeError("expected a gate that was asked, got one made by hand: call vision.plan.ask")
        self.answers = answers

    def holds_on(self, day: date) -> bool:
        """Whether the answer is fresh enough on ``day``; the future does not count."""
        return 0 <= (day - self.answers.on).days < GOOD_FOR_DAYS


def ask(answers: Answers) -> Passed | Stopped:
    """Let through who has no pain and no red flag; anybody else is told where to turn."""
    if answers.red_flags:
        return URGENT
    if answers.pain is None:
        return UNANSWERED
    return PAINFUL if answers.pain is not Pain.NONE else Passed(answers, _KEY)
