"""Readers for motion laboratories' files: marker paths, joint angles and calibrated cameras."""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from validation.readers import FloatArray, ReadError

# --------------------------------------------------------------------------- OpenSim tables


@dataclass(frozen=True)
class Markers:
    """Marker paths of a ``.trc``: ``xyz_m`` ``(T, M, 3)`` metres, NaN where a marker was lost."""

    names: tuple[str, ...]
    rate_hz: float
    t_s: FloatArray
    xyz_m: FloatArray

    def path(self, name: str) -> FloatArray:
        """Path ``(T, 3)`` metres of one marker."""
        return self.xyz_m[:, self.names.index(name)]


@dataclass(frozen=True)
class Motion:
    """A ``.mot`` or ``.sto`` table: ``values`` ``(T, C)``; ``in_degrees`` None where not stated."""

    columns: tuple[str, ...]
    values: FloatArray
    in_degrees: bool | None

    @property
    def t_s(self) -> FloatArray:
        """Seconds of each row."""
        return self["time"]

    def __getitem__(self, column: str) -> FloatArray:
        if column not in self.columns:
            raise KeyError(f"no column {column!r}; there are: {', '.join(self.columns)}")
        return self.values[:, self.columns.index(column)]


_METRES: Final = {"m": 1.0, "mm": 1e-3, "cm": 1e-2}


def _number(text: str) -> float:
    return float(text) if text.strip() else float("nan")


def read_trc(path: Path) -> Markers:
    """Marker paths of a ``.trc``; raises ReadError for an unknown unit or a table without rows."""
    lines = path.read_text("utf-8", errors="replace").splitlines()
    if len(lines) < 5 or not lines[0].startswith("PathFileType"):
        raise ReadError(f"{path.name}: expected a .trc that begins with PathFileType")
    facts = dict(zip(_cells(lines[1]), _cells(lines[2]), strict=False))
    unit = facts.get("Units", "")
    if unit not in _METRES:
        raise ReadError(f"{path.name}: expected units of {', '.join(_METRES)}, got {unit!r}")
    names = tuple(n.strip() for n in lines[3].split("\t")[2:] if n.strip())
    width = 2 + 3 * len(names)
    rows: list[list[float]] = []
    for line in lines[5:]:
        if line.strip():
            row = [_number(cell) for cell in line.split("\t")[:width]]
            rows.append(row + [float("nan")] * (width - len(row)))
    if not rows:
        raise ReadError(f"{path.name}: expected rows of markers, got none")
    table = np.array(rows)
    return Markers(
        names=names,
        rate_hz=float(facts["DataRate"]),
        t_s=table[:, 1],
        xyz_m=table[:, 2:].reshape(len(table), -1, 3) * _METRES[unit],
    )


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t") if cell.strip()]


def read_mot(path: Path) -> Motion:
    """Columns of a ``.mot``; raises ReadError where the header never ends or rows are ragged."""
    lines = [line.strip() for line in path.read_text("utf-8", errors="replace").splitlines()]
    try:
        end = lines.index("endheader")
    except ValueError:
        raise ReadError(f"{path.name}: expected a line 'endheader', found none") from None
    body = [_cells(line) if "\t" in line else line.split() for line in lines[end + 1 :] if line]
    if len(body) < 2:
        raise ReadError(f"{path.name}: expected column names and rows after the header, got none")
    columns, rows = tuple(body[0]), body[1:]
    ragged = next((i for i, row in enumerate(rows) if len(row) != len(columns)), None)
    if ragged is not None:
        raise ReadError(
            f"{path.name}: expected {len(columns)} values in row {ragged}, got {len(rows[ragged])}"
        )
    head = [line.lower().replace(" ", "") for line in lines[:end]]
    stated = next((line.partition("=")[2] for line in head if line.startswith("indegrees=")), None)
    return Motion(columns, np.array(rows, np.float64), None if stated is None else stated == "yes")


# --------------------------------------------------------------------------- calibrated cameras


@dataclass(frozen=True)
class Camera:
    """A calibrated camera: ``x_camera = rotation @ x_world + translation_m``.

    ``matrix`` ``(3, 3)`` px, ``distortion`` (k1, k2, p1, p2, k3) after Brown and Conrady.
    """

    matrix: FloatArray
    distortion: FloatArray
    rotation: FloatArray
    translation_m: FloatArray

    @property
    def position_m(self) -> FloatArray:
        """Where the camera stands, ``(3,)`` in the world's axes."""
        return -self.rotation.T @ self.translation_m

    def project(self, xyz_m: FloatArray) -> FloatArray:
        """Picture points ``(..., 2)`` px of world points ``(..., 3)`` metres in front of the camera."""
        seen = xyz_m @ self.rotation.T + self.translation_m
        x, y = seen[..., 0] / seen[..., 2], seen[..., 1] / seen[..., 2]
        k1, k2, p1, p2, k3 = self.distortion
        r2 = x * x + y * y
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        bent = np.stack(
            [
                x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x),
                y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y,
            ],
            axis=-1,
        )
        return bent @ self.matrix[:2, :2].T + self.matrix[:2, 2]

    def turned(self, world_from_new: FloatArray) -> Camera:
        """The same camera for points given in other axes: ``x_world = world_from_new @ x_new``."""
        return Camera(self.matrix, self.distortion, self.rotation @ world_from_new, self.translation_m)


BOARD_FROM_OPENSIM: Final = np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
"""From OpenCap's marker axes (y up) to those of the checkerboard that its cameras were set by."""

_HARMLESS: Final = {
    *((f"numpy.{core}.multiarray", "_reconstruct") for core in ("core", "_core")),
    *((f"numpy.{core}.multiarray", "scalar") for core in ("core", "_core")),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}


class _ArraysOnly(pickle.Unpickler):
    """Loads arrays and plain values; refuses everything that could run code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _HARMLESS:
            raise pickle.UnpicklingError(f"expected arrays only, got {module}.{name}; not loaded")
        return super().find_class(module, name)


def load_arrays_pickle(data: bytes) -> Any:
    """Unpickle ``data`` that holds nothing but numpy arrays and plain containers.

    Raises ``pickle.UnpicklingError`` for anything else, before it is run.
    """
    return _ArraysOnly(io.BytesIO(data)).load()


def read_camera(path: Path) -> Camera:
    """An OpenCap camera (its file is in mm); points must be in the checkerboard's axes."""
    raw: dict[str, Any] = load_arrays_pickle(path.read_bytes())
    needed = ("intrinsicMat", "distortion", "rotation", "translation")
    missing = [key for key in needed if key not in raw]
    if missing:
        raise ReadError(f"{path.name}: expected a camera with {', '.join(missing)}, got {sorted(raw)}")
    matrix, distortion, rotation, translation = (np.array(raw[key], np.float64) for key in needed)
    return Camera(matrix, distortion.ravel(), rotation, translation.ravel() / 1000)
