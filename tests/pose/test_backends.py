from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from vision.pose import POSE_MODELS, open_pose
from vision.pose.base import PoseEstimator, Reading, Region
from vision.pose.weights import WeightError, sha256
from vision.types import SIDES, FloatArray, ImageArray

VIDEOS = Path(__file__).resolve().parents[2] / "videos"
SQUAT, HINGE, BRIDGE = "squat_front_left_knee_caves_from_rep3", "hinge_side_clean", "bridge_side_flat"
JOINTS = ("hip", "knee", "ankle")
ROWS = [f"{side}_{joint}" for joint in JOINTS for side in SIDES]


@pytest.fixture(scope="module", params=POSE_MODELS)
def model(request: pytest.FixtureRequest) -> Iterator[PoseEstimator]:
    opened = open_pose(request.param)
    yield opened
    opened.close()


@cache
def truth(clip: str) -> list[dict[str, dict[str, list[float]]]]:
    return json.loads((VIDEOS / f"{clip}.json").read_text("utf-8"))["frames"]


@cache
def picture(clip: str, index: int) -> ImageArray:
    with av.open(VIDEOS / f"{clip}.mp4") as container:
        for i, frame in enumerate(container.decode(video=0)):
            if i == index:
                return frame.to_ndarray(format="rgb24")
    raise ValueError(f"{clip} has no frame {index}")


def joints(clip: str, index: int, *parts: str) -> FloatArray:
    """True centres ``(2 * parts, 2)`` px, left before right."""
    at = truth(clip)[index]["joints2d"]
    return np.array([at[f"{part}_{side[0]}"] for part in parts for side in SIDES])


def body_px(clip: str) -> float:
    """Length of shoulder, hip, knee and ankle along the body in the clip's first frame."""
    chain = joints(clip, 0, "shoulder", *JOINTS).reshape(4, 2, 2).mean(axis=1)
    return float(np.hypot(*np.diff(chain, axis=0).T).sum())


def read_one(model: PoseEstimator, rgb: ImageArray) -> Reading:
    people = model.find(rgb)
    assert len(people) == 1
    reading = model.read(rgb, people[0])
    assert reading is not None
    return reading


def legs(model: PoseEstimator, reading: Reading) -> FloatArray:
    return reading.xy[model.skeleton.rows(*ROWS)]


def test_names_agree_with_the_table(model: PoseEstimator) -> None:
    assert model.name in POSE_MODELS
    assert all(len(sha256(name)) == 64 for name in model.model_files)


@pytest.mark.parametrize(
    ("clip", "index"), [(SQUAT, 0), (SQUAT, 90), (SQUAT, 300), (HINGE, 0), (HINGE, 60), (BRIDGE, 40)]
)
def test_hips_knees_and_ankles_lie_on_the_true_joints(model: PoseEstimator, clip: str, index: int) -> None:
    got = legs(model, read_one(model, picture(clip, index)))
    off = np.hypot(*(got - joints(clip, index, *JOINTS)).T) / body_px(clip)
    assert off.max() < 0.08, dict(zip(ROWS, off.round(3), strict=True))


@pytest.mark.parametrize("index", [0, 90, 300])
def test_left_is_the_athletes_left(model: PoseEstimator, index: int) -> None:
    reading = read_one(model, picture(SQUAT, index))
    got, true = legs(model, reading), joints(SQUAT, index, *JOINTS)
    swapped = true.reshape(-1, 2, 2)[:, ::-1].reshape(-1, 2)
    assert np.all(np.hypot(*(got - true).T) < np.hypot(*(got - swapped).T))


@pytest.mark.parametrize("index", [0, 90])
def test_a_mirrored_picture_swaps_the_sides(model: PoseEstimator, index: int) -> None:
    rgb = picture(SQUAT, index)
    plain = read_one(model, rgb).xy
    mirrored = read_one(model, np.ascontiguousarray(rgb[:, ::-1])).xy
    back = mirrored[model.skeleton.swap] * (-1, 1) + (rgb.shape[1], 0)
    rows = model.skeleton.rows(*ROWS)
    assert np.hypot(*(plain - back)[rows].T).max() < 0.05 * body_px(SQUAT)
    assert np.all(mirrored[rows[::2], 0] > mirrored[rows[1::2], 0])


@pytest.mark.parametrize("shape", [(480, 640), (720, 404)])
def test_nobody_is_found_where_nobody_is(model: PoseEstimator, shape: tuple[int, int]) -> None:
    h, w = shape
    for rgb in (np.zeros((h, w, 3), np.uint8), np.full((h, w, 3), 190, np.uint8)):
        assert model.find(rgb) == []
        assert model.read(rgb, Region(w / 2, h / 2, float(h), 0.0)) is None


def test_the_next_region_holds_the_body_and_reads_the_same(model: PoseEstimator) -> None:
    rgb = picture(HINGE, 60)
    first = read_one(model, rgb)
    again = model.read(rgb, first.next_region)
    assert again is not None
    gap = np.hypot(*(legs(model, again) - legs(model, first)).T)
    assert gap.max() < 0.06 * body_px(HINGE)
    at = first.next_region
    reach = np.hypot(*(first.xy[model.skeleton.rows(*ROWS)] - (at.cx, at.cy)).T)
    assert reach.max() < at.size_px / 2


def test_pictures_do_not_bend_each_other(model: PoseEstimator) -> None:
    rgb = picture(SQUAT, 90)
    region = model.find(rgb)[0]
    before = model.read(rgb, region)
    model.read(picture(SQUAT, 0), region)
    model.find(picture(HINGE, 0))
    after = model.read(rgb, region)
    assert before is not None
    assert after is not None
    np.testing.assert_allclose(after.xy, before.xy, atol=1e-3)


def test_scores_are_shares_and_world_is_in_metres(model: PoseEstimator) -> None:
    reading = read_one(model, picture(SQUAT, 0))
    assert reading.score.shape == (33,)
    assert np.all((reading.score >= 0) & (reading.score <= 1))
    assert np.all(reading.score[model.skeleton.rows(*ROWS)] > 0.7)
    head_to_heel = np.ptp(reading.world_m[:, 1])
    assert 1.0 < head_to_heel < 2.2


def test_the_mask_comes_only_when_asked_for_and_covers_the_body(model: PoseEstimator) -> None:
    rgb = picture(SQUAT, 0)
    region = model.find(rgb)[0]
    plain = model.read(rgb, region)
    masked = model.read(rgb, region, with_mask=True)
    assert plain is not None
    assert plain.mask is None
    assert masked is not None
    assert masked.mask is not None
    hips = joints(SQUAT, 0, "hip").mean(axis=0)
    assert masked.mask.at(hips) > 0.9
    beside = hips + np.array([0.4 * body_px(SQUAT), 0.0])
    assert masked.mask.at(beside) < 0.1
    assert masked.mask.at(np.array([-500.0, -500.0])) == 0


def test_a_closed_mediapipe_model_opens_again() -> None:
    model = open_pose("mediapipe-full")
    model.close()
    model.close()
    assert len(model.find(picture(SQUAT, 0))) == 1
    model.close()


def test_an_unknown_model_is_refused_with_the_known_names() -> None:
    with pytest.raises(ValueError, match="no pose model is called 'openpose'; known: blazepose-heavy, "):
        open_pose("openpose")


@pytest.mark.parametrize("name", POSE_MODELS)
def test_a_model_without_its_files_says_which(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.toml").write_text(
        (VIDEOS.parent / "models" / "manifest.toml").read_text("utf-8"), "utf-8"
    )
    monkeypatch.setenv("PLUMBLINE_MODELS", str(tmp_path))
    with pytest.raises(WeightError, match=r"the model file .* is missing; fetch it again"):
        open_pose(name)
