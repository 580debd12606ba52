"""The film holds the clip's frames one for one, each at its own time, upright, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from tests.clips import Recipe, cut, number, spoil, write
from vision.capture import Clip, ClipError
from vision.outputs import film as film_module
from vision.outputs.film import Film, film_size, make_film
from vision.types import ClipInfo

ROOT = Path(__file__).resolve().parents[2]
QUIET = {"x265-params": "log-level=none"}
UNEVEN_MS = [0, 33, 67, 100, 250, 251, 253, 290, 700, 733, 766, 3000, 3033]
TICK_S = 1 / 90000


def read(path: Path) -> tuple[ClipInfo, list[int], list[float]]:
    """The clip's facts, and the number and time of each of its frames."""
    with Clip(path) as clip:
        frames = [(number(frame.rgb), frame.t_s) for frame in clip]
        return clip.info(), [n for n, _ in frames], [t for _, t in frames]


def decoded(path: Path) -> tuple[list[int], list[float]]:
    """Number and time of each frame of a film, as a browser would come by them: its own clock."""
    numbers, times_s = list[int](), list[float]()
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            numbers.append(number(frame.to_ndarray(format="rgb24")))
            times_s.append(float(frame.pts * frame.time_base))
    return numbers, times_s


def check(clip_path: Path, out: Path) -> Film:
    """Make the film; its frames and times are the clip's."""
    info, numbers, times_s = read(clip_path)
    made = make_film(clip_path, info, out)
    film_numbers, film_times_s = decoded(out)
    assert film_numbers == numbers
    np.testing.assert_allclose(film_times_s, times_s, atol=TICK_S)
    np.testing.assert_allclose(made.times_s, film_times_s, atol=1e-9)
    assert np.all(np.diff(made.times_s) > 0)
    return made


CLIPS: dict[str, Callable[[Path], Path]] = {
    "steady": lambda d: write(d / "a.mp4", 25),
    "b-frames": lambda d: write(d / "a.avi", 25, options={"bf": "2"}),
    "uneven times": lambda d: write(d / "a.mp4", len(UNEVEN_MS), times_ms=UNEVEN_MS),
    "uneven times, whole ms": lambda d: write(d / "a.mkv", len(UNEVEN_MS), times_ms=UNEVEN_MS),
    "phone held upright": lambda d: write(d / "a.mp4", 12, rotation=90, size_wh=(72, 96)),
    "upside down": lambda d: write(d / "a.mov", 12, rotation=180),
    "mirrored": lambda d: write(d / "a.mp4", 12, rotation=270, mirrored=True),
    "HEVC, 10 bit": lambda d: write(d / "a.mov", 12, Recipe("libx265", "yuv420p10le", options=QUIET)),
    "slow motion": lambda d: write(d / "a.mov", 30, rate=240),
    "29.97": lambda d: write(d / "a.ts", 25, rate=30),
    "odd sides": lambda d: write(d / "a.webm", 10, codec="libvpx-vp9", size_wh=(97, 71)),
    "narrow": lambda d: write(d / "a.mkv", 10, codec="ffv1", pix_fmt="bgr0", size_wh=(33, 127)),
    "large": lambda d: write(d / "a.mp4", 5, size_wh=(1960, 1080), options={"preset": "ultrafast"}),
    "a stretch is damaged": lambda d: spoil(write(d / "a.mp4", 40, group=8), range(10, 14)),
    "cut off": lambda d: cut(write(d / "b.ts", 40, group=8), d / "a.ts", keep=0.6, step=188),
}


@pytest.mark.parametrize("name", CLIPS)
def test_the_film_has_every_frame_of_the_clip_at_its_time(tmp_path: Path, name: str) -> None:
    made = check(CLIPS[name](tmp_path), tmp_path / "film.mp4")
    assert len(made.times_s) >= 5
    assert sorted(p.name for p in tmp_path.glob("*film*")) == ["film.mp4"]


def test_a_browser_can_play_it_from_the_first_byte_and_seek_to_a_frame(tmp_path: Path) -> None:
    clip = write(tmp_path / "a.mp4", 40, size_wh=(96, 72))
    out = tmp_path / "film.mp4"
    make_film(clip, read(clip)[0], out)
    head = out.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert len(container.streams) == 1
        keys = [p.is_keyframe for p in container.demux(stream) if p.size]
        assert [i for i, key in enumerate(keys) if key] == list(range(0, 40, 8))
        assert float(stream.duration * stream.time_base) == pytest.approx(40 / 30, abs=2e-3)


@pytest.mark.parametrize(
    ("clip_wh", "wanted"),
    [
        ((3840, 2160), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((1280, 721), (1280, 720)),
        ((97, 71), (96, 70)),
        ((5000, 3), (1280, 2)),
    ],
)
def test_sides_are_even_and_1280_at_most(clip_wh: tuple[int, int], wanted: tuple[int, int]) -> None:
    assert film_size(*clip_wh) == wanted


def test_frames_that_are_kept_are_the_clips_own(tmp_path: Path) -> None:
    clip = write(tmp_path / "a.mp4", 12, rotation=90, size_wh=(72, 96))
    kept = make_film(clip, read(clip)[0], tmp_path / "film.mp4", keep={3, 7, 99}).kept
    assert {index: number(frame.rgb) for index, frame in kept.items()} == {3: 3, 7: 7}
    assert kept[3].rgb.shape == (96, 72, 3)


def test_a_stop_in_the_middle_leaves_nothing_and_an_older_film_as_it_was(tmp_path: Path) -> None:
    clip = write(tmp_path / "a.mp4", 30)
    out = tmp_path / "film.mp4"
    out.write_text("older")

    def stop(stage: str, done: int, total: int | None) -> None:
        assert (stage, total) == ("making the film", 30)
        if done == 9:
            raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        make_film(clip, read(clip)[0], out, progress=stop)
    assert out.read_text() == "older"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "film.mp4"]
    assert not [t for t in threading.enumerate() if t.name == "plumbline-prefetch"]


def test_a_clip_that_is_gone_leaves_no_film(tmp_path: Path) -> None:
    clip = write(tmp_path / "a.mp4", 5)
    info = read(clip)[0]
    clip.unlink()
    with pytest.raises(ClipError, match="there is nothing at"):
        make_film(clip, info, tmp_path / "film.mp4")
    assert not list(tmp_path.iterdir())


LONG = """
import resource, sys
from pathlib import Path
from vision.capture import Clip
from vision.outputs.film import make_film
from vision.types import ClipInfo
path = Path(sys.argv[1])
clip = Clip(path)
info = ClipInfo(path.name, "", clip.expected_frames / clip.fps, clip.expected_frames, clip.fps, clip.fps,
                clip.width, clip.height)
make_film(path, info, path.with_name("film.mp4"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_a_long_clip_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    needed: list[int] = []
    for frames in (40, 280):
        folder = tmp_path / str(frames)
        folder.mkdir()
        clip = write(folder / "a.mp4", frames, size_wh=(512, 384), options={"preset": "ultrafast"})
        log = folder / "log.txt"
        with log.open("wb") as out:
            subprocess.run(
                [sys.executable, "-c", LONG, str(clip)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                timeout=120,
                check=False,
            )
        needed.append(int(log.read_text().split()[-1]))
    # All pictures of the long one are 165 MB; x264 and the reader hold a few dozen at a time.
    assert needed[1] < needed[0] + 60, needed


def test_times_that_the_clock_cannot_tell_apart_stay_in_order() -> None:
    stamps = film_module.array("q")
    for t_s in (0.0, 1e-6, 2e-6, 1.0):
        stamps.append(film_module._stamp(t_s, stamps))
    assert list(stamps) == [0, 1, 2, 90000]
