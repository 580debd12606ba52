"""Four calibrated cameras on one athlete who stands on one leg, and whether they see one pelvis.

A line across the pelvis in one picture lies in a plane through that camera; two cameras' planes meet in
a direction in space, and its rise is the pelvis' obliquity. Six pairs of cameras give six opinions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np

from validation.readers import FloatArray, ReadError
from validation.recorded import Take, kept
from validation.tables import number, table
from vision.pose.base import BLAZEPOSE
from vision.types import Pose

SUBPIXELS: Final = 64.0  # the file counts focal length and centre in sixty-fourths of a pixel
WEAKEST_DEG: Final = 20.0
"""Planes that meet at less than this angle fix their line badly: such pairs are left out."""

Line = Callable[[Pose], FloatArray | None]
"""Two points ``(2, 2)`` px of the pelvis, the athlete's left first; None where not seen."""


@dataclass(frozen=True)
class Camera:
    """``axes`` ``(3, 3)`` rows: the camera's right, up and back in the room; focal length, centre in px."""

    name: str
    axes: FloatArray
    focal: FloatArray
    centre: FloatArray

    def ray(self, xy: FloatArray) -> FloatArray:
        """Direction in the room of a picture point; lens distortion (under 1 %) is left out."""
        x, y = (xy - self.centre) / self.focal
        return np.array([x, -y, -1.0]) @ self.axes


def read_cameras(path: Path) -> list[Camera]:
    """Cameras of a ``.qca.txt``. Raises ReadError where a key is missing."""
    out: list[Camera] = []
    for node in ElementTree.fromstring(path.read_text("utf-8")).iter(
        "camera"
    ):  # our own data, not a stranger's
        turn, lens = node.find("transform"), node.find("intrinsic")
        if turn is None or lens is None:
            raise ReadError(f"{path.name}: expected transform and intrinsic of each camera, found none")
        axes = np.array([[float(turn.attrib[f"r{i}{k}"]) for k in (1, 2, 3)] for i in (1, 2, 3)])
        pair = [
            [float(lens.attrib[f"{what}{u}"]) / SUBPIXELS for u in "UV"]
            for what in ("focalLength", "centerPoint")
        ]
        out.append(Camera(node.attrib["serial"], axes, np.array(pair[0]), np.array(pair[1])))
    return out


def plane(camera: Camera, line: FloatArray) -> FloatArray:
    """Unit normal in the room of the plane through the camera and a line of its picture."""
    normal = np.cross(camera.ray(line[0]), camera.ray(line[1]))
    return normal / np.linalg.norm(normal)


def rise_deg(cameras: Sequence[Camera], lines: Sequence[FloatArray]) -> float:
    """Rise of the direction that best lies in all cameras' planes, + left end higher, degrees.

    NaN where the planes are too nearly one.
    """
    normals = np.array([plane(c, line) for c, line in zip(cameras, lines, strict=True)])
    widest = max(_between_deg(a, b) for a, b in combinations(normals, 2))
    if widest < WEAKEST_DEG:
        return float("nan")
    direction = np.linalg.svd(normals)[2][-1]
    votes = [
        np.sign((direction @ c.axes[0]) * (line[0, 0] - line[1, 0]))
        for c, line in zip(cameras, lines, strict=True)
    ]
    direction = direction * (np.sign(np.sum(votes)) or 1.0)
    return float(np.degrees(np.arcsin(np.clip(direction[2], -1, 1))))


def _between_deg(a: FloatArray, b: FloatArray) -> float:
    return float(np.degrees(np.arccos(np.clip(abs(a @ b), 0, 1))))


def hip_points(pose: Pose) -> FloatArray | None:
    """The pose model's hip points."""
    line = pose.xy[BLAZEPOSE.rows("left_hip", "right_hip")]
    return line if np.isfinite(line).all() else None


def network_line(pose: Pose) -> FloatArray | None:
    """The slope that the product's network reads from front or rear, as a line through the hips' middle."""
    hips, readings = hip_points(pose), getattr(pose, "pelvis", None)
    if hips is None or readings is None or not np.isfinite(readings[0, 0]):
        return None
    slope = np.radians(float(readings[0, 0]))  # + the end at image right higher
    half = 50.0 * np.array([np.cos(slope), -np.sin(slope)])
    half *= 1.0 if hips[0, 0] >= hips[1, 0] else -1.0
    return hips.mean(axis=0) + np.stack([half, -half])


def frames_of(take: Take, line: Line) -> dict[int, FloatArray]:
    """Lines by frame number."""
    out: dict[int, FloatArray] = {}
    for seen in take.pushed:
        pose = seen[0]
        found = line(pose) if isinstance(pose, Pose) else None
        if found is not None and isinstance(pose, Pose):
            out[pose.index] = found
    return out


@dataclass(frozen=True)
class Agreement:
    """Rise by all cameras ``(T,)``, and how far each pair is from it, ``(pairs, T)``, degrees."""

    rise: FloatArray
    pairs: Mapping[str, FloatArray]

    @property
    def spread(self) -> float:
        """Root mean square of all pairs' differences from what all cameras say together."""
        off = np.concatenate([v - self.rise for v in self.pairs.values()]) if self.pairs else np.zeros(0)
        off = off[np.isfinite(off)]
        return float(np.sqrt((off**2).mean())) if len(off) else float("nan")


def agreement(cameras: Sequence[Camera], lines: Sequence[Mapping[int, FloatArray]]) -> Agreement:
    """Opinions in every frame that any camera saw; NaN where fewer than two of those asked did."""
    frames = sorted({f for found in lines for f in found})
    everyone = list(zip(cameras, lines, strict=True))

    def path(some: Sequence[tuple[Camera, Mapping[int, FloatArray]]]) -> FloatArray:
        out = np.full(len(frames), np.nan)
        for i, f in enumerate(frames):
            seen = [(c, found[f]) for c, found in some if f in found]
            if len(seen) > 1:
                out[i] = rise_deg([c for c, _ in seen], [line for _, line in seen])
        return out

    pairs = {f"{a[0].name[-1]} and {b[0].name[-1]}": path((a, b)) for a, b in combinations(everyone, 2)}
    return Agreement(path(everyone), pairs)


WAYS: Final[Mapping[str, Line]] = {"hip points": hip_points, "network": network_line}


def section(folder: Path, *, fresh: bool) -> str:
    """Agreement by every way of seeing the pelvis."""
    cameras = read_cameras(next(folder.glob("calibration/*.qca.txt")))
    takes = [kept(folder / "videos" / f"{c.name}.mp4", movement="gait", fresh=fresh) for c in cameras]
    rows: list[list[str]] = []
    for way, line in WAYS.items():
        found = agreement(cameras, [frames_of(take, line) for take in takes])
        if not np.isfinite(found.rise).any():
            continue
        for pair, values in found.pairs.items():
            rows.append([way, pair, str(int(np.isfinite(values).sum())), *_against(values, found.rise)])
        seen = str(int(np.isfinite(found.rise).sum()))
        rows.append([way, "all four", seen, "–", number(found.spread), _range(found.rise)])
    return (
        "Four calibrated cameras, 1.7 s on one leg with the trunk tipped over. Each pair gives the pelvis' "
        "rise in space; *apart* is its difference from what all four say together.\n\n"
        + table(["seen by", "cameras", "frames", "mean apart °", "RMS apart °", "rise, from and to °"], rows)
    )


def _against(values: FloatArray, whole: FloatArray) -> list[str]:
    off = (values - whole)[np.isfinite(values - whole)]
    if not len(off):
        return ["–", "–", "–"]
    return [
        number(float(off.mean()), signed=True),
        number(float(np.sqrt((off**2).mean()))),
        _range(values),
    ]


def _range(values: FloatArray) -> str:
    some = values[np.isfinite(values)]
    if not len(some):
        return "–"
    low, high = np.percentile(some, [2, 98])
    return f"{number(float(low), 0)} to {number(float(high), 0)}"
