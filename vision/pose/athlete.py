"""Holding on to one athlete: who it is, where to look next, and when it is somebody else.

The athlete is the largest person who moves, or whoever stands at the given point. From then on each
picture is read only around where the athlete was, so a passer-by elsewhere is never seen; one who
walks through is told apart by a jump in place or size and by the colours of the trunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from vision.outline import trunk_outline
from vision.pose.background import Background, moved
from vision.pose.base import PoseEstimator, Reading, Region
from vision.pose.pelvis import PelvisNetworks, PelvisWatch
from vision.types import FloatArray, Frame, ImageArray, Pose

CHOOSE_S: Final = 1.5
CHOOSE_AT_MOST_S: Final = 6.0
LOOK_AGAIN_S: Final = 0.5
CLEARLY: Final = 1.6
MOST_PEOPLE: Final = 3

_SMALL: Final = 0.45  # of the picture's short side: a smaller person is looked for in parts of it too
_SAME: Final = 0.5  # overlap of squares beyond which two are one person
_JUMP: Final = 0.35  # region sizes per 1/30 s: bodies do not move faster
_GROWTH: Final = 1.5
_ALIKE: Final = 0.45  # colour likeness (0-1) under which the trunk is somebody else's
_LEARN: Final = 0.03
_NARROW: Final = 0.55  # shoulder width over trunk length under which it may be a side view
_CHECK_EVERY: Final = 5
_AT_POINT: Final = 0.5  # region sizes: a person this near to the given point stands there
_FEET: Final = 0.36  # region sizes below its middle, of a body that stands
_NEAR_S: Final = 1.0  # for that long a lost athlete is looked for only where he or she was
_CLOSER: Final = (2, 3, 5)  # parts of the picture's width and height in which a small person is looked for


class Athlete:
    """Follows one person through pictures of one clip or camera.

    ``point`` is a place on the athlete in the first picture, as fractions of width and height;
    ``pelvis`` looks at the athlete's pelvis as well.
    """

    def __init__(
        self,
        estimator: PoseEstimator,
        *,
        point: tuple[float, float] | None = None,
        pelvis: PelvisNetworks | None = None,
    ) -> None:
        self._estimator = estimator
        self._point = point
        self._pelvis = pelvis
        self._held: _Held | None = None
        self._background = Background()

    def poses(self, frames: Iterable[Frame]) -> Iterator[Pose | None]:
        """One pose per frame, None where the athlete was not seen; held back while choosing."""
        choice = _Choice(self._estimator, self._point, self._pelvis)
        for frame in frames:
            step = self._background.look(
                frame.rgb, choice.regions() if self._held is None else self._regions()
            )
            if self._held is None:
                self._held = choice.look(frame, step, self._background.spliced)
                if self._held is not None:
                    yield from self._held.poses
                    self._held.poses.clear()
                continue
            yield self._held.follow(frame, step, self._background.spliced)
        if self._held is None:
            best = choice.best()
            yield from best.poses if best else [None] * choice.frames

    def __call__(self, frame: Frame) -> Pose | None:
        """The pose of the newest camera picture, without holding back: the largest person at first."""
        step = self._background.look(frame.rgb, self._regions())
        if self._held is None:
            if self._point:
                region = at_point(self._estimator, frame.rgb, self._point)
            else:
                region = _largest(search(self._estimator, frame.rgb))
            if region is None:
                return None
            self._held = _Held(self._estimator, region, watch=_watch(self._pelvis))
        return self._held.follow(frame, step, self._background.spliced)

    def _regions(self) -> list[Region]:
        return [self._held.region] if self._held else []


def _watch(networks: PelvisNetworks | None) -> PelvisWatch | None:
    return None if networks is None else PelvisWatch(networks)


def search(estimator: PoseEstimator, rgb: ImageArray) -> list[Region]:
    """People in the picture, largest first; small ones are looked for in overlapping parts as well."""
    found = estimator.find(rgb)
    h, w = rgb.shape[:2]
    if max((r.size_px for r in found), default=0.0) < _SMALL * min(h, w):
        for y in range(3):
            for x in range(3):
                top, left = y * h // 4, x * w // 4
                found += _find_in(estimator, rgb, top, left, 2)
    found.sort(key=lambda r: -r.size_px)
    people: list[Region] = []
    for region in found:
        if all(region.overlap(other) < _SAME for other in people):
            people.append(region)
    return people


def _largest(found: list[Region]) -> Region | None:
    return found[0] if found else None


def _find_in(estimator: PoseEstimator, rgb: ImageArray, top: int, left: int, share: int) -> list[Region]:
    """People in the part of the picture at ``top``, ``left`` that is 1 / ``share`` as wide and high."""
    h, w = rgb.shape[:2]
    part = np.ascontiguousarray(rgb[top : top + h // share, left : left + w // share])
    return [Region(r.cx + left, r.cy + top, r.size_px, r.turn_rad, r.score) for r in estimator.find(part)]


def at_point(estimator: PoseEstimator, rgb: ImageArray, point: tuple[float, float]) -> Region | None:
    """The person nearest to ``point``, in units of that person's own size; None where nobody is.

    ``point`` is in fractions of the picture. Beside a large person a small one is overlooked, so
    where nobody stands at the point, the picture around it is looked at more closely.
    """
    h, w = rgb.shape[:2]
    x, y = point[0] * w, point[1] * h

    def off(region: Region) -> float:
        return float(np.hypot(region.cx - x, region.cy - y)) / region.size_px

    def stands_there(region: Region) -> bool:
        # What looks like a large person around a small one is nobody when it is read.
        return off(region) < _AT_POINT and estimator.read(rgb, region) is not None

    found = search(estimator, rgb)
    for share in _CLOSER:
        there = [region for region in found if stands_there(region)]
        if there:
            return min(there, key=off)
        top = int(np.clip(y - h / share / 2, 0, h - h // share))
        left = int(np.clip(x - w / share / 2, 0, w - w // share))
        found += _find_in(estimator, rgb, top, left, share)
    return min(found, key=off, default=None)


@dataclass
class _Held:
    """One person being followed; ``poses`` are kept while the athlete is still being chosen."""

    estimator: PoseEstimator
    region: Region
    poses: list[Pose | None] = field(default_factory=lambda: [])
    watch: PelvisWatch | None = None
    colours: FloatArray | None = None
    last_t_s: float = float("nan")
    lost: int = 0
    seen: int = 0
    travel: float = 0.0
    camera_px: FloatArray = field(default_factory=lambda: np.zeros(2))
    _camera_lost: bool = False
    _spliced: bool = False
    _last: FloatArray | None = None
    _strange: int = 0

    def follow(self, frame: Frame, step: FloatArray | None, spliced: bool = False) -> Pose | None:
        """The pose in ``frame``, to which the background moved by the homography ``step``, None unknown."""
        camera_px = self._camera(step)
        self._spliced |= spliced
        reading = self._read(frame)
        if reading is None:
            self.lost += 1
            return None
        self.lost = 0
        self.seen += 1
        self.last_t_s = frame.t_s
        self.region = reading.next_region
        self._move(reading)
        self._camera_lost = False
        pose = _pose(frame, reading, self.estimator, self.watch)
        pose, self._spliced = replace(pose, camera_px=camera_px, spliced=self._spliced), False
        return pose

    def _camera(self, step: FloatArray | None) -> FloatArray:
        """Where the background behind the athlete's feet has gone; NaN on a pose after a loss of it."""
        if step is None:
            self._camera_lost = True
        elif self.seen:
            feet = np.array([self.region.cx, self.region.cy + _FEET * self.region.size_px])
            self.camera_px = self.camera_px + moved(step, feet)
        return np.full(2, np.nan) if self._camera_lost else self.camera_px

    def _read(self, frame: Frame) -> Reading | None:
        """The athlete's landmarks where last seen, else where a person like it is found."""
        with_mask = self._may_be_side_view()
        reading = self.estimator.read(frame.rgb, self.region, with_mask=with_mask)
        if reading is not None and self._is_same(frame, reading):
            return reading
        if self.lost % _CHECK_EVERY:
            return None
        for region in search(self.estimator, frame.rgb):
            if region.overlap(self.region) == 0 and self.seen and frame.t_s - self.last_t_s < _NEAR_S:
                continue
            reading = self.estimator.read(frame.rgb, region, with_mask=with_mask)
            if reading is not None and self._looks_alike(frame.rgb, reading):
                return reading
        return None

    def _is_same(self, frame: Frame, reading: Reading) -> bool:
        if self.seen == 0:
            self.colours = trunk_colours(frame.rgb, reading.xy)
            return True
        steps = max((frame.t_s - self.last_t_s) * 30, 1.0) + self.lost
        new, old = reading.next_region, self.region
        if np.hypot(new.cx - old.cx, new.cy - old.cy) > _JUMP * old.size_px * min(steps, 6.0):
            return False
        if not 1 / _GROWTH < new.size_px / old.size_px < _GROWTH:
            return False
        if self.lost or self.seen % _CHECK_EVERY == 0 or self._strange:
            alike = self._looks_alike(frame.rgb, reading)
            self._strange = 0 if alike else self._strange + 1
            return alike or self._strange < 3
        return True

    def _looks_alike(self, rgb: ImageArray, reading: Reading) -> bool:
        seen = trunk_colours(rgb, reading.xy)
        if self.colours is None or seen is None:
            return True
        likeness = float(np.sum(np.sqrt(self.colours * seen)))
        if likeness < _ALIKE:
            return False
        self.colours = (1 - _LEARN) * self.colours + _LEARN * seen
        return True

    def _may_be_side_view(self) -> bool:
        if self._last is None:
            return True
        shoulder_l, shoulder_r, hip_l, hip_r = self._last
        trunk = np.hypot(*((shoulder_l + shoulder_r - hip_l - hip_r) / 2))
        return bool(np.hypot(*(shoulder_l - shoulder_r)) < _NARROW * trunk)

    def _move(self, reading: Reading) -> None:
        row = self.estimator.skeleton.rows("left_shoulder", "right_shoulder", "left_hip", "right_hip")
        trunk = reading.xy[row]
        if self._last is not None:
            self.travel += float(np.linalg.norm(trunk - self._last, axis=1).mean()) / self.region.size_px
        self._last = trunk


class _Choice:
    """Watches everybody for a moment and decides who the athlete is."""

    def __init__(
        self, estimator: PoseEstimator, point: tuple[float, float] | None, pelvis: PelvisNetworks | None
    ) -> None:
        self._estimator = estimator
        self._point = point
        self._pelvis = pelvis
        self._people: list[_Held] = []
        self._start_s = float("nan")
        self._looked_s = float("-inf")
        self.frames = 0

    def regions(self) -> list[Region]:
        """Where the people were in the frame before."""
        return [person.region for person in self._people]

    def look(self, frame: Frame, step: FloatArray | None, spliced: bool) -> _Held | None:
        """Take a frame; the athlete once decided, its poses so far inside."""
        if self.frames == 0:
            self._start_s = frame.t_s
        self._notice(frame)
        for person in self._people:
            person.poses.append(person.follow(frame, step, spliced))
        self.frames += 1
        return self._decided(frame.t_s)

    def _notice(self, frame: Frame) -> None:
        if frame.t_s - self._looked_s < LOOK_AGAIN_S and self._people:
            return
        if self._people and self._point:
            return
        self._looked_s = frame.t_s
        if self._point:
            at = at_point(self._estimator, frame.rgb, self._point)
            found = [at] if at else []
        else:
            found = search(self._estimator, frame.rgb)
        for region in found:
            known = any(region.overlap(p.region) > _SAME for p in self._people)
            if not known and len(self._people) < MOST_PEOPLE:
                before: list[Pose | None] = [None] * self.frames
                self._people.append(_Held(self._estimator, region, before, _watch(self._pelvis)))

    def _decided(self, t_s: float) -> _Held | None:
        watched = t_s - self._start_s
        best = self.best()
        if best is None or best.seen == 0:
            return None
        if self._point:
            return best
        if watched < CHOOSE_S:
            return None
        others = [self._weight(p) for p in self._people if p is not best]
        clear = self._weight(best) > CLEARLY * max(others, default=0.0)
        return best if clear or watched > CHOOSE_AT_MOST_S else None

    def best(self) -> _Held | None:
        """The largest moving person so far."""
        return max(self._people, key=self._weight, default=None)

    @staticmethod
    def _weight(person: _Held) -> float:
        if person.seen == 0:
            return 0.0
        pace = person.travel / person.seen  # region sizes a frame
        return person.region.size_px * (person.seen / max(len(person.poses), 1)) * (0.002 + min(pace, 0.03))


def _pose(frame: Frame, reading: Reading, estimator: PoseEstimator, watch: PelvisWatch | None) -> Pose:
    """The pose with points outside the picture marked unseen, the trunk's outline, and the pelvis."""
    h, w = frame.rgb.shape[:2]
    xy = reading.xy
    inside = (xy[:, 0] >= 0) & (xy[:, 0] < w) & (xy[:, 1] >= 0) & (xy[:, 1] < h)
    outline = None
    if reading.mask is not None:
        row = estimator.skeleton.rows("left_shoulder", "right_shoulder", "left_hip", "right_hip")
        ends = xy[row].reshape(2, 2, 2).mean(axis=1)
        outline = trunk_outline(reading.mask, ends[0], ends[1])
    score = np.where(inside, reading.score, 0.0)
    pelvis = None if watch is None else watch.read(frame, xy, score)
    return Pose(frame.t_s, frame.index, xy, score, reading.world_m, outline, pelvis=pelvis)


def trunk_colours(rgb: ImageArray, xy: FloatArray) -> FloatArray | None:
    """Histogram ``(96,)`` of hue-like colour and brightness over the trunk, sum 1; None off the picture.

    ``xy (33, 2)`` are BlazePose's points: rows 11, 12 the shoulders, 23, 24 the hips.
    """
    shoulder, hip = (xy[11] + xy[12]) / 2, (xy[23] + xy[24]) / 2
    axis = hip - shoulder
    half = max(0.12 * float(np.hypot(*axis)), 0.3 * abs(float(xy[11, 0] - xy[12, 0])))
    length = float(np.hypot(*axis))
    if length < 8:
        return None
    normal = np.array([-axis[1], axis[0]]) / length
    along, across = np.meshgrid(np.linspace(0.12, 0.88, 16), np.linspace(-half, half, 8))
    p = shoulder + along[..., None] * axis + across[..., None] * normal
    x, y = p[..., 0].astype(np.intp).ravel(), p[..., 1].astype(np.intp).ravel()
    ok = (x >= 0) & (y >= 0) & (x < rgb.shape[1]) & (y < rgb.shape[0])
    if ok.mean() < 0.5:
        return None
    colour = rgb[y[ok], x[ok]].astype(float)
    total = colour.sum(axis=1) + 12.0
    red = np.clip((colour[:, 0] + 4) / total * 6, 0, 3.99) * 1.0
    green = np.clip(((colour[:, 1] + 4) / total - 0.15) * 14, 0, 5.99)
    bright = np.clip(total / 3 / 64, 0, 3.99)
    bins = (red.astype(np.intp) * 6 + green.astype(np.intp)) * 4 + bright.astype(np.intp)
    counts = np.bincount(bins, minlength=96).astype(float)
    spread = counts.reshape(4, 6, 4)
    spread = spread + 0.25 * (np.roll(spread, 1, 2) + np.roll(spread, -1, 2))  # light changes
    return spread.ravel() / spread.sum()
