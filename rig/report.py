"""How far an exported network is off on crops it never saw, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from rig.dataset import Crops, read
from rig.poses import MOVEMENTS
from rig.wardrobe import KINDS

Array = npt.NDArray[np.floating]
LEAST = 60  # fewer crops make no line


def table(model: Path, folders: Sequence[Path], kind: str) -> str:
    """Markdown: error of the pelvis's angle by clothes, movement and the network's own doubt."""
    session = ort.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    size = session.get_inputs()[0].shape[-1]
    crops = read(folders, kind, size=size)
    seen, sd = _read(session, crops)
    true = crops.angles[:, 0]
    lines = [
        "| | crops | RMSE | r | slope | stated sd | within 1.96 sd |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, rows in _groups(crops, sd):
        if rows.sum() < LEAST:
            continue
        t, a, s = true[rows], seen[rows], sd[rows]
        rmse, r, slope = np.sqrt(((a - t) ** 2).mean()), np.corrcoef(a, t)[0, 1], np.polyfit(t, a, 1)[0]
        inside = 100 * (np.abs(a - t) < 1.96 * s).mean()
        lines.append(
            f"| {name} | {rows.sum()} | {rmse:.1f}° | {r:.2f} | {slope:.2f} | {s.mean():.1f}° "
            f"| {inside:.0f} % |"
        )
    return "\n".join(lines)


def _read(session: ort.InferenceSession, crops: Crops, batch: int = 200) -> tuple[Array, Array]:
    """The pelvis's angle and its standard deviation, for every crop."""
    parts = []
    for i in range(0, len(crops), batch):
        told = {
            "crop": crops.image[i : i + batch].astype(np.float32) / 255,
            "context": crops.context[i : i + batch],
        }
        _, _, angles, sd, *_ = session.run(None, told)
        parts.append((angles[:, 0], sd[:, 0]))
    seen, sd = zip(*parts, strict=True)
    return np.concatenate(seen), np.concatenate(sd)


def _groups(crops: Crops, sd: Array) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    yield "all", np.ones(len(crops), bool)
    for key, names in (("clothing", KINDS), ("movement", MOVEMENTS)):
        for i, name in enumerate(names):
            yield name.replace("_", " "), crops.extra[key] == i
    edges = np.quantile(sd, [0, 0.2, 0.4, 0.6, 0.8, 1])
    for a, b in pairwise(edges):
        yield f"stated sd {a:.1f} to {b:.1f}°", (sd >= a) & (sd <= b)
