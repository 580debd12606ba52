"""A pinhole camera, and the square window that a crop takes out of its picture.

Picture coordinates are in focal lengths from the middle of the lens, x right and y down, so that no pixel
size is needed; a window turns them into crop coordinates from 0 to 1, also x right and y down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.rotations import about_z, unit

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Camera:
    """Where the camera is and how it is turned; rows of `turn` are its right, its up and its back."""

    eye: Array
    turn: Array

    def seen(self, points: npt.ArrayLike) -> Array:
        """World points (..., 3) in the camera's own axes."""
        return (np.asarray(points, np.float64) - self.eye) @ self.turn.T

    def picture(self, points: npt.ArrayLike) -> Array:
        """Where world points (..., 3) fall in the picture (..., 2)."""
        own = self.seen(points)
        return own[..., :2] * np.array([1.0, -1.0]) / -own[..., 2:]

    def depth(self, points: npt.ArrayLike) -> Array:
        """How far in front of the camera world points lie, metres."""
        return -self.seen(points)[..., 2]


def aimed(eye: npt.ArrayLike, target: npt.ArrayLike, roll_deg: float = 0.0) -> Camera:
    """A camera that looks at a point; + roll makes upright things lean to the right of the picture."""
    place = np.asarray(eye, np.float64)
    ahead = unit(np.asarray(target, np.float64) - place)
    right = unit(np.cross(ahead, [0.0, 0.0, 1.0]))
    turn = np.stack([right, np.cross(right, ahead), -ahead])
    return Camera(place, about_z(-roll_deg) @ turn)


@dataclass(frozen=True)
class Window:
    """A square cut out of the picture: middle, side, turn, and whether it is mirrored."""

    centre: Array  # (2,)
    side: float
    angle_deg: float = 0.0  # how far the window's own upright leans to the right in the picture
    mirrored: bool = False
    aspect: float = 1.0  # width over height; `side` is the height. A whole frame is a window too

    def _matrix(self) -> Array:
        c, s = np.cos(np.radians(self.angle_deg)), np.sin(np.radians(self.angle_deg))
        turn = np.array([[c / self.aspect, s / self.aspect], [-s, c]]) / self.side
        return np.array([[-1.0, 0.0], [0.0, 1.0]]) @ turn if self.mirrored else turn

    def crop(self, picture: npt.ArrayLike) -> Array:
        """Picture points (..., 2) in crop coordinates."""
        return (np.asarray(picture) - self.centre) @ self._matrix().T + 0.5

    def clip_matrix(self, camera: Camera, near: float = 0.2, far: float = 25.0) -> Array:
        """World points to OpenGL's clip space, for a picture that is this window (4, 4)."""
        scale = self._matrix()
        shift = 0.5 - scale @ self.centre
        # crop = scale · (x, −y)/w + shift, and clip = (2 crop_x − 1, 1 − 2 crop_y) · w with w = −z
        own = np.zeros((4, 4))
        own[0, :2] = 2 * scale[0] * [1, -1]
        own[1, :2] = -2 * scale[1] * [1, -1]
        own[0, 2], own[1, 2] = -(2 * shift[0] - 1), -(1 - 2 * shift[1])
        own[2, 2], own[2, 3] = (far + near) / (near - far), 2 * far * near / (near - far)
        own[3, 2] = -1
        view = np.eye(4)
        view[:3, :3], view[:3, 3] = camera.turn, -camera.turn @ camera.eye
        return own @ view


def metres_from_depth_buffer(buffer: npt.NDArray[np.floating], near: float = 0.2, far: float = 25.0) -> Array:
    """The depth buffer's values from 0 to 1 as metres in front of the camera."""
    ndc = 2.0 * np.asarray(buffer, np.float64) - 1.0
    return 2 * near * far / (far + near - ndc * (far - near))
