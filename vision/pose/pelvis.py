"""Eyes for the pelvis: small networks, trained on rendered people only (docs/pelvis-network.md).

Body points do not follow the pelvis. These look at the picture around it: one from the front or rear gives
the slope of the pelvis and the lean of the ribs, one from the side, where there is one, the lean of both
against the trunk's line. What comes out is raw: whether and how it is used is decided for the whole set.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from vision.pose import pelvis_crop as crop
from vision.pose.base import BLAZEPOSE
from vision.pose.weights import manifest, sha256, weight_path
from vision.types import FRONTAL, NO_PELVIS, SAGITTAL, FloatArray, Frame, ImageArray

MODEL_FILES: Final = ("pelvis_frontal.onnx", "pelvis_sagittal.onnx")
PICTURE_PX: Final = 128

NARROW: Final = 0.42
"""Shoulder width over trunk length under which the person is looked at as from the side."""

LEAST_SCORE: Final = 0.3
LEAST_TRUNK_PX: Final = 24.0
MOST_OUTSIDE: Final = 0.3
"""Share of the square that may lie outside the picture."""

FINEST: Final = 6
"""Most by which the square is cut finer than it is looked at, so that no pixel of the picture is skipped."""

LOOK_EVERY_S: Final = 0.055
"""Least time between two looks: a pelvis moves slowly, and a look costs as much as a third of a pose."""

_REMEMBERED: Final = 15  # readings over which lengths are taken
_SLOW: Final = 0.999  # how fast the proportion of trunk to shoulders is forgotten, a reading

_ROWS: Final = BLAZEPOSE.rows(*crop.POINTS)
_NOSE, _EARS = BLAZEPOSE.index["nose"], BLAZEPOSE.rows("left_ear", "right_ear")
_ANKLES: Final = BLAZEPOSE.rows("left_ankle", "right_ankle")
_PAIRS: Final = ((0, 1), (4, 5), (6, 7))  # landmarks ASIS, crest, hip joint, as first and second
_ASIS, _PSIS, _SACRUM, _RIB_FRONT, _RIB_BACK = (0, 1), (2, 3), 8, 11, 12

_RUNTIME: Any = ort  # its type stubs leave half of it unknown
_Tensor = NDArray[np.float32]


class PelvisNetworks:
    """The networks that the manifest lists, open; they keep no memory between pictures.

    Raises :class:`vision.pose.weights.WeightError` when a file is missing or not the manifest's.
    """

    def __init__(self, threads: int = 1) -> None:
        self._sessions = [_session(name, threads) for name in listed_networks()]

    @property
    def from_the_side(self) -> bool:
        """Whether there is a network for side views."""
        return len(self._sessions) > SAGITTAL

    def frontal(self, picture: _Tensor, told: FloatArray) -> FloatArray:
        """Row of readings ``(7,)`` from an upright square ``(3, S, S)``, RGB 0-1.

        The mirror image is read as well and both are averaged, so that neither side is preferred.
        """
        both = np.stack([picture, picture[:, :, ::-1]])
        numbers = np.stack([told, crop.mirrored_context(told)])
        points, points_sd, angles, sd, loose = self._run(FRONTAL, both, numbers)
        lines = np.array([_slope_of_points(p, s) for p, s in zip(points, points_sd, strict=True)])
        sign = np.array([1.0, -1.0])
        seen = (sign[:, None] * angles).mean(axis=0)
        apart = np.abs((sign[:, None] * angles)[0] - seen)
        doubt = np.hypot(sd.mean(axis=0), apart)
        by_points = float((sign * lines).mean())
        return np.array([*seen, *doubt, by_points, np.nan, float(loose.mean())])

    def sagittal(self, picture: _Tensor, told: FloatArray) -> FloatArray:
        """Row of readings ``(7,)`` from a square along the trunk, the front of the body to the right."""
        points, _, angles, sd, loose = self._run(SAGITTAL, picture[None], told[None])
        pelvis, ribs = _leans_of_points(points[0])
        return np.array([*angles[0], *sd[0], pelvis, ribs, loose[0]], np.float64)

    def _run(self, which: int, pictures: _Tensor, told: FloatArray) -> list[FloatArray]:
        inputs = {"crop": np.ascontiguousarray(pictures), "context": told.astype(np.float32)}
        return [np.asarray(x, np.float64) for x in self._sessions[which].run(None, inputs)]


def listed_networks() -> tuple[str, ...]:
    """The networks' files that the model manifest lists: none, the frontal one, or both."""
    listed = manifest()
    return MODEL_FILES[: 1 + (MODEL_FILES[1] in listed)] if MODEL_FILES[0] in listed else ()


def open_networks() -> PelvisNetworks | None:
    """The networks, or None where the model manifest lists none.

    Raises :class:`vision.pose.weights.WeightError` when a listed file is missing or another one.
    """
    return PelvisNetworks() if listed_networks() else None


def network_sums(networks: PelvisNetworks | None) -> dict[str, str]:
    """File name to sha256 of the networks that are used."""
    return {} if networks is None else {name: sha256(name) for name in listed_networks()}


def _session(name: str, threads: int) -> Any:
    options = _RUNTIME.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return _RUNTIME.InferenceSession(str(weight_path(name)), options, providers=["CPUExecutionProvider"])


def _slope_of_points(points: FloatArray, sd: FloatArray) -> float:
    """Slope of the pelvis through landmarks ``(K, 2)``, + right end higher, the surer pairs weighing more."""
    slopes: list[float] = []
    weights: list[float] = []
    for right, left in _PAIRS:
        d = points[right] - points[left]
        if d[0] > 0.02:
            slopes.append(float(np.degrees(np.arctan2(-d[1], d[0]))))
            weights.append(float(d[0] ** 2 / (sd[right] ** 2 + sd[left] ** 2)))
    return float(np.average(slopes, weights=weights)) if slopes else float("nan")


def _leans_of_points(points: FloatArray) -> tuple[float, float]:
    """Lean of pelvis and ribs through landmarks, + forward, each from a zero of its own."""
    back = np.vstack([points[list(_PSIS)], points[_SACRUM]]).mean(axis=0)
    front = points[list(_ASIS)].mean(axis=0)
    lines = (front - back, points[_RIB_FRONT] - points[_RIB_BACK])
    pelvis, ribs = (float(np.degrees(np.arctan2(d[1], d[0]))) for d in lines)
    return pelvis, ribs


class PelvisWatch:
    """Looks at one person's pelvis from picture to picture; one per athlete, since it remembers lengths."""

    def __init__(self, networks: PelvisNetworks) -> None:
        self._networks = networks
        self._shoulders: deque[float] = deque(maxlen=_REMEMBERED)
        self._trunks: deque[float] = deque(maxlen=_REMEMBERED)
        self._proportion = 0.0
        self._forward = 0.0
        self._looked_s = -np.inf

    def read(self, frame: Frame, xy: FloatArray, score: FloatArray) -> FloatArray:
        """Readings ``(2, 7)`` of the pelvis, NaN where it was not looked at.

        ``xy`` ``(33, 2)`` px and ``score`` ``(33,)`` are the person's body points in ``frame``.
        """
        out = NO_PELVIS.copy()
        if 0 <= frame.t_s - self._looked_s < LOOK_EVERY_S - 1e-6:
            return out
        points, sure = xy[_ROWS], score[_ROWS] >= LEAST_SCORE
        if not sure.reshape(3, 2).any(axis=1).all():
            return out
        shoulder = float(np.hypot(*(points[0] - points[1])))
        trunk = float(np.hypot(*(points[0:2].mean(axis=0) - points[2:4].mean(axis=0))))
        if trunk < LEAST_TRUNK_PX / 2:
            return out
        sagittal = shoulder < NARROW * trunk
        if sagittal:
            if not self._networks.from_the_side:
                return out
            points = _far_like_near(points, sure)
            self._notice_front(xy, score, points)
        elif not sure.all():
            return out
        full_px = self._full_trunk_px(shoulder, trunk, sagittal=sagittal)
        if full_px < LEAST_TRUNK_PX:
            return out
        faces_left = self._forward < 0
        at = crop.square(points, full_px, sagittal=sagittal, faces_left=faces_left)
        picture = cut_out(frame.rgb, at)
        if picture is None:
            return out
        # whoever faces image right turns the right side to the camera; lying down makes no difference
        told = crop.context(points, at, sagittal=sagittal, near_left=faces_left)
        read = self._networks.sagittal if sagittal else self._networks.frontal
        self._looked_s = frame.t_s
        out[SAGITTAL if sagittal else FRONTAL] = read(picture, told)
        return out

    def _full_trunk_px(self, shoulder: float, trunk: float, *, sagittal: bool) -> float:
        """The trunk's length as if it were seen in full.

        From the front a trunk that leans towards the camera looks short while the shoulders stay as
        wide, so their proportion is remembered.
        """
        if sagittal:
            self._trunks.append(trunk)
            return float(np.median(self._trunks))
        self._shoulders.append(shoulder)
        self._proportion = max(trunk / shoulder, self._proportion * _SLOW)
        return max(trunk, min(self._proportion, 2.0) * float(np.median(self._shoulders)))

    def _notice_front(self, xy: FloatArray, score: FloatArray, points: FloatArray) -> None:
        """Gather which side of the trunk's line is the front: nose before ears, knees bending forward."""
        up = points[0:2].mean(axis=0) - points[2:4].mean(axis=0)
        right = np.array([-up[1], up[0]]) / np.hypot(*up) ** 2  # image right of a trunk that points up
        vote = 0.0
        if score[_NOSE] > LEAST_SCORE and score[_EARS].max() > LEAST_SCORE:
            ear = xy[_EARS[int(np.argmax(score[_EARS]))]]
            vote += 3.0 * float((xy[_NOSE] - ear) @ right)
        for k, ankle in enumerate(_ANKLES):
            if score[ankle] > LEAST_SCORE:
                knee, hip = points[4 + k], points[2 + k]
                vote += float((knee - (hip + xy[ankle]) / 2) @ right)
        self._forward = 0.98 * self._forward + vote


def _far_like_near(points: FloatArray, sure: NDArray[np.bool_]) -> FloatArray:
    """The points ``(6, 2)`` as from the side, where the near leg hides the far one.

    A far knee that was guessed is put where the far thigh lies along the near one, other guesses where
    their fellow is.
    """
    out = points.copy()
    for left, right in ((0, 1), (2, 3), (4, 5)):
        for guessed, fellow in ((left, right), (right, left)):
            if not sure[guessed] and sure[fellow]:
                lift = out[guessed - 2] - out[fellow - 2] if left == 4 else 0.0
                out[guessed] = points[fellow] + lift
    return out


def cut_out(rgb: ImageArray, at: crop.Square) -> _Tensor | None:
    """The square as ``(3, S, S)``, RGB 0-1; None where too much of it lies outside the picture."""
    h, w = rgb.shape[:2]
    fine = int(np.clip(np.ceil(at.side_px / PICTURE_PX), 1, FINEST))
    size = fine * PICTURE_PX
    matrix = at.matrix() * size
    matrix[:, 2] -= 0.5  # picture centres of pixels lie on whole numbers for cv2
    matrix[:, 2] += matrix[:, :2] @ np.array([0.5, 0.5])
    grid = (np.stack(np.meshgrid(*[np.arange(8) / 7.0] * 2), -1).reshape(-1, 2) - 0.5) * at.side_px
    turn = np.radians(at.lean_deg)
    c, s = np.cos(turn), np.sin(turn)
    places = grid @ np.array([[c, s], [-s, c]]) + at.centre
    outside = (places < 0).any(axis=1) | (places >= np.array([w, h])).any(axis=1)
    if outside.mean() > MOST_OUTSIDE:
        return None
    picture = cv2.warpAffine(
        rgb, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    if fine > 1:
        picture = cv2.resize(picture, (PICTURE_PX, PICTURE_PX), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32) / np.float32(255)
