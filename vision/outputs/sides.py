"""Left against right in words, every number with its error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vision.asymmetry import Asymmetry, Index, Status, read_row
from vision.outputs.wording import number_text, sentence, with_error
from vision.types import SIDES, Finding, Report

NORMAL: Final = (
    "Nobody is even. A difference of up to 15 % between the sides is normal, healthy people reach 20 %, and "
    "both numbers are conventions."
)
_LEAD: Final = {Status.UNEVEN: "Uneven", Status.WATCH: "Watch", Status.UNSURE: "Not sure yet"}


def asymmetry_texts(report: Report) -> list[str]:
    """Each clear difference of a set in words, then those that are none in one line."""
    titles = {f.measure: _title(f) for f in report.set_findings}
    clear: list[str] = []
    level: list[str] = []
    for row in report.asymmetries:
        name = str(row.get("measure", ""))
        told = titles.get(name, sentence(name.replace("_", " ")))
        found = read_row(row)
        if found is None:
            words = None if row.get("beyond_error") is False else _old(row, told)
            level += [told] if row.get("beyond_error") is False else []
            clear += [words] if words else []
        elif found.status in _LEAD:
            clear.append(f"{_LEAD[Status(found.status)]}: {words_of(found)}")
        elif found.status == Status.LEVEL:
            level.append(told)
    return clear + ([f"No difference beyond the error: {'; '.join(level)}"] if level else [])


def words_of(found: Asymmetry) -> str:
    """``hips to one side: left 58 %, right 42 % …``: both sides, how far apart, how often, which index."""
    name = found.title or found.measure.replace("_", " ")
    name = name[:1].lower() + name[1:]
    values = (found.left, found.left_error95), (found.right, found.right_error95)
    sides = ", ".join(
        f"{side} {with_error(value, found.unit, error)}"
        for side, (value, error) in zip(SIDES, values, strict=True)
    )
    why = f" ({found.reason})" if found.reason else ""
    return f"{name}: {sides}; {apart(found)}{why}"


def apart(found: Asymmetry) -> str:
    """How far the sides are apart, in the index that counts, with its error."""
    if found.percent is None or found.percent_error95 is None:
        return f"{with_error(abs(found.difference), found.unit, found.error95)} apart"
    percent = with_error(found.percent, "%", found.percent_error95)
    if found.index == Index.SHARE:
        return f"{percent} less load on the {_lesser(found)} side, reckoned by levers, not a force"
    return f"{percent} less on the {_lesser(found)} (of the stronger side)"


def _lesser(found: Asymmetry) -> str:
    return SIDES[found.left > found.right]


def _title(finding: Finding) -> str:
    return sentence(finding.criterion.title or finding.measure.replace("_", " "))


def _old(row: Mapping[str, object], told: str) -> str | None:
    """What a report of an older Plumbline says; None where it names no error or difference."""
    unit, error, gap = str(row.get("unit", "")), row.get("error95"), row.get("difference")
    if not isinstance(error, float | int) or not isinstance(gap, float | int):
        return None
    sides = [
        f"{side} {number_text(float(value), unit, float(error))}"
        for side in SIDES
        if isinstance(value := row.get(side), float | int)
    ]
    return f"{told}: {', '.join(sides)}; {with_error(abs(float(gap)), unit, float(error))} apart"
