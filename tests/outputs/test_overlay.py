"""overlay.mp4: the clip's own times, playable and seekable, whole or not there."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from tests.outputs import factory
from vision.capture import Clip, prefetch
from vision.outputs.overlay import Clock, drawn_size, fit, slow_frames, write_overlay
from vision.types import ClipInfo, FloatArray, Frame, Report

ROOT = Path(__file__).resolve().parents[2]
SMALL = (96, 128)
STEADY = np.arange(90) / 30


def uneven(count: int) -> FloatArray:
    """Times in s of a clip with a variable frame rate: 9 to 70 ms apart, with one gap."""
    steps = np.random.default_rng(5).uniform(0.009, 0.07, count)
    steps[0], steps[count // 2] = 0.0, 0.4
    return np.round(np.cumsum(steps), 4)


def facts(clip: Clip) -> ClipInfo:
    for _ in clip:
        pass
    return clip.info()


def overlay_of(source: Path, target: Path, report: Report, **options: object) -> dict[int, Frame]:
    with Clip(source) as clip:
        info = facts(clip)
        return write_overlay(report, info, prefetch(clip), target, source=source, **options)  # type: ignore[arg-type]


def times_of(path: Path) -> FloatArray:
    """Times in s that the file gives its pictures, as a player sees them."""
    with av.open(str(path)) as container:
        return np.array([float(frame.time or 0) for frame in container.decode(video=0)])


def boxes(path: Path) -> list[str]:
    """Names of an MP4 file's outermost boxes, in order."""
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        names.append(name.decode())
        at += size
    return names


@pytest.mark.parametrize("sound", [None, "aac", "pcm_s16le"])
def test_uneven_times_are_kept_to_a_millisecond(tmp_path: Path, sound: str | None) -> None:
    times = uneven(60)
    source = factory.write_clip(tmp_path / "in.mov", times, SMALL, sound=sound)
    given = times_of(source)
    target = tmp_path / "overlay.mp4"
    overlay_of(source, target, factory.report(2, SMALL, np.arange(60) / 30))
    shown = times_of(target)
    assert len(shown) == 60
    np.testing.assert_allclose(shown - shown[0], given - given[0], atol=0.001)
    assert abs(shown[0]) < 0.001


def test_plays_and_seeks_in_a_browser(tmp_path: Path) -> None:
    source = factory.write_clip(tmp_path / "in.mp4", STEADY, SMALL)
    target = tmp_path / "overlay.mp4"
    overlay_of(source, target, factory.report(3, SMALL))
    assert boxes(target).index("moov") < boxes(target).index("mdat")
    with av.open(str(target)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        keys = [i for i, frame in enumerate(container.decode(stream)) if frame.key_frame]
    assert keys[0] == 0
    assert max(np.diff(keys)) <= 8


def test_frames_are_one_for_one_and_drawn_where_the_athlete_is(tmp_path: Path) -> None:
    source = factory.write_clip(tmp_path / "in.mp4", STEADY, factory.SIZE)
    target = tmp_path / "overlay.mp4"
    overlay_of(source, target, factory.report())
    with Clip(source) as before, Clip(target) as after:
        pairs = list(zip(before, after, strict=True))
    assert len(pairs) == 90
    one, two = (frame.rgb.astype(int) for frame in pairs[45])
    changed = np.abs(one - two).max(axis=2) > 40
    assert changed[180:320, 60:140].mean() > 0.05
    quiet = np.abs(one - two)[120:300, 160:]
    assert np.median(quiet) < 6


def test_colours_come_through_unchanged(tmp_path: Path) -> None:
    colour = (180, 60, 40)
    report = factory.report(0, SMALL)
    picture = np.full((SMALL[1], SMALL[0], 3), colour, np.uint8)
    frames = [Frame(picture.copy(), i / 30, i) for i in range(10)]
    target = tmp_path / "overlay.mp4"
    write_overlay(report, factory.clip_info(frames=10, size_wh=SMALL), frames, target)
    with Clip(target) as clip:
        shown = next(iter(clip)).rgb
    np.testing.assert_allclose(shown[:20, -20:].mean(axis=(0, 1)), colour, atol=5)


@pytest.mark.parametrize(("codec", "kept"), [("aac", "aac"), ("pcm_s16le", "aac")])
def test_the_sound_goes_along(tmp_path: Path, codec: str, kept: str) -> None:
    source = factory.write_clip(tmp_path / "in.mov", STEADY, SMALL, sound=codec)
    target = tmp_path / "overlay.mp4"
    overlay_of(source, target, factory.report(3, SMALL))
    with av.open(str(target)) as container:
        assert container.streams.audio[0].codec_context.name == kept
        wave = np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=0)])
    assert len(wave) / 44100 == pytest.approx(STEADY[-1], abs=0.1)
    spectrum = np.abs(np.fft.rfft(wave))
    assert np.argmax(spectrum) * 44100 / len(wave) == pytest.approx(440, abs=5)


def test_a_sound_that_cannot_be_read_costs_no_picture(tmp_path: Path) -> None:
    source = factory.write_clip(tmp_path / "in.mp4", STEADY, SMALL)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film at all")
    target = tmp_path / "overlay.mp4"
    with Clip(source) as clip:
        write_overlay(factory.report(3, SMALL), facts(clip), clip, target, source=broken)
    assert len(times_of(target)) == 90


@pytest.mark.parametrize("size_wh", [(97, 129), (96, 127)])
def test_odd_pictures_become_even(tmp_path: Path, size_wh: tuple[int, int]) -> None:
    frames = [Frame(np.full((size_wh[1], size_wh[0], 3), 90, np.uint8), i / 30, i) for i in range(3)]
    target = tmp_path / "overlay.mp4"
    info = factory.clip_info(frames=3, size_wh=size_wh)
    write_overlay(factory.report(1, size_wh), info, frames, target)
    with av.open(str(target)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (size_wh[0] // 2 * 2, size_wh[1] // 2 * 2)


@pytest.mark.parametrize(
    ("size_wh", "drawn"),
    [
        ((3840, 2160), (1920, 1080)),
        ((2160, 3840), (1080, 1920)),
        ((1920, 1080), (1920, 1080)),
        ((2001, 301), (1920, 288)),
    ],
)
def test_large_pictures_are_made_smaller(size_wh: tuple[int, int], drawn: tuple[int, int]) -> None:
    width, height, scale = drawn_size(*size_wh)
    assert (width, height) == drawn
    assert scale == pytest.approx(min(1.0, 1920 / max(size_wh)))
    picture = np.zeros((size_wh[1], size_wh[0], 3), np.uint8)
    assert fit(picture, (width, height), scale).shape == (height, width, 3)


def test_kept_frames_come_back_clean(tmp_path: Path) -> None:
    source = factory.write_clip(tmp_path / "in.mp4", STEADY, SMALL)
    kept = overlay_of(source, tmp_path / "overlay.mp4", factory.report(3, SMALL), keep={15, 45})
    assert set(kept) == {15, 45}
    with Clip(source) as clip:
        for frame in clip.pick({15, 45}):
            np.testing.assert_array_equal(kept[frame.index].rgb, frame.rgb)


# ------------------------------------------------------------------ slow moments


def test_slow_frames_surround_the_worst_moments() -> None:
    report = factory.report()
    frames = slow_frames(report)
    for moment in (45, 75):
        assert {moment - 12, moment, moment + 12} <= frames
        assert moment - 13 not in frames
        assert moment + 13 not in frames
    assert 15 not in frames


def test_faults_play_four_times_slower_and_the_rest_as_it_was(tmp_path: Path) -> None:
    source = factory.write_clip(tmp_path / "in.mp4", STEADY, SMALL, sound="aac")
    target = tmp_path / "overlay.mp4"
    report = factory.report(3, SMALL)
    overlay_of(source, target, report, slow_faults=True)
    steps = np.diff(times_of(target)) * 30
    slow = np.array([i in slow_frames(report) for i in range(89)])
    np.testing.assert_allclose(steps[slow], 4, atol=0.03)
    np.testing.assert_allclose(steps[~slow], 1, atol=0.03)
    with av.open(str(target)) as container:
        assert not container.streams.audio


def test_slow_motion_is_not_slowed_again(tmp_path: Path) -> None:
    frames = [Frame(np.zeros((128, 96, 3), np.uint8), i / 30, i) for i in range(90)]
    info = replace(factory.clip_info(size_wh=SMALL), capture_fps=240.0)
    target = tmp_path / "overlay.mp4"
    write_overlay(factory.report(3, SMALL), info, frames, target, slow_faults=True)
    np.testing.assert_allclose(np.diff(times_of(target)) * 30, 1, atol=0.03)


def test_stamps_never_go_backwards() -> None:
    clock = Clock({1, 2}, 4.0)
    frames = [Frame(np.zeros((2, 2, 3), np.uint8), t, i) for i, t in enumerate((0.0, 0.01, 0.02, 0.05))]
    stamps = [clock.stamp(frame) for frame in frames]
    assert stamps == [0, 900, 900 + 3600, 900 + 3600 + 10800]


# ------------------------------------------------------------------ whole or not at all


def failing(count: int) -> Iterator[Frame]:
    for i in range(count):
        yield Frame(np.zeros((128, 96, 3), np.uint8), i / 30, i)
    raise OSError("the disk went away")


def test_a_failed_film_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "overlay.mp4"
    target.write_text("an older film")
    with pytest.raises(OSError, match="the disk went away"):
        write_overlay(factory.report(3, SMALL), factory.clip_info(size_wh=SMALL), failing(20), target)
    assert [p.name for p in tmp_path.iterdir()] == ["overlay.mp4"]
    assert target.read_text() == "an older film"


def test_no_frame_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected at least one frame, got none"):
        write_overlay(factory.report(0), factory.clip_info(frames=0), [], tmp_path / "overlay.mp4")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import itertools, pathlib, sys
import numpy as np
from tests.outputs import factory
from vision.outputs.overlay import write_overlay
from vision.types import Frame
frames = (Frame(np.zeros((128, 96, 3), np.uint8), i / 30, i) for i in itertools.count())
told = lambda stage, done, total: print(done, flush=True)
info = factory.clip_info(size_wh=(96, 128))
write_overlay(factory.report(3, (96, 128)), info, frames, pathlib.Path(sys.argv[1]), progress=told)
"""


def test_a_killed_run_leaves_no_film_under_its_name(tmp_path: Path) -> None:
    target = tmp_path / "overlay.mp4"
    command = [sys.executable, "-c", KILLED, str(target)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if int(line) >= 30:
                break
        run.send_signal(signal.SIGKILL)
    assert not target.exists()


def test_progress_counts_every_frame(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    frames = [Frame(np.zeros((128, 96, 3), np.uint8), i / 30, i) for i in range(12)]
    info = factory.clip_info(frames=12, size_wh=SMALL)
    write_overlay(
        factory.report(3, SMALL),
        info,
        frames,
        tmp_path / "overlay.mp4",
        progress=lambda *step: told.append(step),
    )
    assert told == [("overlay", n, 12) for n in range(1, 13)]
