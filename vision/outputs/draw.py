"""Drawing on a picture: lines with a dark edge, the skeleton, marks and chips.

Every function here draws on the ``(H, W, 3)`` uint8 array it is given, in place, and skips what is
NaN. Points are ``(x, y)`` px. ``unit`` is the width in px of a thin line, see :func:`unit_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.outputs.lettering import Sprite, paste
from vision.outputs.palette import INK, LEFT, PAPER, RIGHT, TRUNK, Rgb
from vision.types import SIDES, FloatArray, ImageArray, Skeleton

_FRACTION_BITS: Final = 4
_THIN_PER_SHORT_SIDE: Final = 1 / 360
_TEXT_PER_SHORT_SIDE: Final = 0.036
_LEAST_TEXT_PX: Final = 12
_LABEL_GAP: Final = 7.0
_DASH: Final = (6.5, 4.5)
_RING: Final = 6.0
_HIDDEN_PARTS: Final = ("ear", "eye", "mouth", "pinky", "index", "thumb")
_SIDE_COLOUR: Final = {"left": LEFT, "right": RIGHT}
_DOTTED_PARTS: Final = ("shoulder", "hip", "knee", "ankle")


def unit_of(size_wh: tuple[int, int]) -> float:
    """Width in px of a thin line on a picture of that size, at least 0.8."""
    return max(0.8, min(size_wh) * _THIN_PER_SHORT_SIDE)


def text_px(size_wh: tuple[int, int]) -> int:
    """Height in px of plain text on a picture of that size."""
    return max(_LEAST_TEXT_PX, round(min(size_wh) * _TEXT_PER_SHORT_SIDE))


def _fixed(points: FloatArray) -> NDArray[np.int32]:
    return np.round(points * (1 << _FRACTION_BITS)).astype(np.int32)


def lines(rgb: ImageArray, paths: Sequence[FloatArray] | FloatArray, colour: Rgb, width: float) -> None:
    """Draw polylines ``(n, 2)`` px with smooth edges; one with a NaN in it is left out.

    Segments are best given together as ``(m, 2, 2)``.
    """
    if isinstance(paths, np.ndarray):
        sound: Any = _fixed(paths[np.isfinite(paths).all(axis=(1, 2))])
    else:
        sound = [_fixed(p) for p in paths if len(p) > 1 and bool(np.isfinite(p).all())]
    if len(sound):
        cv2.polylines(rgb, sound, False, colour, max(1, round(width)), cv2.LINE_AA, _FRACTION_BITS)


def dots(rgb: ImageArray, points: FloatArray, colour: Rgb, radius: float) -> None:
    """Draw discs at ``points (n, 2)`` px."""
    size = round(radius * (1 << _FRACTION_BITS))
    for x, y in _fixed(points[np.isfinite(points).all(axis=1)]).tolist():
        cv2.circle(rgb, (x, y), size, colour, -1, cv2.LINE_AA, _FRACTION_BITS)


def rings(rgb: ImageArray, points: FloatArray, colour: Rgb, unit: float) -> None:
    """Draw circles with dark edges around ``points (n, 2)`` px."""
    size = round(_RING * unit * (1 << _FRACTION_BITS))
    for x, y in _fixed(points[np.isfinite(points).all(axis=1)]).tolist():
        for ink, width in ((INK, 3.0), (colour, 1.4)):
            cv2.circle(rgb, (x, y), size, ink, max(1, round(width * unit)), cv2.LINE_AA, _FRACTION_BITS)


def bar(rgb: ImageArray, ends: FloatArray, colour: Rgb, unit: float) -> None:
    """Draw a thick line with dark edges between two ``ends (2, 2)`` px, if both are seen."""
    lines(rgb, [ends], INK, 5.4 * unit)
    lines(rgb, [ends], colour, 3.4 * unit)


def dashes(segments: FloatArray, unit: float) -> FloatArray:
    """Cut ``segments (n, 2, 2)`` px into dashes ``(m, 2, 2)`` whose lengths go with ``unit``."""
    on, period = _DASH[0] * unit, (_DASH[0] + _DASH[1]) * unit
    start, along = segments[:, 0], segments[:, 1] - segments[:, 0]
    length = np.hypot(along[:, 0], along[:, 1])
    count = np.where(length > 0, np.ceil(length / period), 0).astype(np.intp)
    which = np.repeat(np.arange(len(segments)), count)
    begin = (np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)) * period
    ends = np.stack([begin, np.minimum(begin + on, length[which])], axis=1) / length[which, None]
    return start[which, None] + ends[:, :, None] * along[which, None]


@dataclass(frozen=True, slots=True)
class Mark:
    """What shows a measure on the body: solid ``paths``, dashed ``guides`` for the ideal, ``joints``.

    Paths are ``(n, 2)`` px, guides ``(2, 2)``; ``anchor`` is the place that the number speaks of,
    ``label`` the nearest place beside the body, and ``away`` the direction (unit vector) in which there
    is room from there.
    """

    paths: tuple[FloatArray, ...]
    guides: tuple[FloatArray, ...]
    joints: FloatArray
    anchor: FloatArray
    label: FloatArray
    away: FloatArray


def mark(rgb: ImageArray, what: Mark, colour: Rgb, unit: float, *, strong: bool) -> None:
    """Draw ``what``: guides dashed in white, the athlete's own lines in ``colour``, dark edges to both."""
    width = (2.6 if strong else 1.6) * unit
    guides = dashes(np.array(what.guides).reshape(-1, 2, 2), unit)
    lines(rgb, guides, INK, unit * 2.4)
    lines(rgb, what.paths, INK, width + 2 * unit)
    lines(rgb, guides, PAPER, unit)
    lines(rgb, what.paths, colour, width)
    dots(rgb, what.joints, INK, width * 1.3 + unit)
    dots(rgb, what.joints, colour, width * 1.3)


Box = tuple[int, int, int, int]
"""Left, top, right and lower edge px of something that stands on the picture."""


def _free(box: Box, taken: Sequence[Box]) -> Box:
    """``box`` moved down until it touches none of ``taken``."""
    left, top, right, low = box
    for _ in taken:
        for a, b, c, d in taken:
            if left < c and a < right and top < d and b < low:
                top, low = d + 1, d + 1 + low - top
    return left, top, right, low


def chip_beside(rgb: ImageArray, sprite: Sprite, what: Mark, unit: float, taken: list[Box]) -> None:
    """Paste a chip beside a mark's anchor, inside the picture and clear of ``taken``; add it there."""
    size = np.array(sprite.size)
    corner = what.label + what.away * (size / 2 + _LABEL_GAP * unit) - size / 2
    edge = round(2 * unit)
    room = np.array([rgb.shape[1], rgb.shape[0]]) - size - edge
    left, top = (int(v) for v in np.maximum(np.minimum(corner, room), edge))
    box = _free((left, top, left + sprite.size[0], top + sprite.size[1]), taken)
    taken.append(box)
    middle = np.array([box[0] + box[2], box[1] + box[3]]) / 2
    near = middle - what.away * size / 2
    if float(np.dot(near - what.anchor, what.away)) > 2 * _LABEL_GAP * unit:
        leader = np.array([[what.anchor, near]])
        lines(rgb, leader, INK, 2.4 * unit)
        lines(rgb, leader, PAPER, unit)
    paste(rgb, sprite, box[0], box[1])


@dataclass(frozen=True)
class Figure:
    """Which rows of a skeleton's points are drawn: ends ``(n, 2)`` of limbs, and joints, by side."""

    middle: NDArray[np.intp]
    limbs: Mapping[str, NDArray[np.intp]]
    joints: Mapping[str, NDArray[np.intp]]


def figure_of(skeleton: Skeleton) -> Figure:
    """Sort a skeleton's lines into left, right and middle; the face and the fingers are not drawn."""
    groups: dict[str, list[tuple[int, int]]] = {"middle": [], **{side: [] for side in SIDES}}
    for a, b in skeleton.edges:
        if any(name.endswith(f"_{part}") for name in (a, b) for part in _HIDDEN_PARTS):
            continue
        side = a.partition("_")[0]
        group = side if side in SIDES and b.startswith(f"{side}_") else "middle"
        groups[group].append((skeleton.index[a], skeleton.index[b]))
    limbs = {name: np.array(pairs, dtype=np.intp).reshape(-1, 2) for name, pairs in groups.items()}
    names = {side: [f"{side}_{part}" for part in _DOTTED_PARTS] for side in SIDES}
    joints = {side: skeleton.rows(*(n for n in names[side] if n in skeleton.index)) for side in SIDES}
    return Figure(limbs.pop("middle"), limbs, joints)


def skeleton(
    rgb: ImageArray, xy: FloatArray, figure: Figure, unit: float, far_side: str | None = None
) -> None:
    """Draw the athlete's limbs: left blue and solid, right yellow and dashed, the far side thinner.

    ``xy`` is ``(K, 2)`` px. Every limb has a dark edge, so that it reads on any background.
    """
    width = {"left": 2.0, "right": 2.0, far_side: 1.2}
    lines(rgb, xy[figure.middle], INK, 3.0 * unit)
    lines(rgb, xy[figure.middle], TRUNK, 1.4 * unit)
    for side in sorted(SIDES, key=lambda s: s != far_side):
        limbs, joints, colour = xy[figure.limbs[side]], xy[figure.joints[side]], _SIDE_COLOUR[side]
        strokes = limbs if side == "left" else dashes(limbs, unit)
        lines(rgb, limbs, INK, (width[side] + 1.6) * unit)
        lines(rgb, strokes, colour, width[side] * unit)
        dots(rgb, joints, INK, (width[side] + 1.4) * unit)
        dots(rgb, joints, colour, (width[side] + 0.4) * unit)
