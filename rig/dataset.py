"""Crops out of shards, as tensors, with sides that a network can know.

A crop does not tell the athlete's left from right when it does not tell front from back. So landmarks come in
pairs whose first is, in frontal crops, the one on the crop's right, and in sagittal crops the near one.

The slope of the hip line is not told: the keypoints that crops are placed by follow the pelvis more than any
pose model's, and a network that was told it would learn to read it there and not in the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from rig.crop import CONTEXT
from rig.landmarks import NAMES, SWAP
from rig.shards import shards_in

PAIRED = tuple(
    n.removesuffix("_l") + "_first"
    if n.endswith("_l")
    else n.replace("_r", "_second")
    if n.endswith("_r")
    else n
    for n in NAMES
)
FIELDS = ("image", "points", "visible", "angles", "context")
EXTRA = ("movement", "clothing", "bottom", "looseness", "skin", "obliquity_true", "lumbar_true")


@dataclass(frozen=True)
class Crops:
    """`image` (N, 3, S, S) uint8, `points` (N, K, 2), `visible` (N, K), `angles` (N, 2), `context` (N, 6)."""

    image: npt.NDArray[np.uint8]
    points: npt.NDArray[np.float32]
    visible: npt.NDArray[np.bool_]
    angles: npt.NDArray[np.float32]
    context: npt.NDArray[np.float32]
    extra: dict[str, npt.NDArray[Any]]

    def __len__(self) -> int:
        return len(self.angles)


def read(folders: Sequence[Path], kind: str, *, limit: int | None = None, size: int | None = None) -> Crops:
    """All whole shards of some folders; `limit` bounds the number of rows, `size` makes pictures smaller."""
    paths = [path for folder in folders for path in shards_in(folder)]
    if not paths:
        raise FileNotFoundError(
            f"no shards in {', '.join(map(str, folders))}: render some with `python -m rig crops`"
        )
    parts: list[dict[str, npt.NDArray[Any]]] = []
    rows = 0
    for path in paths:
        with np.load(path) as z:
            part = {key: z[key] for key in (*FIELDS, *EXTRA)}
            first_is_left = z["left_on_right"] if kind == "frontal" else z["left_near"]
        swap = np.where(first_is_left[:, None], np.arange(len(NAMES)), np.array(SWAP))
        part["points"] = np.take_along_axis(part["points"], swap[..., None], 1)
        part["visible"] = np.take_along_axis(part["visible"], swap, 1)
        part["image"] = _smaller(np.ascontiguousarray(part["image"].transpose(0, 3, 1, 2)), size)
        if kind == "frontal":
            part["context"][:, CONTEXT["frontal"].index("hip_line_10")] = 0
        parts.append(part)
        rows += len(swap)
        if limit is not None and rows >= limit:
            break
    whole = {key: np.concatenate([p[key] for p in parts])[:limit] for key in parts[0]}
    good = (np.abs(whole["angles"]) < 75).all(1) & np.isfinite(whole["points"]).all((1, 2))
    kept = {key: value if good.all() else value[good] for key, value in whole.items()}
    extra = {key: kept[key] for key in EXTRA}
    return Crops(**{key: kept[key] for key in FIELDS}, extra=extra)


def _smaller(image: npt.NDArray[np.uint8], size: int | None) -> npt.NDArray[np.uint8]:
    """Pictures (N, 3, S, S) with sides of `size` px, averaged over what becomes one pixel."""
    if size is None or image.shape[-1] == size:
        return image
    floats = torch.from_numpy(image).float()
    small = functional.interpolate(floats, (size, size), mode="bilinear", antialias=True, align_corners=False)
    return small.round().clamp(0, 255).to(torch.uint8).numpy()
