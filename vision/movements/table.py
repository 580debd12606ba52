"""Reading a movement's ``.toml``: the numbers a coach could argue about, each with its source."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

from vision.movements.base import Table
from vision.types import Criterion, Fault, Plane

SYMMETRIES: Final = ("", "ratio", "difference", "share", "none")


class TableError(ValueError):
    """A threshold table says something that cannot be."""


def load_table(name: str) -> Table:
    """The table ``vision/movements/<name>.toml``.

    Raises TableError when a row lacks a source, a band is upside down, caution does not contain
    good, or a fault is named that the file does not describe.
    """
    text = resources.files("vision.movements").joinpath(f"{name}.toml").read_text("utf-8")
    data = tomllib.loads(text)
    faults = {key: _fault(key, row) for key, row in data.get("fault", {}).items()}
    criteria = {key: _criterion(key, row, faults) for key, row in data["measure"].items()}
    return Table(
        title=data["title"],
        film=data["film"],
        criteria=criteria,
        faults=faults,
        cues={key: (float(low), float(high)) for key, (low, high) in data.get("cues", {}).items()},
        calibration=_calibration(data.get("calibration", {})),
        version=f"{name}@{hashlib.sha256(text.encode()).hexdigest()[:12]}",
    )


def _band(key: str, row: Mapping[str, Any], name: str) -> tuple[float, float] | None:
    if name not in row:
        return None
    low, high = (float(v) for v in row[name])
    if not low < high:
        raise TableError(f"{key}.{name}: expected [low, high] with low < high, got [{low}, {high}]")
    return low, high


def _criterion(key: str, row: Mapping[str, Any], faults: Mapping[str, Fault]) -> Criterion:
    good, caution = _band(key, row, "good"), _band(key, row, "caution")
    if (good is None) != (caution is None):
        raise TableError(f"{key}: expected both good and caution or neither")
    if good and caution and not (caution[0] <= good[0] and good[1] <= caution[1]):
        raise TableError(f"{key}: expected caution {caution} to contain good {good}")
    for text in ("source", "title", "unit", "error_source"):
        if not row.get(text):
            raise TableError(f"{key}: expected a {text}, got none")
    for eye in ("marker", "network"):
        if (f"{eye}_sd" in row) != bool(row.get(f"{eye}_source")):
            raise TableError(f"{key}: expected both {eye}_sd and {eye}_source or neither")
    for way in ("above", "below"):
        if way in row and row[way] not in faults:
            raise TableError(f"{key}.{way}: the fault {row[way]!r} is not described in this file")
    _check_symmetry(key, row)
    return Criterion(
        measure=key,
        unit=row["unit"],
        plane=Plane(row["plane"]),
        title=row["title"],
        source=row["source"],
        good=good,
        caution=caution,
        can_fault=bool(row.get("can_fault", True)),
        max_error95=row.get("max_error95"),
        definition_sd=float(row["definition_sd"]),
        error_source=row["error_source"],
        marker_sd=row.get("marker_sd"),
        marker_source=row.get("marker_source", ""),
        network_sd=row.get("network_sd"),
        network_source=row.get("network_source", ""),
        per_side=bool(row.get("per_side", False)),
        min_cycles=int(row.get("min_cycles", 1)),
        weight=float(row.get("weight", 1.0)),
        above=row.get("above"),
        below=row.get("below"),
        symmetry=row.get("symmetry", ""),
        weaker=row.get("weaker", ""),
        mdc=row.get("mdc"),
        mdc_source=row.get("mdc_source", ""),
    )


def _check_symmetry(key: str, row: Mapping[str, Any]) -> None:
    if row.get("symmetry", "") not in SYMMETRIES or row.get("weaker", "") not in ("", "more", "less"):
        raise TableError(f"{key}: expected symmetry among {', '.join(SYMMETRIES[1:])}, weaker more or less")
    if ("mdc" in row) != bool(row.get("mdc_source")):
        raise TableError(f"{key}: expected both mdc and mdc_source or neither")


def _calibration(row: Mapping[str, Any]) -> Mapping[str, float]:
    if row and not row.get("source"):
        raise TableError("calibration: expected a source, got none")
    return {key: float(value) for key, value in row.items() if key != "source"}


def _fault(key: str, row: Mapping[str, Any]) -> Fault:
    return Fault(
        key=key,
        words=row["words"],
        cue=row["cue"],
        explain=row["explain"],
        drill=row["drill"],
        source=row["source"],
        priority=int(row["priority"]),
        side_from=row.get("side_from"),
    )
