"""A clip as Chromium's camera: it plays in a loop at its own pace, whatever reads it."""

from __future__ import annotations

import subprocess
from pathlib import Path

SIZE_WH = (640, 480)
LONG_S = 120
ASKED = ("--use-fake-device-for-media-stream",)
GRANTED = (*ASKED, "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required")


def flags(clip: Path) -> tuple[str, ...]:
    """Chromium's flags for a camera that shows ``clip`` and that nobody has to allow."""
    return (*GRANTED, f"--use-file-for-fake-video-capture={clip}")


def written(
    clip: Path, out: Path, *, from_s: float = 0.0, still_s: float = 9.0, fps: int = 30, more: str = ""
) -> Path:
    """``clip`` from ``from_s`` on, at 640×480 as MJPEG in ``out``; its first picture stands for ``still_s``.

    Who trains stands still at the beginning, and the rig's clips begin at once. ``more`` are further
    filters of ffmpeg, such as one that darkens.
    """
    wide, high = SIZE_WH
    fitted = (
        f"scale={wide}:{high}:force_original_aspect_ratio=decrease,pad={wide}:{high}:-1:-1:color=0x606060"
    )
    filters = f"{fitted},fps={fps},tpad=start_duration={still_s}:start_mode=clone" + (
        f",{more}" if more else ""
    )
    words = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-ss",
        f"{from_s:.3f}",
        "-i",
        str(clip),
        "-an",
        "-vf",
        filters,
        "-q:v",
        "3",
    ]
    subprocess.run(
        [*words, "-pix_fmt", "yuvj420p", "-f", "mjpeg", str(out)],
        check=True,
        timeout=LONG_S,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return out
