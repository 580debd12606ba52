"""A clip as Chromium's camera: it plays in a loop at its own pace, whatever reads it."""

from __future__ import annotations

import subprocess
from pathlib import Path

SIZE_WH = (640, 480)
LONG_S = 120
FPS = 30
"""Chromium plays MJPEG at this rate, whatever it was made for."""
ASKED = ("--use-fake-device-for-media-stream",)
GRANTED = (*ASKED, "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required")


def flags(clip: Path) -> tuple[str, ...]:
    """Chromium's flags for a camera that shows ``clip`` and that nobody has to allow."""
    return (*GRANTED, f"--use-file-for-fake-video-capture={clip}")


def written(
    clip: Path, out: Path, *, from_s: float = 0.0, still_s: float = 9.0, fps: int = FPS, more: str = ""
) -> Path:
    """``clip`` from ``from_s`` on, at 640×480 as MJPEG in ``out``; its first picture stands for ``still_s``.

    Who trains stands still at the beginning, and the rig's clips begin at once. ``more`` are further
    filters of ffmpeg, such as one that darkens.
    """
    filters = _fitted(fps, still_s) + (f",{more}" if more else "")
    return _made(out, "-ss", f"{from_s:.3f}", "-i", str(clip), "-vf", filters)


def written_with_company(clip: Path, other: Path, out: Path, *, comes_s: float, still_s: float = 9.0) -> Path:
    """``clip`` as `written` makes it, and at ``comes_s`` the person of ``other`` comes in from the right.

    That person stands in the middle of a picture that is about as high as wide, as in the rig's clips.
    """
    _, high = SIZE_WH
    comes = f"if(lt(t,{comes_s}),W,max(W-w,W-(t-{comes_s})*200))"
    graph = (
        f"[0:v]{_fitted(FPS, still_s)}[a];[1:v]crop=iw*0.38:ih,scale=-2:{high},fps={FPS},loop=-1:32767[b];"
        f"[a][b]overlay=x='{comes}':y=0:shortest=1"
    )
    return _made(out, "-i", str(clip), "-i", str(other), "-filter_complex", graph)


def _fitted(fps: int, still_s: float) -> str:
    wide, high = SIZE_WH
    return (
        f"scale={wide}:{high}:force_original_aspect_ratio=decrease,pad={wide}:{high}:-1:-1:color=0x606060,"
        f"fps={fps},tpad=start_duration={still_s}:start_mode=clone"
    )


def _made(out: Path, *words: str) -> Path:
    form = ("-an", "-q:v", "3", "-pix_fmt", "yuvj420p", "-f", "mjpeg")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *words, *form, str(out)],
        check=True,
        timeout=LONG_S,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return out
