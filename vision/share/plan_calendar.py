"""A plan as an iCalendar file (RFC 5545): floating local times, steady ids, no alarms.

Floating times stay at seven in the morning wherever the phone is. The ids come from the plan's own,
so that a file that is opened twice changes events instead of doubling them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from vision.outputs.plan_words import PHASE_WORDS, retest_text
from vision.plan import Item, Plan
from vision.plan.days import ON
from vision.plan.dose import dose_text

AT: Final = time(7, 0)
LONG: Final = timedelta(minutes=20)
_OCTETS: Final = 75
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def plan_calendar(plan: Plan, plan_id: str, made: datetime, at: time = AT) -> str:
    """The calendar of ``plan``; ``made`` is when it was asked for, an aware time."""
    stamp = made.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plumbline//Plan//EN", "CALSCALE:GREGORIAN"]
    for (first, last, days), items in _groups(plan).items():
        start = plan.starts + timedelta(weeks=first - 1)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{plan_id}-{first}-{last}-{days}@plumbline.invalid",
            f"DTSTAMP:{stamp}",
            f"DTSTART:{datetime.combine(start, at):%Y%m%dT%H%M%S}",
            f"DURATION:PT{round(LONG.total_seconds() / 60)}M",
            _rule(start, days, days * (last - first + 1)),
            f"SUMMARY:{escaped(_summary(plan, first, items))}",
            f"DESCRIPTION:{escaped(_description(plan, items))}",
            "END:VEVENT",
        ]
    lines += [*_retest(plan, plan_id, stamp), "END:VCALENDAR"]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _groups(plan: Plan) -> dict[tuple[int, int, int], list[Item]]:
    """Items that share weeks and days, as one event."""
    groups: dict[tuple[int, int, int], list[Item]] = {}
    for item in plan.items:
        for span in item.rhythm:
            groups.setdefault(span, []).append(item)
    return dict(sorted(groups.items(), key=lambda group: (group[0][0], -group[0][2], group[0][1])))


def _rule(start: date, days: int, count: int) -> str:
    if days == 7:
        return f"RRULE:FREQ=DAILY;COUNT={count}"
    on = ",".join(_WEEKDAYS[(start + timedelta(days=place)).weekday()] for place in ON[days])
    return f"RRULE:FREQ=WEEKLY;COUNT={count};BYDAY={on}"


def _summary(plan: Plan, first: int, items: Sequence[Item]) -> str:
    name = next(PHASE_WORDS[p] for p, (a, b) in plan.phases.items() if a <= first <= b)
    return f"Plumbline: {name} ({len(items)} {'exercise' if len(items) == 1 else 'exercises'})"


def _description(plan: Plan, items: Iterable[Item]) -> str:
    doses = [f"{item.exercise.title}: {dose_text(item)}. {item.exercise.stop}" for item in items]
    return "\n".join([*doses, plan.notice])


def _retest(plan: Plan, plan_id: str, stamp: str) -> list[str]:
    first, last = plan.retest
    return [
        "BEGIN:VEVENT",
        f"UID:{plan_id}-retest@plumbline.invalid",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",
        "TRANSP:TRANSPARENT",
        "SUMMARY:Plumbline: film again",
        f"DESCRIPTION:{escaped(f'{retest_text(plan)} {plan.notice}')}",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """A text value: backslash, semicolon, comma and line ends as RFC 5545, 3.3.11 wants them."""
    for plain, kept in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, kept)
    return text


def folded(line: str) -> str:
    """A content line broken after at most 75 octets, never within a character."""
    parts: list[bytes] = [b""]
    for character in line:
        octets = character.encode()
        room = _OCTETS if len(parts) == 1 else _OCTETS - 1
        if len(parts[-1]) + len(octets) > room:
            parts.append(b"")
        parts[-1] += octets
    return b"\r\n ".join(parts).decode()
