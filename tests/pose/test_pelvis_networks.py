"""The pelvis network that comes with Plumbline: it fits the product, has no better side, and sees a slope."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
import pytest

from vision.pose import pelvis_crop as crop
from vision.pose.pelvis import PICTURE_PX, PelvisNetworks, cut_out
from vision.pose.weights import weight_path
from vision.types import FloatArray, ImageArray

VIDEOS = Path(__file__).resolve().parents[2] / "videos"
NAMES = [f"{part}_{side}" for part in ("shoulder", "hip", "knee") for side in "lr"]


@pytest.fixture(scope="module")
def networks() -> PelvisNetworks:
    return PelvisNetworks()


def shown(clip: str, frame: int) -> tuple[ImageArray, FloatArray]:
    """A frame of a truth clip and where its joints are, in the order of the crop's points."""
    truth = json.loads((VIDEOS / f"{clip}.json").read_text("utf-8"))
    film = cv2.VideoCapture(str(VIDEOS / f"{clip}.mp4"))
    film.set(cv2.CAP_PROP_POS_FRAMES, frame)
    ok, bgr = film.read()
    assert ok
    joints = truth["frames"][frame]["joints2d"]
    return np.ascontiguousarray(bgr[..., ::-1]), np.array([joints[n][:2] for n in NAMES], np.float64)


def slope(networks: PelvisNetworks, rgb: ImageArray, points: FloatArray) -> float:
    trunk = float(np.hypot(*(points[0:2].mean(axis=0) - points[2:4].mean(axis=0))))
    at = crop.square(points, trunk, sagittal=False)
    picture = cut_out(rgb, at)
    assert picture is not None
    return float(networks.frontal(picture, crop.context(points, at, sagittal=False))[0])


def test_the_file_was_made_for_the_square_that_the_product_cuts() -> None:
    session = ort.InferenceSession(str(weight_path("pelvis_frontal.onnx")))
    told = {k: json.loads(v) for k, v in session.get_modelmeta().custom_metadata_map.items()}
    assert told["size_px"] == PICTURE_PX
    assert (told["side_of_trunk"], told["lift_of_trunk"]) == (crop.SIDE_TRUNKS, crop.LIFT_TRUNKS)
    assert told["context"][4] == "hip_line_10"  # told as 0: the product has the same six numbers
    assert len(told["context"]) == 6
    assert told["angles"][0] == "obliquity_deg"


def test_in_the_mirror_the_slope_is_the_other_way(networks: PelvisNetworks) -> None:
    rgb, points = shown("walk_rear_right_hip_drops", 40)
    mirrored = points[[1, 0, 3, 2, 5, 4]] * [-1, 1] + [rgb.shape[1] - 1, 0]
    there = slope(networks, np.ascontiguousarray(rgb[:, ::-1]), mirrored)
    assert there == pytest.approx(-slope(networks, rgb, points), abs=0.4)


@pytest.mark.parametrize("turn_deg", [-8.0, 8.0])
def test_a_picture_that_is_turned_turns_the_slope(networks: PelvisNetworks, turn_deg: float) -> None:
    rgb, points = shown("walk_rear_level", 30)
    middle = points[2:4].mean(axis=0)
    matrix = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), turn_deg, 1.0)  # + anticlockwise
    turned = cv2.warpAffine(rgb, matrix, rgb.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    there = slope(networks, turned, points @ matrix[:, :2].T + matrix[:, 2])
    # the right end of a line rises when the picture turns anticlockwise
    assert there - slope(networks, rgb, points) == pytest.approx(turn_deg, abs=3.0)


def test_true_slopes_of_a_walk_are_followed(networks: PelvisNetworks) -> None:
    truth = json.loads((VIDEOS / "walk_rear_right_hip_drops.json").read_text("utf-8"))
    # from behind the athlete's left is at image left, so a higher left side is a lower right end
    true = -np.array([f["angles"]["pelvic_obliquity"] for f in truth["frames"]])
    frames = list(range(10, len(true) - 10, max(1, len(true) // 24)))
    seen = np.array([slope(networks, *shown("walk_rear_right_hip_drops", f)) for f in frames])
    assert np.corrcoef(seen, true[frames])[0, 1] > 0.9
    assert np.polyfit(true[frames], seen, 1)[0] == pytest.approx(1.0, abs=0.3)
