"""BlazePose on onnxruntime: nothing but arithmetic, no connection to anywhere.

Two networks: a detector that looks at the whole picture at 224 px, and a landmark network that
looks at one person's square at 256 px (Bazarevsky et al. 2020, arXiv 2006.10204). The constants
below are properties of those weights, not settings.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from vision.pose.base import BLAZEPOSE, Mask, Reading, Region
from vision.pose.weights import weight_path
from vision.types import FloatArray, ImageArray

_DETECT_PX: Final = 224
_CROP_PX: Final = 256
_HEAT_PX: Final = 64
_STRIDES: Final = ((8, 2), (16, 2), (32, 6))
_BODY_POINTS: Final = 33
_CENTRE, _REACH = 33, 34
_REGION_SCALE: Final = 1.25
_Tensor = NDArray[np.float32]

_OUTPUTS: Final = ("Identity", "Identity_1", "Identity_3", "Identity_4")
_MASK_OUTPUT: Final = "Identity_2"


def _sigmoid(x: FloatArray) -> FloatArray:
    return 1 / (1 + np.exp(-np.clip(x, -60, 60)))


def _anchors() -> FloatArray:
    """Centres ``(2254, 2)`` of the detector's cells, as fractions of its square."""
    centres: list[FloatArray] = []
    for stride, per_cell in _STRIDES:
        cells = _DETECT_PX // stride
        y, x = np.mgrid[0:cells, 0:cells]
        centre = (np.stack([x, y], -1).reshape(-1, 2) + 0.5) / cells
        centres.append(np.repeat(centre, per_cell, axis=0))
    return np.concatenate(centres)


_RUNTIME: Any = ort  # its type stubs leave half of it unknown


class _Network:
    """One onnxruntime network with a single input."""

    def __init__(self, path: str, threads: int) -> None:
        options = _RUNTIME.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # threads that spin while they wait take the core that decodes the next picture
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = _RUNTIME.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self._input: str = self._session.get_inputs()[0].name

    def __call__(self, picture: _Tensor, *names: str) -> list[_Tensor]:
        """Outputs ``names``, all without names, for one ``picture (H, W, 3)``."""
        raw = self._session.run(list(names) or None, {self._input: picture[None]})
        return [np.asarray(r, np.float32) for r in raw]


class BlazePose:
    """BlazePose with the ``full`` or ``heavy`` landmark network.

    Raises :class:`vision.pose.weights.WeightError` when a file is missing or not the one that the
    manifest names.
    """

    skeleton = BLAZEPOSE

    def __init__(
        self, size: str = "heavy", *, threads: int = 2, detect_score: float = 0.5, read_score: float = 0.5
    ) -> None:
        self.name = f"blazepose-{size}"
        self.model_files = ("blazepose_detector.onnx", f"blazepose_{size}.onnx")
        self._detector = _Network(str(weight_path(self.model_files[0])), threads)
        self._landmarks = _Network(str(weight_path(self.model_files[1])), threads)
        self._anchor = _anchors()
        self._detect_score = detect_score
        self._read_score = read_score

    def close(self) -> None:
        """Nothing to free: onnxruntime sessions go with the object."""

    def find(self, rgb: ImageArray) -> list[Region]:
        """People in the picture, surest first (weighted non-maximum suppression at IoU 0.3)."""
        h, w = rgb.shape[:2]
        scale = _DETECT_PX / max(h, w)
        nw, nh = max(1, round(w * scale)), max(1, round(h * scale))
        px, py = (_DETECT_PX - nw) // 2, (_DETECT_PX - nh) // 2
        square = np.zeros((_DETECT_PX, _DETECT_PX, 3), np.float32)
        square[py : py + nh, px : px + nw] = cv2.resize(rgb, (nw, nh), interpolation=cv2.INTER_AREA)
        raw = self._detector(square / np.float32(127.5) - np.float32(1))
        boxes, logits = sorted(raw, key=lambda r: -r.shape[-1])
        score = _sigmoid(logits[0, :, 0].astype(np.float64))
        keep = np.flatnonzero(score >= self._detect_score)
        keep = keep[np.argsort(-score[keep])]
        box = boxes[0, keep].astype(np.float64) / _DETECT_PX
        centre = box[:, :2] + self._anchor[keep]
        points = box[:, 4:].reshape(-1, 4, 2) + self._anchor[keep, None]
        low, high = centre - box[:, 2:4] / 2, centre + box[:, 2:4] / 2
        found: list[Region] = []
        used = np.zeros(len(keep), bool)
        for i in range(len(keep)):
            if used[i]:
                continue
            inter = np.prod(np.clip(np.minimum(high[i], high) - np.maximum(low[i], low), 0, None), 1)
            area = np.prod(high - low, 1)
            group = (inter / (area[i] + area - inter + 1e-9) > 0.3) & ~used
            group[i] = True
            used |= group
            weight = score[keep[group]]
            p = (points[group] * weight[:, None, None]).sum(0) / weight.sum()
            p = (p * _DETECT_PX - (px, py)) / scale
            found.append(_region(p[0], p[1], float(score[keep[i]])))
        return found

    def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading | None:
        """Landmarks of the person in ``region``; None below the read score."""
        to_image = _crop_to_image(region)
        crop = cv2.warpAffine(
            rgb,
            to_image,
            (_CROP_PX, _CROP_PX),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        names = (*_OUTPUTS, _MASK_OUTPUT) if with_mask else _OUTPUTS
        outputs = self._landmarks(crop.astype(np.float32) / np.float32(255), *names)
        raw = dict(zip(names, outputs, strict=True))
        presence = float(np.ravel(raw["Identity_1"])[0])
        if presence < self._read_score:
            return None
        point = raw["Identity"].astype(np.float64).reshape(39, 5)
        crop_xy = _refine(point[:, :2], raw["Identity_3"][0])
        xy = crop_xy @ to_image[:, :2].T + to_image[:, 2]
        world = raw["Identity_4"].astype(np.float64).reshape(39, 3)[:_BODY_POINTS]
        turn = to_image[:, :2] / (region.size_px / _CROP_PX)
        world = np.column_stack([world[:, :2] @ turn.T, world[:, 2]])
        mask = None
        if with_mask:
            mask = Mask(_sigmoid32(raw[_MASK_OUTPUT][0, :, :, 0]), _invert(to_image))
        return Reading(
            xy=xy[:_BODY_POINTS],
            score=np.minimum(_sigmoid(point[:, 3]), _sigmoid(point[:, 4]))[:_BODY_POINTS],
            world_m=world,
            presence=presence,
            next_region=_region(xy[_CENTRE], xy[_REACH], presence),
            mask=mask,
        )


def _sigmoid32(
    x: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.float32(1) / (np.float32(1) + np.exp(-np.clip(x, -30, 30)))


def _region(centre: FloatArray, reach: FloatArray, score: float) -> Region:
    """Square from the body's centre and the point that marks its radius and upright direction."""
    d = reach - centre
    turn = np.pi / 2 - np.arctan2(-d[1], d[0])
    turn -= 2 * np.pi * np.floor((turn + np.pi) / (2 * np.pi))
    size = 2 * _REGION_SCALE * float(np.hypot(*d))
    return Region(float(centre[0]), float(centre[1]), size, float(turn), score)


def _crop_to_image(region: Region) -> FloatArray:
    """``(2, 3)`` affine map from crop px to picture px."""
    scale = region.size_px / _CROP_PX
    c, s = np.cos(region.turn_rad) * scale, np.sin(region.turn_rad) * scale
    turn = np.array([[c, -s], [s, c]])
    half = _CROP_PX / 2
    return np.column_stack([turn, (region.cx, region.cy) - turn @ (half, half)])


def _invert(affine: FloatArray) -> FloatArray:
    turn = np.asarray(np.linalg.inv(affine[:, :2]), np.float64)
    return np.column_stack([turn, -turn @ affine[:, 2]])


def _refine(
    xy: FloatArray, heat: np.ndarray[tuple[int, int, int], np.dtype[np.float32]], reach: int = 3
) -> FloatArray:
    """Move each point to the weighted middle of its heat map, 7x7 cells around it, where it is sure.

    ``xy (39, 2)`` px of the crop, ``heat (64, 64, 39)`` logits.
    """
    out = xy.copy()
    cell = _HEAT_PX / _CROP_PX
    for i, (x, y) in enumerate(xy * cell):
        c, r = int(x), int(y)
        if not (0 <= c < _HEAT_PX and 0 <= r < _HEAT_PX):
            continue
        r0, r1 = max(0, r - reach), min(_HEAT_PX, r + reach + 1)
        c0, c1 = max(0, c - reach), min(_HEAT_PX, c + reach + 1)
        q = 1 / (1 + np.exp(-np.clip(heat[r0:r1, c0:c1, i], -30, 30)))
        if q.max() >= 0.5:
            total = q.sum()
            out[i] = (q.sum(0) @ np.arange(c0, c1), q.sum(1) @ np.arange(r0, r1)) / total / cell
    return out
