"""How the body moves right now, from one height: cheap enough for every picture.

Only the moments of speaking and of judging hang on it; what is judged comes from the clip's own code.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from vision.live.judging import SETTLE_S
from vision.prepare import SEEN_SCORE
from vision.types import SIDES, FloatArray, Pose, Skeleton

TRAVEL: Final = 0.15
"""Trunk lengths that the body must have travelled before a repetition may have closed."""

STILL: Final = 0.05
REVERSED: Final = 0.1
AT_REST: Final = 0.2
MOVED: Final = 0.15
"""Trunk lengths: about still; turned back from the far point; near the rest level; away from it."""

LOWERING_PER_S: Final = 0.25
"""Trunk lengths a second downwards from which the body counts as being lowered."""

TRIES: Final = 3
TRY_AGAIN_S: Final = 0.15
_KEEP_S: Final = 2.0
_TOP_S: Final = 10.0


def parts_of(pose: Pose, skeleton: Skeleton, part: str) -> FloatArray:
    """Place ``(2,)`` px of a pair of points, or of the one of it that is sure; NaN where neither is."""
    rows = skeleton.rows(*(f"{side}_{part}" for side in SIDES))
    sure = rows[pose.score[rows] >= SEEN_SCORE]
    return pose.xy[sure].mean(axis=0) if len(sure) else np.full(2, np.nan)


class Motion:
    """Follows the height of one pair of points: the shoulders, or what the movement says moves."""

    def __init__(self, skeleton: Skeleton, *, part: str = "shoulder") -> None:
        self._skeleton = skeleton
        self._part = part
        self._past: deque[tuple[float, float]] = deque()
        self._tops: deque[tuple[float, float]] = deque()
        self.trunk_px = 1.0
        self._rest: float | None = None
        self._low, self._high = float("inf"), float("-inf")
        self._tries = 0
        self._hurried = False
        self._next_try_s = float("-inf")

    def add(self, pose: Pose, t_s: float) -> None:
        """Take one more pose."""
        shoulder, hip = (parts_of(pose, self._skeleton, p) for p in ("shoulder", "hip"))
        length = float(np.hypot(*(shoulder - hip)))
        if np.isfinite(length):
            self.trunk_px = max(self.trunk_px, length)
        known = {"shoulder": shoulder, "hip": hip}
        at = known[self._part] if self._part in known else parts_of(pose, self._skeleton, self._part)
        y = float(at[1])
        if not np.isfinite(y):
            return
        self._past.append((t_s, y))
        while self._past[0][0] < t_s - _KEEP_S:
            self._past.popleft()
        while self._tops and (self._tops[-1][1] >= y or self._tops[0][0] < t_s - _TOP_S):
            self._tops.pop() if self._tops[-1][1] >= y else self._tops.popleft()
        self._tops.append((t_s, y))
        self._low, self._high = min(self._low, y), max(self._high, y)
        self._settle()

    def _settle(self) -> None:
        """Learn the rest level: where it began, then wherever the body stays still near it."""
        if self._rest is None:
            self._rest = self._past[-1][1]
        elif self.still(1.0) and abs(self._off()) < AT_REST:
            self._rest = float(np.median([y for _, y in self._past]))

    def _off(self) -> float:
        """Trunk lengths of the newest height from the rest level, + below it."""
        if not self._past or self._rest is None:
            return 0.0
        return (self._past[-1][1] - self._rest) / self.trunk_px

    def _span(self, seconds: float) -> float:
        """Range in trunk lengths over the last ``seconds``; infinite where less was seen."""
        if not self._past or self._past[-1][0] - self._past[0][0] < seconds * 0.9:
            return float("inf")
        from_s = self._past[-1][0] - seconds
        part = [y for t, y in self._past if t >= from_s - 1e-6]
        return (max(part) - min(part)) / self.trunk_px

    def still(self, seconds: float, within: float = STILL) -> bool:
        """Whether the height stayed within ``within`` trunk lengths over the last ``seconds``."""
        return self._span(seconds) <= within

    @property
    def lowering(self) -> bool:
        """Whether the body sinks right now."""
        if len(self._past) < 2:
            return False
        t, y = self._past[-1]
        before = next(((a, b) for a, b in self._past if a >= t - 0.2 - 1e-6), (t, y))
        return t > before[0] and (y - before[1]) / (t - before[0]) > LOWERING_PER_S * self.trunk_px

    @property
    def at_rest(self) -> bool:
        """Whether the body is where it rests, or at the top of what it lately reached."""
        if not self._past:
            return True
        below_top = (self._past[-1][1] - self._tops[0][1]) / self.trunk_px
        return abs(self._off()) < AT_REST or below_top < AT_REST / 2

    @property
    def away(self) -> bool:
        """Whether the body is off its rest level."""
        return abs(self._off()) > MOVED

    def due(self, t_s: float) -> bool:
        """Whether a repetition may have closed: the body travelled and is still, or has turned back."""
        if self._high - self._low < TRAVEL * self.trunk_px or t_s < self._next_try_s:
            return False
        return self.still(SETTLE_S) or self._turned_back()

    def _turned_back(self) -> bool:
        y = self._past[-1][1]
        back = REVERSED * self.trunk_px
        return self._low + back < y < self._high - back

    def tried(self, t_s: float, *, found: bool, settles_s: float | None = None) -> None:
        """A judging was made; begin anew when it found a repetition or the body is not at rest.

        ``settles_s`` is when one that was found open could be counted: no need to wait for longer, once.
        """
        if not (found or self._hurried or settles_s is None) and settles_s < t_s + TRY_AGAIN_S:
            self._hurried = True
            self._next_try_s = settles_s
            return
        self._tries += 1
        if found or self._tries >= TRIES or not self.at_rest:
            self._tries = 0
            self._hurried = False
            self._low = self._high = self._past[-1][1]
            self._next_try_s = float("-inf")
        else:
            self._next_try_s = t_s + TRY_AGAIN_S
