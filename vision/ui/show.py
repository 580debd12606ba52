"""A set as HTML fragments: pure functions from a report to text.

Knows no Streamlit. Whatever comes from a file or a clip's name is escaped: a report that somebody
sent must not be able to make the browser ask for anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from html import escape
from math import inf
from typing import Final

from vision.outputs import content
from vision.outputs.wording import VERDICT_WORD, kind_word, sentence, told_only, value_text, worst_first
from vision.store.rows import Athlete, State, StoredSet
from vision.types import SIDES, ClipInfo, Finding, Guidance, Report, Verdict

SIGN: Final = {Verdict.GOOD: "✓", Verdict.CAUTION: "!", Verdict.FAULT: "✕", Verdict.UNKNOWN: "–"}
"""A shape for each verdict, so that colour is never alone."""

OVERALL: Final = {
    Verdict.GOOD: "Looks good",
    Verdict.CAUTION: "Worth watching",
    Verdict.FAULT: "Something to change",
    Verdict.UNKNOWN: "Could not be judged",
}
OWN_WORD: Final = "own arch and tuck"
OWN_READY: Final = "Ready for bridges"
OWN_LITTLE: Final = "Of little use"
AS_FAR_AS_SEEN: Final = "Good, as far as seen"
TOLD_ONLY: Final = "Told, not judged"

SLOW: Final = (
    "This looks like slow motion. Say under “Analyse again” below how many pictures a second the camera "
    "took; without that no time and no step rate can be told"
)

STATE_WORD: Final = {
    State.QUEUED: "Waiting its turn",
    State.RUNNING: "Being analysed",
    State.DONE: "Done",
    State.FAILED: "Not analysed",
    State.CANCELLED: "Cancelled",
}


def text(words: str) -> str:
    """Words of whoever's as they stand between tags."""
    return escape(words)


def badge(verdict: Verdict, word: str | None = None) -> str:
    """The verdict as sign and word on its colour."""
    told = VERDICT_WORD[verdict] if word is None else word
    sign = f'<b aria-hidden="true">{SIGN[verdict]}</b>'
    return f'<span class="pl-badge pl-{verdict.value}">{sign}{escape(told)}</span>'


def overall(verdict: Verdict, movement: str | None, *, seen_all: bool, found: bool = True) -> str:
    """The verdict as a badge; a set is only as good as what of it was seen.

    ``found`` where it has repetitions: of some movements these are told and not judged.
    """
    word = OVERALL[verdict] if seen_all or verdict is not Verdict.GOOD else AS_FAR_AS_SEEN
    return badge(verdict, TOLD_ONLY if found and told_only(movement) else word)


def hero(report: Report, clip: ClipInfo, labels: Iterable[str] = (), *, seen_all: bool = True) -> str:
    """Verdict, headline, cue, score, the repetition to have stopped at; ``labels`` tell which set it is."""
    cue = stop = ""
    if report.cue:
        cue = f'<p class="pl-cue"><span>For the next set, one thing:</span>“{escape(report.cue)}”</p>'
    if report.stop_after_rep is not None:
        after = f"{kind_word(report.cycles)} {report.stop_after_rep}"
        stop = f'<p class="pl-callout">Form changed after {after}. Next time, end the set there.</p>'
    verdict = overall(content.overall(report), report.movement, seen_all=seen_all, found=bool(report.cycles))
    return (
        f'<div class="pl-hero"><div>{verdict}'
        f"<h1>{escape(report.headline)}</h1>{cue}{stop}</div>{_score(report)}</div>"
        f"{facts(labels)}{facts(content.facts(report, clip))}{_warnings([*clip.warnings, *_slow(report)])}"
    )


def _slow(report: Report) -> list[str]:
    """What to do about a file that plays slower than life: its times and what hangs on them are wrong."""
    return [SLOW] if any("slow motion" in note for note in report.notes) else []


def _warnings(texts: Iterable[str]) -> str:
    """What was wrong with the file, such as pictures that are missing: a verdict is read with it in mind."""
    return "".join(f'<p class="pl-callout">{escape(sentence(text))}.</p>' for text in texts)


def _score(report: Report) -> str:
    if report.set_score is None:
        why = "too little was seen to judge"
        if report.cycles and told_only(report.movement):
            why = "this movement is told and not judged"
        return f'<p class="pl-score"><b>–</b><span>no score: {why}</span></p>'
    return f'<p class="pl-score"><b>{report.set_score}</b><span>of 100</span></p>'


def findings(report: Report) -> str:
    """What was measured over the set: value ± half of the 95 % interval, verdict, where the line is."""
    measured = worst_first(f for f in report.set_findings if f.value is not None)
    rows = "".join(
        f'<tr><th scope="row">{escape(e.title)}</th><td data-label="Value">{escape(e.value)}</td>'
        f'<td data-label="Verdict">{badge(e.verdict, e.word)}</td>'
        f'<td data-label="Good">{escape(good_text(f))}</td>'
        f'<td data-label="Note">{escape(e.note)}</td></tr>'
        for e, f in zip(content.entries(report), measured, strict=True)
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Measure", "Value", "Verdict", "Good", "Note"))
    return f'<table class="pl-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def both_sides(report: Report) -> str:
    """What was measured of a movement that is not judged: a row a measure, left beside right."""
    rows: dict[str, dict[str, str]] = {}
    for finding in report.set_findings:
        if finding.value is not None:
            name = sentence(finding.criterion.title or finding.measure.replace("_", " "))
            rows.setdefault(name, {})[finding.side or "both"] = value_text(finding)
    head = "".join(f'<th scope="col">{word}</th>' for word in ("Measure", "Left", "Right"))
    body = "".join(f'<tr><th scope="row">{escape(name)}</th>{_two(told)}</tr>' for name, told in rows.items())
    return f'<table class="pl-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _two(told: dict[str, str]) -> str:
    """The cells of the two sides, or one for what has none."""
    if "both" in told:
        return f'<td colspan="2" data-label="Both">{escape(told["both"])}</td>'
    return "".join(f'<td data-label="{s.capitalize()}">{escape(told.get(s, "–"))}</td>' for s in SIDES)


def good_text(finding: Finding) -> str:
    """The good band in words; an end beyond which no caution begins is no limit and is left out."""
    good, caution = finding.criterion.good, finding.criterion.caution
    if good is None or caution is None:
        return "no limit set"
    low = -inf if good[0] == caution[0] else good[0]
    high = inf if good[1] == caution[1] else good[1]
    return content.band_text((low, high), finding.unit)


def gaps(report: Report) -> str:
    """What could not be measured, by reason."""
    reasons: dict[str, list[str]] = {}
    for gap in content.gaps(report):
        told = f"{escape('; '.join(gap.titles))} <span>({escape(gap.where)})</span>"
        reasons.setdefault(sentence(gap.reason) or "No reason recorded", []).append(told)
    return listing(f"<b>{escape(reason)}</b><br>{'<br>'.join(told)}" for reason, told in reasons.items())


def guidance(guides: Iterable[Guidance]) -> str:
    """What to do about it, the first thing first."""
    items = "".join(
        f"<li><span>{escape(sentence(g.words))}</span><b>“{escape(g.cue)}”</b><p>{escape(g.explain)}</p>"
        f"<p>{escape(g.drill)}</p><small>After {escape(g.source)}</small></li>"
        for g in guides
    )
    return f'<ol class="pl-todo">{items}</ol>'


def listing(items: Iterable[str]) -> str:
    """Ready-made fragments as a list."""
    return f'<ul class="pl-list">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def lines(texts: Iterable[str]) -> str:
    """Plain texts as a list."""
    return listing(escape(sentence(words)) for words in texts)


# --------------------------------------------------------------------------- a set in a list


def card(one: StoredSet) -> str:
    """What a list says of a set below its title."""
    if one.state is not State.DONE:
        return f'<div class="pl-card"><p>{state_badge(one)}</p>{facts(_when(one))}</div>'
    if one.is_own_film:
        ready = own_badge(enough=one.verdict == Verdict.GOOD.value)
        return f'<div class="pl-card"><p>{ready}</p><p>{escape(one.headline)}</p>{facts(_when(one))}</div>'
    verdict = Verdict(one.verdict) if one.verdict in set(Verdict) else Verdict.UNKNOWN
    score = "–" if one.score is None else str(one.score)
    badge_of = overall(verdict, one.movement, seen_all=one.seen_all, found=one.reps > 0)
    return (
        f'<div class="pl-card"><p>{badge_of}'
        f'<b class="pl-mark" title="score of 100">{score}</b></p>'
        f"<p>{escape(one.headline)}</p>{facts(_when(one))}</div>"
    )


def own_badge(*, enough: bool) -> str:
    """Whether a film of own arch and tuck gives a bridge anything."""
    return badge(Verdict.GOOD, OWN_READY) if enough else badge(Verdict.CAUTION, OWN_LITTLE)


def state_badge(one: StoredSet) -> str:
    """Where a set stands that is not done."""
    verdict = Verdict.FAULT if one.state is State.FAILED else Verdict.UNKNOWN
    return badge(verdict, STATE_WORD[one.state])


def problem(words: str) -> str:
    """Why something failed, in one line."""
    return f'<p class="pl-callout">{escape(sentence(words))}</p>'


def labels(one: StoredSet) -> list[str]:
    """Which set it is: its title, whose, when, and what it was labelled with."""
    told = [one.title, one.athlete, day(one.filmed_on), one.session, *(f"#{tag}" for tag in one.tags)]
    return [word for word in told if word]


def _when(one: StoredSet) -> list[str]:
    """Whose set it is, of what and when, and its labels."""
    kind = "step" if one.movement in ("gait", "sprint") else "rep"
    reps = f"{one.reps} {kind}{'s' * (one.reps > 1)}" if one.reps else ""
    moved = OWN_WORD if one.is_own_film else one.movement or ""
    told = [one.athlete, moved, reps, day(one.filmed_on), one.session, *(f"#{tag}" for tag in one.tags)]
    return [word for word in told if word]


def sets_of(person: Athlete) -> str:
    """How many sets an athlete has."""
    return "no set yet" if not person.sets else f"{person.sets} set{'s' * (person.sets > 1)}"


def day(when: date) -> str:
    """A calendar day as people write it."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Not strftime's, which speak the language of the machine."""


def facts(texts: Iterable[str]) -> str:
    """Short plain texts in a row."""
    return f'<ul class="pl-facts">{"".join(f"<li>{escape(word)}</li>" for word in texts)}</ul>'


def remaining(one: StoredSet) -> str:
    """How far a running analysis is: its stage, the frames, the time left."""
    told = [sentence(one.stage or "starting")]
    if one.total:
        told.append(f"{min(one.done, one.total)} of {one.total} frames")
    elif one.done:
        told.append(f"{one.done} frames")
    if one.seconds_left is not None:
        told.append(f"about {duration(one.seconds_left)} left")
    return " · ".join(told)


def duration(seconds: float) -> str:
    """A time to wait, no finer than such a guess deserves."""
    if seconds < 10:
        return "10 s"
    return f"{math.ceil(seconds / 10) * 10} s" if seconds <= 90 else f"{math.ceil(seconds / 60)} min"


FOOTNOTE: Final = (
    '<p class="pl-foot"><b>Educational, not a diagnosis.</b> One camera sees no muscle, force or '
    "pain, and predicts no injury. Stop when something hurts and see a doctor or physical "
    "therapist. Films and results stay on the computer that runs this room.</p>"
)
