"""``python -m validation accuracy``: every claim about accuracy, measured again.

The product's own session judges data whose answers are known. A source that is not there is
skipped, and the skip is written where its figures would stand.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from validation import knees_cave, real_sets, rendered, two_cameras
from validation.blocks import all_blocks, write_whole
from validation.follow import CACHE
from validation.readers import read_labels
from validation.replay import Store
from vision.pose import DEFAULT_POSE, POSE_MODELS

PREAMBLE = """# Accuracy

What follows is printed by `python -m validation accuracy`: the product's own code, from poses to
verdict, on data with known answers. *Bias* is the mean error with its sign, *mean error* the mean
without it, *spread* the standard deviation of the errors. *Within ±95 %* counts the true values that
lie inside the error the report states; *verdict right* the verdicts that the true value deserves;
*good ↔ fault* those that took one for the other. *Not given* counts values the report called unknown.
The tables up to the sprint are by body points and outline alone: what the pelvis networks add, which look
at the picture, stands in the part on the pelvis."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, the files it cannot do without, and what writes it."""

    title: str
    needs: tuple[Path, ...]
    write: Callable[[], str]


def sections(shared: Path, rigs: Sequence[Path], pose: str, store: Store) -> tuple[Section, ...]:
    """Everything that can be measured, in the order of the document."""
    labels = shared / "clips" / "eval" / "labels.json"
    squats = shared / "data" / "squat3d_labelled.npz"
    opencap = shared / "data" / "opencap_squat"

    def cameras() -> str:
        label = next(clip for clip in read_labels(labels) if clip.file.endswith(opencap.name))
        return two_cameras.section(opencap, label, pose, store)

    return (
        Section(
            "Rendered people, every joint known",
            tuple(rigs),
            lambda: rendered.report(rendered.clips(rigs, pose, store)),
        ),
        Section(
            "Labelled real sets",
            (labels,),
            lambda: real_sets.report(real_sets.sets(labels, shared, pose, store)),
        ),
        Section(
            "Caving knees in labelled squats (3D joints, seen by a virtual camera in front)",
            (squats,),
            lambda: knees_cave.report(squats),
        ),
        Section("Squats before two calibrated cameras", (opencap, labels), cameras),
    )


def document(parts: Sequence[Section], *, pose: str) -> str:
    """The whole text; what is missing is said there and on stderr."""
    texts = [PREAMBLE, f"Pose model: {pose}."]
    for part in parts:
        missing = [path for path in part.needs if not path.exists()]
        texts.append(f"## {part.title}")
        if missing:
            names = ", ".join(path.name for path in missing)
            print(f"SKIPPED: {part.title}: {', '.join(map(str, missing))} not found", file=sys.stderr)
            texts.append(f"**Skipped: {names} was not there.**")
        else:
            texts.append(part.write())
    return "\n\n".join(texts) + "\n"


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, print and, with ``--write``, keep."""
    parser = argparse.ArgumentParser(prog="python -m validation accuracy", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("..") / "shared", help="folder of the data sets")
    parser.add_argument("--rig", type=Path, nargs="*", default=[], help="more folders of clips with truth")
    parser.add_argument("--pose", default=DEFAULT_POSE, choices=list(POSE_MODELS))
    parser.add_argument("--cache", type=Path, default=CACHE / "poses", help="where poses are kept")
    parser.add_argument(
        "--fresh", action="store_true", help="read clips again whose poses are by an older reader"
    )
    parser.add_argument("--only", type=int, nargs="*", help="numbers of the sections to run, from 1")
    parser.add_argument("--write", type=Path, help="file for the text, such as docs/accuracy.md")
    args = parser.parse_args(argv)
    store = Store(args.cache, fresh=args.fresh)
    parts = sections(args.shared, [Path("videos"), *args.rig], args.pose, store)
    text = document([p for i, p in enumerate(parts, 1) if not args.only or i in args.only], pose=args.pose)
    print(text, end="")
    if args.write:
        old = args.write.read_text("utf-8") if args.write.is_file() else ""
        kept = all_blocks(old)  # what `pelvis`, `real_pelvis` and `sports2d` wrote stays
        write_whole(args.write, text + ("\n" + kept if kept else ""))
