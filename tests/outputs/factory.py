"""Reports and clips made up for the tests: a stick figure that squats before a plain wall."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vision.outline_grid import ALONG
from vision.pose.base import BLAZEPOSE
from vision.types import (
    ClipInfo,
    Criterion,
    Curve,
    Cycle,
    CycleKind,
    Finding,
    FloatArray,
    Guidance,
    JudgedCycle,
    Plane,
    Report,
    Track,
    Verdict,
    View,
)

FPS = 30.0
SIZE = (202, 360)
REP_FRAMES = 30
STANDING = {
    "nose": (101, 70),
    "left_ear": (108, 68),
    "right_ear": (94, 68),
    "left_shoulder": (125, 105),
    "right_shoulder": (77, 105),
    "left_elbow": (133, 145),
    "right_elbow": (69, 145),
    "left_wrist": (130, 180),
    "right_wrist": (72, 180),
    "left_hip": (114, 185),
    "right_hip": (88, 185),
    "left_knee": (118, 245),
    "right_knee": (84, 245),
    "left_ankle": (121, 305),
    "right_ankle": (81, 305),
    "left_heel": (121, 312),
    "right_heel": (81, 312),
    "left_toe": (128, 320),
    "right_toe": (74, 320),
}

RATIO = Criterion(
    measure="knee_ankle_ratio",
    unit="ratio",
    plane=Plane.FRONTAL,
    title="Knee gap over ankle gap",
    source="assumed; below 1 the knees are inside the feet",
    good=(0.8, float("inf")),
    caution=(0.7, float("inf")),
    below="knees_cave",
)
SHIFT = Criterion(
    measure="lateral_shift",
    unit="%",
    plane=Plane.FRONTAL,
    title="Hips to one side",
    source="assumed, doi:10.0000/example",
    good=(-4.0, 4.0),
    caution=(-8.0, 8.0),
    above="shift_left",
    below="shift_right",
)
PELVIS = Criterion(
    measure="lockout_pelvis", unit="pattern", plane=Plane.SAGITTAL, title="Pelvis at the top", source="S3"
)
HEELS = Criterion(
    measure="heel_rise",
    unit="foot lengths",
    plane=Plane.SAGITTAL,
    title="Heels lift",
    source="assumed",
    good=(-1.0, 0.05),
    caution=(-1.0, 0.1),
)


def finding(
    criterion: Criterion,
    value: float | str | None,
    verdict: Verdict,
    frame: int | None = None,
    *,
    side: str | None = None,
    error95: float | None = 0.05,
    reason: str = "",
    fault: str | None = None,
    penalty: float = 0.0,
) -> Finding:
    """A finding with its time worked out from its frame."""
    t_s = None if frame is None else frame / FPS
    return Finding(
        criterion.measure,
        side,
        value,
        criterion.unit,
        error95,
        verdict,
        reason,
        t_s,
        frame,
        criterion,
        fault,
        penalty,
    )


def figure(depth: float, knees_in_px: float = 0.0) -> FloatArray:
    """Points ``(33, 2)`` px of the figure at a depth of 0 (standing) to 1; what it lacks is NaN."""
    xy = np.full((len(BLAZEPOSE.names), 2), np.nan)
    for name, (x, y) in STANDING.items():
        low = name.split("_")[-1] in ("ankle", "heel", "toe")
        fall = 0.0 if low else 22.0 if "knee" in name else 55.0
        inward = {"left_knee": -knees_in_px, "right_knee": knees_in_px}.get(name, 0.0)
        xy[BLAZEPOSE.index[name]] = (x + inward * depth, y + fall * depth)
    return xy


def track(reps: int = 3, size_wh: tuple[int, int] = SIZE, t_s: FloatArray | None = None) -> Track:
    """A set of ``reps`` squats of one second each; the last two cave in."""
    n = max(reps, 1) * REP_FRAMES
    depth = np.sin(np.pi * (np.arange(n) % REP_FRAMES) / REP_FRAMES) ** 2 * (reps > 0)
    caves = np.where(np.arange(n) >= REP_FRAMES, 10.0, 0.0)
    scale = np.array(size_wh) / np.array(SIZE)
    xy = np.array([figure(d, k) for d, k in zip(depth, caves, strict=True)]) * scale
    return Track(
        t_s=np.arange(n) / FPS if t_s is None else t_s,
        index=np.arange(n, dtype=np.int64),
        xy=xy,
        score=np.where(np.isfinite(xy).all(axis=2), 0.9, 0.0),
        world_m=np.full((n, len(BLAZEPOSE.names), 3), np.nan),
        outline=np.full((n, 2, len(ALONG)), np.nan),
        size_wh=size_wh,
        skeleton=BLAZEPOSE,
    )


def cycle(number: int, findings: tuple[Finding, ...], score: int | None) -> JudgedCycle:
    """Repetition ``number``, counted from 0."""
    start = number * REP_FRAMES
    turn, end = start + REP_FRAMES // 2, start + REP_FRAMES
    return JudgedCycle(
        number, Cycle(start, turn, end), start / FPS, turn / FPS, (end - 1) / FPS, score, findings
    )


def steps(report: Report, count: int) -> Report:
    """``report`` as ``count`` steps of alternating sides, each with its own side's finding."""
    length = len(report.track) // count
    made: list[JudgedCycle] = []
    for i in range(count):
        side = ("left", "right")[i % 2]
        part = Cycle(i * length, i * length + length // 2, (i + 1) * length, CycleKind.STEP, side)
        found = finding(SHIFT, 1.0 + i, Verdict.GOOD, part.turn, side=side)
        times = (part.start / FPS, part.turn / FPS, part.end / FPS)
        made.append(JudgedCycle(i, part, *times, 100, (found,)))
    return replace(report, movement="gait", cycles=tuple(made))


def report(reps: int = 3, size_wh: tuple[int, int] = SIZE, t_s: FloatArray | None = None) -> Report:
    """A whole report: the first repetition good, the others with knees that cave in."""
    path = track(reps, size_wh, t_s)
    gap = {p: path.point(f"left_{p}")[:, 0] - path.point(f"right_{p}")[:, 0] for p in ("knee", "ankle")}
    ratio = gap["knee"] / gap["ankle"]
    cycles: list[JudgedCycle] = []
    for i in range(reps):
        turn = i * REP_FRAMES + REP_FRAMES // 2
        caved = i > 0
        cycles.append(
            cycle(
                i,
                (
                    finding(
                        RATIO,
                        float(ratio[turn]),
                        Verdict.FAULT if caved else Verdict.GOOD,
                        turn,
                        fault="knees_cave" if caved else None,
                        penalty=20.0 if caved else 0.0,
                    ),
                    finding(SHIFT, 1.2345678, Verdict.GOOD, turn, error95=2.0),
                    finding(HEELS, None, Verdict.UNKNOWN, error95=None, reason="not visible from this view"),
                ),
                80 if caved else 100,
            )
        )
    return Report(
        movement="squat",
        movement_source="detected",
        movement_confidence=0.97,
        view=View(Plane.FRONTAL, "front", 2.0, 4.0, 1.0, 0.5, 0.9),
        advice="Bring both feet into the picture.",
        tracked_fraction=0.99,
        swaps_repaired=1,
        cycles=tuple(cycles),
        set_score=87 if reps else None,
        set_findings=(
            finding(RATIO, 0.62, Verdict.FAULT, 45, fault="knees_cave", reason="2 of 3", penalty=13.0),
            finding(HEELS, None, Verdict.UNKNOWN, error95=None, reason="not visible from this view"),
        )
        if reps
        else (),
        asymmetries=({"measure": "knee_valgus", "left": 12.0, "right": 3.0, "unit": "deg", "error95": 4.0},),
        stop_after_rep=None,
        cue="Knees out" if reps else None,
        headline="Knees caved in on 2 of 3 reps." if reps else "No person was found.",
        guidance=(Guidance("knees_cave", "knees caved in", "Knees out", "Why.", "Banded squats.", "S0"),)
        if reps
        else (),
        notes=("A note.",),
        track=path,
        curves=(Curve("knee_ankle_ratio", "ratio", ratio),),
        thresholds="squat@0123456789ab",
        provenance={"version": "0.1.0", "pose": "blazepose-full", "models": {"full.onnx": "ab" * 32}},
    )


def clip_info(name: str = "squat.mp4", frames: int = 90, size_wh: tuple[int, int] = SIZE) -> ClipInfo:
    """Facts that go with :func:`report`."""
    return ClipInfo(name, "cd" * 32, frames / FPS, frames, FPS, FPS, *size_wh)


def write_clip(path: Path, t_s: FloatArray, size_wh: tuple[int, int], *, sound: str | None = None) -> Path:
    """A clip with a picture at each of ``t_s``, grey with a moving bar, and a tone in codec ``sound``."""
    with av.open(str(path), "w") as out:
        film = out.add_stream("libx264", rate=30, options={"preset": "ultrafast", "bf": "0"})
        film.width, film.height, film.pix_fmt = *size_wh, "yuv444p" if size_wh[0] % 2 else "yuv420p"
        film.codec_context.time_base = film.time_base = Fraction(1, 90000)
        tone = out.add_stream(sound, rate=44100, layout="mono") if sound else None
        for i, t in enumerate(t_s):
            rgb = np.full((size_wh[1], size_wh[0], 3), 120, np.uint8)
            x = int(i / len(t_s) * (size_wh[0] - 8))
            rgb[:, x : x + 8] = 200
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = round(t * 90000), Fraction(1, 90000)
            out.mux(film.encode(frame))
        out.mux(film.encode(None))
        if tone is not None:
            wave = np.sin(np.arange(int(44100 * t_s[-1])) / 44100 * 2 * np.pi * 440).astype(np.float32)
            for i in range(0, len(wave) - 1024, 1024):
                part = (wave[None, i : i + 1024] * 32000).astype(np.int16)
                piece = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
                piece.sample_rate, piece.pts, piece.time_base = 44100, i, Fraction(1, 44100)
                out.mux(tone.encode(piece))
            out.mux(tone.encode(None))
    return path
