"""JSON from a file of unknown origin, read by type: every field is what it should be, or StoredError."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast


class StoredError(ValueError):
    """A file that is not a report of Plumbline's, with what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class Row:
    """A JSON object whose fields are asked for by type; ``at`` is its place, for messages."""

    data: Mapping[str, object]
    at: str

    def _wrong(self, key: str, wanted: str) -> StoredError:
        got = type(self.data[key]).__name__ if key in self.data else "nothing"
        return StoredError(f"expected {wanted} at {self.at}{key}, got {got}; analyse the clip again")

    def number(self, key: str, *, default: float | None = None) -> float:
        """A finite number; ``default`` where it is null and a default is given."""
        value = self.data.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            raise self._wrong(key, "a number")
        return float(value)

    def maybe_number(self, key: str) -> float | None:
        """A number or None."""
        return None if self.data.get(key) is None else self.number(key)

    def whole(self, key: str) -> int:
        """A whole number that is not negative."""
        value = self.number(key)
        if value != int(value) or value < 0:
            raise self._wrong(key, "a whole number")
        return int(value)

    def maybe_whole(self, key: str) -> int | None:
        """A whole number or None."""
        return None if self.data.get(key) is None else self.whole(key)

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text; ``default`` where it is missing or null and a default is given."""
        value = self.data.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self._wrong(key, "a text")
        return value

    def one_of(self, key: str, *allowed: str) -> str | None:
        """One of ``allowed``, or None for null."""
        value = self.data.get(key)
        if value is not None and value not in allowed:
            raise self._wrong(key, f"one of {', '.join(allowed)} or null")
        return cast("str | None", value)

    def row(self, key: str) -> Row:
        """A JSON object."""
        return as_row(self.data.get(key), f"{self.at}{key}.")

    def items(self, key: str) -> list[object]:
        """A list; empty where it is missing."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, "a list")
        return cast("list[object]", value)

    def rows(self, key: str) -> list[Row]:
        """A list of JSON objects."""
        return [as_row(item, f"{self.at}{key}[{i}].") for i, item in enumerate(self.items(key))]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.items(key)
        if not all(isinstance(value, str) for value in values):
            raise self._wrong(key, "a list of texts")
        return tuple(cast("list[str]", values))


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number longer than any float
        return False


def as_row(value: object, at: str) -> Row:
    """``value`` as an object to be read by type; raises StoredError for anything else."""
    if not isinstance(value, dict):
        place = at.rstrip(".") or "its top"
        raise StoredError(
            f"expected a JSON object at {place}, got {type(value).__name__}; analyse the clip again"
        )
    return Row(cast("Mapping[str, object]", value), at)
