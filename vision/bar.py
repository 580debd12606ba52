"""How far a clip is, on stderr."""

from __future__ import annotations

import sys
from typing import NoReturn

from tqdm import tqdm


def _tick() -> float:
    """Seconds between two states of a bar: seldom where it is written to a file."""
    return 0.1 if sys.stderr.isatty() else 10.0


class Bar:
    """A progress bar on stderr for each stage of one clip."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stage = ""
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, stage: str, done: int, expected: int | None) -> None:
        """Show that ``done`` of ``expected`` frames of ``stage`` are through."""
        if stage != self._stage or self._bar is None:
            self.close()
            self._stage = stage
            self._bar = tqdm(
                total=expected, desc=f"{self._name}: {stage}", unit="frame", leave=False, mininterval=_tick()
            )
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
