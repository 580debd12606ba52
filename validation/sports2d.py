"""``python -m validation sports2d``: the same body points to Plumbline and to Sports2D, swapped and noisy.

Sports2D 0.8.34 is run by an interpreter of its own (``--python``, or ``SPORTS2D_PYTHON``) and given its
points by ``--load_trc_px``, so that no pose model takes part; without that interpreter the part is skipped.
Points are joints of the rig's athletes seen by a virtual camera; the true angle is that of the same points
before anything was done to them, so only swaps, noise and filters are compared. Nothing of Sports2D is
in this repository.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from validation.blocks import write_block
from validation.opensim import read_mot
from validation.readers import FloatArray, RigTruth, read_rig
from validation.sports2d_files import DRIVER, write_blank_film, write_trc
from validation.tables import number, table
from vision.kinematics import interior_deg
from vision.movements import MOVEMENTS
from vision.pose.base import BLAZEPOSE
from vision.prepare import prepare, smoothed
from vision.types import SIDES, Pose

VIDEOS: Final = Path(__file__).resolve().parents[1] / "videos"
SIZE_PX: Final = 720
FOCAL_PX: Final = 900.0
AWAY_M: Final = 4.0
SWAPPED: Final = 0.05
LONGEST_SWAP: Final = 4
PARTS: Final = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe")
LEG: Final = ("knee", "ankle", "heel", "toe")
CASES: Final = {  # rendered athlete, where the virtual camera stands, Plumbline's movement
    "walking, side": ("walk_rear_level", "side", "gait"),
    "squat, side": ("squat_front_clean", "side", "squat"),
    "squat, front": ("squat_front_clean", "front", "squat"),
    "hinge, side": ("hinge_side_clean", "side", "hinge"),
    "bridge, side": ("bridge_side_flat", "side", "bridge"),
}
DONE: Final = {  # what is done to the points: noise in px (SD), and whether legs are swapped
    "nothing": (0.0, False),
    "noise 2 px": (2.0, False),
    "noise 5 px": (5.0, False),
    "swaps": (0.0, True),
    "swaps, noise 2 px": (2.0, True),
}
ANGLES: Final = ("knee", "hip", "trunk")

Points = dict[str, FloatArray]


@dataclass(frozen=True)
class Job:
    """One case with one thing done to it: the points given, and the true ones; ``(T, 2)`` px each."""

    case: str
    done: str
    fps: float
    given: Points
    true: Points

    @property
    def stem(self) -> str:
        """A file's name for it."""
        return "".join(c if c.isalnum() else "_" for c in f"{self.case} {self.done}")


# ------------------------------------------------------------------- the points


def seen_by(truth: RigTruth, where: str) -> Points:
    """Joints of a rendered athlete as a virtual camera sees them, px, y down.

    From the side the camera stands to the athlete's right; heels are put behind the ankle, level with
    the toes.
    """
    out: Points = {}
    for side in SIDES:
        ankle, toe = truth.m(f"ankle_{side[0]}"), truth.m(f"toe_{side[0]}")
        heel = ankle + 0.3 * (ankle - toe)
        heel[:, 2] = toe[:, 2]
        for part in PARTS:
            xyz = heel if part == "heel" else truth.m(f"{part}_{side[0]}")
            out[f"{side}_{part}"] = _project(xyz, where, truth)
    out["nose"] = _project(truth.m("head"), where, truth)
    return out


def _project(xyz: FloatArray, where: str, truth: RigTruth) -> FloatArray:
    middle = np.median(truth.mid_m("hip"), axis=0)
    x, y, z = (xyz - middle).T
    across, away = (-y, x + AWAY_M) if where == "side" else (x, y + AWAY_M)
    return SIZE_PX / 2 + FOCAL_PX * np.stack([across / away, -z / away], axis=1)


def swap_frames(rng: np.random.Generator, frames: int) -> NDArray[np.bool_]:
    """Which frames ``(T,)`` have left and right leg exchanged: runs of 1 to 4, one in twenty in all."""
    out = np.zeros(frames, bool)
    while out.sum() < SWAPPED * frames:
        start = int(rng.integers(2, frames - 2 - LONGEST_SWAP))
        out[start : start + int(rng.integers(1, LONGEST_SWAP + 1))] = True
    return out


def spoilt(points: Points, rng: np.random.Generator, noise_px: float, swap: bool) -> Points:
    """The points with noise on all of them and legs exchanged in some frames."""
    out = {k: v + rng.normal(0, noise_px, v.shape) if noise_px else v.copy() for k, v in points.items()}
    if swap:
        rows = swap_frames(rng, len(out["nose"]))
        for part in LEG:
            left, right = out[f"left_{part}"].copy(), out[f"right_{part}"].copy()
            out[f"left_{part}"][rows], out[f"right_{part}"][rows] = right[rows], left[rows]
    return out


def jobs(videos: Path, seed: int) -> list[Job]:
    """Every case with everything done to it."""
    out: list[Job] = []
    for case, (clip, where, _) in CASES.items():
        truth = read_rig(videos / f"{clip}.json")
        true = seen_by(truth, where)
        for number_of, (done, (noise, swap)) in enumerate(DONE.items()):
            rng = np.random.default_rng((seed, number_of, len(case)))
            out.append(Job(case, done, truth.fps, spoilt(true, rng, noise, swap), true))
    return out


# ------------------------------------------------------------------- angles


def angles_deg(p: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Bend of each knee, bend of each hip (trunk against thigh), trunk's lean: size in degrees, ``(T,)``."""
    neck = (p["left_shoulder"] + p["right_shoulder"]) / 2
    pelvis = (p["left_hip"] + p["right_hip"]) / 2
    trunk = neck - pelvis
    out = {"trunk": np.abs(np.degrees(np.arctan2(trunk[:, 0], -trunk[:, 1])))}
    for side in SIDES:
        hip, knee, ankle = (p[f"{side}_{part}"] for part in ("hip", "knee", "ankle"))
        out[f"{side} knee"] = 180 - interior_deg(hip, knee, ankle)
        out[f"{side} hip"] = 180 - interior_deg(hip + trunk, hip, knee)
    return out


def plumbline_points(job: Job) -> Points:
    """The points after the product's own mending, gap filling and smoothing for the movement."""
    movement = MOVEMENTS[CASES[job.case][2]]
    frames = len(job.given["nose"])
    poses: list[Pose] = []
    for i in range(frames):
        xy, score = np.full((len(BLAZEPOSE.names), 2), np.nan), np.zeros(len(BLAZEPOSE.names))
        for name, path in job.given.items():
            xy[BLAZEPOSE.index[name]], score[BLAZEPOSE.index[name]] = path[i], 1.0
        poses.append(Pose(i / job.fps, i, xy, score))
    ready = prepare(poses, (SIZE_PX, SIZE_PX), BLAZEPOSE, frames)
    track = smoothed(ready.track, movement.cutoff_hz)
    return {name: track.point(name) for name in job.given}


def sports2d_angles(path: Path) -> dict[str, FloatArray]:
    """Sizes of the angles in a file that Sports2D wrote; its trunk is measured from the horizontal."""
    motion = read_mot(path)
    column = {c.lower().replace("_", " "): c for c in motion.columns}
    out = {"trunk": np.abs((90 - motion[column["trunk"]] + 180) % 360 - 180)}
    for side in SIDES:
        for part in ("knee", "hip"):
            out[f"{side} {part}"] = np.abs(motion[column[f"{side} {part}"]])
    return out


@dataclass(frozen=True, slots=True)
class Off:
    """Errors of one angle: root mean square and largest, degrees, over ``n`` values."""

    rms: float
    largest: float
    n: int


def off_by(got: Mapping[str, FloatArray], true: Mapping[str, FloatArray], angle: str) -> Off:
    """How far an angle is off over all frames, both sides together."""
    both = [
        got[k][: len(true[k])] - true[k][: len(got[k])] for k in true if k == angle or k.endswith(f" {angle}")
    ]
    error = np.concatenate(both)
    error = error[np.isfinite(error)]
    if not len(error):
        return Off(float("nan"), float("nan"), 0)
    return Off(float(np.sqrt((error**2).mean())), float(np.abs(error).max()), len(error))


# ------------------------------------------------------------------- the other program


def _written(folder: Path, job: Job) -> Path | None:
    """The file of angles of a job that is done."""
    return next(iter(sorted((folder / job.stem).rglob("*angles*person00.mot"))), None)


def run_sports2d(python: Path, todo: Sequence[Job], folder: Path) -> dict[str, dict[str, FloatArray]]:
    """Angles by job as Sports2D gives them, in one process without a network; a job that fails is absent.

    What the folder already holds is not run again. Raises SystemExit when the program ends with an error.
    """
    tasks: list[dict[str, str]] = []
    for job in todo:
        if _written(folder, job):
            continue
        film, trc = folder / f"{list(CASES).index(job.case)}.mp4", folder / f"{job.stem}_px.trc"
        if not film.exists():
            write_blank_film(film, len(job.given["nose"]), job.fps)
        write_trc(trc, job.given, job.fps)
        side = "front" if "front" in job.case else "right"
        tasks.append({"film": film.name, "trc": str(trc), "out": str(folder / job.stem), "side": side})
    if tasks:
        _drive(python, tasks, folder)
    found = {job.stem: _written(folder, job) for job in todo}
    return {stem: sports2d_angles(path) for stem, path in found.items() if path}


def _drive(python: Path, tasks: Sequence[Mapping[str, str]], folder: Path) -> None:
    (folder / "tasks.json").write_text(json.dumps(tasks), "utf-8")
    (folder / "drive.py").write_text(DRIVER, "utf-8")
    with (folder / "log.txt").open("w", encoding="utf-8") as log:
        done = subprocess.run([str(python), "drive.py"], cwd=folder, stdout=log, stderr=log, check=False)
    if done.returncode != 0:
        last = (folder / "log.txt").read_text("utf-8").strip().splitlines()[-1:]
        raise SystemExit(f"Sports2D ended with status {done.returncode}: {' '.join(last)}")


HEAD: Final = (
    "case",
    "done to the points",
    *(f"{a}: {w}" for a in ANGLES for w in ("Plumbline", "Sports2D")),
)
PREAMBLE: Final = """## Swaps and noise, beside Sports2D

Printed by `python -m validation sports2d`. The same body points given to Plumbline's preparation (swaps
mended, outliers out, gaps filled, smoothed as the movement asks) and to Sports2D 0.8.34 by `--load_trc_px`,
with its defaults. Points are joints of the clips in `videos/` seen by a virtual camera 4 m away (one metre is
about 225 px). Swaps: knee, ankle, heel and toe exchanged left for right in 5 % of the frames, in runs of 1 to
4. Noise (SD): independent in every frame and coordinate. Errors are against the same points untouched: root
mean square over all frames, largest in brackets, degrees; angles of the picture."""


def section(todo: Sequence[Job], theirs: Mapping[str, Mapping[str, FloatArray]]) -> str:
    """The page's part."""
    rows: list[list[str]] = []
    for job in todo:
        true, ours = angles_deg(job.true), angles_deg(plumbline_points(job))
        cells = [job.case, job.done]
        for angle in ANGLES:
            cells.append(_cell(off_by(ours, true, angle)))
            other = theirs.get(job.stem)
            cells.append("–" if other is None else _cell(off_by(other, true, angle)))
        rows.append(cells)
    return f"{PREAMBLE}\n\n{table(HEAD, rows)}\n"


def _cell(off: Off) -> str:
    return f"{number(off.rms)} ({number(off.largest)})"


def main(argv: Sequence[str]) -> None:
    """Compare, print, and keep with ``--write``; skipped where Sports2D is not there."""
    parser = argparse.ArgumentParser(prog="python -m validation sports2d", description=__doc__)
    parser.add_argument(
        "--python", type=Path, default=os.environ.get("SPORTS2D_PYTHON"), help="its interpreter"
    )
    parser.add_argument("--videos", type=Path, default=VIDEOS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for its files; what is in it is not run again")
    parser.add_argument("--write", type=Path, help="page to put the text into, such as docs/accuracy.md")
    args = parser.parse_args(argv)
    if not args.python or not Path(args.python).is_file():
        print(
            f"SKIPPED: no interpreter with sports2d 0.8.34 at {args.python}; give --python", file=sys.stderr
        )
        return
    todo = jobs(args.videos, args.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        text = section(todo, run_sports2d(Path(args.python), todo, folder.resolve()))
    print(text, end="")
    if args.write:
        write_block(args.write, "sports2d", text)
