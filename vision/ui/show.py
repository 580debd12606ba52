"""A set as HTML fragments: pure functions from a report to text.

Knows no Streamlit. Whatever comes from a file or a clip's name is escaped: a report that somebody
sent must not be able to make the browser ask for anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from math import inf
from typing import Final

from vision.outputs import content
from vision.outputs.wording import VERDICT_WORD, kind_word, sentence, worst_first
from vision.types import ClipInfo, Finding, Guidance, Report, Verdict

SIGN: Final = {Verdict.GOOD: "✓", Verdict.CAUTION: "!", Verdict.FAULT: "✕", Verdict.UNKNOWN: "–"}
"""A shape for each verdict, so that colour is never alone."""

BRAND: Final = '<p class="pl-brand"><i></i>Plumbline</p>'

OVERALL: Final = {
    Verdict.GOOD: "Looks good",
    Verdict.CAUTION: "Worth watching",
    Verdict.FAULT: "Something to change",
    Verdict.UNKNOWN: "Could not be judged",
}


def badge(verdict: Verdict, word: str | None = None) -> str:
    """The verdict as sign and word on its colour."""
    text = VERDICT_WORD[verdict] if word is None else word
    sign = f'<b aria-hidden="true">{SIGN[verdict]}</b>'
    return f'<span class="pl-badge pl-{verdict.value}">{sign}{escape(text)}</span>'


def hero(report: Report, clip: ClipInfo) -> str:
    """Verdict, headline, cue, score, and the repetition to have stopped at."""
    cue = stop = ""
    if report.cue:
        cue = f'<p class="pl-cue"><span>For the next set, one thing:</span>“{escape(report.cue)}”</p>'
    if report.stop_after_rep is not None:
        after = f"{kind_word(report.cycles)} {report.stop_after_rep}"
        stop = f'<p class="pl-callout">Form changed after {after}. Next time, end the set there.</p>'
    verdict = content.overall(report)
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in (clip.name, *content.facts(report, clip)))
    return (
        f'<div class="pl-hero"><div>{badge(verdict, OVERALL[verdict])}<h1>{escape(report.headline)}</h1>'
        f'{cue}{stop}</div>{_score(report)}</div><ul class="pl-facts">{facts}</ul>'
    )


def _score(report: Report) -> str:
    if report.set_score is None:
        return '<p class="pl-score"><b>–</b><span>no score: too little was seen to judge</span></p>'
    return f'<p class="pl-score"><b>{report.set_score}</b><span>of 100</span></p>'


def strip(report: Report) -> str:
    """The repetitions in a row: number, verdict, score and what was off."""
    tiles = "".join(
        f'<li class="pl-tile pl-{t.verdict.value}" title="{escape(t.hint)}"><span>{escape(t.name)}</span>'
        f'<i aria-hidden="true">{SIGN[t.verdict]}</i><b>{"–" if t.score is None else t.score}</b>'
        f"<em>{escape('; '.join(t.words))}</em></li>"
        for t in content.tiles(report)
    )
    return f'<ol class="pl-strip">{tiles}</ol>'


def findings(report: Report) -> str:
    """What was measured over the set: value ± half of the 95 % interval, verdict, where the line is."""
    measured = worst_first(f for f in report.set_findings if f.value is not None)
    rows = "".join(
        f'<tr><th scope="row">{escape(e.title)}</th><td data-label="Value">{escape(e.value)}</td>'
        f'<td data-label="Verdict">{badge(e.verdict, e.word)}</td>'
        f'<td data-label="Good">{escape(good_text(f))}</td>'
        f'<td data-label="Note">{escape(e.note) or "–"}</td></tr>'
        for e, f in zip(content.entries(report), measured, strict=True)
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Measure", "Value", "Verdict", "Good", "Note"))
    return f'<table class="pl-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


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
    return listing(
        f"<b>{escape(sentence(gap.reason) or 'No reason recorded')}</b><br>{escape('; '.join(gap.titles))}"
        f" <span>({escape(gap.where)})</span>"
        for gap in content.gaps(report)
    )


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
    return listing(escape(sentence(text)) for text in texts)


def empty(folder: str) -> str:
    """What to do when there is nothing to show yet."""
    return (
        f'<div class="pl-hero"><div><h1>No set analysed yet.</h1><p>Reports are looked for in '
        f"<code>{escape(folder)}</code>. To make one, analyse a clip:</p>"
        "<pre>plumbline analyse my-squat.mp4</pre><p>or try the sample that comes with Plumbline:</p>"
        "<pre>plumbline demo</pre><p>From a fresh checkout, write <code>python3 plumb.py</code> for "
        "<code>plumbline</code>. Then reload this page.</p></div></div>"
    )


FOOTNOTE: Final = (
    '<p class="pl-foot"><b>Educational, not a diagnosis.</b> One camera sees no muscle, force or '
    "pain, and predicts no injury. Stop when something hurts and see a doctor or physical "
    "therapist. Everything on this page stays on this computer.</p>"
)
