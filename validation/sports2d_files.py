"""The files that Sports2D reads: points as ``.trc``, a blank film of the same length, and what drives it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np

from validation.readers import FloatArray

NAMES: Final = {  # its names for the body with feet, and ours
    "Hip": ("left_hip", "right_hip"),
    "RHip": ("right_hip",),
    "RKnee": ("right_knee",),
    "RAnkle": ("right_ankle",),
    "RBigToe": ("right_toe",),
    "RHeel": ("right_heel",),
    "LHip": ("left_hip",),
    "LKnee": ("left_knee",),
    "LAnkle": ("left_ankle",),
    "LBigToe": ("left_toe",),
    "LHeel": ("left_heel",),
    "Neck": ("left_shoulder", "right_shoulder"),
    "Head": ("nose",),
    "RShoulder": ("right_shoulder",),
    "RElbow": ("right_elbow",),
    "RWrist": ("right_wrist",),
    "LShoulder": ("left_shoulder",),
    "LElbow": ("left_elbow",),
    "LWrist": ("left_wrist",),
}

DRIVER: Final = """
import copy, json
from Sports2D import Sports2D

for task in json.load(open("tasks.json")):
    config = copy.deepcopy(Sports2D.DEFAULT_CONFIG)
    config["base"].update(
        video_input=task["film"],
        load_trc_px=task["trc"],
        result_dir=task["out"],
        visible_side=[task["side"]],
        person_ordering_method="first_detected",
        show_realtime_results=False,
        save_vid=False,
        save_img=False,
    )
    config["px_to_meters_conversion"].update(to_meters=False, save_calib=False, make_c3d=False)
    config["post-processing"].update(show_graphs=False, save_graphs=False)
    try:
        Sports2D.process(config)
    except Exception as problem:
        print("failed:", task["film"], repr(problem))
"""
"""Run by the other program's interpreter: its defaults, but for pictures, plots and metres."""


def write_trc(path: Path, points: Mapping[str, FloatArray], fps: float) -> None:
    """Points in px as a ``.trc``, the third coordinate 0."""
    frames = len(next(iter(points.values())))
    columns = [np.mean([points[name] for name in ours], axis=0) for ours in NAMES.values()]
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{fps:g}\t{fps:g}\t{frames}\t{len(NAMES)}\tm\t{fps:g}\t0\t{frames}",
        "Frame#\tTime\t" + "\t\t\t".join(NAMES) + "\t\t",
        "\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(NAMES) + 1)),
    ]
    for i in range(frames):
        cells = "\t".join(f"{c[i, 0]:.4f}\t{c[i, 1]:.4f}\t0" for c in columns)
        lines.append(f"{i}\t{i / fps:.6f}\t{cells}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def write_blank_film(path: Path, frames: int, fps: float, size_px: int = 160) -> None:
    """A small grey film; Sports2D opens one even where it reads no pose from it."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=Fraction(fps).limit_denominator(1000))
        stream.width = stream.height = size_px
        stream.pix_fmt = "yuv420p"
        grey = np.full((size_px, size_px, 3), 90, np.uint8)
        for _ in range(frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode())
