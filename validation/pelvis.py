"""``python -m validation pelvis``: the product's pelvis on rendered people that no training has seen.

Clips are rendered by the rig (``--render PYTHON``, an interpreter with the rig's packages) into a folder
that git ignores; rendering goes on where it stopped. Every clip goes through the product's own pipeline,
from the file to the report; what it reads is kept (:mod:`validation.recorded`), so a second run is quick.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from validation import pelvis_page as page
from validation.blocks import write_block, write_whole
from validation.follow import CACHE
from validation.pelvis_stats import Told
from validation.pelvis_told import PRODUCT, of_clip, of_stickers
from validation.pelvis_truth import Known, read_known
from validation.recorded import kept, networks
from vision.capture import ClipError

ROOT: Final = Path(__file__).resolve().parents[1]
CLIPS: Final = CACHE / "judge" / "clips"
SEED: Final = 7
COUNT: Final = 96
PICTURE: Final = "pelvis-told.svg"

PREAMBLE: Final = """## The pelvis, on rendered people never trained on

Printed by `python -m validation pelvis`. Bodies with shape changes, cloth patterns, floors and walls that
training never shows; the product's own pipeline from the file to the report. True is what the bones did, by
the product's definition: a drop is the largest of a step less the mean of the steps around, obliquity and
tilt are changes from the start of the repetition. *Told by product*: its report as it stands, with
{eyes}.
*Own arch and tuck filmed*: the same bridges, with a film in which the same person holds both with the
hips up (docs/calibration.md). *Body points*: the same poses without any other eye; where the product tells
nothing of them, the line through the pose model's hip points, without a stated error. *Stickers*: the clips
with stickers in `videos/`.
*Slope* is told over true (1 = all of it), *inside ±* the share of true values within the stated error,
*not told* the share without a number. Repetitions that were not found count as not told. Values of one clip
share a body, so the clips are what counts."""


def render(python: Path, clips: Path, *, count: int, seed: int) -> None:
    """Let the rig render what is missing. Raises SystemExit when it fails."""
    for what in ("judge", "own"):
        command = [str(python), "-m", "rig", "clips", "--what", what, "--test"]
        command += ["--count", str(count), "--seed", str(seed), "--out", str(clips.resolve())]
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            raise SystemExit(
                f"the rig could not render into {clips}; does {python} have its packages (rig/README.md)?"
            )


def own_name(bridge: str) -> str:
    """Name of the film of own arch and tuck that the rig makes for a bridge."""
    return bridge.replace("_bridge_", "_own_")


def clips_of(folder: Path) -> list[tuple[Path, Known]]:
    """Every finished clip of a folder with its truth."""
    out: list[tuple[Path, Known]] = []
    for path in sorted(folder.glob("*.json")):
        film = path.with_suffix(".mp4")
        known = read_known(path) if film.is_file() else None
        if known is not None:
            out.append((film, known))
    return out


def measure(clips: Sequence[tuple[Path, Known]], *, fresh: bool) -> list[Told]:
    """What was told of every clip; one that cannot be read is named and left out."""
    values: list[Told] = []
    for film, known in clips:
        try:
            take = kept(film, movement=known.movement, fresh=fresh)
            own = film.with_name(own_name(film.name))
            filmed = known.movement == "bridge" and own.is_file() and own.with_suffix(".json").is_file()
            values += of_clip(known, take, kept(own, movement="bridge", fresh=fresh) if filmed else None)
        except ClipError as problem:
            print(f"LEFT OUT: {film.name}: {problem}", file=sys.stderr)
            continue
        print(f"read {known.name}", file=sys.stderr, flush=True)
    return values


def text(values: Sequence[Told], count: int, *, image: str | None) -> str:
    """The page's part."""
    eyes = ", ".join(f"`{n}`" for n in networks()) or "no network for the pelvis among its models"
    parts = [PREAMBLE.format(eyes=eyes), _set(values, count), "What must be reached, and what was:"]
    parts.append(page.bars_table(page.bars(values)))
    parts.append(page.side_by_side(values))
    if image:
        parts.append(f"![Told against true: drop, obliquity and tilt]({image})")
    for name in ("pelvic_drop", "pelvic_obliquity", "pelvic_tilt", page.LOCKOUT):
        by = page.by_group(values, name)
        if by:
            parts += [f"### `{name}` by what was varied (the product's report)", by]
    return "\n\n".join(parts) + "\n"


def _set(values: Sequence[Told], planned: int) -> str:
    seen = {v.clip for v in values if v.way == PRODUCT}
    kinds = ", ".join(
        f"{sum(f'_{k}_' in c for c in seen)} {n}"
        for k, n in (("walk", "walking"), ("squat", "squat"), ("bridge", "bridge"))
    )
    short = "" if len(seen) >= planned else f" **{len(seen)} of the {planned} planned clips were there.**"
    return f"{len(seen)} clips ({kinds}).{short}"


def main(argv: Sequence[str]) -> None:
    """Render if asked, measure, print, and keep with ``--write``."""
    parser = argparse.ArgumentParser(prog="python -m validation pelvis", description=__doc__)
    parser.add_argument("--clips", type=Path, default=CLIPS, help="folder of the truth set")
    parser.add_argument("--render", type=Path, metavar="PYTHON", default=os.environ.get("RIG_PYTHON"))
    parser.add_argument("--count", type=int, default=COUNT, help="clips to render, and to expect")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--stickers", type=Path, nargs="*", default=[ROOT / "videos"])
    parser.add_argument("--fresh", action="store_true", help="read clips again that older code has read")
    parser.add_argument("--write", type=Path, help="page to put the text into, such as docs/accuracy.md")
    args = parser.parse_args(argv)
    if args.render:
        render(Path(args.render), args.clips, count=args.count, seed=args.seed)
    clips = clips_of(args.clips)
    if not clips:
        raise SystemExit(
            f"SKIPPED: no clip with truth in {args.clips}; --render PYTHON makes them (rig/README.md)"
        )
    values = measure(clips, fresh=args.fresh) + of_stickers(args.stickers)
    image = None
    if args.write:
        image = f"images/{PICTURE}"
        write_whole(args.write.parent / image, page.picture(values))
    body = text(values, args.count, image=image)
    print(body, end="")
    if args.write:
        write_block(args.write, "pelvis", body)
