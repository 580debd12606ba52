"""Whether a file is a clip is found out where a crash or an endless loop does no harm."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.clips import Recipe, write, write_sound
from vision.decode import ClipError
from vision.jobs import check_clip


def test_a_clip_is_fine(tmp_path: Path) -> None:
    check_clip(write(tmp_path / "a b: c'ü.mov", 3, Recipe(rotation=90)))


def test_what_is_no_clip_is_refused_in_the_users_words(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "4f2a9c.mp4")
    with pytest.raises(ClipError, match=r"'Anna’s voice\.m4a' holds sound but no picture") as refusal:
        check_clip(path, name="Anna’s voice.m4a")
    assert "\n" not in str(refusal.value)
    assert "4f2a9c" not in str(refusal.value)


def test_a_file_that_is_gone_is_refused_by_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match=r"^expected a video file; there is nothing at 'gone\.mp4'"):
        check_clip(tmp_path / "gone.mp4")


def program(text: str) -> tuple[str, ...]:
    """A child that does something else than to check."""
    return sys.executable, "-c", text


def test_a_crash_of_the_decoder_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "bad.mp4"
    path.write_bytes(b"x")
    crash = program("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(ClipError, match=r"'bad\.mp4' makes the decoder break down; export it as H\.264 mp4"):
        check_clip(path, command=crash)


def test_a_decoder_that_never_returns_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "slow.mp4"
    path.write_bytes(b"x")
    with pytest.raises(ClipError, match=r"opens within 1 s; 'slow\.mp4' does not"):
        check_clip(path, limit_s=0.5 + 0.25, command=program("import time; time.sleep(3600)"))
