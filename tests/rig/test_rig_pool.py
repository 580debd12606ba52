"""Crops to train on that grow while rendering goes on: only where torch is installed."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="NOT CHECKED: the rig's training needs rig/requirements-train.in")


def shard(first: int, rows: int = 6, turned_deg: float = 0.0):
    """Rows whose first angle counts up from `first`."""
    angles = np.stack([np.arange(first, first + rows), np.zeros(rows)], 1).astype(np.float32)
    angles[0, 1] = turned_deg
    flags = {"left_on_right": np.ones(rows, bool), "left_near": np.ones(rows, bool)}
    extra = ("movement", "clothing", "bottom", "looseness", "skin", "obliquity_true", "lumbar_true")
    return {
        "image": np.full((rows, 32, 32, 3), 51, np.uint8),
        "points": np.full((rows, 13, 2), 0.5, np.float32),
        "visible": np.ones((rows, 13), bool),
        "angles": angles,
        "context": np.ones((rows, 6), np.float32),
    } | flags | {name: np.zeros(rows, np.float32) for name in extra}  # fmt: skip


def test_new_shards_join_and_old_ones_are_not_taken_twice(tmp_path):
    from rig.dataset import Pool
    from rig.shards import path_of, write

    write(path_of(tmp_path, 0), shard(0))
    pool = Pool([tmp_path], "frontal", size=32)
    assert len(pool) == 6
    write(path_of(tmp_path, 1), shard(6, turned_deg=80.0))  # one of them is turned out of all measure
    pool.grow()
    pool.grow()
    assert len(pool) == 11
    image, _, angles, context = pool.batch(torch.arange(11))
    assert sorted(angles[:, 0].tolist()) == [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11]
    assert image.numpy() == pytest.approx(0.2)
    assert context[:, 4].abs().max() == 0  # the hip line is not told


def test_a_limit_ends_the_growth_and_an_empty_folder_is_named(tmp_path):
    from rig.dataset import Pool
    from rig.shards import path_of, write

    with pytest.raises(FileNotFoundError, match=r"no shards in .*: render some"):
        Pool([tmp_path], "sagittal", size=32)
    for k in range(4):
        write(path_of(tmp_path, k), shard(6 * k))
    assert len(Pool([tmp_path], "sagittal", size=32, limit=12)) == 12
