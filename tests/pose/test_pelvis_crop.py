"""The product looks where the pelvis network was trained to look: its rule against the rig's."""

from __future__ import annotations

import numpy as np
import pytest

from rig import crop as trained
from vision.pose import pelvis_crop as crop

BODY = np.array([[340.0, 200], [260, 204], [325, 330], [275, 328], [330, 440], [268, 444]])


def bodies(count: int = 40) -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    out: list[np.ndarray] = []
    for _ in range(count):
        turn = np.radians(rng.uniform(-180, 180))
        c, s = np.cos(turn), np.sin(turn)
        points = (BODY + rng.normal(0, 12, BODY.shape) - 300) @ np.array([[c, -s], [s, c]]) + 300
        out.append(points[[1, 0, 3, 2, 5, 4]] if rng.random() < 0.5 else points)
    return out


@pytest.mark.parametrize("kind", trained.KINDS)
@pytest.mark.parametrize("faces_left", [False, True])
def test_square_and_numbers_are_those_of_training(kind: str, faces_left: bool) -> None:
    sagittal = kind == "sagittal"
    for points in bodies():
        seen = trained.Keypoints(points, 140.0)
        window = trained.place(seen, kind, faces_left=faces_left)
        near = "l" if faces_left else "r"
        told = trained.context(seen, kind, window, near=near)
        if not sagittal:
            told[trained.CONTEXT[kind].index("hip_line_10")] = 0  # left out: see rig.dataset
        square = crop.square(points, 140.0, sagittal=sagittal, faces_left=faces_left)
        np.testing.assert_allclose(square.inside(points), window.crop(points), atol=1e-9)
        got = crop.context(points, square, sagittal=sagittal, near_left=faces_left)
        np.testing.assert_allclose(got, told, atol=1e-9)


def test_a_mirrored_picture_gives_the_mirrored_numbers() -> None:
    for points in bodies():
        flipped = points.copy()
        flipped[:, 0] = 640 - flipped[:, 0]
        flipped = flipped[[1, 0, 3, 2, 5, 4]]
        here, there = (crop.square(p, 140.0, sagittal=False) for p in (points, flipped))
        told = crop.context(points, here, sagittal=False)
        mirrored = crop.context(flipped, there, sagittal=False)
        np.testing.assert_allclose(crop.mirrored_context(told), mirrored, atol=1e-9)


def test_a_side_view_gives_the_same_numbers_whichever_way_the_person_faces() -> None:
    for points in bodies():
        flipped = points.copy()
        flipped[:, 0] = 640 - flipped[:, 0]
        flipped = flipped[[1, 0, 3, 2, 5, 4]]
        here = crop.square(points, 140.0, sagittal=True)
        there = crop.square(flipped, 140.0, sagittal=True, faces_left=True)
        told = crop.context(points, here, sagittal=True, near_left=False)
        mirrored = crop.context(flipped, there, sagittal=True, near_left=True)
        np.testing.assert_allclose(told, mirrored, atol=1e-9)
