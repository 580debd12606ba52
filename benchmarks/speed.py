"""How fast the product is beside the least that could be done: ``python -m benchmarks.speed [CLIP]``.

Every run is a fresh process held to the same cores, with the model opened and warmed up before the
clock starts; the kinds of run take turns and medians are printed. The yardsticks are a bare loop
(decode, pose model on every frame, nothing else) and the same with every frame encoded once.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import av
import numpy as np

from benchmarks.clips import as_720p, looped
from validation.follow import read_all
from validation.tables import number, percent, table
from vision.pose import DEFAULT_POSE, POSE_MODELS, open_pose
from vision.pose.base import PoseEstimator
from vision.types import Frame, ImageArray

SOURCE: Final = Path("videos") / "squat_front_clean.mp4"
SHORT_S: Final = 10.0
LONG_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``session_s`` is the time inside the session: kinematics, events, scoring."""

    wall_s: float
    cpu_s: float
    session_s: float
    frames: int
    peak_mib: float


# --------------------------------------------------------------------------- what is run


def decoded(path: Path) -> Iterator[Frame]:
    """Frames of a clip by the shortest way there is."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for i, picture in enumerate(container.decode(stream)):
            rgb = cast(ImageArray, picture.to_ndarray(format="rgb24"))
            yield Frame(rgb, float(picture.time or 0.0), i)


def bare(path: Path, model: PoseEstimator) -> tuple[int, float]:
    """Decode and read a pose in every frame."""
    return sum(1 for _ in read_all(decoded(path), model)), 0.0


def bare_encoded(path: Path, model: PoseEstimator) -> tuple[int, float]:
    """Decode, read a pose and encode every frame as the overlay's film is encoded."""
    from vision.outputs import overlay

    # The very settings, so that the yardstick cannot drift away from the product.
    options = dict(overlay._ENCODER)  # pyright: ignore[reportPrivateUsage]
    count = 0
    with tempfile.TemporaryDirectory() as folder, av.open(f"{folder}/bare.mp4", "w") as out:
        stream: Any = None
        for frame, _ in read_all(decoded(path), model):
            if stream is None:
                stream = cast(Any, out).add_stream("libx264", rate=Fraction(30), options=options)
                stream.height, stream.width = frame.rgb.shape[:2]
                stream.pix_fmt = "yuv420p"
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame.rgb, format="rgb24")))
            count += 1
        if stream is not None:
            out.mux(stream.encode(None))
    return count, 0.0


def analysed(path: Path, model: PoseEstimator) -> tuple[int, float]:
    """The product without its film: ``plumbline analyse --no-video``."""
    return _product(path, model, video=False)


def analysed_filmed(path: Path, model: PoseEstimator) -> tuple[int, float]:
    """The product with its film: ``plumbline analyse``."""
    return _product(path, model, video=True)


def _product(path: Path, model: PoseEstimator, *, video: bool) -> tuple[int, float]:
    from vision import pipeline
    from vision.outputs import write_outputs
    from vision.session import Session
    from vision.types import Pose, Report

    spent = 0.0

    class Timed(Session):
        def push(self, pose: Pose | None) -> None:
            nonlocal spent
            began = time.perf_counter()
            super().push(pose)
            spent += time.perf_counter() - began

        def finish(self) -> Report:
            nonlocal spent
            began = time.perf_counter()
            report = super().finish()
            spent += time.perf_counter() - began
            return report

    pipeline.Session = Timed
    with tempfile.TemporaryDirectory() as folder:
        analysis = pipeline.analyse_clip(path, movement="squat", estimator=model)
        write_outputs(analysis.report, path, analysis.clip, Path(folder), video=video)
    return analysis.clip.frames, spent


JOBS: Final[dict[str, Callable[[Path, PoseEstimator], tuple[int, float]]]] = {
    "bare loop": bare,
    "analysis, no film": analysed,
    "bare loop and encoder": bare_encoded,
    "analysis with film": analysed_filmed,
}


def run_here(job: str, path: Path, pose: str) -> Run:
    """Run one job in this process."""
    model = open_pose(pose)
    try:
        _warm_up(model)
        began, began_cpu = time.perf_counter(), time.process_time()
        frames, session_s = JOBS[job](path, model)
        wall_s, cpu_s = time.perf_counter() - began, time.process_time() - began_cpu
    finally:
        model.close()
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Run(wall_s, cpu_s, session_s, frames, peak_kib / 1024)


def _warm_up(model: PoseEstimator) -> None:
    from vision.pose.base import Region

    picture = np.full((256, 256, 3), 127, np.uint8)
    model.find(picture)
    for with_mask in (False, True):
        model.read(picture, Region(128.0, 128.0, 256.0, 0.0), with_mask=with_mask)


def run_apart(job: str, path: Path, pose: str, cores: Sequence[int]) -> Run:
    """Run one job in a process of its own, held to ``cores``."""
    command = [sys.executable, "-m", "benchmarks.speed", str(path), "--job", job, "--pose", pose]
    done = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    return Run(**json.loads(done.stdout.splitlines()[-1]))


# --------------------------------------------------------------------------- what is printed


def speeds(runs: dict[str, list[Run]], seconds: float) -> str:
    """The ratios as a table; processor time stands beside wall time because others may use the cores."""
    wall = {job: statistics.median(r.wall_s for r in got) for job, got in runs.items()}
    cpu = {job: statistics.median(r.cpu_s for r in got) for job, got in runs.items()}
    in_session = statistics.median(r.session_s / r.wall_s for r in runs["analysis, no film"])
    rows = [
        [f"{product} ÷ {least}", *(number(of[product] / of[least], 2) for of in (wall, cpu))]
        for product, least in (
            ("analysis, no film", "bare loop"),
            ("analysis with film", "bare loop and encoder"),
        )
    ]
    for job in ("analysis, no film", "analysis with film"):
        rows.append([f"{job}: times real time", number(seconds / wall[job], 2), "–"])
    rows.append(["share of kinematics, events and scoring", percent(in_session), "–"])
    return table(["", "by the clock", "by processor time"], rows)


def times(runs: dict[str, list[Run]]) -> str:
    """Every kind of run as a table."""
    rows: list[list[str]] = []
    for job, got in runs.items():
        wall = [r.wall_s for r in got]
        rows.append(
            [
                job,
                *(number(of(wall), 2) for of in (statistics.median, min, max)),
                number(statistics.median(r.cpu_s for r in got), 2),
                number(1000 * statistics.median(wall) / got[0].frames, 1),
                number(max(r.peak_mib for r in got), 0),
            ]
        )
    return table(["run", "median s", "least", "most", "processor s", "ms a frame", "peak MiB"], rows)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print; with ``--job`` run that one and print its figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument(
        "clip", type=Path, nargs="?", help="a clip to use as it is; made from videos/ without one"
    )
    parser.add_argument("--pose", default=DEFAULT_POSE, choices=list(POSE_MODELS))
    parser.add_argument("--repeats", type=int, default=3, metavar="N")
    parser.add_argument("--cores", type=int, default=2, metavar="N", help="cores the runs are held to")
    parser.add_argument(
        "--long", type=float, default=LONG_S, metavar="S", help="seconds of the long clip; 0 for none"
    )
    parser.add_argument("--job", choices=list(JOBS), help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.job:
        print(json.dumps(asdict(run_here(args.job, args.clip, args.pose))))
        return
    clip = args.clip or as_720p(SOURCE, SHORT_S)
    cores = sorted(os.sched_getaffinity(0))[: args.cores]
    run_apart("analysis with film", clip, args.pose, cores)  # warms the disk's cache
    runs: dict[str, list[Run]] = {job: [] for job in JOBS}
    for _ in range(args.repeats):
        for job, got in runs.items():
            got.append(run_apart(job, clip, args.pose, cores))
    with av.open(str(clip)) as container:
        seconds = float((container.duration or 0) / av.time_base)
    print(f"{clip.name}: {seconds:.1f} s, {args.pose}, {len(cores)} cores, {args.repeats} repeats\n")
    print(speeds(runs, seconds) + "\n\n" + times(runs))
    if args.long > 0:
        long = run_apart("analysis, no film", looped(clip, args.long), args.pose, cores)
        short_mib = max(r.peak_mib for r in runs["analysis, no film"])
        print(
            f"\nPeak memory of an analysis: {short_mib:.0f} MiB for {seconds:.0f} s, "
            f"{long.peak_mib:.0f} MiB for {args.long:.0f} s ({long.frames} frames)."
        )


if __name__ == "__main__":
    main()
