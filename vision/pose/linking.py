"""Which spot is which sticker, from picture to picture, all stickers of a person decided together.

Between two pictures stickers move with the body and hardly against each other. So a choice of spots
is likely when all of them strayed alike from where the body's own points would have carried them. A
sticker that nothing fits is lost, and so is one whose spot could as well be another sticker's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

import numpy as np

from vision.pose.blobs import Spot
from vision.types import FloatArray

TOGETHER: Final = 0.05
APART: Final = 0.02
"""Standard deviations, in trunk lengths, of how far stickers stray together and against each other."""

GROWS: Final = 0.12
"""How much of them is added for each tenth of a second that a sticker was lost."""

MOST: Final = (0.15, 0.05)
SEATED: Final = 0.03
"""Standard deviation, in trunk lengths, of how far stickers are from their usual places on the body,
against each other: small drifts from picture to picture must not add up to another sticker."""

LOSS: Final = 10.0  # cost of calling a sticker lost: about 3 standard deviations
SURE: Final = 6.0  # by how much the next best choice must be worse
SIZE: Final = 0.35  # standard deviation of the logarithm of a spot's area
ALONE: Final = 0.08  # trunk lengths within which a sticker may come back without the others
_LEARN: Final = 0.1
_JUST_S: Final = 0.05
_BRIEF_S: Final = 0.12


@dataclass(frozen=True, slots=True)
class Frame:
    """The body in one picture: middle of hips and direction to the shoulders ``(2,)``, trunk length px."""

    hip: FloatArray
    up: FloatArray
    trunk_px: float

    def place(self, local: FloatArray) -> FloatArray:
        """Picture points ``(M, 2)`` of points in the body's own axes, in trunk lengths."""
        across = np.array([-self.up[1], self.up[0]])
        return self.hip + self.trunk_px * (local[:, :1] * across + local[:, 1:] * self.up)

    def local(self, xy: FloatArray) -> FloatArray:
        """Points in the body's own axes, in trunk lengths."""
        across = np.array([-self.up[1], self.up[0]])
        off = (xy - self.hip) / self.trunk_px
        return np.stack([off @ across, off @ self.up], axis=1)


@dataclass
class Linker:
    """Follows stickers from where they are known; ``xy (M, 2)`` px, ``mass (M,)`` their areas at scale 1.

    ``kinds`` says which stickers look alike: only those compete for a spot.
    """

    xy: FloatArray
    mass: FloatArray
    kinds: Sequence[int]
    body: Frame
    t_s: float
    _local: FloatArray = field(init=False)
    _seen_s: FloatArray = field(init=False)
    _step: FloatArray | None = field(init=False, default=None)
    _per_seat: float = field(init=False, default=1.0)

    def __post_init__(self) -> None:
        """Start with every sticker in sight."""
        self._local = self.body.local(self.xy)
        self._seen_s = np.full(len(self.xy), self.t_s)

    def follow(self, t_s: float, body: Frame | None, found: Sequence[Sequence[Spot]]) -> list[Spot | None]:
        """The spot of each sticker in the next picture, from the spots ``found`` of each kind; None: lost."""
        if body is None or not np.isfinite(body.trunk_px):
            return [None] * len(self.xy)
        away_s = np.abs(t_s - self._seen_s)
        carried = self._carried(body, away_s, abs(t_s - self.t_s))
        chosen = self._chosen(carried, body, away_s, found)
        self._doubt_alone(chosen, carried, body, away_s)
        self._learn(t_s, body, chosen)
        return chosen

    def _carried(self, body: Frame, away_s: FloatArray, passed_s: float) -> FloatArray:
        """Where the stickers should be: on from where they were, or where they sit on the body."""
        moved = body.hip - self.body.hip if self._step is None else self._step * passed_s
        on = self.xy + moved
        return np.where((away_s < _BRIEF_S)[:, None], on, body.place(self._local))

    def _chosen(
        self, carried: FloatArray, body: Frame, away_s: FloatArray, found: Sequence[Sequence[Spot]]
    ) -> list[Spot | None]:
        late = np.maximum(away_s - _BRIEF_S, 0.0) * 10 * GROWS
        together = body.trunk_px * min(TOGETHER * (1 + float(late.min(initial=0.0)) * 5), MOST[0])
        apart = body.trunk_px * np.minimum(APART * (1 + late * 5), MOST[1])
        options = self._options(carried, found, 4 * (together + apart))
        self._per_seat = 1 / (SEATED * body.trunk_px)
        seated = body.place(self._local) * self._per_seat
        ranked = sorted(
            ((self._cost(pick, carried, together, apart, seated), pick) for pick in _picks(options)),
            key=lambda pair: pair[0],
        )
        best_cost, best = ranked[0]
        chosen = list(best)
        for cost, other in ranked[1:]:
            if cost - best_cost > SURE:
                break
            for i, spot in enumerate(best):
                if spot is not None and any(o is spot for j, o in enumerate(other) if j != i):
                    chosen[i] = None  # it could as well be that other sticker
        return chosen

    def _doubt_alone(
        self, chosen: list[Spot | None], carried: FloatArray, body: Frame, away_s: FloatArray
    ) -> None:
        """Drop a spot that would bring one sticker back alone, unless it is just where it should be."""
        rows = [i for i, spot in enumerate(chosen) if spot is not None]
        if len(chosen) < 2 or len(rows) != 1 or away_s[rows[0]] <= away_s.min() + 1e-9 < _JUST_S:
            return
        spot = chosen[rows[0]]
        assert spot is not None
        if np.hypot(spot.x - carried[rows[0], 0], spot.y - carried[rows[0], 1]) > ALONE * body.trunk_px:
            chosen[rows[0]] = None

    def _options(
        self, carried: FloatArray, found: Sequence[Sequence[Spot]], gates: FloatArray
    ) -> list[list[Spot | None]]:
        options: list[list[Spot | None]] = []
        for (x, y), kind, gate in zip(carried, self.kinds, gates, strict=True):
            near = [s for s in found[kind] if np.hypot(s.x - x, s.y - y) < gate]
            near.sort(key=lambda s: float(np.hypot(s.x - x, s.y - y)))
            options.append([None, *near[:4]])
        return options

    def _cost(
        self,
        pick: Sequence[Spot | None],
        carried: FloatArray,
        together: float,
        apart: FloatArray,
        seated: FloatArray,
    ) -> float:
        """How unlikely a choice is; ``seated`` are the usual places, in their own standard deviations."""
        rows = [i for i, spot in enumerate(pick) if spot is not None]
        cost = LOSS * (len(pick) - len(rows))
        if not rows:
            return cost
        spots = [s for s in pick if s is not None]
        places = np.array([(s.x, s.y) for s in spots])
        off = places - carried[rows]
        weight = apart[rows] ** -2.0
        common = (off * weight[:, None]).sum(axis=0) / (weight.sum() + together**-2.0)
        cost += float((((off - common) ** 2).sum(axis=1) * weight).sum() + (common**2).sum() / together**2)
        usual = places * self._per_seat - seated[rows]
        cost += float(((usual - usual.mean(axis=0)) ** 2).sum())
        size = np.log(np.array([s.mass for s in spots]) / self.mass[rows]) / SIZE
        return cost + float(np.minimum(size**2, 9.0).sum())

    def _learn(self, t_s: float, body: Frame, chosen: Sequence[Spot | None]) -> None:
        rows = [i for i, spot in enumerate(chosen) if spot is not None]
        if not rows:
            return
        now = np.array([(s.x, s.y) for s in chosen if s is not None])
        fresh = [k for k, i in enumerate(rows) if self._seen_s[i] == self.t_s]
        passed_s = abs(t_s - self.t_s)
        moved = body.hip - self.body.hip
        self._step = None
        if fresh and passed_s:
            moved = (now[fresh] - self.xy[[rows[k] for k in fresh]]).mean(axis=0)
            self._step = moved / passed_s
        lost = [i for i in range(len(self.xy)) if i not in rows]
        self.xy[lost] += moved
        self.xy[rows] = now
        self._local[rows] += _LEARN * (body.local(now) - self._local[rows])
        mass = np.array([s.mass for s in chosen if s is not None])
        self.mass[rows] *= (mass / self.mass[rows]) ** (_LEARN / 2)
        self._seen_s[rows] = t_s
        self.t_s, self.body = t_s, body


def _picks(options: Sequence[Sequence[Spot | None]]) -> Iterator[tuple[Spot | None, ...]]:
    """Every choice of one spot a sticker in which no spot is taken twice."""
    for pick in product(*options):
        taken = [id(s) for s in pick if s is not None]
        if len(taken) == len(set(taken)):
            yield pick
