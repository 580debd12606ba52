"""Stickers on the pelvis through a clip: from one click each, or proposed, to a centre in every picture.

The body's points are known by then. A pass over the pictures notes every spot of a sticker's colour
near the pelvis, a few numbers each, so that memory stays flat; then the spots are linked from the
clicked picture on and back, both ways with the rule that a camera would use forward
(:mod:`vision.pose.linking`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.pose.blobs import Look, Spot, learn, spots
from vision.pose.linking import Frame as Body
from vision.pose.linking import Linker
from vision.types import MARKER_NAMES, SIDES, FloatArray, Frame, ImageArray, Pose, Skeleton

MOST: Final = 4
REACH: Final = 0.16  # trunk lengths around a click in which the sticker ends
AROUND: Final = 0.45  # trunk lengths beyond the stickers in which they are looked for
_SAME_HUE: Final = 0.05
_SCALE_S: Final = 2.0


class MarkerError(ValueError):
    """Stickers that cannot be used; one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Click:
    """Where the sticker ``name`` is in one picture, as shares of its width and height."""

    name: str
    x: float
    y: float


def check_clicks(clicks: Sequence[Click]) -> None:
    """Raise MarkerError for stickers that make no sense together."""
    names = [c.name for c in clicks]
    for click in clicks:
        if click.name not in MARKER_NAMES:
            raise MarkerError(f"expected a marker among {', '.join(MARKER_NAMES)}, got {click.name!r}")
        if not (0 <= click.x <= 1 and 0 <= click.y <= 1):
            raise MarkerError(
                f"expected {click.name} within the picture, 0 to 1, got {click.x:g},{click.y:g}"
            )
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice:
        raise MarkerError(f"expected each marker once, got {twice} twice")
    if not 2 <= len(clicks) <= MOST:
        raise MarkerError(f"expected 2 to {MOST} markers, got {len(clicks)}")
    if not _makes_a_line(set(names)):
        raise MarkerError(
            "expected two markers that make a line: left_psis and right_psis, left_asis and right_asis, "
            f"psis and asis, or belt_back and belt_front; got {', '.join(names)}"
        )


def _makes_a_line(names: set[str]) -> bool:
    across = any({f"{side}_{bone}" for side in SIDES} <= names for bone in ("psis", "asis"))
    own = [{n.removeprefix(f"{side}_") for n in names} for side in SIDES]
    along = any(n & {"psis", "belt_back"} and n & {"asis", "belt_front"} for n in own)
    return across or along


# --------------------------------------------------------------------------- the body


def bodies(poses: Iterable[Pose | None], skeleton: Skeleton) -> dict[int, tuple[float, Body]]:
    """Time and body of every picture in which hips and shoulders are known, by the picture's number.

    The trunk's length is its longest in the seconds around, so that bending does not shrink it.
    """
    rows = skeleton.rows("left_hip", "right_hip", "left_shoulder", "right_shoulder")
    seen = [(p.index, p.t_s, p.xy[rows]) for p in poses if p is not None]
    seen = [row for row in seen if np.isfinite(row[2]).all()]
    if not seen:
        return {}
    t_s = np.array([row[1] for row in seen])
    points = np.array([row[2] for row in seen])
    hip, axis = points[:, :2].mean(axis=1), points[:, 2:].mean(axis=1) - points[:, :2].mean(axis=1)
    length = np.linalg.norm(axis, axis=1)
    known: dict[int, tuple[float, Body]] = {}
    for i, (index, t, _) in enumerate(seen):
        a, b = np.searchsorted(t_s, [t - _SCALE_S, t + _SCALE_S])
        trunk = float(np.percentile(length[a:b], 90))
        if trunk > 8 and length[i] > 1:
            known[index] = (t, Body(hip[i], axis[i] / length[i], trunk))
    return known


# --------------------------------------------------------------------------- following


class MarkerTracker:
    """Follows the stickers ``clicks`` of the picture ``start``, on a body known as ``known``.

    ``look`` is called with every picture of the clip in order, then ``finish`` once. Raises
    MarkerError where a click hits no sticker or the athlete is not seen in that picture.
    """

    def __init__(
        self, clicks: Sequence[Click], start: Frame, known: Mapping[int, tuple[float, Body]]
    ) -> None:
        check_clicks(clicks)
        if start.index not in known:
            raise MarkerError(
                f"expected the athlete in frame {start.index}, nobody is seen there; choose another frame"
            )
        self.clicks = tuple(clicks)
        self.names = tuple(c.name for c in clicks)
        self._known = known
        self._start = start.index
        _, body = known[start.index]
        looks = [_look(start.rgb, click, body) for click in clicks]
        self._kinds, self._looks = _kinds(looks)
        self._trunk_px = body.trunk_px
        xy = np.array(
            [_centre(start.rgb, look, click, body) for look, click in zip(looks, clicks, strict=True)]
        )
        self._xy, self._mass = xy, np.array([look.mass for look in looks])
        self._local = body.local(xy)
        self._found: dict[int, list[list[Spot]]] = {}
        self._ahead = self._linker()

    def look(self, frame: Frame) -> None:
        """Note the spots near the pelvis of one picture."""
        if frame.index not in self._known:
            return
        _, body = self._known[frame.index]
        box = _box(body.place(self._local), AROUND * body.trunk_px, frame.rgb)
        scale = body.trunk_px / self._trunk_px
        self._found[frame.index] = [spots(frame.rgb, look, box, scale) for look in self._looks]

    def finish(self) -> dict[int, FloatArray]:
        """Centre and standard deviation ``(M, 3)`` px of each sticker by picture, NaN where lost."""
        numbers = sorted(self._found)
        before = [n for n in reversed(numbers) if n < self._start]
        after = [n for n in numbers if n >= self._start]
        return self._linked(before) | self._linked(after)

    def follow(self, frame: Frame) -> FloatArray:
        """Note the spots of the next picture and link them at once: ``(M, 3)`` px as ``finish`` gives.

        For a camera, where what follows is not known; pictures come in order from the clicked one on.
        """
        self.look(frame)
        if frame.index not in self._found:
            return np.full((len(self.names), 3), np.nan)
        return self._link(self._ahead, frame.index)

    def _linker(self) -> Linker:
        t_s, body = self._known[self._start]
        return Linker(self._xy.copy(), self._mass.copy(), self._kinds, body, t_s)

    def _linked(self, numbers: Sequence[int]) -> dict[int, FloatArray]:
        linker = self._linker()
        return {number: self._link(linker, number) for number in numbers}

    def _link(self, linker: Linker, number: int) -> FloatArray:
        now_s, now = self._known[number]
        scale = (now.trunk_px / self._trunk_px) ** 2
        found = [[Spot(s.x, s.y, s.sd, s.mass / scale) for s in kind] for kind in self._found[number]]
        chosen = linker.follow(now_s, now, found)
        return np.array([(np.nan,) * 3 if s is None else (s.x, s.y, s.sd) for s in chosen])


def _look(rgb: ImageArray, click: Click, body: Body) -> Look:
    height, width = rgb.shape[:2]
    look = learn(rgb, click.x * width, click.y * height, REACH * body.trunk_px)
    if look is None:
        raise MarkerError(
            f"expected a bright sticker at {click.name}={click.x:g},{click.y:g}, "
            "none stands out there; click its middle"
        )
    return look


def clicked(rgb: ImageArray, click: Click, body: Body) -> Spot | None:
    """The sticker's own centre, its deviation and area, in a picture that shows ``body``; None where unclear.

    Raises MarkerError where no sticker stands out at the click.
    """
    return _spot(rgb, _look(rgb, click, body), click, body)


def _spot(rgb: ImageArray, look: Look, click: Click, body: Body) -> Spot | None:
    height, width = rgb.shape[:2]
    at = np.array([click.x * width, click.y * height])
    found = spots(rgb, look, _box(at[None], REACH * body.trunk_px, rgb))
    near = min(found, key=lambda s: float(np.hypot(s.x - at[0], s.y - at[1])), default=None)
    if near is None or np.hypot(near.x - at[0], near.y - at[1]) > 2 * look.radius_px + 2:
        return None
    return near


def _centre(rgb: ImageArray, look: Look, click: Click, body: Body) -> tuple[float, float]:
    """The clicked sticker's own centre, else the click."""
    spot = _spot(rgb, look, click, body)
    height, width = rgb.shape[:2]
    return (click.x * width, click.y * height) if spot is None else (spot.x, spot.y)


def _kinds(looks: Sequence[Look]) -> tuple[list[int], list[Look]]:
    """Stickers of one colour are of one kind, looked for together with the first one's look."""

    def hue(look: Look) -> FloatArray:
        return look.colour / (look.colour.sum() + 30.0)

    kinds: list[int] = []
    firsts: list[Look] = []
    for look in looks:
        same = [k for k, one in enumerate(firsts) if np.linalg.norm(hue(one) - hue(look)) < _SAME_HUE]
        if not same:
            firsts.append(look)
        kinds.append(same[0] if same else len(firsts) - 1)
    return kinds, firsts


def _box(points: FloatArray, reach: float, rgb: ImageArray) -> tuple[int, int, int, int]:
    """Left, top, right and lower edge of what lies within ``reach`` px of the points, in the picture."""
    low, high = points.min(axis=0) - reach, points.max(axis=0) + reach
    left, top = (int(v) for v in np.clip(low, 0, [rgb.shape[1], rgb.shape[0]]))
    right, lower = (int(v) for v in np.clip(high + 1, 0, [rgb.shape[1], rgb.shape[0]]))
    return left, top, right, lower
