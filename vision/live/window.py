"""``plumbline live``: a plain window for a gym laptop, no browser needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from vision.live.eyes import Eyes
from vision.live.liveset import LiveSet
from vision.live.marking import Marking
from vision.live.newest import Worker
from vision.live.values import End, Kind, Phase, Said, Update
from vision.outputs.live_view import KEY_END, KEY_PAIN, Shown, live_picture
from vision.outputs.recording import Recording
from vision.pose.base import PoseEstimator
from vision.prepare import SEEN_SCORE
from vision.types import Frame, ImageArray, Report, Skeleton, Verdict

LIVE_POSE: Final = "blazepose-full"
"""The pose model used live: the one that keeps up with a camera on two cores."""

CLOSING_SHOWN: Final = 45
"""Pictures for which the last word stays on the screen after the set."""

_SIGN: Final = {Kind.CUE: Verdict.CAUTION, Kind.PRAISE: Verdict.GOOD, Kind.STOP: Verdict.FAULT}


class Screen(Protocol):
    """Where pictures are shown; gives back what was pressed."""

    def show(self, rgb: ImageArray) -> str | None:
        """Show one picture."""
        ...


@dataclass(frozen=True, slots=True)
class Trained:
    """What a live set left: its report, what was said, why it ended, and its recording if kept."""

    report: Report
    said: tuple[Said, ...]
    ended_by: End | None
    sentence: str
    recording: Path | None


def train(
    movement: str,
    frames: Iterable[Frame],
    screen: Screen,
    model: PoseEstimator,
    *,
    play: Callable[[str], None] | None = None,
    keep: Path | None = None,
    stickers: bool = False,
) -> Trained:
    """Train one set with the pictures of ``frames`` until it ends; the recording stays only at ``keep``.

    Pictures are shown as they come and judged as fast as the machine can: the newest only. With
    ``stickers`` they are looked for and followed. What the
    camera or the judging raises is raised here.
    """
    recording = Recording(keep) if keep else None
    marking = Marking(model.skeleton) if stickers else None
    live = LiveSet(movement, model.skeleton, eyes=Eyes(model), keeper=recording, marking=marking)
    try:
        _watch(live, frames, screen, model.skeleton, play)
        report = live.finish()
        kept = recording.save(live.until_s) if recording and report.cycles else None
    finally:
        if recording:
            recording.restart()
    return Trained(report, live.said, live.update.ended_by, live.update.sentence, kept)


def _watch(
    live: LiveSet,
    frames: Iterable[Frame],
    screen: Screen,
    skeleton: Skeleton,
    play: Callable[[str], None] | None,
) -> None:
    closing = 0

    def work(frame: Frame) -> None:
        if (said := live.push(frame).said) is not None and play is not None:
            play(said.kind)

    with ExitStack() as stack:
        worker = stack.enter_context(Worker(work))
        for frame in frames:
            worker.put(frame)
            update = live.update
            key = screen.show(live_picture(frame.rgb, shown(update), skeleton, least_score=SEEN_SCORE))
            if key == KEY_PAIN and update.phase is not Phase.ENDED:
                live.pain()
                if play is not None:
                    play(Kind.STOP)
            elif key == KEY_END:
                return
            closing += update.phase is Phase.ENDED
            if closing > CLOSING_SHOWN:
                return


def shown(update: Update) -> Shown:
    """What of an update stands on the picture."""
    said = update.showing
    large, verdict = ("", None) if said is None else (said.text, _SIGN[said.kind])
    if update.phase is Phase.COUNTDOWN and update.seconds_left is not None:
        large = str(max(1, int(update.seconds_left + 0.999)))
    pose = update.pose
    return Shown(
        count=len(update.reps),
        large=large,
        verdict=verdict,
        sentence=update.sentence,
        xy=None if pose is None else pose.xy,
        score=None if pose is None else pose.score,
        stickers=update.stickers,
    )
