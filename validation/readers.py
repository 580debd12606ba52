"""Readers for the data that Plumbline is judged against.

Each returns frozen arrays in stated units and axes; nothing here knows the product's measures.
Axes differ by source and are named where they matter:

================  =====================================================================
source            axes and units
================  =====================================================================
rendered clips    x to the athlete's left, -y forward (upright), z up, metres; picture px
``.trc``          as the laboratory had them (OpenSim: y up), always metres here
``.mot``          columns by name, degrees or radians as the header says
camera pickles    camera z forward, x right, y down; world = the calibration board's
labelled squats   camera's own: x right in the picture, y down, z away, centimetres
================  =====================================================================
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class ReadError(ValueError):
    """A file is not what its reader expects; the message says what was expected and what came."""


# --------------------------------------------------------------------------- rendered clips


@dataclass(frozen=True)
class RigTruth:
    """What the rig was doing in each frame ``T`` of a rendered clip.

    ``rep`` is -1 outside a repetition; ``depth`` 1 at the bottom or lockout, NaN in walking;
    ``phase_left`` 0-1 since the left heel touched down, NaN in lifts. ``roll_deg`` + when upright
    things lean to image right. ``xy_px`` ``(T, J, 2)``,
    ``xyz_m`` ``(T, J, 3)``, ``angles_deg`` by the rig's own names (some are percent).
    """

    name: str
    movement: str
    view: str
    fps: float
    size_wh: tuple[int, int]
    reps: int
    eye_m: FloatArray
    vfov_deg: float
    roll_deg: float
    stature_m: float
    t_s: FloatArray
    rep: NDArray[np.int64]
    depth: FloatArray
    phase_left: FloatArray
    joints: tuple[str, ...]
    xy_px: FloatArray
    xyz_m: FloatArray
    angles_deg: Mapping[str, FloatArray]

    def px(self, joint: str) -> FloatArray:
        """Path ``(T, 2)`` px of one joint centre."""
        return self.xy_px[:, self.joints.index(joint)]

    def m(self, joint: str) -> FloatArray:
        """Path ``(T, 3)`` metres of one joint centre."""
        return self.xyz_m[:, self.joints.index(joint)]

    def mid_m(self, part: str) -> FloatArray:
        """Path ``(T, 3)`` metres of the middle between the left and right ``part``."""
        return (self.m(f"{part}_l") + self.m(f"{part}_r")) / 2

    @property
    def stature_px(self) -> float:
        """The athlete's height as a distance in the picture, where the hips are, px."""
        away_m = float(np.median(np.linalg.norm(self.mid_m("hip") - self.eye_m, axis=1)))
        focal_px = self.size_wh[1] / 2 / float(np.tan(np.radians(self.vfov_deg) / 2))
        return self.stature_m * focal_px / away_m

    def frames_of(self, rep: int) -> NDArray[np.intp]:
        """Frames of one repetition."""
        return np.flatnonzero(self.rep == rep)

    def turn_of(self, rep: int) -> int:
        """First frame of the bottom or lockout of one repetition."""
        frames = self.frames_of(rep)
        return int(frames[np.argmax(self.depth[frames])])


def is_copy(path: Path) -> bool:
    """Whether a truth file says that its clip was made from another one, by putting stickers on."""
    return "made_from" in json.loads(path.read_text("utf-8"))


def read_rig(path: Path) -> RigTruth:
    """Truth of a rendered clip. Raises ReadError when the file holds no frames or lacks a key."""
    raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
    frames: list[dict[str, Any]] = raw.get("frames", [])
    if not frames:
        raise ReadError(f"{path.name}: expected rig truth with frames, got none; render the clip again")
    try:
        joints = tuple(frames[0]["joints3d"])
        names = [str(n) for n in frames[0]["angles"] if all(n in f["angles"] for f in frames)]
        return RigTruth(
            name=raw["name"],
            movement=raw["movement"],
            view=raw["view"],
            fps=float(raw["fps"]),
            size_wh=(int(raw["width"]), int(raw["height"])),
            reps=int(raw["reps"]),
            eye_m=np.array(raw["camera"]["eye"], np.float64),
            vfov_deg=float(raw["camera"]["vfov"]),
            roll_deg=-float(raw["camera"]["roll"]),
            stature_m=float(raw["stature_m"]),
            t_s=np.array([f["t"] for f in frames], np.float64),
            rep=np.array([f.get("rep", -1) for f in frames], np.int64),
            depth=np.array([f.get("depth_frac", np.nan) for f in frames], np.float64),
            phase_left=np.array([f.get("phase_left", np.nan) for f in frames], np.float64),
            joints=joints,
            xy_px=np.array([[f["joints2d"][j] for j in joints] for f in frames], np.float64),
            xyz_m=np.array([[f["joints3d"][j] for j in joints] for f in frames], np.float64),
            angles_deg={n: np.array([f["angles"][n] for f in frames], np.float64) for n in names},
        )
    except KeyError as missing:
        raise ReadError(f"{path.name}: expected rig truth with {missing}, got none") from None


# --------------------------------------------------------------------------- labelled squats


@dataclass(frozen=True)
class LabelledSquat:
    """One squat as 3D joints: ``xyz_cm`` ``(T, J, 3)`` in the camera's axes.

    The points are MediaPipe's picture points lifted by a depth camera, so depth is much the
    noisiest axis. ``points`` ``(J,)`` are their MediaPipe numbers.
    """

    name: str
    day: str
    label: str
    points: NDArray[np.int64]
    xyz_cm: FloatArray


def read_squats3d(path: Path) -> tuple[LabelledSquat, ...]:
    """All squats of the labelled 3D set, in the file's order; ``day`` is ``YYYY-MM-DD``."""
    with np.load(path, allow_pickle=False) as data:
        missing = [k for k in ("names", "labels", "lengths", "xyz", "mp_index") if k not in data]
        if missing:
            raise ReadError(f"{path.name}: expected arrays {', '.join(missing)}, found none")
        names, labels = data["names"].tolist(), data["labels"].tolist()
        lengths, points = data["lengths"].astype(np.int64), data["mp_index"].astype(np.int64)
        xyz = data["xyz"].astype(np.float64)
    if int(lengths.sum()) != len(xyz) or len(names) != len(lengths):
        raise ReadError(f"{path.name}: expected {int(lengths.sum())} frames of joints, got {len(xyz)}")
    ends = np.cumsum(lengths)
    return tuple(
        LabelledSquat(name, _day(name), label, points, xyz[end - length : end])
        for name, label, length, end in zip(names, labels, lengths, ends, strict=True)
    )


def _day(name: str) -> str:
    """``recording_DDMMYYYY_HHMMSS`` to ``YYYY-MM-DD``."""
    digits = name.split("_")[1]
    return f"{digits[4:]}-{digits[2:4]}-{digits[:2]}"


# --------------------------------------------------------------------------- labelled real clips


@dataclass(frozen=True, slots=True)
class LabelledRep:
    """One repetition as an eye saw it, seconds of the file."""

    start_s: float
    turn_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class LabelledClip:
    """A real clip with its repetitions; ``file`` is relative to the labels' own root."""

    file: str
    exercise: str
    view: str
    reps: tuple[LabelledRep, ...]

    @property
    def movement(self) -> str | None:
        """The product's movement for this exercise, None where it knows none."""
        name = self.exercise.lower()
        if any(word in name for word in ("pistol", "single-leg", "lunge", "step")):
            return None
        for movement, words in _EXERCISES.items():
            if any(word in name for word in words):
                return movement
        return None

    @property
    def from_floor(self) -> bool:
        """Whether it is a deadlift, whose repetitions may be cut at the floor or at the top."""
        return "dead" in self.exercise.lower()


_EXERCISES: Final[Mapping[str, Sequence[str]]] = {
    "squat": ("squat",),
    "hinge": ("deadlift", "rdl", "hinge"),
    "bridge": ("bridge",),
    "hip_thrust": ("thrust",),
    "gait": ("walk", "run"),
}


def read_labels(path: Path) -> tuple[LabelledClip, ...]:
    """Hand labels of real clips."""
    raw: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return tuple(
        LabelledClip(
            file=clip["file"],
            exercise=clip["movement"],
            view=clip["view"],
            reps=tuple(
                LabelledRep(float(rep["start"]), float(rep["turn"]), float(rep["end"]))
                for rep in clip["reps"]
            ),
        )
        for clip in raw
    )
