"""Key stills for the page: the best and the worst repetition side by side, the fault drawn in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from vision.outputs.scene import Scene, Told, to_show
from vision.outputs.wording import DEFECTS, main_fault, value_text
from vision.types import Finding, FloatArray, Frame, ImageArray, JudgedCycle, Report, Verdict

_NEAR_TURN_S: Final = 0.25
_TEXT: Final = 1.15
_LEAST_ASPECT: Final = 1.0
_MARGIN: Final = 0.22
_HEIGHT_PX: Final = 760
_MOST_WIDTH_PX: Final = 1000
_MOST_ENLARGED: Final = 2.5
_JPEG_QUALITY: Final = 84


@dataclass(frozen=True, slots=True)
class StillPlan:
    """A picture worth showing: ``role`` best or worst, its cycle, track ``row`` and what to draw."""

    role: str
    cycle: JudgedCycle
    row: int
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Still:
    """A finished still as JPEG bytes, with its size in px and its plan."""

    plan: StillPlan
    jpeg: bytes
    size_wh: tuple[int, int]


def _row_of(report: Report, finding: Finding | None, cycle: JudgedCycle) -> int:
    """Track row of the finding's frame; the turn where that is meant or tells more."""
    track, turn = report.track, min(cycle.cycle.turn, len(report.track) - 1)
    if finding is None or finding.frame is None:
        return turn
    row = int(np.searchsorted(track.index, finding.frame))
    if not cycle.cycle.start <= row < min(cycle.cycle.end, len(track)):
        return turn
    near = abs(track.t_s[row] - track.t_s[turn]) <= _NEAR_TURN_S
    return row if near or finding.verdict in DEFECTS else turn


def _same(finding: Finding, findings: Sequence[Finding]) -> Finding | None:
    known = (f for f in findings if f.value is not None)
    return next((f for f in known if (f.measure, f.side) == (finding.measure, finding.side)), None)


def plan(report: Report) -> tuple[StillPlan, ...]:
    """The best and the worst cycle, both at the moment of the worst one's fault; fewer when alike."""
    judged = [c for c in report.cycles if c.score is not None and c.cycle.turn < len(report.track)]
    if not judged:
        return ()
    best = max(judged, key=lambda c: (c.score or 0, -c.index))
    worst = min(judged, key=lambda c: (c.score or 0, c.index))
    fault = main_fault(worst)
    if worst is best or (fault is None and best.score == worst.score):
        shown = next(iter(to_show(best.findings, best.cycle.side)), None)
        return (StillPlan("best", best, _row_of(report, shown, best), shown),)
    same = _same(fault, best.findings) if fault else None
    return (
        StillPlan("best", best, _row_of(report, same, best), same),
        StillPlan("worst", worst, _row_of(report, fault, worst), fault),
    )


def frames_of(report: Report, plans: Sequence[StillPlan]) -> frozenset[int]:
    """Numbers in the file of the frames that ``plans`` need."""
    return frozenset(int(report.track.index[p.row]) for p in plans)


def crop(bodies: Sequence[FloatArray], size_wh: tuple[int, int]) -> tuple[int, int]:
    """Width and height px that hold each of the ``bodies`` ``(K, 2)`` with room around it."""
    spans = [np.nanmax(xy, axis=0) - np.nanmin(xy, axis=0) for xy in bodies if np.isfinite(xy).any()]
    if not spans:
        return size_wh
    span = np.max(spans, axis=0)
    room = span + 2 * _MARGIN * float(span.max())
    room[0] = max(room[0], _LEAST_ASPECT * room[1])
    room[1] = max(room[1], 0.5 * room[0])
    return min(int(room[0]), size_wh[0]), min(int(room[1]), size_wh[1])


def _corner(xy: FloatArray, crop_wh: tuple[int, int], size_wh: tuple[int, int]) -> tuple[int, int]:
    seen = np.isfinite(xy).any()
    middle = (np.nanmax(xy, axis=0) + np.nanmin(xy, axis=0)) / 2 if seen else np.array(size_wh) / 2
    room = np.array(size_wh) - np.array(crop_wh)
    x, y = np.clip(middle - np.array(crop_wh) / 2, 0, room)
    return int(x), int(y)


def _draw(report: Report, one: StillPlan, frame: Frame, crop_wh: tuple[int, int]) -> ImageArray:
    """The cropped, enlarged picture with its mark."""
    xy = report.track.xy[one.row]
    size_wh = (frame.rgb.shape[1], frame.rgb.shape[0])
    x, y = _corner(xy, crop_wh, size_wh)
    part = frame.rgb[y : y + crop_wh[1], x : x + crop_wh[0]]
    scale = min(_HEIGHT_PX / crop_wh[1], _MOST_WIDTH_PX / crop_wh[0], _MOST_ENLARGED)
    out_wh = (round(crop_wh[0] * scale), round(crop_wh[1] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = np.ascontiguousarray(cv2.resize(part, out_wh, interpolation=how), dtype=np.uint8)
    found = one.finding
    told = [Told(found, value_text(found), found.verdict is not Verdict.UNKNOWN)] if found else []
    Scene(report, out_wh, text=_TEXT).draw_body(picture, (xy - (x, y)) * scale, one.row, told)
    return picture


def make(report: Report, plans: Sequence[StillPlan], frames: Mapping[int, Frame]) -> tuple[Still, ...]:
    """Draw and encode the stills of ``plans`` whose frames are among ``frames``, all cut alike."""
    found = [(p, frames.get(int(report.track.index[p.row]))) for p in plans]
    ready = [(p, f) for p, f in found if f is not None]
    crop_wh = crop([report.track.xy[p.row] for p, _ in ready], report.track.size_wh)
    stills: list[Still] = []
    for one, frame in ready:
        picture = _draw(report, one, frame, crop_wh)
        options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
        done, jpeg = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
        if done:
            stills.append(Still(one, jpeg.tobytes(), (picture.shape[1], picture.shape[0])))
    return tuple(stills)
