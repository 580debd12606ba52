"""``report.html``: the report as one page that needs nothing but itself."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from vision.outputs import content, kinogram, plots
from vision.outputs.palette import VERDICT_HEX
from vision.outputs.sides import asymmetry_texts
from vision.outputs.stills import Still
from vision.outputs.wording import cycle_name, kind_word, told_only
from vision.types import ClipInfo, CycleKind, Report

_OPEN_PLOTS: Final = 2


def _model(
    report: Report, clip: ClipInfo, stills: Iterable[Still], video: str | None, strip: bytes | None
) -> dict[str, object]:
    made = plots.plots(report)
    return {
        "clip": clip,
        "report": report,
        "facts": content.facts(report, clip),
        "verdict": content.overall(report),
        "deductions": content.deductions(report),
        "tiles": content.tiles(report),
        "compact": len(report.cycles) > content.MANY_CYCLES,
        "kind": kind_word(report.cycles),
        "kinds": kind_word(report.cycles, plural=True),
        "is_reps": all(c.cycle.kind is CycleKind.REP for c in report.cycles),
        "pictures": content.pictures(report, stills),
        "plots": made[:_OPEN_PLOTS],
        "more_plots": made[_OPEN_PLOTS:],
        "two_sided": any(line.side for p in made for line in p.lines),
        "entries": content.entries(report),
        "rows": content.table(report),
        "columns": [(c.index + 1, cycle_name(c)) for c in report.cycles],
        "gaps": content.gaps(report),
        "asymmetries": asymmetry_texts(report),
        "guidance": report.guidance,
        "models": report.provenance.get("models") or {},
        "colour": VERDICT_HEX,
        "box": (plots.WIDE, plots.HIGH),
        "video": video,
        "strip": None if strip is None else f"data:image/png;base64,{base64.b64encode(strip).decode()}",
        "strip_alt": kinogram.alt_text(report),
        "told_only": told_only(report.movement),
    }


def report_html(
    report: Report,
    clip: ClipInfo,
    stills: Iterable[Still] = (),
    video: str | None = None,
    strip: bytes | None = None,
) -> str:
    """The page as text. ``video`` is the name of the overlay beside it, ``strip`` the kinogram's PNG."""
    environment = Environment(
        loader=PackageLoader("vision.outputs", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(_model(report, clip, stills, video, strip))
