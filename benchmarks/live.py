"""What live training costs: ``python -m benchmarks.live [CLIP] [--minutes N]``.

Three things are printed: pictures a second through pose model and set, beside the pose model alone;
what one push of a pose costs at the beginning and at the end of a long set; and how long after the
end of a repetition its cue is decided, on the set's clock and in computing.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from validation.follow import read_all
from validation.tables import number, table
from vision.capture import Clip
from vision.live import Eyes, LiveSet
from vision.live.window import LIVE_POSE
from vision.pose import POSE_MODELS, open_pose
from vision.pose.athlete import Athlete
from vision.pose.base import PoseEstimator
from vision.types import Frame, Pose

SOURCE: Final = Path("videos") / "squat_front_left_knee_caves_from_rep3.mp4"
MINUTES: Final = 10.0
PART: Final = 0.1
"""Share of a long set, at its beginning and at its end, that is compared."""


def _movement(path: Path) -> str:
    return path.name.split("_")[0]


def _frames(path: Path) -> tuple[list[Frame], tuple[int, int]]:
    with Clip(path) as clip:
        return list(clip), (clip.width, clip.height)


def _rates(path: Path, model: PoseEstimator) -> tuple[float, float]:
    """Pictures a second of the pose model alone and of the whole live set, everything decoded before."""
    frames, size_wh = _frames(path)
    list(read_all(frames[:10], model))
    began = time.perf_counter()
    count = sum(1 for _ in read_all(frames, model))
    alone = count / (time.perf_counter() - began)
    live = LiveSet(_movement(path), model.skeleton, size_wh, eyes=Eyes(model), hands_free=False)
    began = time.perf_counter()
    for frame in frames:
        live.push(frame)
    return alone, len(frames) / (time.perf_counter() - began)


def _poses(path: Path, model: PoseEstimator) -> tuple[list[Pose], tuple[int, int]]:
    frames, size_wh = _frames(path)
    return [p for p in Athlete(model).poses(iter(frames)) if p is not None], size_wh


def _repeated(poses: Sequence[Pose], seconds: float) -> Iterator[Pose]:
    """The clip over and over, its clock going on."""
    step = poses[-1].t_s - poses[-2].t_s
    length = poses[-1].t_s - poses[0].t_s + step
    for i in range(int(seconds / length)):
        for pose in poses:
            yield replace(pose, t_s=pose.t_s + i * length)


def _long_set(
    poses: Sequence[Pose], size_wh: tuple[int, int], movement: str, model: PoseEstimator, minutes: float
) -> tuple[list[float], int, float]:
    """Seconds of every push of a long set, its repetitions, and how much the memory grew, MiB."""
    live = LiveSet(movement, model.skeleton, size_wh, hands_free=False)
    spent: list[float] = []
    early_kib = 0
    for i, pose in enumerate(_repeated(poses, minutes * 60)):
        began = time.process_time()
        live.push(pose)
        spent.append(time.process_time() - began)
        if i == len(poses):
            early_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - early_kib) / 1024
    return spent, len(live.reps), grown


def _cue_delays(
    poses: Sequence[Pose], size_wh: tuple[int, int], movement: str, model: PoseEstimator
) -> list[tuple[float, float]]:
    """For each thing said: seconds from the repetition's end on the clock, and of computing that push."""
    live = LiveSet(movement, model.skeleton, size_wh, hands_free=False)
    delays: list[tuple[float, float]] = []
    for pose in poses:
        began = time.perf_counter()
        update = live.push(pose)
        took = time.perf_counter() - began
        if update.said:
            end_s = update.reps[update.said.rep - 1].judged.end_s
            delays.append((update.said.t_s - end_s, took))
    return delays


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", nargs="?", type=Path, default=SOURCE)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--pose", default=LIVE_POSE, choices=list(POSE_MODELS))
    args = parser.parse_args()
    model = open_pose(args.pose)
    movement = _movement(args.clip)
    alone, live = _rates(args.clip, model)
    poses, size_wh = _poses(args.clip, model)
    spent, reps, grown = _long_set(poses, size_wh, movement, model, args.minutes)
    delays = _cue_delays(poses, size_wh, movement, model)
    model.close()
    part = max(1, int(len(spent) * PART))
    first, last = (1000 * statistics.mean(some) for some in (spent[:part], spent[-part:]))
    rows = [
        ("pictures a second, pose model alone", number(alone, 1)),
        ("pictures a second, live set", number(live, 1)),
        ("live set over pose model alone", number(live / alone, 2)),
        (f"ms a push, first {PART:.0%} of {args.minutes:g} min", number(first, 2)),
        (f"ms a push, last {PART:.0%}", number(last, 2)),
        ("last over first", number(last / first, 2)),
        ("ms of the longest push", number(1000 * max(spent), 0)),
        ("repetitions counted", str(reps)),
        ("memory grown, MiB", number(grown, 0)),
    ]
    for i, (waited, took) in enumerate(delays, start=1):
        rows.append(
            (f"said {i}: s after the repetition's end + s of computing", f"{waited:.2f} + {took:.2f}")
        )
    print(table(("what", args.clip.name), rows))


if __name__ == "__main__":
    main()
