"""Films whose frames carry their number in their pixels, with measurements to go with them."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.outputs.encode import CONTAINER, Pictures

BITS = 10
NAMES = (
    "nose",
    *(f"{s}_{p}" for s in ("left", "right") for p in ("shoulder", "hip", "knee", "ankle")),
)
EDGES = (
    *(
        (f"{s}_{a}", f"{s}_{b}")
        for s in ("left", "right")
        for a, b in (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))
    ),
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
)
BLOCK_SHARE = 0.06
"""Height of the strip of light and dark blocks at the picture's upper edge, as a share of its height."""


def steady(frames: int, fps: float) -> list[float]:
    return [k / fps for k in range(frames)]


def uneven(frames: int) -> list[float]:
    """Times as a phone makes them: gaps between 10 and 90 ms."""
    gaps = [(10, 33, 90, 17, 50, 41, 21)[k % 7] / 1000 for k in range(frames - 1)]
    return [round(float(t), 6) for t in np.concatenate([[0.0], np.cumsum(gaps)])]


def picture(number: int, size_wh: tuple[int, int], points: NDArray[np.float64] | None) -> NDArray[np.uint8]:
    """A frame: its number as bits in the upper strip, below it a figure."""
    w, h = size_wh
    rgb = np.empty((h, w, 3), np.uint8)
    rgb[:] = np.linspace(96, 150, h, dtype=np.uint8)[:, None, None]
    rgb[round(h * 0.9) :] = (120, 105, 90)
    if points is not None:
        for a, b in EDGES:
            ends = [tuple(int(v) for v in points[NAMES.index(n)]) for n in (a, b)]
            cv2.line(rgb, ends[0], ends[1], (70, 80, 110), max(6, h // 22), cv2.LINE_AA)
        x, y = (int(v) for v in points[0])
        cv2.circle(rgb, (x, y), max(6, h // 18), (190, 150, 130), -1, cv2.LINE_AA)
    high = round(h * BLOCK_SHARE)
    for bit in range(BITS):
        rgb[:high, w * bit // BITS : w * (bit + 1) // BITS] = 235 if number >> bit & 1 else 20
    return rgb


def number_on(png: bytes) -> int:
    """The number that a picture of a frame carries, whatever its size."""
    grey = np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=np.float64)
    h, w = grey.shape
    row = grey[max(1, round(h * BLOCK_SHARE / 2))]
    levels = [row[round(w * (bit + 0.5) / BITS)] for bit in range(BITS)]
    assert all(v < 90 or v > 170 for v in levels), f"no number in the picture: {levels}"
    return sum(1 << bit for bit, v in enumerate(levels) if v > 170)


def figure(depth: float, size_wh: tuple[int, int], shift: float = 0.0) -> NDArray[np.float64]:
    """Points px of a figure seen from the front quarter, squatting ``depth`` (0-1) deep."""
    w, h = size_wh
    middle, floor, unit = w * (0.5 + shift), h * 0.88, h * 0.19
    bend = depth * 1.25
    knee_y, hip_y = floor - unit * 0.95, floor - unit * (0.95 + math.cos(bend))
    back = math.sin(bend) * unit * 0.75
    rows = [[middle + back * 0.2, hip_y - unit * 1.75]]
    for way in (1, -1):
        x = middle + way * unit * 0.28
        rows += [
            [x - back * 0.2, hip_y - unit * 1.3],
            [x - back, hip_y],
            [x + way * unit * 0.2 + back * 0.3, knee_y],
            [x, floor],
        ]
    return np.array(rows)


def film(
    out: Path, times_s: Sequence[float], size_wh: tuple[int, int], poses: Sequence[NDArray[np.float64]]
) -> None:
    """Write the film with every frame at its own time."""
    with av.open(str(out), "w", format="mp4", options=dict(CONTAINER)) as container:
        pictures = Pictures(container, size_wh, 30.0, crf=20)
        for number, (t, points) in enumerate(zip(times_s, poses, strict=True)):
            pictures.add(picture(number, size_wh, points), round(t * 90000))
        pictures.end()


def measurements(
    times_s: Sequence[float],
    size_wh: tuple[int, int],
    poses: Sequence[NDArray[np.float64]],
    depth: Sequence[float],
) -> dict[str, object]:
    """A player.json as the analysis would write it: three repetitions, two markers, three curves."""
    frames = len(times_s)
    third = frames // 3
    cycles = [
        {
            "index": i + 1,
            "name": f"rep {i + 1}",
            "kind": "rep",
            "start": i * third,
            "turn": i * third + third // 2,
            "end": (i + 1) * third,
            "score": score,
            "verdict": verdict,
            "faults": faults,
        }
        for i, (score, verdict, faults) in enumerate(
            [(92, "good", []), (61, "fault", ["knee goes in"]), (78, "caution", ["a little shallow"])]
        )
    ]
    curve = {"unit": "deg", "absolute": True}
    return {
        "version": 1,
        "times_s": list(times_s),
        "size_wh": list(size_wh),
        "capture_scale": 1.0,
        "skeleton": {
            "names": list(NAMES),
            "edges": [[NAMES.index(a), NAMES.index(b)] for a, b in EDGES],
            "side": [a.split("_")[0] if a.split("_")[0] == b.split("_")[0] else None for a, b in EDGES],
        },
        "track": {"frames": list(range(frames)), "xy": [np.round(p, 1).tolist() for p in poses]},
        "curves": [
            {**curve, "name": "knee", "title": "Knee bend", "side": "left", "error95": 4.0}
            | {"values": [round(20 + 90 * d, 1) for d in depth]},
            {**curve, "name": "knee", "title": "Knee bend", "side": "right", "error95": 4.0}
            | {"values": [None if 10 <= k < 14 else round(16 + 84 * d, 1) for k, d in enumerate(depth)]},
            {**curve, "name": "hip", "title": "Hip bend", "side": "left", "error95": None, "absolute": False}
            | {"values": [round(10 + 70 * d, 1) for d in depth]},
        ],
        "cycles": cycles,
        "markers": [
            {
                "frame": third + third // 2,
                "verdict": "fault",
                "words": "Left knee goes in: 14° ± 4°",
                "cycle": 2,
            },
            {
                "frame": 2 * third + third // 2,
                "verdict": "caution",
                "words": "A little shallow: 84° ± 4°",
                "cycle": 3,
            },
        ],
    }


def clip(
    out: Path, times_s: Sequence[float], size_wh: tuple[int, int], shift: float = 0.0
) -> dict[str, object]:
    """Write a film of three squats to ``out`` and give its measurements."""
    whole = times_s[-1] or 1.0
    depth = [0.5 - 0.5 * math.cos(6 * math.pi * t / whole) for t in times_s]
    poses = [figure(d, size_wh, shift) for d in depth]
    film(out, times_s, size_wh, poses)
    return measurements(times_s, size_wh, poses, depth)
