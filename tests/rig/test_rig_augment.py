"""Changed crops keep their truth: only where torch is installed."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="NOT CHECKED: the rig's training needs rig/requirements-train.in")


def crops(count):
    """Points whose hips are tilted as the first angle says, with ribs over them as the second says."""
    rng = np.random.default_rng(2)
    tilt, lean = rng.uniform(-15, 15, count), rng.uniform(-10, 10, count)
    points = np.full((count, 13, 2), 0.5)
    for i, (t, n) in enumerate(zip(np.radians(tilt), np.radians(lean), strict=True)):
        points[i, 6] = [0.5 + 0.1 * np.cos(t), 0.5 - 0.1 * np.sin(t)]
        points[i, 7] = [0.5 - 0.1 * np.cos(t), 0.5 + 0.1 * np.sin(t)]
        points[i, 12] = [0.5 + 0.2 * np.sin(n), 0.5 - 0.2 * np.cos(n)]
    image = torch.zeros(count, 3, 64, 64)
    for i in range(count):
        x, y = (points[i, 12] * 64).astype(int)
        image[i, :, y, x] = 1.0
    angles = torch.tensor(np.stack([tilt, lean], 1), dtype=torch.float32)
    return image, torch.tensor(points, dtype=torch.float32), angles, torch.zeros(count, 6)


@pytest.mark.parametrize("kind", ["frontal", "sagittal"])
def test_angles_points_and_picture_move_together(kind):
    from rig.augment import _mirror, _moved

    image, points, angles, context = crops(24)
    if kind == "frontal":
        image, points, angles, context = _mirror(image, points, angles, context)
    moved, spots, after, _ = _moved(image, points, angles, context, kind, torch.Generator().manual_seed(0))
    hips = (spots[:, 6] - spots[:, 7]).numpy()
    ribs = (spots[:, 12] - (spots[:, 6] + spots[:, 7]) / 2).numpy()
    lean = np.degrees(np.arctan2(ribs[:, 0], -ribs[:, 1]))
    assert lean == pytest.approx(after[:, 1].numpy(), abs=0.05)
    if kind == "frontal":
        tilt = np.degrees(np.arctan2(-hips[:, 1], hips[:, 0]))
        assert tilt == pytest.approx(after[:, 0].numpy(), abs=0.05)
    for picture, (x, y) in zip(moved.mean(1).numpy(), spots[:, 12].numpy() * 64, strict=True):
        row, column = np.unravel_index(picture.argmax(), picture.shape)
        assert (column, row) == (pytest.approx(x - 0.5, abs=1.6), pytest.approx(y - 0.5, abs=1.6))
