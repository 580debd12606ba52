"""The kinogram as coaches set it out: five pictures a step, the left side's steps above the right's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import cv2
import numpy as np

from vision.movements.common import leg_px
from vision.movements.sprint import TIMING_FPS
from vision.movements.sprint_events import same_foot_twice
from vision.outputs import draw, lettering
from vision.outputs.palette import INK
from vision.outputs.wording import number_text, with_error
from vision.types import KINOGRAM, SIDES, FloatArray, Frame, ImageArray, Kinogram, Report, other_side

TITLES: Final[Mapping[str, str]] = {
    "toe_off": "Toe-off",
    "max_flight": "Highest flight",
    "strike": "Strike",
    "touch_down": "Touch-down",
    "full_support": "Full support",
}

MOST_STEPS: Final = 6
"""Steps of each side that the strip shows."""

_TILE_WH: Final = (264, 330)
_GAP: Final = 6
_FOOT: Final = 24
_HEAD: Final = 30
_TALL_LEGS: Final = 3.0
_UP: Final = 0.06  # of the tile: how far the mid-hip stands below its middle
_TEXT: Final = 15
_MOST_ENLARGED: Final = 4.0


def rows(report: Report) -> tuple[Kinogram, ...]:
    """The rows that the strip shows, the left side's first: of each side those with the most pictures."""
    shown: list[Kinogram] = []
    for side in SIDES:
        full = sorted((k for k in report.kinogram if k.side == side), key=_pictures, reverse=True)
        shown += sorted(full[:MOST_STEPS], key=lambda row: row.step)
    return tuple(shown)


def _pictures(row: Kinogram) -> tuple[bool, int]:
    """What a row has to show: corrected by hand it is wanted, else the more pictures the better."""
    return bool(row.by_hand), sum(frame is not None for frame in row.frames.values())


def frames_of(report: Report) -> frozenset[int]:
    """Numbers in the file of the pictures that the strip needs."""
    return frozenset(frame for row in rows(report) for frame in row.frames.values() if frame is not None)


def strip_png(report: Report, frames: Iterable[Frame]) -> bytes | None:
    """The strip as PNG bytes from the pictures :func:`frames_of` names; None without a kinogram."""
    shown = rows(report)
    if not shown:
        return None
    sheet = _sheet(shown, tiles(report, frames), remarks(report))
    done, png = cv2.imencode(".png", cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    return png.tobytes() if done else None


def tiles(report: Report, frames: Iterable[Frame]) -> dict[int, ImageArray]:
    """Pictures as the strip has them, by their number in the file."""
    return {frame.index: _tile(report, frame) for frame in frames}


def remarks(report: Report) -> tuple[str, ...]:
    """What whoever reads the strip should know of it: its frame rate, what is missing, mixed up sides."""
    fps = report.track.fps
    told = [f"{fps:.0f} pictures a second: each may be {500 / fps:.0f} ms from the moment it stands for."]
    if fps < TIMING_FPS:
        told[0] += " Too few to time the ground contact."
    if any(frame is None for row in rows(report) for frame in row.frames.values()):
        told.append("Not seen: outside the clip, or the foot or the background could not be followed there.")
    if twice := mixed_up(report):
        told.append(
            f"Left and right are not sure: {_often(twice)} the same foot seems to land twice in a row, so "
            "the body points changed legs."
        )
    return tuple(told)


def _often(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def mixed_up(report: Report) -> int:
    """How often one foot seems to land twice within the time of a single step."""
    return same_foot_twice([k.turn_s for k in report.cycles], [k.cycle.side for k in report.cycles])


def _sheet(shown: Sequence[Kinogram], made: Mapping[int, ImageArray], below: Sequence[str]) -> ImageArray:
    wide, high = _TILE_WH
    left = round(_TEXT * 7.5)
    foot = _HEAD + len(shown) * (high + _GAP)
    size = left + len(KINOGRAM) * (wide + _GAP), foot + _FOOT * len(below)
    sheet = np.full((size[1], size[0], 3), INK, np.uint8)
    for line, text in enumerate(below):
        lettering.paste(sheet, lettering.chip(text, _TEXT), 2, foot + line * _FOOT)
    for column, name in enumerate(KINOGRAM):
        head = lettering.chip(TITLES[name], _TEXT + 3, bold=True)
        lettering.paste(sheet, head, left + column * (wide + _GAP), 2)
    for number, row in enumerate(shown):
        top = _HEAD + number * (high + _GAP)
        for line, text in enumerate((row.side.capitalize(), f"step {row.step + 1}", *_by_hand(row))):
            label = lettering.chip(text, _TEXT, bold=line == 0)
            lettering.paste(sheet, label, 2, top + line * (_TEXT * 2))
        for column, name in enumerate(KINOGRAM):
            x = left + column * (wide + _GAP)
            frame, t_s = row.frames[name], row.t_s[name]
            if frame is None or frame not in made:
                lettering.paste(sheet, lettering.chip("not seen", _TEXT), x + wide // 3, top + high // 2)
                continue
            sheet[top : top + high, x : x + wide] = made[frame]
            stamp = f"frame {frame} · {t_s:.3f} s" if t_s is not None else f"frame {frame}"
            lettering.paste(sheet, lettering.chip(stamp, _TEXT - 3), x + 2, top + high - 2 * _TEXT)
    return sheet


def _by_hand(row: Kinogram) -> list[str]:
    return ["by hand"] if row.by_hand else []


def _tile(report: Report, frame: Frame) -> ImageArray:
    """The runner cut out around the mid-hip, all tiles to one scale, with limbs and thigh angles."""
    track = report.track
    wide, high = _TILE_WH
    row = int(np.searchsorted(track.index, frame.index))
    xy = track.xy[min(row, len(track) - 1)]
    scale = min(high / (_TALL_LEGS * leg_px(track)), _MOST_ENLARGED)
    hip = np.nanmean(xy[track.skeleton.rows("left_hip", "right_hip")], axis=0)
    if not np.isfinite(hip).all():
        hip = np.array(track.size_wh) / 2
    corner = hip * scale - np.array([wide / 2, high * (0.5 + _UP)])
    shift = np.array([[scale, 0, -corner[0]], [0, scale, -corner[1]]])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = np.ascontiguousarray(cv2.warpAffine(frame.rgb, shift, _TILE_WH, flags=how), dtype=np.uint8)
    near = report.view.near_side
    far = other_side(near) if near else None
    draw.skeleton(picture, xy * scale - corner, draw.figure_of(track.skeleton), 1.0, far)
    for line, text in enumerate(_angles(report, row)):
        lettering.paste(picture, lettering.chip(text, _TEXT - 3), 2, 2 + line * 2 * (_TEXT - 4))
    return picture


def _angles(report: Report, row: int) -> list[str]:
    """Both thighs' angles with the error of the thigh's own measure; nothing where that is not known."""
    texts: list[str] = []
    for side in SIDES:
        value, error95 = _thigh(report, row, side), _error95(report, side)
        if np.isfinite(value) and error95 is not None:
            texts.append(f"{side} thigh {with_error(value, 'deg', error95)}")
    return texts


def _thigh(report: Report, row: int, side: str) -> float:
    curve: FloatArray | None = next(
        (c.value for c in report.curves if c.name == "thigh_angle" and c.side == side), None
    )
    return float(curve[row]) if curve is not None and row < len(curve) else float("nan")


def _error95(report: Report, side: str) -> float | None:
    found = (f for c in report.cycles for f in c.findings if f.measure == "thigh_flexion_max")
    known = [f.error95 for f in found if f.side == side and f.error95 is not None]
    return max(known, default=None)


def alt_text(report: Report) -> str:
    """What the strip shows, for those who cannot see it."""
    pictures = number_text(sum(f is not None for r in rows(report) for f in r.frames.values()), "")
    return f"Kinogram of {len(rows(report))} steps, {pictures} pictures"
