"""What ``plumbline live`` does, in words and exit codes."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from vision.camera import Camera, CameraError
from vision.live.window import Trained, train
from vision.outputs.live_view import NoWindow, Screen
from vision.outputs.tones import Loudspeaker
from vision.pose import open_pose
from vision.pose.weights import WeightError

TRAINED, UNUSABLE, NO_REP = 0, 2, 3
TITLE: Final = "Plumbline"


def run(
    movement: str, camera: str, *, pose: str, keep: Path | None, silent: bool, stickers: bool = False
) -> int:
    """Train one set in a window and print what came of it: 0 done, 2 no camera or window, 3 no repetition."""
    source: int | str = int(camera) if camera.isascii() and camera.isdigit() else camera
    try:
        with ExitStack() as stack:
            frames = stack.enter_context(Camera(source))
            screen = stack.enter_context(Screen(TITLE))
            model = open_pose(pose)
            stack.callback(model.close)
            speaker = Loudspeaker()
            stack.callback(speaker.close)
            play = None if silent else speaker.play
            trained = train(movement, frames, screen, model, play=play, keep=keep, stickers=stickers)
    except (CameraError, NoWindow, WeightError, OSError) as problem:
        print(f"plumbline: {' '.join(str(problem).split())}", file=sys.stderr)
        return UNUSABLE
    tell(trained)
    return TRAINED if trained.report.cycles else NO_REP


def tell(trained: Trained) -> None:
    """Print the report's verdict, what was said, and where the recording is."""
    report = trained.report
    print(trained.sentence)
    print(f"{len(report.cycles)} reps. {report.headline}")
    if report.set_score is not None:
        print(f"  score {report.set_score} of 100" + (f" · cue: {report.cue}" if report.cue else ""))
    for said in trained.said:
        print(f"  after rep {said.rep}: {said.text}" + (f" ({said.words})" if said.words else ""))
    for note in report.notes:
        print(f"  note: {note}")
    if trained.recording:
        print(f"  {trained.recording}")
