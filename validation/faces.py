"""In how many frames the heads of the sample clips are covered: ``python -m validation.faces [FRAMES]``.

The truth beside each clip says where skull and neck are; a head is taken as a disc of 12 cm radius
half a neck's length above the skull's joint, hair included. Each clip is measured alone and with
somebody from another clip pasted beside the athlete, smaller and smaller.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vision.capture import Clip
from vision.outputs import faces
from vision.pipeline import analyse_clip
from vision.pose.faces import Head, HeadFinder
from vision.types import FloatArray, Frame

VIDEOS = Path(__file__).resolve().parents[1] / "videos"
SCALES = (0.6, 0.45, 0.35, 0.25)
CORNER = (4, 40)
HEAD_M = 0.12
BONES = (("hip_l", "knee_l"), ("knee_l", "ankle_l"), ("hip_r", "knee_r"), ("neck", "l5s1"))


def true_heads(name: str) -> list[Head]:
    """The head in each frame of a sample clip."""
    frames: list[dict[str, Any]] = json.loads((VIDEOS / f"{name}.json").read_text("utf-8"))["frames"]
    heads: list[Head] = []
    for frame in frames:
        flat = {k: np.array(v) for k, v in frame["joints2d"].items()}
        real = {k: np.array(v) for k, v in frame["joints3d"].items()}
        px_per_m = max(
            float(np.linalg.norm(flat[a] - flat[b]) / np.linalg.norm(real[a] - real[b])) for a, b in BONES
        )
        x, y = 1.5 * flat["head"] - 0.5 * flat["neck"]
        heads.append(Head(float(x), float(y), HEAD_M * px_per_m))
    return heads


def covered(truth: Head, circles: Sequence[Head] | None) -> float:
    """Share (0-1) of the true head that the circles cover."""
    if circles is None:
        return 1.0
    y, x = (truth.radius * v for v in np.mgrid[-1:1:41j, -1:1:41j])
    inside = x**2 + y**2 <= truth.radius**2
    x, y = truth.cx + x[inside], truth.cy + y[inside]
    hit: FloatArray = np.zeros(len(x))
    for c in circles:
        hit = np.maximum(hit, (x - c.cx) ** 2 + (y - c.cy) ** 2 <= c.radius**2)
    return float(hit.mean())


def pasted(name: str, other: str, scale: float) -> Iterator[Frame]:
    """The frames of a clip with those of another in a corner."""
    for frame, guest in zip(Clip(VIDEOS / f"{name}.mp4"), Clip(VIDEOS / f"{other}.mp4"), strict=False):
        small = cv2.resize(guest.rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        rgb = frame.rgb.copy()
        rgb[CORNER[1] : CORNER[1] + small.shape[0], CORNER[0] : CORNER[0] + small.shape[1]] = small
        yield replace(frame, rgb=rgb)


def _told(what: str, shares: Sequence[float]) -> str:
    found = np.array(shares)
    whole = int((found > 0.99).sum())
    return f"{what}: {whole} of {len(found)} frames whole, least {100 * found.min():.0f} %"


def main(most: int) -> None:
    """Print a line per clip and size of the second person, ``most`` frames of each."""
    find = HeadFinder()
    names = sorted(path.stem for path in VIDEOS.glob("*.mp4"))
    for name, other in zip(names, names[3:] + names[:3], strict=True):
        track = analyse_clip(VIDEOS / f"{name}.mp4").report.track
        own, guests = true_heads(name), true_heads(other)
        alone = [
            covered(own[int(i)], [head] if head else [])
            for i, head in zip(track.index, faces.heads_of(track), strict=True)
        ]
        print(name, _told("athlete by the track alone", alone), sep="\n  ", flush=True)
        for scale in SCALES:
            plan = faces.plan(islice(pasted(name, other, scale), most), track, find)
            there = [
                covered(Head(g.cx * scale + CORNER[0], g.cy * scale + CORNER[1], g.radius * scale), circles)
                for g, circles in zip(guests, plan.heads, strict=False)
            ]
            athlete = [covered(h, circles) for h, circles in zip(own, plan.heads, strict=False)]
            size = f"second person of {2 * guests[0].radius * scale:.0f} px head"
            print(f"  {_told(size, there)}; {_told('athlete', athlete)}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
