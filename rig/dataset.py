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
from torch import Tensor
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
    parts: list[Crops] = []
    for path in paths:
        parts.append(read_shard(path, kind, size=size))
        if limit is not None and sum(map(len, parts)) >= limit:
            break
    fields = {key: np.concatenate([getattr(p, key) for p in parts])[:limit] for key in FIELDS}
    extra = {key: np.concatenate([p.extra[key] for p in parts])[:limit] for key in EXTRA}
    return Crops(**fields, extra=extra)


def read_shard(path: Path, kind: str, *, size: int | None = None) -> Crops:
    """One shard, without crops in which the body is turned out of all measure."""
    with np.load(path) as z:
        part = {key: z[key] for key in (*FIELDS, *EXTRA)}
        first_is_left = z["left_on_right"] if kind == "frontal" else z["left_near"]
    swap = np.where(first_is_left[:, None], np.arange(len(NAMES)), np.array(SWAP))
    part["points"] = np.take_along_axis(part["points"], swap[..., None], 1)
    part["visible"] = np.take_along_axis(part["visible"], swap, 1)
    part["image"] = _smaller(np.ascontiguousarray(part["image"].transpose(0, 3, 1, 2)), size)
    if kind == "frontal":
        part["context"][:, CONTEXT["frontal"].index("hip_line_10")] = 0
    good = (np.abs(part["angles"]) < 75).all(1) & np.isfinite(part["points"]).all((1, 2))
    kept = {key: value if good.all() else value[good] for key, value in part.items()}
    return Crops(**{key: kept[key] for key in FIELDS}, extra={key: kept[key] for key in EXTRA})


class Pool:
    """Crops to train on, held on one device, to which shards can be added as they are rendered."""

    def __init__(
        self, folders: Sequence[Path], kind: str, *, size: int, limit: int | None = None, device: str = "cpu"
    ) -> None:
        self._folders, self._kind, self._size, self._limit, self._device = folders, kind, size, limit, device
        self._taken: set[Path] = set()
        self._tensors: list[Tensor] = []
        self._rows = 0
        self.grow()
        if not self._rows:
            read(folders, kind, limit=1)  # says what is missing

    def __len__(self) -> int:
        return self._rows

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Pictures from 0 to 1, points, angles and context of some rows."""
        image, points, angles, context = (t[rows] for t in self._tensors)
        return image.float().div_(255), points, angles, context

    def grow(self) -> None:
        """Take in every whole shard that is new, up to the limit."""
        for path in [path for folder in self._folders for path in shards_in(folder)]:
            if path in self._taken or (self._limit is not None and self._rows >= self._limit):
                continue
            self._taken.add(path)
            shard = read_shard(path, self._kind, size=self._size)
            self._add([shard.image, shard.points, shard.angles, shard.context])

    def _add(self, arrays: Sequence[npt.NDArray[Any]]) -> None:
        room = len(self._tensors[0]) if self._tensors else 0
        need = self._rows + len(arrays[0])
        if need > room:
            larger = max(2 * room, need, 4096)
            old = self._tensors or [
                torch.empty(0, *a.shape[1:], dtype=torch.from_numpy(a).dtype) for a in arrays
            ]
            self._tensors = [
                torch.empty(larger, *t.shape[1:], dtype=t.dtype, device=self._device) for t in old
            ]
            for new, was in zip(self._tensors, old, strict=True):
                new[: self._rows] = was[: self._rows]
        for tensor, array in zip(self._tensors, arrays, strict=True):
            tensor[self._rows : need] = torch.from_numpy(array).to(self._device)
        self._rows = need


def _smaller(image: npt.NDArray[np.uint8], size: int | None) -> npt.NDArray[np.uint8]:
    """Pictures (N, 3, S, S) with sides of `size` px, averaged over what becomes one pixel."""
    if size is None or image.shape[-1] == size:
        return image
    floats = torch.from_numpy(image).float()
    small = functional.interpolate(floats, (size, size), mode="bilinear", antialias=True, align_corners=False)
    return small.round().clamp(0, 255).to(torch.uint8).numpy()
