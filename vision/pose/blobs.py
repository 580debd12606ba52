"""Stickers as spots of colour in one picture: what a sticker looks like, and where such spots are.

A pixel that a sticker covers partly, at its edge or in motion blur, is a mixture of the sticker's
colour and what lies behind it. The share of the sticker in it, read along the direction in colour in
which the two differ and the surroundings do not vary, weighs the pixel in the spot's centre; so a
blurred spot has its centre where the sticker was on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.types import FloatArray, ImageArray

FloatImage = NDArray[np.float32]

LEAST_SHARE: Final = 0.3  # of the sticker's colour in a pixel that belongs to a spot
LEAST_MASS: Final = 0.35  # of a sticker's own area, below which a spot is not taken for it
MOST_MASS: Final = 1.8  # beyond it two have run together
MOST_SPOTS: Final = 8
LEAST_AREA: Final = 6.0  # px of a sticker that can be followed
LEAST_UNLIKE: Final = 40.0  # grey levels between a sticker's colour and that around it
FLOOR_SD_PX: Final = 0.13
"""Standard deviation of a centre in px that compression and colour sampling leave in any case."""

HIDDEN_SD: Final = 0.5  # how far a part hidden or added may pull the centre, in radii times its share
_SPREAD: Final = 36.0  # variance in grey levels that no background is calmer than
_UNLIKE: Final = 0.45  # of the way from sticker to background, a spot's colour may be off


@dataclass(frozen=True, slots=True)
class Spot:
    """A spot that may be a sticker: ``x``, ``y`` and ``sd`` px, ``mass`` its area in px."""

    x: float
    y: float
    sd: float
    mass: float


@dataclass(frozen=True)
class Look:
    """What a sticker looks like: ``colour (3,)`` RGB, that of its surroundings, and its area in px.

    ``axis (3,)`` and ``zero`` give a pixel's share of sticker as ``axis @ rgb - zero``.
    """

    colour: FloatArray
    around: FloatArray
    axis: FloatArray
    zero: float
    mass: float

    @property
    def radius_px(self) -> float:
        """Radius of a disc of its area."""
        return float(np.sqrt(self.mass / np.pi))


def learn(rgb: ImageArray, x: float, y: float, reach_px: float) -> Look | None:
    """The look of the sticker at ``x``, ``y`` px, no wider than ``reach_px``; None where there is none."""
    crop, left, top = cut(rgb, x, y, 2 * reach_px)
    if min(crop.shape[:2]) < 5:
        return None
    distance = _distance(crop.shape, x - left, y - top)
    core, around = crop[distance <= max(1.5, 0.05 * reach_px)], crop[distance > reach_px]
    if not len(core) or len(around) < 12:
        return None
    colour = np.median(core, axis=0).astype(np.float64)
    first = _learnt(crop, distance, colour, around, reach_px)
    if first is None:
        return None
    second = _learnt(crop, distance, first[0].colour, first[1], reach_px)
    if second is None:
        return None
    look = second[0]
    unlike = float(np.linalg.norm(look.colour - look.around))
    small = look.mass < LEAST_AREA or look.radius_px > 0.6 * reach_px
    return None if small or unlike < LEAST_UNLIKE else look


def _learnt(
    crop: ImageArray, distance: FloatArray, colour: FloatArray, around: NDArray[Any], reach_px: float
) -> tuple[Look, NDArray[Any]] | None:
    """A sharper look, and the pixels around it, from a first guess of its colour and surroundings."""
    axis, zero, middle = _contrast(colour, around)
    share = _share(crop, axis, zero)
    patch = _component(share, distance)
    if patch is None:
        return None
    solid = patch & (share > 0.7)
    colour = np.median(crop[solid if solid.any() else patch], axis=0).astype(np.float64)
    wide = _grown(patch)
    around = crop[~wide & (share < LEAST_SHARE) & (distance < 2 * reach_px)]
    if len(around) < 12:
        return None
    mass = float(np.clip(share, 0, 1.2)[wide].sum())
    return Look(colour, middle, axis, zero, mass), around


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask and two pixels around it."""
    kernel = np.ones((5, 5), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel), np.uint8) > 0


def spots(rgb: ImageArray, look: Look, box: tuple[int, int, int, int], scale: float = 1.0) -> list[Spot]:
    """Spots like ``look`` within ``box`` (left, top, right, low px), the likeliest first.

    ``scale`` is how much larger the athlete is than when the look was learnt.
    """
    left, top, right, low = box
    crop = rgb[top:low, left:right]
    if min(crop.shape[:2], default=0) < 5:
        return []
    share = _share(crop, look.axis, look.zero)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (share > LEAST_SHARE).astype(np.uint8), connectivity=8
    )
    expected = look.mass * scale**2
    found: list[tuple[float, Spot]] = []
    for label in range(1, int(count)):
        area = float(np.asarray(stats)[label, cv2.CC_STAT_AREA])
        if not 0.25 * expected < area < 4.0 * expected + 12:
            continue
        spot = _refined(crop, np.asarray(labels, np.int32), label, look, expected)
        if spot is not None:
            unlikely = abs(float(np.log(spot.mass / expected)))
            found.append((unlikely, Spot(spot.x + left, spot.y + top, spot.sd, spot.mass)))
    found.sort(key=lambda pair: pair[0])
    return [spot for _, spot in found[:MOST_SPOTS]]


def _refined(
    crop: ImageArray, labels: NDArray[np.int32], label: int, look: Look, expected: float
) -> Spot | None:
    """The sub-pixel centre of one spot against what lies around it in this very picture."""
    rows, columns = np.nonzero(labels == label)
    radius = float(np.sqrt(expected / np.pi))
    pad = int(np.ceil(1.6 * radius)) + 2
    top, low = max(int(rows.min()) - pad, 0), int(rows.max()) + pad + 1
    left, right = max(int(columns.min()) - pad, 0), int(columns.max()) + pad + 1
    part = crop[top:low, left:right].astype(np.float64)
    mine = labels[top:low, left:right]
    own, other = _grown(mine == label), _grown((mine > 0) & (mine != label))
    ring = part[~own & ~other]
    if len(ring) < 12:
        return None
    axis, zero, middle = _contrast(look.colour, ring)
    share = part @ axis - zero
    noise = float(np.std(share[~own & ~other]))
    weight = np.where(own & ~other, np.clip(share, 0, 1.2), 0.0)
    weight[weight < max(0.08, min(2 * noise, 0.3))] = 0.0
    mass = float(weight.sum())
    if not LEAST_MASS * expected < mass < MOST_MASS * expected + 8 or not _alike(part, weight, look, middle):
        return None
    y, x = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
    cx, cy = float((weight * x).sum() / mass), float((weight * y).sum() / mass)
    spread = float((((x - cx) ** 2 + (y - cy) ** 2) / 2 * own).sum())
    sd = np.hypot(FLOOR_SD_PX, noise * np.sqrt(spread) / mass)
    sd = np.hypot(sd, HIDDEN_SD * radius * max(0.0, abs(mass / expected - 1.0) - 0.2))
    return Spot(cx + left, cy + top, float(sd), mass)


def _alike(part: FloatArray, weight: FloatArray, look: Look, around: FloatArray) -> bool:
    """Whether the spot's strongest pixels are of the sticker's colour, brightness apart."""
    strong = weight >= 0.75 * weight.max()
    seen = (part[strong] * weight[strong][:, None]).sum(axis=0) / weight[strong].sum()
    share = float(np.clip(weight[strong].mean(), 0.3, 1.0))
    expected = share * look.colour + (1 - share) * around

    def hue(colour: FloatArray) -> FloatArray:
        return colour / (colour.sum() + 30.0)

    return bool(
        np.linalg.norm(hue(seen) - hue(expected))
        < _UNLIKE * np.linalg.norm(hue(look.colour) - hue(around)) + 0.02
    )


def cut(rgb: ImageArray, x: float, y: float, reach: float) -> tuple[ImageArray, int, int]:
    """The square of half side ``reach`` px around ``x``, ``y`` as far as it is in the picture; its corner."""
    left, top = max(0, int(x - reach)), max(0, int(y - reach))
    return rgb[top : max(int(y + reach) + 1, 0), left : max(int(x + reach) + 1, 0)], left, top


def _distance(shape: tuple[int, ...], x: float, y: float) -> FloatArray:
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    return np.hypot(columns - x, rows - y)


def _contrast(colour: FloatArray, around: NDArray[Any]) -> tuple[FloatArray, float, FloatArray]:
    """Axis, zero and middle of the surroundings' colours, for a share of 1 at the sticker's colour."""
    pixels = np.asarray(around, np.float64).reshape(-1, 3)
    middle = np.median(pixels, axis=0)
    off = pixels - middle
    spread = off.T @ off / len(off) + _SPREAD * np.eye(3)
    axis = np.asarray(np.linalg.solve(spread, colour - middle), np.float64)
    axis = axis / max(float(axis @ (colour - middle)), 1e-9)
    return axis, float(axis @ middle), np.asarray(middle, np.float64)


def _share(crop: ImageArray, axis: FloatArray, zero: float) -> FloatImage:
    return cast(FloatImage, crop.astype(np.float32) @ axis.astype(np.float32) - np.float32(zero))


def _component(share: FloatImage, distance: FloatArray) -> NDArray[np.bool_] | None:
    """The connected patch of sticker at or next to where the distance is 0."""
    _, found = cv2.connectedComponents((share > 0.5).astype(np.uint8), connectivity=8)
    labels = np.asarray(found, np.int32)
    near = np.where(labels > 0, distance, np.inf)
    row, column = np.unravel_index(int(np.argmin(near)), near.shape)
    return labels == labels[row, column] if near[row, column] <= 3.0 else None
