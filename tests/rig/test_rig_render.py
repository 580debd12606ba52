"""A picture really drawn: only where moderngl and a graphics driver are installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

moderngl = pytest.importorskip(
    "moderngl", reason="NOT CHECKED: the rig's drawing needs requirements-rig.lock"
)


@pytest.fixture(scope="module")
def maker():
    from rig.crops import CropMaker

    try:
        made = CropMaker("frontal", body_path=Path("no packed body: tubes"))
    except Exception as error:
        pytest.skip(f"NOT CHECKED: no OpenGL on EGL here ({error})")
    yield made
    made.close()


def test_crops_are_a_pure_function_of_seed_and_number(maker):
    one, two, other = maker.shard(5, 0, 6), maker.shard(5, 0, 6), maker.shard(5, 1, 6)
    for key, value in one.items():
        assert np.array_equal(value, two[key], equal_nan=value.dtype.kind == "f"), key
    assert not np.array_equal(one["image"], other["image"])
    assert one["image"].shape == (6, 128, 128, 3)
    assert one["image"].std() > 10
    assert np.abs(one["points"][:, 8] - 0.5).max() < 0.45
