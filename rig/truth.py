"""The angles of a pose, in the world and in a crop."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rig.camera import Camera, Window
from rig.crop import lean_deg
from rig.skeleton import ROOT, THORAX, Pose

Array = npt.NDArray[np.float64]
ANGLES = {  # what the `angles` of a crop are, in this order
    "frontal": ("obliquity_deg", "ribs_lean_deg"),
    "sagittal": ("pelvis_deg", "ribs_deg"),
}


def _axis(at: Pose, bone: int, axis: int, camera: Camera, window: Window) -> tuple[Array, Array]:
    """Two crop points along one of a bone's own axes, placed in the middle of the hips or of the ribs."""
    middle = (
        (at.place("upperleg01.L") + at.place("upperleg01.R")) / 2 if bone == ROOT else at.place("spine02")
    )
    reach = 0.08 * at.turns[bone][:, axis]
    ends = window.crop(camera.picture(np.array([middle - reach, middle + reach])))
    return ends[0], ends[1]


def frontal_angles(at: Pose, camera: Camera, window: Window) -> tuple[float, float]:
    """The tilt of the pelvis' side-to-side axis (+ = higher on the crop's right) and the ribs' lean."""
    a, b = _axis(at, ROOT, 0, camera, window)
    left, right = (a, b) if a[0] < b[0] else (b, a)
    tilt = float(np.degrees(np.arctan2(left[1] - right[1], right[0] - left[0])))
    return tilt, lean_deg(*_axis(at, THORAX, 2, camera, window))


def sagittal_angles(at: Pose, camera: Camera, window: Window) -> tuple[float, float]:
    """How far the upward axes of pelvis and ribs lean forwards, to the crop's right."""
    return lean_deg(*_axis(at, ROOT, 2, camera, window)), lean_deg(*_axis(at, THORAX, 2, camera, window))
