"""Where a film was cut: two shots laid end to end, so that nothing goes on from one to the other."""

from __future__ import annotations

from collections import deque
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.types import FloatArray

_SIDE: Final = 64
_CHANGE: Final = 8.0  # mean change, grey levels
_TIMES: Final = 1.5  # as much as any change right before: a camera that shakes or turns does so again
_BEFORE: Final = 5


class Splices:
    """Tells cuts in the pictures of one film; give it every picture in order.

    A cut is a picture to which the background could not be followed and that changed far more than its
    forerunners did. Where lamps flicker the background is followed; a camera that turns fast is, or at least
    changes steadily.
    """

    def __init__(self) -> None:
        self._last: FloatArray | None = None
        self._changes: deque[float] = deque(maxlen=_BEFORE)

    def look(self, grey: NDArray[np.uint8], *, followed: bool) -> bool:
        """Whether the film was cut right before ``grey (H, W)``; ``followed`` is the background's word."""
        size = (_SIDE, _SIDE)
        small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float64)
        small -= small.mean()
        last, self._last = self._last, small
        if last is None:
            return False
        change = float(np.abs(small - last).mean())
        usual = max(self._changes, default=change)
        self._changes.append(change)
        return not followed and change > max(_CHANGE, _TIMES * usual)
