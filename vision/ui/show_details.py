"""The numbers behind a verdict as HTML fragments: every repetition, limits and sources, what did it."""

from __future__ import annotations

from html import escape

from vision.outputs import content
from vision.outputs.wording import cycle_name
from vision.types import Report
from vision.ui.show import SIGN, listing


def every_cycle(report: Report) -> str:
    """Every measure of every repetition as a table; empty where nothing was measured."""
    rows = content.table(report)
    if not rows:
        return ""
    names = ("Measure", *(cycle_name(cycle) for cycle in report.cycles))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{escape(row.title)}</th>'
        + "".join(f"<td>{_cell(cell)}</td>" for cell in row.cells)
        + "</tr>"
        for row in rows
    )
    table = f'<table class="pl-every"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="pl-wide" tabindex="0" role="region" aria-label="Every repetition">{table}</div>'


def _cell(cell: content.Cell | None) -> str:
    if cell is None:
        return ""
    return f'<span title="{escape(cell.hint)}">{SIGN[cell.verdict]} {escape(cell.text)}</span>'


def sources(report: Report) -> str:
    """Where each limit comes from."""
    return listing(
        f"<b>{escape(entry.title)}</b><br>"
        + escape(f"Good {entry.good}, watch {entry.caution}. " if entry.good else "No limit set. ")
        + f"<span>{escape(entry.source)}</span>"
        for entry in content.entries(report)
    )


def provenance(report: Report) -> list[str]:
    """What made the numbers."""
    known = report.provenance
    told = [f"Plumbline {known.get('version') or '–'}, pose model {known.get('pose') or '–'}"]
    told += [f"limits {report.thresholds}"] if report.thresholds else []
    return [*told, f"the athlete was followed in {report.tracked_fraction:.0%} of the pictures"]
