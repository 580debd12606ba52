"""Where the crop lies, worked out from body keypoints exactly as the product can do it.

The rule, for whoever places the same crop on a real picture (lengths in picture units, y down):

- `reference` is the trunk's length (middle of the hips to middle of the shoulders) when it is seen in
  full, taken over the whole set.
- The window's side is 1.7 × reference. Its middle lies 0.14 × reference from the middle of the hips,
  upwards in the window.
- frontal: the window stands upright in the picture once the camera's roll is taken off, and is never
  mirrored.
- sagittal: the window turns so that the line from hips to shoulders points straight up, and is mirrored
  if the person faces the left, so that the front of the body is always to the right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.camera import Camera, Window
from rig.skeleton import Pose

Array = npt.NDArray[np.float64]
KINDS = ("frontal", "sagittal")
SIDE_OF_TRUNK, LIFT_OF_TRUNK = 1.7, 0.14
CONTEXT = {  # what the network is told beside the crop, in this order
    "frontal": (
        "trunk_sin",
        "trunk_cos",
        "thigh_left_90",
        "thigh_right_90",
        "hip_line_10",
        "shoulder_line_10",
    ),
    "sagittal": ("trunk_sin", "trunk_cos", "thigh_near_90", "thigh_far_90", "hip_width", "shoulder_width"),
}
POINTS = ("shoulder_l", "shoulder_r", "hip_l", "hip_r", "knee_l", "knee_r")
BONES_OF_POINTS = (
    "upperarm01.L",
    "upperarm01.R",
    "upperleg01.L",
    "upperleg01.R",
    "lowerleg01.L",
    "lowerleg01.R",
)


@dataclass(frozen=True)
class Keypoints:
    """Shoulders, hips and knees, (6, 2) in the order of POINTS, and the trunk's full length."""

    xy: Array
    reference: float

    @property
    def shoulders(self) -> Array:
        """Middle of the shoulders."""
        return self.xy[0:2].mean(0)

    @property
    def hips(self) -> Array:
        """Middle of the hips."""
        return self.xy[2:4].mean(0)


def true_keypoints(at: Pose, camera: Camera) -> Keypoints:
    """The joints' own places in the picture."""
    points = np.array([at.place(bone) for bone in BONES_OF_POINTS])
    trunk = float(np.linalg.norm(points[0:2].mean(0) - points[2:4].mean(0)))
    return Keypoints(camera.picture(points), trunk / float(camera.depth(points[2:4].mean(0))))


def observed(true: Keypoints, rng: np.random.Generator) -> Keypoints:
    """The same keypoints as a pose network reports them: jittered, biased, the hip line hardly tilting."""
    unit = true.reference
    xy = true.xy + rng.normal(0, 0.025, (6, 2)) * unit + rng.normal(0, 0.03, 2) * unit
    xy[2:4] += rng.normal(0, 0.04, 2) * unit  # both hips too high, too low or to one side
    middle, follow = xy[2:4].mean(0), float(rng.uniform(0.0, 0.6))
    xy[2:4, 1] = middle[1] + follow * (xy[2:4, 1] - middle[1])
    xy[2:4, 0] = middle[0] + float(rng.uniform(0.8, 1.5)) * (xy[2:4, 0] - middle[0])
    return Keypoints(xy, unit * float(np.exp(rng.normal(0, 0.06))))


def lean_deg(start: Array, end: Array) -> float:
    """How far the way from start to end leans to the right of straight up (y down), degrees."""
    d = np.asarray(end) - np.asarray(start)
    return float(np.degrees(np.arctan2(d[0], -d[1])))


def place(points: Keypoints, kind: str, *, roll_deg: float = 0.0, faces_left: bool = False) -> Window:
    """The crop's window, by the rule above."""
    angle = roll_deg if kind == "frontal" else lean_deg(points.hips, points.shoulders)
    up = np.array([np.sin(np.radians(angle)), -np.cos(np.radians(angle))])
    centre = points.hips + LIFT_OF_TRUNK * points.reference * up
    return Window(centre, SIDE_OF_TRUNK * points.reference, angle, faces_left and kind == "sagittal")


def context(points: Keypoints, kind: str, window: Window, *, roll_deg: float = 0.0, near: str = "l") -> Array:
    """The six numbers of CONTEXT, from the same keypoints (6,)."""
    crop = window.crop(points.xy)
    trunk = lean_deg(points.hips, points.shoulders) - roll_deg
    if window.mirrored:
        trunk = -trunk
    thighs = [_thigh(crop, side) / 90.0 for side in (0, 1)]
    lead = [np.sin(np.radians(trunk)), np.cos(np.radians(trunk))]
    if kind == "sagittal":
        order = thighs if near == "l" else thighs[::-1]
        widths = [abs(crop[2, 0] - crop[3, 0]), abs(crop[0, 0] - crop[1, 0])]
        return np.array(lead + order + widths)
    if crop[2, 0] > crop[3, 0]:  # the athlete's left is on the right of the crop
        thighs = thighs[::-1]
    return np.array([*lead, *thighs, _line(crop[2:4]) / 10.0, _line(crop[0:2]) / 10.0])


def _thigh(crop: Array, side: int) -> float:
    d = crop[4 + side] - crop[2 + side]
    return float(np.degrees(np.arctan2(d[0], d[1])))


def _line(pair: Array) -> float:
    """The tilt of the line through two points: + where its end at the right of the crop is higher."""
    left, right = pair[np.argsort(pair[:, 0])]
    return float(np.degrees(np.arctan2(left[1] - right[1], max(right[0] - left[0], 1e-6))))
