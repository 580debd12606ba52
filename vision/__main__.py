"""The command line: ``plumbline analyse``, ``review``, ``demo``, ``live``, ``movements``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from vision import __version__
from vision.bar import Bar

if TYPE_CHECKING:
    from vision.movements.lockout import Calibration
    from vision.pipeline import Distance
    from vision.pose.markers import Click

USABLE, UNUSABLE, NOTHING_FOUND = 0, 2, 3
DEFAULT_OUT: Final = Path("plumbline-out")
NAMED_ONLY: Final = " (never guessed from the film: give --movement)"


class _OneLine(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, where argparse would print its usage as well."""
        self.exit(UNUSABLE, f"{self.prog}: {message}; see {self.prog} --help\n")


def _point(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected X,Y such as 0.5,0.6, got {text!r}") from None
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise argparse.ArgumentTypeError(f"expected X,Y between 0 and 1, got {text!r}")
    return x, y


def _distance(text: str) -> Distance:
    from vision.pipeline import Distance

    try:
        x1, y1, x2, y2, metres = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected X1,Y1,X2,Y2,METRES such as 0.2,0.8,0.7,0.8,10, got {text!r}"
        ) from None
    try:
        return Distance((x1, y1), (x2, y2), metres)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"{problem}; got {text!r}") from None


def _marker(text: str) -> Click:
    from vision.pose.markers import Click

    name, _, place = text.partition("=")
    try:
        x, y = (float(part) for part in place.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected NAME=X,Y such as left_psis=0.44,0.52, got {text!r}"
        ) from None
    return Click(name, x, y)


def _parser() -> argparse.ArgumentParser:
    parser = _OneLine("plumbline", description="An ordinary camera as a coach's eye for the hips.")
    parser.add_argument("--version", action="version", version=f"plumbline {__version__}")
    jobs = parser.add_subparsers(dest="job", required=True, metavar="{analyse,review,demo,live,movements}")
    _analyse_parser(jobs.add_parser("analyse", help="analyse clips and write a report for each"))
    _room_parser(jobs.add_parser("review", help="open the room on this computer"))
    _room_parser(jobs.add_parser("demo", help="put a sample clip into the room and open it"))
    _live_parser(jobs.add_parser("live", help="train in front of a camera, in a plain window"))
    jobs.add_parser("movements", help="what it knows, the view each needs, how to film it")
    return parser


def _analyse_parser(analyse: argparse.ArgumentParser) -> None:
    from vision.movements import MOVEMENTS
    from vision.pose import DEFAULT_POSE, POSE_MODELS

    analyse.add_argument("clips", nargs="+", metavar="CLIP")
    analyse.add_argument("--movement", default="auto", choices=["auto", *MOVEMENTS])
    analyse.add_argument("--out", type=Path, default=DEFAULT_OUT, metavar="DIR")
    analyse.add_argument("--capture-fps", type=float, metavar="N", help="the camera's rate, for slow motion")
    analyse.add_argument(
        "--person", type=_point, metavar="X,Y", help="a point on the athlete, 0-1 of the frame"
    )
    analyse.add_argument(
        "--distance",
        type=_distance,
        metavar="X1,Y1,X2,Y2,METRES",
        help="two points in the runner's lane, 0-1 of the first frame, and how far apart they are",
    )
    analyse.add_argument(
        "--marker",
        type=_marker,
        action="append",
        metavar="NAME=X,Y",
        help="a sticker on the pelvis and where it is, 0-1 of the frame; see docs/markers.md",
    )
    analyse.add_argument("--markers", choices=["auto"], help="find the stickers")
    analyse.add_argument(
        "--marker-frame", type=int, metavar="N", help="the frame of --marker, 0 if not given"
    )
    analyse.add_argument(
        "--calibration", type=Path, metavar="CLIP", help="a clip of your own arch and tuck, for bridges"
    )
    analyse.add_argument("--pose", default=DEFAULT_POSE, choices=list(POSE_MODELS))
    analyse.add_argument("--no-video", action="store_true", help="skip overlay.mp4")
    analyse.add_argument("--slow-faults", action="store_true", help="slow overlay.mp4 down at the faults")


def _live_parser(parser: argparse.ArgumentParser) -> None:
    from vision.live import LIVE
    from vision.live.window import LIVE_POSE
    from vision.pose import POSE_MODELS

    parser.add_argument("--movement", required=True, choices=LIVE)
    parser.add_argument("--camera", default="0", metavar="N", help="the camera's number, 0 for the first")
    parser.add_argument("--pose", default=LIVE_POSE, choices=list(POSE_MODELS))
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep the recording as FILE (.mp4)")
    parser.add_argument("--markers", choices=["auto"], help="find stickers on the pelvis and follow them")
    parser.add_argument("--silent", action="store_true", help="no tones")


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError(f"expected a port between 1 and 65535, got {text!r}")
    return port


def _room_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=8501, metavar="N")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where clips and results are kept")
    parser.add_argument(
        "--lan",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="let phones and others of this network in as well, over HTTPS and with a code; docs/phone.md",
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 2 unusable input, 3 nothing found."""
    args = _parser().parse_args(argv)
    jobs: dict[str, Callable[[argparse.Namespace], int]] = {
        "analyse": _analyse,
        "review": _review,
        "demo": _review,
        "live": _live,
        "movements": _movements,
    }
    try:
        return jobs[args.job](args)
    except KeyboardInterrupt:
        print("plumbline: stopped; nothing half-written was left", file=sys.stderr)
        return 130


# --------------------------------------------------------------------------- analyse


def _analyse(args: argparse.Namespace) -> int:
    from vision.calibrating import UNREADABLE

    folders = _folders([Path(clip) for clip in args.clips], args.out)
    try:
        own = _calibration(args)
    except UNREADABLE as problem:
        print(f"plumbline: {_one_line(problem)}", file=sys.stderr)
        return UNUSABLE
    return max(
        _analyse_one(Path(clip), folder, args, own) for clip, folder in zip(args.clips, folders, strict=True)
    )


def _calibration(args: argparse.Namespace) -> Calibration | None:
    """The athlete's own arch and tuck, where a film of them was given."""
    if args.calibration is None:
        return None
    from vision.calibrating import calibration_of

    with Bar(args.calibration.name) as bar:
        return calibration_of(args.calibration, pose=args.pose, progress=bar)


def _folders(clips: Sequence[Path], out: Path) -> list[Path]:
    """One folder per clip, named after it; the second clip of one name gets its number."""
    taken: dict[str, int] = {}
    folders: list[Path] = []
    for clip in clips:
        count = taken[clip.stem] = taken.get(clip.stem, 0) + 1
        folders.append(out / (clip.stem if count == 1 else f"{clip.stem}-{count}"))
    return folders


def _analyse_one(clip: Path, folder: Path, args: argparse.Namespace, own: Calibration | None) -> int:
    from vision.capture import ClipError
    from vision.outputs import write_outputs
    from vision.pipeline import analyse_clip
    from vision.pose.markers import MarkerError
    from vision.pose.weights import WeightError
    from vision.stickers import asked

    with Bar(clip.name) as bar:
        try:
            analysis = analyse_clip(
                clip,
                movement=args.movement,
                capture_fps=args.capture_fps,
                person=args.person,
                pose=args.pose,
                markers=asked(args.marker, auto=bool(args.markers), frame=args.marker_frame),
                calibration=own,
                distance=args.distance,
                progress=bar,
            )
            write_outputs(
                analysis.report,
                clip,
                analysis.clip,
                folder,
                video=not args.no_video,
                slow_faults=args.slow_faults,
                progress=bar,
            )
        except (ClipError, MarkerError, WeightError, OSError) as problem:
            bar.close()
            print(f"plumbline: {_one_line(problem)}", file=sys.stderr)
            return UNUSABLE
    for warning in analysis.clip.warnings:
        print(f"plumbline: {clip.name}: {warning}", file=sys.stderr)
    report = analysis.report
    print(f"{clip.name}: {report.headline}")
    if report.set_score is not None:
        print(f"  score {report.set_score} of 100{_cue(report.cue)}{_stop(report.stop_after_rep)}")
    for note in report.notes:
        print(f"  note: {note}")
    print(f"  {folder / 'report.html'}")
    return USABLE if report.cycles else NOTHING_FOUND


def _cue(cue: str | None) -> str:
    return f" · cue: {cue}" if cue else ""


def _stop(rep: int | None) -> str:
    return f" · form held until rep {rep}" if rep else ""


def _one_line(problem: BaseException) -> str:
    return " ".join(str(problem).split())


# --------------------------------------------------------------------------- review, demo, movements


def _review(args: argparse.Namespace) -> int:
    from vision.serve import serve

    return serve(args.port, args.data, sample=args.job == "demo", network=args.lan)


def _live(args: argparse.Namespace) -> int:
    from vision.live.command import run

    return run(
        args.movement,
        args.camera,
        pose=args.pose,
        keep=args.keep,
        silent=args.silent,
        stickers=bool(args.markers),
    )


def _movements(_: argparse.Namespace) -> int:
    from vision.movements import MOVEMENTS
    from vision.movements.calibration import HOW

    for name, movement in MOVEMENTS.items():
        print(f"{name}: {movement.table.title}{'' if movement.detected else NAMED_ONLY}")
        for plane in movement.views:
            shown = [c.title for c in movement.table.criteria.values() if c.plane is plane]
            print(f"  {plane.value} view: {movement.table.film[plane.value]}")
            print(f"    measures {', '.join(shown)}")
        if name == "bridge":
            print(f"  your own arch and tuck (--calibration CLIP): {HOW}")
    return USABLE


if __name__ == "__main__":
    sys.exit(main())
