"""BlazePose through MediaPipe Tasks: Google's own pipeline, for comparison with ours.

MediaPipe tries to report its use to its makers: it looks up one of their hosts when a task is
closed and, in the background, about a minute after one was made; it has no switch for this. See
:func:`stay_on_this_machine`.
"""

from __future__ import annotations

import math
import os
import threading
import weakref
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from vision.pose.base import BLAZEPOSE, Mask, Reading, Region
from vision.pose.weights import weight_path
from vision.types import FloatArray, ImageArray

if TYPE_CHECKING:
    from mediapipe.tasks.python.vision.pose_landmarker import PoseLandmarker

_NO_PROXY_AT_ALL: Final = "none://127.0.0.1:9"
_CROP_PX: Final = 512
_REGION_SCALE: Final = 1.25
_stderr_lock = threading.Lock()


def stay_on_this_machine() -> None:
    """Keep MediaPipe's reports here, from now to the end of the process.

    They would leave through libcurl, which reads ``https_proxy`` anew for each. A scheme that it
    does not know makes it give up before it asks for any name or opens any connection; one that
    took the scheme for http would end at a closed port of this machine. ``no_proxy`` would let it
    past and is dropped. Nothing is put back afterwards, because the background report comes late
    and at no known moment; Plumbline itself connects to nothing.
    """
    os.environ["https_proxy"] = _NO_PROXY_AT_ALL
    os.environ["HTTPS_PROXY"] = _NO_PROXY_AT_ALL
    os.environ.pop("no_proxy", None)
    os.environ.pop("NO_PROXY", None)


class MediaPipePose:
    """MediaPipe Tasks' PoseLandmarker with the ``full`` network, every picture on its own.

    IMAGE mode, because VIDEO mode remembers earlier pictures and bends with their time steps. The
    turn of a region is not used: the task turns people upright by itself.

    Raises :class:`vision.pose.weights.WeightError` when the model is missing or not the one that
    the manifest names.
    """

    name: str = "mediapipe-full"
    skeleton = BLAZEPOSE
    model_files: tuple[str, ...] = ("pose_landmarker_full.task",)

    def __init__(self, *, max_people: int = 4, detect_score: float = 0.5, read_score: float = 0.5) -> None:
        self._model = str(weight_path(self.model_files[0]))
        self._max_people = max_people
        self._scores = detect_score, read_score
        self._saw_somebody = False
        self._tasks: dict[bool, PoseLandmarker] = {}
        # A task that Python's shutdown closes prints a traceback; this closes it before.
        self._end = weakref.finalize(self, _close_all, self._tasks)
        self._task(with_mask=False)

    def close(self) -> None:
        """Free the model; a later call makes it anew."""
        _close_all(self._tasks)

    def find(self, rgb: ImageArray) -> list[Region]:
        """People in the picture, surest first."""
        h, w = rgb.shape[:2]
        whole = Region(w / 2, h / 2, max(w, h), 0.0)
        people = self._detect(rgb, whole, max(w, h), with_mask=False)
        return sorted((person.next_region for person in people), key=lambda region: -region.score)

    def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading | None:
        """Landmarks of whoever is nearest the middle of ``region``; None when nobody is there."""

        def off_middle_px(person: Reading) -> float:
            at = person.next_region
            return math.hypot(at.cx - region.cx, at.cy - region.cy)

        people = self._detect(rgb, region, _CROP_PX, with_mask=with_mask)
        return min(people, key=off_middle_px, default=None)

    def _task(self, *, with_mask: bool) -> PoseLandmarker:
        """The task with or without silhouettes, made when it is first asked for."""
        if with_mask not in self._tasks:
            self._tasks[with_mask] = _make_task(self._model, self._max_people, self._scores, with_mask)
        return self._tasks[with_mask]

    def _detect(self, rgb: ImageArray, region: Region, px: int, *, with_mask: bool) -> list[Reading]:
        """Everybody in the upright square ``region`` of the picture, looked at as ``px`` by ``px``."""
        import mediapipe

        to_image = _square_to_image(region, px)
        # The landmark stage is only exact on squares, so the whole picture is made one as well.
        square = cv2.warpAffine(rgb, to_image, (px, px), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        image = mediapipe.Image(mediapipe.ImageFormat.SRGB, np.asarray(square, np.uint8))
        task = self._task(with_mask=with_mask)
        # It greets once more with the first person it sees.
        with nullcontext() if self._saw_somebody else _hushed():
            people = _readings(task.detect(image), px, to_image)
        self._saw_somebody |= bool(people)
        return people


def _make_task(model: str, people: int, scores: tuple[float, float], with_mask: bool) -> PoseLandmarker:
    stay_on_this_machine()
    with _hushed():
        from mediapipe.tasks.python.core.base_options import BaseOptions
        from mediapipe.tasks.python.vision.core.vision_task_running_mode import VisionTaskRunningMode
        from mediapipe.tasks.python.vision.pose_landmarker import PoseLandmarker, PoseLandmarkerOptions

        options = PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=model),
            running_mode=VisionTaskRunningMode.IMAGE,
            num_poses=people,
            min_pose_detection_confidence=scores[0],
            min_pose_presence_confidence=scores[1],
            output_segmentation_masks=with_mask,
        )
        return PoseLandmarker.create_from_options(options)


def _close_all(tasks: dict[bool, PoseLandmarker]) -> None:
    while tasks:
        tasks.popitem()[1].close()


@contextmanager
def _hushed() -> Generator[None]:
    """Drop what C++ writes to stderr: MediaPipe greets there and heeds no log level."""
    with _stderr_lock, open(os.devnull, "wb") as nowhere:
        try:
            kept = os.dup(2)
        except OSError:  # a program without stderr
            yield
            return
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _square_to_image(region: Region, px: int) -> FloatArray:
    """``(2, 3)`` affine map from px of the upright square, ``px`` wide, to picture px."""
    scale = region.size_px / px
    half = region.size_px / 2
    return np.array([[scale, 0.0, region.cx - half], [0.0, scale, region.cy - half]])


def _readings(result: Any, px: int, to_image: FloatArray) -> list[Reading]:
    """Everybody in a ``PoseLandmarkerResult``, found in a square ``px`` wide."""
    masks = result.segmentation_masks or [None] * len(result.pose_landmarks)
    bodies = zip(result.pose_landmarks, result.pose_world_landmarks, masks, strict=True)
    return [_reading(points, world, mask, px, to_image) for points, world, mask in bodies]


def _reading(points: Any, world: Any, mask: Any, px: int, to_image: FloatArray) -> Reading:
    """One person; the mask's pixels are those of the square."""
    presence = np.array([p.presence for p in points], np.float64)
    visibility = np.array([p.visibility for p in points], np.float64)
    xy = np.array([(p.x, p.y) for p in points], np.float64) * px
    xy = xy @ to_image[:, :2].T + to_image[:, 2]
    to_square = np.column_stack([np.eye(2), -to_image[:, 2]]) / to_image[0, 0]
    body = float(np.mean(presence))
    return Reading(
        xy=xy,
        score=np.minimum(visibility, presence),
        world_m=np.array([(p.x, p.y, p.z) for p in world], np.float64),
        presence=body,
        next_region=_region(xy, body),
        mask=None if mask is None else Mask(np.array(mask.numpy_view()[:, :, 0], np.float32), to_square),
    )


def _region(xy: FloatArray, score: float) -> Region:
    """Square around the middle of the hips that holds every point of the body ``xy (33, 2)``."""
    hip = xy[BLAZEPOSE.rows("left_hip", "right_hip")].mean(axis=0)
    up = xy[BLAZEPOSE.rows("left_shoulder", "right_shoulder")].mean(axis=0) - hip
    reach = float(np.hypot(*(xy - hip).T).max())
    turn = float(np.arctan2(up[0], -up[1]))
    return Region(float(hip[0]), float(hip[1]), 2 * _REGION_SCALE * reach, turn, score)
