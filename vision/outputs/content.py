"""What stands on the page, in words: each part of ``report.html`` as plain values, before any markup."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from vision.outputs import plots
from vision.outputs.stills import Still
from vision.outputs.wording import (
    DEFECTS,
    SEVERITY,
    VERDICT_WORD,
    bound_text,
    cycle_name,
    cycle_verdict,
    fault_words,
    kind_word,
    listing,
    sentence,
    title,
    value_text,
    worst_first,
)
from vision.types import ClipInfo, Finding, JudgedCycle, Report, Verdict

MANY_CYCLES: Final = 12
"""Beyond that many the page lists cycles in short."""

_NO_BOUND: Final = 1e6
_WHOLE_POINTS: Final = 2
_SIGHT: Final = {"front": "the front", "rear": "behind", "left": "the left", "right": "the right"}


@dataclass(frozen=True, slots=True)
class Deduction:
    """What took points away: in words, how many in each repetition, and in which."""

    words: str
    points: str
    where: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Tile:
    """One repetition in the strip."""

    name: str
    number: int
    side: str | None
    score: int | None
    verdict: Verdict
    words: tuple[str, ...]
    hint: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of the table."""

    text: str
    verdict: Verdict
    hint: str


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of the table over all repetitions."""

    title: str
    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding of the set with everything behind it."""

    title: str
    name: str
    value: str
    verdict: Verdict
    word: str
    note: str
    good: str
    caution: str
    source: str
    gauge: plots.Gauge | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Measures that could not be had, for one reason, and where."""

    titles: tuple[str, ...]
    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A still as a data URI with its words."""

    uri: str
    width: int
    height: int
    heading: str
    words: str
    alt: str
    verdict: Verdict


def _numbers(cycles: Sequence[JudgedCycle]) -> str:
    word = kind_word(cycles, plural=len(cycles) > 1)
    return f"{word} {listing(c.index + 1 for c in cycles)}"


def _where(report: Report, cycles: Sequence[JudgedCycle]) -> str:
    if len(cycles) == len(report.cycles) > 1:
        return f"every {kind_word(cycles)}"
    return _numbers(cycles) if len(cycles) <= MANY_CYCLES else f"{len(cycles)} of {len(report.cycles)}"


def deductions(report: Report) -> list[Deduction]:
    """What took points away, the dearest first."""
    found: dict[str, list[tuple[JudgedCycle | None, Finding]]] = {}
    for cycle in report.cycles:
        for finding in cycle.findings:
            if finding.penalty > 0:
                found.setdefault(fault_words(finding, report, [cycle]), []).append((cycle, finding))
    seen = {(f.measure, f.side) for c in report.cycles for f in c.findings}
    for finding in report.set_findings:
        if finding.penalty > 0 and (finding.measure, finding.side) not in seen:
            found.setdefault(fault_words(finding, report, report.cycles), []).append((None, finding))
    return [_deduction(report, words, hits) for words, hits in sorted(found.items(), key=_cost)]


def _cost(item: tuple[str, list[tuple[JudgedCycle | None, Finding]]]) -> float:
    return -sum(finding.penalty for _, finding in item[1])


def _deduction(report: Report, words: str, hits: list[tuple[JudgedCycle | None, Finding]]) -> Deduction:
    points = [f.penalty for _, f in hits]
    low, high = (f"−{p:.0f}" if p >= _WHOLE_POINTS else f"−{p:.1f}" for p in (min(points), max(points)))
    span = low if low == high else f"{low} to {high}"
    cycles = list({c.index: c for c, _ in hits if c is not None}.values())
    where = _where(report, cycles) if cycles else "the set"
    worst = min((f.verdict for _, f in hits), key=SEVERITY.index)
    each = f" per {kind_word(report.cycles)}" if cycles else ""
    return Deduction(words, span + each, where, worst)


def tiles(report: Report) -> list[Tile]:
    """The strip of repetitions."""
    made: list[Tile] = []
    for cycle in report.cycles:
        defects = [f for f in worst_first(cycle.findings) if f.verdict in DEFECTS]
        verdict = cycle_verdict(cycle)
        none = _unjudged(cycle) if verdict is Verdict.UNKNOWN else "Good"
        words = [fault_words(f, report, [cycle]) for f in defects] or [none]
        hint = f"{cycle_name(cycle)}: {', '.join(words)}"
        shown = tuple(dict.fromkeys(words))[:2]
        side = cycle.cycle.side
        made.append(Tile(cycle_name(cycle), cycle.index + 1, side, cycle.score, verdict, shown, hint))
    return made


def _unjudged(cycle: JudgedCycle) -> str:
    """What a repetition without a verdict still tells: the first value that was measured."""
    told = next((f for f in cycle.findings if f.value is not None), None)
    return "Not measured" if told is None else f"{_plain_title(told)} {value_text(told)}"


def table(report: Report) -> list[Row]:
    """Every measure of every cycle; None where a cycle has no such measure.

    Steps of both sides share a row, because each step's name tells its side.
    """
    keys = dict.fromkeys(_row_key(f, c) for c in report.cycles for f in c.findings)
    rows: list[Row] = []
    for key in keys:
        found = [next((f for f in c.findings if _row_key(f, c) == key), None) for c in report.cycles]
        first = next(f for f in found if f is not None)
        if all(f is None or f.value is None for f in found):
            continue
        name = title(first) if key[1] else _plain_title(first)
        rows.append(Row(name, first.measure, tuple(_cell(f) for f in found)))
    return rows


def _row_key(finding: Finding, cycle: JudgedCycle) -> tuple[str, str | None]:
    return finding.measure, None if cycle.cycle.side else finding.side


def _cell(finding: Finding | None) -> Cell | None:
    if finding is None:
        return None
    text = "–" if finding.value is None else value_text(finding)
    return Cell(text, finding.verdict, finding.reason or VERDICT_WORD[finding.verdict])


def band_text(band: tuple[float, float] | None, unit: str) -> str:
    """A band in words; an end beyond all sense is no end."""
    if band is None:
        return ""
    low, high = (bound_text(v, unit) if abs(v) < _NO_BOUND else "" for v in band)
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"{high} or less" if high else "any value"


def entries(report: Report) -> list[Entry]:
    """The set's measured findings, the gravest first."""
    shown = [f for f in report.set_findings if f.value is not None]
    return [
        Entry(
            title=title(f),
            name=f.measure,
            value=value_text(f),
            verdict=f.verdict,
            word=VERDICT_WORD[f.verdict] if f.verdict is not Verdict.UNKNOWN else "not judged",
            note=_note(f, report),
            good=band_text(f.criterion.good, f.unit),
            caution=band_text(f.criterion.caution, f.unit),
            source=f.criterion.source,
            gauge=plots.gauge(f) if _speaks(f) else None,
        )
        for f in worst_first(shown)
    ]


def _note(finding: Finding, report: Report) -> str:
    """The reason behind a finding; a bare count is said in words."""
    if re.fullmatch(r"\d+ of \d+", finding.reason):
        return f"On {finding.reason} {kind_word(report.cycles, plural=True)}."
    return sentence(finding.reason)


def _speaks(finding: Finding) -> bool:
    """Whether the value's place on its bands tells the verdict; not so where something else was compared."""
    good, caution, value = finding.criterion.good, finding.criterion.caution, finding.value
    if good is None or caution is None or isinstance(value, str | None):
        return False
    if finding.verdict is Verdict.GOOD:
        return caution[0] <= value <= caution[1]
    return finding.verdict is not Verdict.FAULT or not good[0] <= value <= good[1]


def gaps(report: Report) -> list[Gap]:
    """What could not be measured: measures that share their reason and their repetitions together."""
    missing: dict[tuple[str, str], list[JudgedCycle]] = {}
    for cycle in report.cycles:
        for f in cycle.findings:
            if f.value is None:
                missing.setdefault((_plain_title(f), f.reason), []).append(cycle)
    told = {name for name, _ in missing}
    together: dict[tuple[str, str], list[str]] = {}
    for (name, reason), cycles in missing.items():
        unique = list({c.index: c for c in cycles}.values())
        together.setdefault((reason, _where(report, unique)), []).append(name)
    for f in report.set_findings:
        if f.value is None and _plain_title(f) not in told:
            together.setdefault((f.reason, "the set"), []).append(_plain_title(f))
    return [Gap(tuple(dict.fromkeys(names)), *key) for key, names in together.items()]


def _plain_title(finding: Finding) -> str:
    return sentence(finding.criterion.title or finding.measure.replace("_", " "))


def pictures(report: Report, stills: Iterable[Still]) -> list[Picture]:
    """The stills, ready to stand in the page."""
    made: list[Picture] = []
    for still in stills:
        plan, finding = still.plan, still.plan.finding
        name = cycle_name(plan.cycle)
        score = "" if plan.cycle.score is None else f", score {plan.cycle.score}"
        defect = finding is not None and finding.verdict in DEFECTS
        said = (
            fault_words(finding, report, [plan.cycle])
            if finding and defect
            else title(finding)
            if finding
            else ""
        )
        words = f"{said}: {value_text(finding)}" if finding else ""
        heading = f"{sentence(plan.role)}: {name.lower()}{score}"
        uri = "data:image/jpeg;base64," + base64.b64encode(still.jpeg).decode("ascii")
        verdict = finding.verdict if finding else cycle_verdict(plan.cycle)
        alt = f"{heading}. {words}".strip()
        made.append(Picture(uri, *still.size_wh, heading, words, alt, verdict))
    return made


def facts(report: Report, clip: ClipInfo) -> list[str]:
    """What was filmed, in a few words each."""
    told = [report.movement.replace("_", " ")] if report.movement else []
    if report.view.seen_from:
        told.append(f"seen from {_SIGHT[report.view.seen_from]}")
    count = len(report.cycles)
    if count:
        told.append(f"{count} {kind_word(report.cycles, plural=count > 1)}")
    told.append(f"{clip.duration_s:.1f} s")
    told.append(f"{clip.width} × {clip.height} at {clip.fps:.4g} frames/s")
    if abs(clip.capture_fps - clip.fps) > 0.5:
        told.append(f"filmed at {clip.capture_fps:.4g} frames/s")
    return told


def overall(report: Report) -> Verdict:
    """The gravest verdict of the set; unknown where nothing could be judged.

    A caution too slight for a word in the headline does not colour the page.
    """
    verdicts = [f.verdict for f in report.set_findings] or [cycle_verdict(c) for c in report.cycles]
    gravest = min(verdicts, key=SEVERITY.index, default=Verdict.UNKNOWN)
    return Verdict.GOOD if gravest is Verdict.CAUTION and report.cue is None else gravest
