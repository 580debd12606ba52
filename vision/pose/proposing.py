"""Stickers proposed without a click: small patches of strong colour that stand out near the pelvis."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Final

import cv2
import numpy as np

from vision.pose.blobs import Look, learn, spots
from vision.pose.linking import Frame as Body
from vision.pose.markers import REACH, Click, MarkerError
from vision.types import FloatArray, ImageArray

NEAR: Final = 0.75  # trunk lengths around the hips
SMALL: Final = (0.012, 0.09)  # least and largest radius, trunk lengths
STANDS_OUT: Final = 60.0  # grey levels against the surroundings
COLOURED: Final = 60.0  # grey levels between a sticker's strongest and weakest channel
_SPACING: Final = (0.08, 0.75)
_MOST: Final = 10
_BLACK: Final = 30.0

NOT_FOUND: Final = (
    "expected two to four bright stickers near the pelvis, found no such group; "
    "click them yourself (docs/markers.md)"
)


def propose(rgb: ImageArray, body: Body, seen_from: str | None) -> list[Click]:
    """Stickers in a picture, named by the side from which the athlete is seen.

    Raises MarkerError where no group makes sense.
    """
    patches = _patches(rgb, body)
    local = body.local(np.array([xy for xy, _ in patches])) if patches else np.zeros((0, 2))
    if seen_from in ("front", "rear"):
        named = _pair(patches, local, rear=seen_from == "rear")
    else:
        named = _side(patches, local, 1.0 if seen_from == "right" else -1.0)
    if not named:
        raise MarkerError(NOT_FOUND)
    height, width = rgb.shape[:2]
    return [
        Click(name, float(patches[i][0][0]) / width, float(patches[i][0][1]) / height)
        for name, i in named.items()
    ]


def _patches(rgb: ImageArray, body: Body) -> list[tuple[FloatArray, Look]]:
    """Middles and looks of patches that stand out from their surroundings, near the hips."""
    reach, corner = NEAR * body.trunk_px, body.hip + 0.1 * body.trunk_px * body.up - NEAR * body.trunk_px
    left, top = (max(int(v), 0) for v in corner)
    crop = np.ascontiguousarray(rgb[top : top + int(2 * reach) + 1, left : left + int(2 * reach) + 1])
    if min(crop.shape[:2], default=0) < 9:
        return []
    smooth = np.asarray(cv2.medianBlur(crop, min(int(0.2 * body.trunk_px) // 2 * 2 + 1, 255)), np.float32)
    apart = np.asarray(np.linalg.norm(crop.astype(np.float32) - smooth, axis=2), np.float32)
    _, _, boxes, centroids = cv2.connectedComponentsWithStats(
        (apart > STANDS_OUT).astype(np.uint8), connectivity=8
    )
    stats, middles = np.asarray(boxes, np.float64), np.asarray(centroids, np.float64)
    found: list[tuple[float, FloatArray, Look]] = []
    for row, middle in zip(stats[1:], middles[1:], strict=True):
        wide, high, area = (float(v) for v in row[2:])
        radius = np.sqrt(area / np.pi) / body.trunk_px
        if (
            not SMALL[0] <= radius <= SMALL[1]
            or area < 0.5 * wide * high
            or max(wide, high) > 2.5 * min(wide, high)
        ):
            continue
        at = middle + (left, top)
        look = learn(rgb, float(at[0]), float(at[1]), REACH * body.trunk_px)
        if look is not None and np.ptp(look.colour) >= COLOURED:
            found.append((float(np.linalg.norm(look.colour - look.around)), at, look))
    found.sort(key=lambda row: -row[0])
    patches = [(at, look) for _, at, look in found[:_MOST]]
    box = (left, top, left + crop.shape[1], top + crop.shape[0])
    return patches + (_alike(rgb, patches[0][1], box, patches) if patches else [])


def _alike(
    rgb: ImageArray,
    look: Look,
    box: tuple[int, int, int, int],
    patches: list[tuple[FloatArray, Look]],
) -> list[tuple[FloatArray, Look]]:
    """Spots of one patch's colour that did not stand out enough by themselves."""
    new: list[tuple[FloatArray, Look]] = []
    for spot in spots(rgb, look, box):
        at = np.array([spot.x, spot.y])
        if all(np.hypot(*(at - known)) > look.radius_px for known, _ in [*patches, *new]):
            new.append((at, replace(look, mass=spot.mass)))
    return new


def _unlike(a: Look, b: Look) -> float:
    """How different two patches are in hue and size; two stickers of a set stay below 0.5."""
    hues = [look.colour / (look.colour.sum() + _BLACK) for look in (a, b)]
    return float(np.linalg.norm(hues[0] - hues[1]) / 0.12 + abs(np.log(a.mass / b.mass)) / 2)


def _pair(patches: list[tuple[FloatArray, Look]], local: FloatArray, *, rear: bool) -> dict[str, int]:
    """The likeliest level pair about the middle of the body, as PSIS from behind, as ASIS from the front."""
    best: dict[str, int] = {}
    cost = 1.0
    for i, j in combinations(range(len(patches)), 2):
        a, b = (i, j) if patches[i][0][0] < patches[j][0][0] else (j, i)
        gap, middle = local[b] - local[a], (local[a] + local[b]) / 2
        if not _SPACING[0] < abs(gap[0]) < _SPACING[1] or abs(gap[1]) > 0.35 * abs(gap[0]):
            continue
        if abs(middle[0]) > 0.15 or not -0.15 < middle[1] < 0.5:
            continue
        unlike = _unlike(patches[a][1], patches[b][1]) + abs(middle[0])
        if unlike < cost:
            first, second = ("left_psis", "right_psis") if rear else ("right_asis", "left_asis")
            best, cost = {first: a, second: b}, unlike
    return best


def _side(patches: list[tuple[FloatArray, Look]], local: FloatArray, facing: float) -> dict[str, int]:
    """The two lowest of a set of like patches along the trunk as the belt's ends, the others as ribs."""
    rows = [i for i in range(len(patches)) if abs(local[i, 0]) < 0.35 and -0.2 < local[i, 1] < 0.75]
    groups = [[j for j in rows if _unlike(patches[i][1], patches[j][1]) < 1.0] for i in rows]
    group = max(groups, key=len)[:4] if groups else []
    if len(group) < 2:
        return {}
    group.sort(key=lambda i: local[i, 1])
    back, front = sorted(group[:2], key=lambda i: facing * local[i, 0])
    ribs = {1: ("rib",), 2: ("rib_low", "rib_high")}.get(len(group) - 2, ())
    return {"belt_back": back, "belt_front": front, **dict(zip(ribs, group[2:], strict=True))}
