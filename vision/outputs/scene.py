"""What the overlay shows at each moment of a clip: limbs, the measure that matters, rep and verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision.outputs import draw, lettering
from vision.outputs.marks import RULES, Body, mark_for, pelvis_line
from vision.outputs.palette import PAPER, VERDICT_RGB
from vision.outputs.wording import (
    DEFECTS,
    cycle_name,
    cycle_verdict,
    fault_of,
    fault_words,
    kind_word,
    main_fault,
    number_text,
    sentence,
    value_text,
    worst_first,
)
from vision.types import (
    FRONTAL,
    PELVIS_COLUMNS,
    Finding,
    FloatArray,
    ImageArray,
    JudgedCycle,
    Plane,
    Report,
    Verdict,
    other_side,
)

_NEAR_S: Final = 0.3
_CUE_S: Final = (-0.2, 1.2)
_MOST_MARKS: Final = 2
_SURE_DEG: Final = 5.0  # where the pelvis network doubts more, its line is not drawn


@dataclass(frozen=True)
class Shown:
    """One finding as the overlay shows it: its track row, and its live values ``(T,)`` when known."""

    finding: Finding
    row: int
    live: FloatArray | None


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as it is drawn on one picture; ``strong`` in its verdict's colour, else in white."""

    finding: Finding
    text: str
    strong: bool


def to_show(findings: Sequence[Finding], side: str | None) -> list[Finding]:
    """The findings worth drawing in a cycle: faults and cautions, else what is good, else any value.

    ``side`` is the stance side of a step; findings of the other side are left out.
    """
    drawable = [f for f in findings if f.measure in RULES and f.value is not None]
    mine = [f for f in drawable if side is None or f.side in (None, side)]
    defects = [f for f in worst_first(mine) if f.verdict in DEFECTS]
    return defects[:_MOST_MARKS] or worst_first(mine)[:1]


class Scene:
    """Draws a report onto the pictures of its clip, whose points are scaled by ``scale``."""

    def __init__(
        self, report: Report, size_wh: tuple[int, int], scale: float = 1.0, text: float = 1.0
    ) -> None:
        """Prepare for pictures of ``size_wh`` px, ``scale`` times the size the track was measured in.

        ``text`` enlarges the lettering.
        """
        self.report = report
        self.size_wh = size_wh
        self.unit = draw.unit_of(size_wh)
        self.text_px = round(draw.text_px(size_wh) * text)
        self._xy = report.track.xy * scale
        markers = report.track.markers
        self._stickers = None if markers is None else markers.xy * scale
        self._pelvis_deg = _pelvis_deg(report)
        self._figure = draw.figure_of(report.track.skeleton)
        self._cycle_at = self._cycles_by_row()
        self._shown = [self._of_cycle(cycle) for cycle in report.cycles]
        self._verdict_at = self._verdicts_by_row()

    def row_of(self, index: int) -> int | None:
        """The track's row at or before frame ``index`` of the file; None before the first."""
        row = int(np.searchsorted(self.report.track.index, index, side="right")) - 1
        return row if row >= 0 else None

    def draw(self, rgb: ImageArray, index: int) -> None:
        """Draw everything that belongs on frame ``index`` of the file, in place."""
        row = self.row_of(index)
        if row is not None and int(self.report.track.index[row]) == index:
            cycle = int(self._cycle_at[row])
            told = [self._told(shown, row) for shown in self._shown[cycle]] if cycle >= 0 else []
            self.draw_body(rgb, self._xy[row], row, told)
            self._draw_pelvis(rgb, row)
            self._draw_stickers(rgb, row)
        self._draw_chips(rgb, row)

    def _draw_stickers(self, rgb: ImageArray, row: int) -> None:
        """A ring around each sticker that was seen: the sticker itself stays in sight."""
        if self._stickers is not None:
            draw.rings(rgb, self._stickers[row], PAPER, self.unit)

    def _draw_pelvis(self, rgb: ImageArray, row: int) -> None:
        """The pelvis where the network sees it: body points lie level when it does not."""
        track = self.report.track
        if np.isfinite(self._pelvis_deg[row]):
            xy, outline, slope = self._xy[row], track.outline[row], float(self._pelvis_deg[row])
            body = Body(xy, outline, track.skeleton, self.report.view, None, slope)
            draw.bar(rgb, pelvis_line(body), PAPER, self.unit)

    def draw_body(self, rgb: ImageArray, xy: FloatArray, row: int, told: Sequence[Told]) -> None:
        """Draw the limbs at ``xy (K, 2)`` px, the marks of what is told over them, then its texts."""
        track, view = self.report.track, self.report.view
        far = other_side(view.near_side) if view.near_side else None
        draw.skeleton(rgb, xy, self._figure, self.unit, far)
        texts: list[tuple[lettering.Sprite, draw.Mark]] = []
        for one in told:
            finding = one.finding
            near = finding.side or view.near_side
            slope = float(self._pelvis_deg[row])
            body = Body(xy, track.outline[row], track.skeleton, view, near, slope)
            what = mark_for(finding.measure, body)
            if what is None:
                continue
            colour = VERDICT_RGB[finding.verdict] if one.strong else PAPER
            draw.mark(rgb, what, colour, self.unit, strong=one.strong)
            if one.text and np.isfinite(what.label).all():
                sign = finding.verdict if one.strong else None
                texts.append((lettering.chip(one.text, self.text_px, sign, bold=one.strong), what))
        taken: list[draw.Box] = []
        for sprite, what in texts:
            draw.chip_beside(rgb, sprite, what, self.unit, taken)

    def _told(self, shown: Shown, row: int) -> Told:
        """A finding as its moment has it: verdict and error near its frame, else the live value."""
        t_s, finding = self.report.track.t_s, shown.finding
        if abs(t_s[row] - t_s[shown.row]) <= _NEAR_S:
            return Told(finding, value_text(finding), strong=finding.verdict is not Verdict.UNKNOWN)
        live = float(shown.live[row]) if shown.live is not None else np.nan
        text = number_text(live, finding.unit, finding.error95) if np.isfinite(live) else ""
        return Told(finding, text, strong=False)

    def _draw_chips(self, rgb: ImageArray, row: int | None) -> None:
        edge = round(4 * self.unit)
        key = lettering.legend(round(self.text_px * 0.8))
        lettering.paste(rgb, key, edge, self.size_wh[1] - edge - key.size[1])
        top = edge
        for chip in self._chips(row):
            lettering.paste(rgb, chip, edge, top)
            top += chip.size[1] + edge // 2

    def _chips(self, row: int | None) -> Iterator[lettering.Sprite]:
        """From the top down: the counter, the verdict that stands, and the cue just after a fault."""
        cycles = self.report.cycles
        if not cycles or row is None:
            return
        begun = sum(1 for c in cycles if c.cycle.start <= row)
        counter = f"{sentence(kind_word(cycles))} {begun}/{len(cycles)}"
        yield lettering.chip(counter, round(self.text_px * 1.25), bold=True)
        last = int(self._verdict_at[row])
        if last >= 0:
            room = self.size_wh[0] - round(8 * self.unit) - 3 * self.text_px
            text = lettering.fitted(self._verdict_text(cycles[last]), self.text_px, room)
            yield lettering.chip(text, self.text_px, cycle_verdict(cycles[last]))
        cue = self._cue(row)
        if cue:
            yield lettering.chip(f"“{cue}”", round(self.text_px * 1.5), bold=True)

    def _cue(self, row: int) -> str:
        """The cue of a fault that was on screen a moment ago, else an empty text."""
        t_s = self.report.track.t_s
        for shown in (s for cycle in self._shown for s in cycle):
            known = fault_of(shown.finding, self.report)
            since = t_s[row] - t_s[shown.row]
            if known and shown.finding.verdict is Verdict.FAULT and _CUE_S[0] <= since <= _CUE_S[1]:
                return known.cue
        return ""

    def _verdict_text(self, cycle: JudgedCycle) -> str:
        fault = main_fault(cycle)
        verdict = cycle_verdict(cycle)
        words = "not measured" if verdict is Verdict.UNKNOWN else "good"
        if fault is not None:
            words = fault_words(fault, self.report, [cycle])
        return f"{cycle_name(cycle)}: {words}"

    def _cycles_by_row(self) -> NDArray[np.int64]:
        rows = np.full(len(self.report.track), -1)
        for i, cycle in enumerate(self.report.cycles):
            rows[cycle.cycle.start : cycle.cycle.end] = i
        return rows

    def _verdicts_by_row(self) -> NDArray[np.int64]:
        """The cycle whose verdict stands on each row: from its worst moment until the next one's."""
        rows = np.full(len(self.report.track), -1)
        for i, (cycle, shown) in enumerate(zip(self.report.cycles, self._shown, strict=True)):
            faulty = [s.row for s in shown if s.finding.verdict in DEFECTS]
            rows[min(faulty, default=max(cycle.cycle.end - 1, 0)) :] = i
        return rows

    def _of_cycle(self, cycle: JudgedCycle) -> list[Shown]:
        side = cycle.cycle.side
        chosen = to_show(cycle.findings, side) or to_show(self.report.set_findings, side)
        return [Shown(f, self._moment(f, cycle), self._live(f)) for f in chosen]

    def _moment(self, finding: Finding, cycle: JudgedCycle) -> int:
        """Track row of the finding's frame; the cycle's turn where that lies elsewhere."""
        if finding.frame is not None:
            row = self.row_of(finding.frame)
            if row is not None and cycle.cycle.start <= row < cycle.cycle.end:
                return row
        return cycle.cycle.turn

    def _live(self, finding: Finding) -> FloatArray | None:
        curves = [
            c for c in self.report.curves if c.name == finding.measure and c.side in (finding.side, None)
        ]
        return curves[0].value if curves else None


def _pelvis_deg(report: Report) -> FloatArray:
    """Slope ``(T,)`` of the pelvis in the picture by the network, calmed over neighbours; NaN without it."""
    seen = report.track.pelvis
    if seen is None or report.track.markers is not None or report.view.plane is not Plane.FRONTAL:
        return np.full(len(report.track), np.nan)
    slope, doubt = (seen[:, FRONTAL, PELVIS_COLUMNS.index(name)] for name in ("pelvis", "pelvis_sd"))
    slope = np.where(doubt <= _SURE_DEG, slope, np.nan)
    around = np.stack([np.roll(slope, k) for k in range(-2, 3)])
    near = np.isfinite(around).any(axis=0)  # the network looks at every second or third picture
    out = np.full(len(slope), np.nan)
    out[near] = np.nanmedian(around[:, near], axis=0)
    return out
