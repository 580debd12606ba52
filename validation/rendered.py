"""The product on rendered people whose joint angles are known to the last decimal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from validation.compare import Pair, Summary, compare, match_reps, summarise
from validation.readers import RigTruth, is_copy, read_rig
from validation.replay import Store, judge
from validation.rig_truth import true_view
from validation.tables import WORDS, digits_for, number, share, table
from vision.types import CycleKind, Report, Verdict

MOVEMENTS: Final = {"squat": "squat", "hinge": "hinge", "bridge": "bridge", "walk": "gait"}


@dataclass(frozen=True)
class Clip:
    """One rendered clip: its truth, the report with the movement given, and the one without."""

    truth: RigTruth
    given: Report
    detected: Report


def films(folders: Sequence[Path]) -> Iterator[tuple[Path, RigTruth]]:
    """Every clip of ``folders`` that has its truth beside it; copies with stickers on them are left out."""
    for path in (p for folder in folders for p in sorted(folder.glob("*.json"))):
        film = path.with_suffix(".mp4")
        if film.is_file() and not is_copy(path):
            yield film, read_rig(path)


def clips(folders: Sequence[Path], pose: str, store: Store) -> list[Clip]:
    """The same, judged."""
    out: list[Clip] = []
    for film, truth in films(folders):
        kept = store.recording(film, pose)
        given, free = (
            judge(kept.poses, kept.skeleton, kept.size_wh, movement)
            for movement in (MOVEMENTS[truth.movement], None)
        )
        out.append(Clip(truth, given, free))
    return out


def report(judged: Sequence[Clip]) -> str:
    """The section on rendered clips as Markdown."""
    parts = [
        "What was made to happen in each clip, and what came out:",
        _sets(judged),
        "Where the camera stood:",
        _views(judged),
    ]
    for movement, name in MOVEMENTS.items():
        here = [c for c in judged if c.truth.movement == movement]
        if here:
            parts += [f"### {name.capitalize()}", _measures(here)]
    return "\n\n".join(parts)


def _sets(judged: Sequence[Clip]) -> str:
    rows: list[list[str]] = []
    for clip in judged:
        truth, said = clip.truth, clip.given
        if truth.movement == "walk":
            steps = sum(c.cycle.kind is CycleKind.STEP for c in said.cycles)
            found, false = f"{steps} of {2 * truth.reps} steps", "–"
        else:
            counted = match_reps(truth, said)
            found, false = share(counted.found, counted.true), str(counted.false)
        score = "–" if said.set_score is None else str(said.set_score)
        known = clip.detected.movement or "nothing"
        rows.append([truth.name.replace("_", " "), found, false, known, score, said.headline])
    return table(["clip", "found", "false", "taken for", "score", "what the report says first"], rows)


def _views(judged: Sequence[Clip]) -> str:
    rows: list[list[str]] = []
    for side in ("front", "rear", "left", "right"):
        here = [(c, v) for c in judged for v in (true_view(c.truth),) if v.seen_from == side]
        if not here:
            continue
        views = [c.given.view for c, _ in here]
        same = [(v.yaw_deg - t.yaw_deg) for (_, t), v in zip(here, views, strict=True) if v.seen_from == side]
        roll = [v.roll_deg - c.truth.roll_deg for (c, _), v in zip(here, views, strict=True)]
        rows.append(
            [
                side,
                str(len(here)),
                str(len(same)),
                number(_mean_abs(same)),
                number(_worst(same)),
                number(_mean_abs(roll)),
                number(_worst(roll)),
            ]
        )
    head = ["seen from", "clips", "side right", "yaw: mean error °", "worst", "roll: mean error °", "worst"]
    return table(head, rows)


def _mean_abs(values: Iterable[float]) -> float:
    errors = np.abs([v for v in values if np.isfinite(v)])
    return float(errors.mean()) if len(errors) else float("nan")


def _worst(values: Iterable[float]) -> float:
    return float(np.max(np.abs([v for v in values if np.isfinite(v)] or [float("nan")])))


MEASURE_HEAD: Final = (
    "measure",
    "n",
    "not given",
    "bias",
    "mean error",
    "worst",
    "spread",
    "within ±95 %",
    "verdict right",
    "good ↔ fault",
)


def grouped(pairs: Iterable[Pair]) -> dict[tuple[str, str], list[Pair]]:
    """Pairs by measure and by what they are held against, in the order in which they came."""
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        groups.setdefault((pair.truth.measure, pair.truth.against), []).append(pair)
    return groups


def _measures(here: Sequence[Clip]) -> str:
    groups = grouped(p for c in here for p in compare(c.truth, c.given))
    rows = [_measure_row(key, pairs) for key, pairs in groups.items()]
    return table(MEASURE_HEAD, rows)


def _measure_row(key: tuple[str, str], pairs: Sequence[Pair]) -> list[str]:
    measure, against = key
    units = [p.finding.unit for p in pairs if p.finding is not None]
    unit = units[0] if units else ""
    name = WORDS.get(measure, measure.replace("_", " "))
    label = f"{name}{', ' + against if against else ''} (`{measure}`{', ' + unit if unit else ''})"
    return [label, *summary_cells(summarise(pairs), digits_for(unit))]


def summary_cells(s: Summary, digits: int) -> list[str]:
    """The figures of one measure as cells."""
    return [
        str(s.n),
        str(s.unknown),
        number(s.bias, digits, signed=True),
        number(s.mean_abs, digits),
        number(s.worst, digits),
        number(s.sd, digits),
        share(s.within95, s.n95),
        share(s.agreed, s.judged),
        share(s.opposed, s.judged),
    ]


def faults_of(report: Report) -> list[str]:
    """Measures of which the set's verdict is a fault."""
    return [f.measure for f in report.set_findings if f.verdict is Verdict.FAULT]
