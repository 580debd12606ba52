"""``python -m validation real_pelvis``: the product on the pelvis of real clips, without a reference.

Two tables: what is told of bridges, hip thrusts and squats, repetition by repetition; and four
calibrated cameras on one athlete, whose pelvis has one slope at a time. A clip that is absent is named
and left out.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from validation import four_cameras
from validation.blocks import write_block
from validation.compare import find
from validation.opensim import read_mot
from validation.readers import FloatArray
from validation.recorded import kept, networks
from validation.tables import number, table
from vision.types import Finding, Report


@dataclass(frozen=True, slots=True)
class Real:
    """A real clip: what it shows, where it lies under the shared folder, the movement to judge."""

    what: str
    file: str
    movement: str


CLIPS: Final = (
    Real("glute bridge, 1", "clips/eval/lena_glute_bridge.mp4", "bridge"),
    Real("glute bridge, 2 (toes up)", "clips/eval/be2018_bridge.mp4", "bridge"),
    Real("hip thrusts", "clips/eval/sebitzu_hip_thrusts.mp4", "bridge"),
    Real("squats, camera 1", "data/opencap_squat/cam0/squats-with-arm-raise.mov", "squat"),
    Real("squats, camera 2", "data/opencap_squat/cam1/squats-with-arm-raise.mov", "squat"),
)
SQUAT_MOTION: Final = "data/opencap_squat/squats-with-arm-raise.mot"
CAMERAS: Final = "data/pose2sim/Demo_SinglePerson"
LAG_S: Final = {"squats, camera 1": 3 / 60.0, "squats, camera 2": 0.0}
HEAD: Final = (
    "clip",
    "view judged",
    "repetitions",
    "`lockout_pelvis`",
    "`pelvic_tilt` °",
    "`pelvic_obliquity` °",
    "why not",
)

PREAMBLE: Final = """## The pelvis on real clips, without a reference

Printed by `python -m validation real_pelvis`; the product has {eyes}.
Nobody measured these pelves, so nothing here is an error. Values are by repetition, ± the median stated
error; – is a value that was not told. How a clinic could give a reference: [protocol](clinic-protocol.md)."""


def told(report: Report, measure: str) -> str:
    """Every repetition's value of a measure, and the median of the errors stated."""
    found = [find(c.findings, measure, None) for c in report.cycles]
    if not any(f is not None and f.value is not None for f in found):
        return "–"
    errors = [f.error95 for f in found if f is not None and f.error95 is not None and f.value is not None]
    errors = [e for e in errors if np.isfinite(e)]
    wide = f" ± {float(np.median(errors)):.0f}" if errors else ""
    return ", ".join(_value(f) for f in found) + wide


def _value(finding: Finding | None) -> str:
    if finding is None or finding.value is None:
        return "–"
    return finding.value if isinstance(finding.value, str) else f"{finding.value:+.0f}"


def why_not(report: Report, measure: str) -> str:
    """The commonest reason why a measure was not told."""
    found = [find(c.findings, measure, None) for c in report.cycles]
    reasons = Counter(f.reason for f in found if f is not None and f.value is None)
    return reasons.most_common(1)[0][0] if reasons else "–"


def row(real: Real, report: Report) -> list[str]:
    """One clip as a table row."""
    view = report.view
    seen = f"{view.plane.value}, {view.seen_from}, {number(view.yaw_deg, 0, signed=True)}°"
    values = [told(report, m) for m in ("lockout_pelvis", "pelvic_tilt", "pelvic_obliquity")]
    of = "lockout_pelvis" if real.movement == "bridge" else "pelvic_obliquity"
    return [real.what, seen, str(len(report.cycles)), *values, why_not(report, of)]


def model_list_deg(t_s: FloatArray, slope_deg: FloatArray, report: Report, lag_s: float) -> str:
    """A body model's sideways lean of the pelvis at each turn minus rest, on the film's clock."""
    out: list[str] = []
    for cycle in report.cycles:
        rest = np.interp(cycle.start_s - 0.2 - lag_s, t_s, slope_deg)
        out.append(f"{float(np.interp(cycle.turn_s - lag_s, t_s, slope_deg) - rest):+.0f}")
    return ", ".join(out) or "–"


def reports(shared: Path, only: Sequence[int], *, fresh: bool) -> list[tuple[Real, Report]]:
    """Every clip asked for that is there, judged; ``only`` holds numbers from 1."""
    out: list[tuple[Real, Report]] = []
    for real in (CLIPS[i - 1] for i in only if i <= len(CLIPS)):
        path = shared / real.file
        if not path.is_file():
            print(f"SKIPPED: {path} not found", file=sys.stderr)
            continue
        take = kept(path, movement=real.movement, fresh=fresh)
        out.append((real, take.report(movement=real.movement)))
        print(f"read {real.what}", file=sys.stderr, flush=True)
    return out


def text(shared: Path, only: Sequence[int], *, fresh: bool) -> str:
    """The page's part."""
    eyes = ", ".join(f"`{n}`" for n in networks()) or "no network for the pelvis among its models"
    judged = reports(shared, only, fresh=fresh)
    parts = [PREAMBLE.format(eyes=eyes)]
    parts.append(
        table(HEAD, [row(r, rep) for r, rep in judged]) if judged else "**Skipped: no clip was there.**"
    )
    motion = shared / SQUAT_MOTION
    squats = [(r, rep) for r, rep in judged if r.what in LAG_S]
    if motion.is_file() and squats:
        m = read_mot(motion)
        model = "; ".join(
            f"{r.what}: {model_list_deg(m.t_s, m['pelvis_list'], rep, LAG_S[r.what])}" for r, rep in squats
        )
        parts.append(
            "The same squats by a body model fitted to both cameras' body points (`pelvis_list`, "
            f"+ left side higher; no reference either): {model}."
        )
    folder = shared / CAMERAS
    if len(CLIPS) + 1 not in only:
        parts.append("The four cameras were not asked for.")
    elif folder.is_dir():
        parts.append(four_cameras.section(folder, fresh=fresh))
    else:
        print(f"SKIPPED: {folder} not found", file=sys.stderr)
        parts.append("**Skipped: the four cameras were not there.**")
    return "\n\n".join(parts) + "\n"


def main(argv: Sequence[str]) -> None:
    """Read, print, and keep with ``--write``."""
    parser = argparse.ArgumentParser(prog="python -m validation real_pelvis", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("..") / "shared", help="folder of the data sets")
    every = list(range(1, len(CLIPS) + 2))
    parser.add_argument(
        "--only", type=int, nargs="*", default=every, help="clips by number; the cameras last"
    )
    parser.add_argument("--fresh", action="store_true", help="read clips again that older code has read")
    parser.add_argument("--write", type=Path, help="page to put the text into, such as docs/accuracy.md")
    args = parser.parse_args(argv)
    body = text(args.shared, args.only, fresh=args.fresh)
    print(body, end="")
    if args.write:
        write_block(args.write, "real_pelvis", body)
