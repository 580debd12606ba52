"""Reading clips: every format, the right way up, at its own times, and nothing unusable let through."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from av.error import InvalidDataError

from tests.clips import Recipe, cut, number, picture, places, spoil, write, write_sound
from vision.capture import Clip, ClipError, prefetch
from vision.decode import Decoder
from vision.types import Frame


def numbers(clip: Clip) -> list[int]:
    """What the frames of ``clip`` show, in the order in which they come."""
    return [number(frame.rgb) for frame in clip]


# --------------------------------------------------------------------------- formats


FORMATS = [
    ("h264.mp4", Recipe()),
    ("h264.mov", Recipe()),
    ("h264.mkv", Recipe()),
    ("h264.avi", Recipe(options={"bf": "2"})),
    ("h264.ts", Recipe()),
    ("h264-10bit.mp4", Recipe(pix_fmt="yuv420p10le")),
    ("h264-full-range.mp4", Recipe(pix_fmt="yuvj420p")),
    ("hevc.mp4", Recipe("libx265", options={"x265-params": "log-level=none"})),
    ("hevc-10bit.mov", Recipe("libx265", "yuv420p10le", options={"x265-params": "log-level=none"})),
    ("vp8.webm", Recipe("libvpx")),
    ("vp9.webm", Recipe("libvpx-vp9")),
    ("vp9.mp4", Recipe("libvpx-vp9")),
    ("av1.mp4", Recipe("libsvtav1")),
    ("av1.webm", Recipe("libsvtav1")),
    ("prores.mov", Recipe("prores_ks", "yuv422p10le")),
    ("prores-alpha.mov", Recipe("prores_ks", "yuva444p10le", options={"profile": "4444"})),
    ("mpeg4.avi", Recipe("mpeg4", options={"bf": "2"})),
    ("mjpeg.avi", Recipe("mjpeg", "yuvj420p")),
    ("ffv1.mkv", Recipe("ffv1", "bgr0")),
    ("colours.gif", Recipe("gif", "rgb8", rate=25)),
]


@pytest.mark.parametrize(("name", "recipe"), FORMATS, ids=[name for name, _ in FORMATS])
def test_every_frame_of_every_format_comes_once_in_order_at_its_time(
    tmp_path: Path, name: str, recipe: Recipe
) -> None:
    path = write(tmp_path / name, 25, recipe)
    with Clip(path) as clip:
        assert (clip.width, clip.height) == recipe.size_wh
        assert clip.fps == pytest.approx(recipe.rate, rel=0.01)
        assert clip.expected_frames == 25
        frames = list(clip)
        info = clip.info()
    assert [number(f.rgb) for f in frames] == list(range(25))
    assert [f.index for f in frames] == list(range(25))
    # Matroska keeps whole milliseconds.
    np.testing.assert_allclose([f.t_s for f in frames], np.arange(25) / recipe.rate, atol=1e-3)
    assert all(f.rgb.dtype == np.uint8 and f.rgb.flags.c_contiguous for f in frames)
    assert info.frames == 25
    assert info.duration_s == pytest.approx(25 / recipe.rate, abs=2e-3)
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert info.warnings == ()


@pytest.mark.parametrize("size_wh", [(97, 71), (33, 127), (720, 1280)], ids=str)
def test_odd_sizes_and_portrait_keep_every_column_and_row(tmp_path: Path, size_wh: tuple[int, int]) -> None:
    clip = Clip(write(tmp_path / "odd.mkv", 3, codec="ffv1", pix_fmt="bgr0", size_wh=size_wh))
    for index, frame in enumerate(clip):
        np.testing.assert_array_equal(frame.rgb, picture(index, size_wh))
        assert frame.rgb.flags.c_contiguous


def test_odd_sizes_with_shared_chroma(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "odd.webm", 3, codec="libvpx-vp9", size_wh=(97, 71)))
    assert next(iter(clip)).rgb.shape == (71, 97, 3)
    assert numbers(clip) == [0, 1, 2]


def test_8k(tmp_path: Path) -> None:
    path = write(tmp_path / "8k.mp4", 2, codec="mjpeg", pix_fmt="yuvj420p", size_wh=(7680, 4320))
    assert numbers(Clip(path)) == [0, 1]


def test_colour_matrix_of_the_file_is_obeyed(tmp_path: Path) -> None:
    shown = np.full((72, 96, 3), (200, 40, 60), np.uint8)
    path = tmp_path / "bt709.mp4"
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("libx264", rate=30, options={"qp": "0"})
        stream.width, stream.height, stream.pix_fmt = 96, 72, "yuv444p"
        stream.codec_context.colorspace = 1
        frame = av.VideoFrame.from_ndarray(shown, format="rgb24")
        frame = frame.reformat(format="yuv444p", dst_colorspace="ITU709")
        for pts in range(2):
            frame.pts = pts
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    np.testing.assert_allclose(next(iter(Clip(path))).rgb[36, 48], (200, 40, 60), atol=4)


# --------------------------------------------------------------------------- upright, square pixels


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_turned_clips_stand_upright(tmp_path: Path, rotation: int, mirrored: bool, suffix: str) -> None:
    path = write(tmp_path / f"turned.{suffix}", 3, rotation=rotation, mirrored=mirrored)
    clip = Clip(path)
    assert (clip.width, clip.height) == (96, 72)
    frames = list(clip)
    assert [number(f.rgb) for f in frames] == [0, 1, 2]
    assert all(f.rgb.shape == (72, 96, 3) and f.rgb.flags.c_contiguous for f in frames)
    assert any("mirrored" in w for w in clip.warnings) == mirrored


def test_a_turn_between_quarters_goes_to_the_nearest(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "tilted.mp4", 2, rotation=90))
    assert clip.warnings == ()
    path = tmp_path / "tilted.mp4"
    data = path.read_bytes()
    quarter = np.array([0, -65536, 0, 65536, 0, 0], ">i4").tobytes()
    assert data.count(quarter) == 1
    cos, sin = round(65536 * np.cos(np.radians(80))), round(65536 * np.sin(np.radians(80)))
    path.write_bytes(data.replace(quarter, np.array([cos, -sin, 0, sin, cos, 0], ">i4").tobytes()))
    clip = Clip(path)
    assert numbers(clip) == [0, 1]
    assert clip.warnings == ("the file asks for a turn 10° off a quarter turn; that is left out",)


@pytest.mark.parametrize("aspect", [Fraction(2), Fraction(1, 2), Fraction(4, 3)], ids=str)
@pytest.mark.parametrize("rotation", [0, 90])
def test_stretched_pixels_become_square(tmp_path: Path, aspect: Fraction, rotation: int) -> None:
    path = write(tmp_path / "wide.mp4", 3, size_wh=(192, 144), pixel_aspect=aspect, rotation=rotation)
    clip = Clip(path)
    assert (clip.width, clip.height) == (192, 144)
    assert numbers(clip) == [0, 1, 2]
    assert next(iter(clip)).rgb.shape == (144, 192, 3)


def test_a_change_of_size_keeps_the_first_size(tmp_path: Path) -> None:
    small = write(tmp_path / "small.h264", [0, 1, 2])
    large = write(tmp_path / "large.h264", [3, 4, 5], size_wh=(192, 144))
    both = tmp_path / "both.h264"
    both.write_bytes(small.read_bytes() + large.read_bytes())
    clip = Clip(both)
    frames = list(clip)
    assert [number(f.rgb) for f in frames] == [0, 1, 2, 3, 4, 5]
    assert {f.rgb.shape for f in frames} == {(72, 96, 3)}


# --------------------------------------------------------------------------- time


UNEVEN_MS = [0, 33, 50, 133, 134, 200, 450, 470, 520, 600]


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("uneven.mp4", Recipe(times_ms=UNEVEN_MS)),
        ("uneven.mkv", Recipe("libvpx-vp9", times_ms=UNEVEN_MS)),
        ("uneven.webm", Recipe("libvpx-vp9", times_ms=UNEVEN_MS)),
        ("uneven.gif", Recipe("gif", "rgb8", times_ms=[0, 30, 50, 130, 180, 200, 450, 470, 520, 600])),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_uneven_times_are_kept(tmp_path: Path, name: str, recipe: Recipe) -> None:
    assert recipe.times_ms is not None
    clip = Clip(write(tmp_path / name, 10, recipe))
    assert numbers(clip) == list(range(10))
    np.testing.assert_allclose(clip.timestamps(), np.array(recipe.times_ms) / 1000, atol=6e-4)


_FRAME_DURATION = b"\x23\xe3\x83\x84"
"""Matroska's element for the length of a frame: id and size; four bytes of nanoseconds follow."""


def test_rate_is_measured_where_the_header_does_not_say(tmp_path: Path) -> None:
    times_ms = [40 * i for i in range(20)]
    path = write(tmp_path / "browser.webm", 20, codec="libvpx-vp9", rate=60, times_ms=times_ms)
    assert _FRAME_DURATION not in path.read_bytes()
    clip = Clip(path)
    assert clip.fps == pytest.approx(25, rel=1e-6)
    assert clip.expected_frames == 20


def test_a_header_that_lies_about_the_rate_is_overruled(tmp_path: Path) -> None:
    path = write(tmp_path / "lying.mkv", 31, codec="libvpx-vp9")
    data = path.read_bytes()
    at = data.index(_FRAME_DURATION) + len(_FRAME_DURATION)
    path.write_bytes(data[:at] + round(1e9 / 60).to_bytes(4, "big") + data[at + 4 :])
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate == 60
    assert Clip(path).fps == pytest.approx(30, rel=1e-6)


def test_time_starts_at_zero_whatever_the_file_says(tmp_path: Path) -> None:
    path = write(tmp_path / "late.mkv", 5, codec="ffv1", pix_fmt="bgr0", times_ms=range(5000, 5500, 100))
    clip = Clip(path)
    np.testing.assert_allclose([f.t_s for f in clip], [0, 0.1, 0.2, 0.3, 0.4], atol=1e-9)


def test_without_times_the_rate_is_used_and_said(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "bare.h264", 12, rate=50))
    assert numbers(clip) == list(range(12))
    np.testing.assert_allclose(clip.timestamps(), np.arange(12) / 50, atol=1e-9)
    assert clip.warnings == ("the file carries no times; 50 frames per second are assumed",)


def test_frames_whose_time_stands_still_are_dropped(tmp_path: Path) -> None:
    times_ms = [0, 100, 100, 200, 300]
    recipe = Recipe("ffv1", "bgr0", times_ms=times_ms)
    clip = Clip(write(tmp_path / "double.mkv", 5, recipe))
    frames = list(clip)
    assert [number(f.rgb) for f in frames] == [0, 1, 3, 4]
    assert [f.index for f in frames] == [0, 1, 2, 3]
    assert np.all(np.diff([f.t_s for f in frames]) > 0)
    assert clip.warnings == ()


def test_many_frames_whose_time_stands_still_are_told(tmp_path: Path) -> None:
    times_ms = [0, 100, *[200] * 10, 300]
    clip = Clip(write(tmp_path / "double.mkv", 13, codec="ffv1", pix_fmt="bgr0", times_ms=times_ms))
    assert numbers(clip) == [0, 1, 2, 12]
    assert clip.warnings == ("left out, as time does not go forward in them: 9 frames",)


def test_a_trimmed_clip_shows_only_what_was_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "trimmed.mp4", 60)
    data = bytearray(path.read_bytes())
    at = data.index(b"elst") + 12
    # Phones trim by an edit list: show 1 s of the track from its tenth frame on.
    data[at : at + 8] = np.array(
        [1000, np.frombuffer(data[at + 4 : at + 8], ">i4")[0] + 5120], ">i4"
    ).tobytes()
    path.write_bytes(data)
    clip = Clip(path)
    assert clip.expected_frames == 30
    assert numbers(clip) == list(range(10, 40))
    assert clip.timestamps()[0] == 0
    assert clip.warnings == ()


# --------------------------------------------------------------------------- slow motion


def test_slow_motion_scales_time(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "slow.mp4", 6), capture_fps=240)
    assert clip.time_scale == pytest.approx(30 / 240)
    assert clip.info().capture_fps == 240
    assert [f.t_s for f in clip] == pytest.approx([i / 30 for i in range(6)])


def test_real_time_is_the_default(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "fast.mp4", 6, rate=120))
    assert clip.capture_fps == clip.fps == pytest.approx(120)
    assert clip.time_scale == 1
    assert clip.warnings == ()


@pytest.mark.parametrize(
    ("capture_fps", "message"),
    [
        (0, "expected a capture rate above 0, came 0;"),
        (-240, "above 0, came -240;"),
        (float("nan"), "above 0, came nan;"),
        (float("inf"), "above 0, came inf;"),
        (24, "at least the file's own 30 frames per second, came 24;"),
    ],
)
def test_impossible_capture_rates_are_refused(tmp_path: Path, capture_fps: float, message: str) -> None:
    path = write(tmp_path / "clip.mp4", 4)
    with pytest.raises(ClipError, match=re.escape(message)):
        Clip(path, capture_fps=capture_fps)


def test_a_rounded_capture_rate_is_accepted(tmp_path: Path) -> None:
    path = write(tmp_path / "clip.mp4", 6, times_ms=[0, 33, 66, 99, 132, 165])
    clip = Clip(path, capture_fps=30)
    assert clip.fps > 30
    assert clip.time_scale == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(
    ("tags", "capture_fps", "warnings"),
    [
        (
            {"com.android.capture.fps": "240.000000"},
            None,
            (
                "filmed at 240 frames per second but stored at 30: "
                "if it plays slower than life, use --capture-fps 240",
            ),
        ),
        ({"com.android.capture.fps": "240.000000"}, 240, ()),
        (
            {"com.android.capture.fps": "240.000000"},
            120,
            ("the file says that it was filmed at 240 frames per second, not 120",),
        ),
        ({"com.android.capture.fps": "30.000000"}, None, ()),
        ({"com.android.capture.fps": "unknown"}, None, ()),
        ({"com.android.capture.fps": "0"}, None, ()),
        ({"com.android.version": "14"}, None, ()),
    ],
)
def test_what_the_phone_says_of_its_capture_rate(
    tmp_path: Path, tags: dict[str, str], capture_fps: float | None, warnings: tuple[str, ...]
) -> None:
    path = write(tmp_path / "phone.mp4", 4, tags=tags, container={"movflags": "use_metadata_tags"})
    assert Clip(path, capture_fps=capture_fps).warnings == warnings


# --------------------------------------------------------------------------- what cannot be used


def _text(folder: Path) -> Path:
    (folder / "notes.mp4").write_text("no video at all\n" * 50)
    return folder / "notes.mp4"


def _plain_text(folder: Path) -> Path:
    (folder / "notes.txt").write_text("the library would draw this text as a picture\n" * 50)
    return folder / "notes.txt"


def _empty(folder: Path) -> Path:
    (folder / "empty.mp4").touch()
    return folder / "empty.mp4"


def _still(folder: Path, suffix: str) -> Path:
    image = av.VideoFrame.from_ndarray(picture(0, (96, 72)), format="rgb24")
    image.save(str(folder / f"still.{suffix}"))
    return folder / f"still.{suffix}"


def _unknown_codec(folder: Path) -> Path:
    path = write(folder / "codec.mp4", 3)
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzz1"))
    return path


def _playlist(folder: Path) -> Path:
    write(folder / "part.ts", 5)
    (folder / "list.m3u8").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\npart.ts\n#EXT-X-ENDLIST\n"
    )
    return folder / "list.m3u8"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.mp4")
    return folder / "pipe.mp4"


UNUSABLE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda d: d / "none.mp4", "there is nothing at .*none.mp4'; check the path"),
    "missing folder": (lambda d: d / "no" / "none.mp4", "there is nothing at"),
    "below a file": (lambda d: _text(d) / "clip.mp4", "there is nothing at"),
    "folder": (lambda d: d, "is a folder; name a file in it"),
    "pipe": (_pipe, "is a device or pipe"),
    "empty": (_empty, "empty.mp4' is empty"),
    "text": (_text, "'notes.mp4' is none or is damaged"),
    "plain text": (_plain_text, "'notes.txt' is none or is damaged"),
    "playlist": (_playlist, "'list.m3u8' is none or is damaged"),
    "sound": (lambda d: write_sound(d / "sound.mp4"), "'sound.mp4' holds sound but no picture"),
    "sound with cover": (lambda d: write_sound(d / "song.mp4", cover=True), "holds sound but no picture"),
    "png": (lambda d: _still(d, "png"), "'still.png' holds a single picture"),
    "jpg": (lambda d: _still(d, "jpg"), "'still.jpg' holds a single picture"),
    "one frame": (lambda d: write(d / "one.mp4", 1), "'one.mp4' holds a single picture"),
    "no index": (
        lambda d: cut(write(d / "a.mp4", 60), d / "b.mp4", keep=0.5),
        "'b.mp4' is none or is damaged",
    ),
    "unknown codec": (_unknown_codec, "that of 'codec.mp4' is unknown"),
    "no key frame": (
        lambda d: cut(write(d / "a.ts", 60), d / "b.ts", skip=0.5, step=188),
        "no picture in 'b.ts' can be decoded",
    ),
}


@pytest.mark.parametrize(("make", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_input_is_refused_in_one_line(
    tmp_path: Path, make: Callable[[Path], Path], message: str
) -> None:
    if make is _pipe and not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    path = make(tmp_path)
    with pytest.raises(ClipError, match=message) as caught:
        Clip(path)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("expected ")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "private.mp4", 3)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ClipError, match=r"private.mp4' cannot be read \(Permission denied\); check its perm"):
        Clip(path)


@pytest.mark.parametrize(
    "name", ["set 1: squat.mp4", "50%03d.mp4", "Kniebeuge größer.mp4", "-o.mp4", "http:x.mp4"]
)
def test_strange_names_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / name).write_bytes(write(tmp_path / "plain.mp4", 3).read_bytes())
    monkeypatch.chdir(tmp_path)
    clip = Clip(name)
    assert clip.name == name
    assert numbers(clip) == [0, 1, 2]


def test_tags_that_are_not_text_do_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path / "tagged.mp4", 3, tags={"title": "xxxxxxxx"})
    data = path.read_bytes()
    assert data.count(b"xxxxxxxx") == 1
    path.write_bytes(data.replace(b"xxxxxxxx", b"\xff\xfe\xe9\xff\xff\xff\xff\xff"))
    assert numbers(Clip(path)) == [0, 1, 2]


# --------------------------------------------------------------------------- damage


# Without B-frames no later picture outlives an earlier one that the cut took away.
_IN_ORDER = {"bf": "0"}


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("faststart.mp4", Recipe(options=_IN_ORDER, container={"movflags": "+faststart"})),
        (
            "fragments.mp4",
            Recipe(options=_IN_ORDER, container={"movflags": "frag_keyframe+empty_moov"}, group=10),
        ),
        ("clip.mkv", Recipe(options=_IN_ORDER)),
        ("clip.webm", Recipe("libvpx-vp9")),
        ("clip.avi", Recipe("mpeg4")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_cut_off_clip_gives_its_sound_part_and_says_so(tmp_path: Path, name: str, recipe: Recipe) -> None:
    path = cut(write(tmp_path / name, 90, recipe), tmp_path / f"cut-{name}", keep=0.8)
    clip = Clip(path)
    got = numbers(clip)
    assert 15 < len(got) < 85
    assert got == list(range(len(got)))
    np.testing.assert_allclose(clip.timestamps(), np.array(got) / recipe.rate, atol=1e-3)
    info = clip.info()
    assert info.frames == len(got)
    assert info.duration_s == pytest.approx(len(got) / recipe.rate, abs=0.002)
    assert len(info.warnings) == 1
    told = f"after {info.duration_s:.1f} s ({len(got)} frames)"
    assert told in info.warnings[0]
    assert re.match("the file breaks|the pictures end", info.warnings[0])


@pytest.mark.parametrize("share", [0.0, 0.5], ids=["between pictures", "within a picture"])
def test_a_cut_off_gif_says_so(tmp_path: Path, share: float) -> None:
    path = write(tmp_path / "clip.gif", 40, codec="gif", pix_fmt="rgb8", rate=25)
    start, size = places(path)[30]
    path.write_bytes(path.read_bytes()[: start + int(share * size)])
    clip = Clip(path)
    # A GIF draws over the picture before, so the last one may be half drawn.
    assert numbers(clip)[:-1] == list(range(clip.info().frames - 1))
    assert 29 <= clip.info().frames <= 31
    assert len(clip.warnings) == 1
    assert re.match("the file breaks after", clip.warnings[0])


@pytest.mark.parametrize("b_frames", ["0", "2"])
def test_every_picture_before_a_cut_is_kept_and_the_cut_one_is_not(tmp_path: Path, b_frames: str) -> None:
    options = {"bf": b_frames, "b_strategy": "0"}
    path = write(tmp_path / "clip.mp4", 60, options=options, container={"movflags": "+faststart"})
    start, size = places(path)[40]
    path.write_bytes(path.read_bytes()[: start + size // 2])
    clip = Clip(path)
    got = numbers(clip)
    assert len(got) == 40
    assert got == sorted(set(got))
    assert clip.warnings == (
        f"the file breaks after {(got[-1] + 1) / 30:.1f} s (40 frames); what follows could not be read",
    )


def test_pictures_that_the_decoder_patched_up_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "clip.mp4", 60, codec="mpeg4", group=10, size_wh=(320, 240))
    clip = Clip(spoil(path, [35], spare=0.6))
    assert numbers(clip) == [*range(35), *range(40, 60)]
    assert clip.warnings == ("pictures between 1.13 s and 1.33 s could not be decoded",)


def test_damage_in_the_middle_leaves_a_gap_and_no_garbage(tmp_path: Path) -> None:
    path = spoil(write(tmp_path / "scratched.mp4", 60, group=10), range(32, 35))
    clip = Clip(path)
    frames = list(clip)
    got = [number(f.rgb) for f in frames]
    assert got == sorted(set(got))
    assert set(range(28)) <= set(got)
    assert set(range(40, 60)) <= set(got)
    assert not {32, 33, 34} & set(got)
    np.testing.assert_allclose([f.t_s for f in frames], np.array(got) / 30, atol=1e-6)
    assert [f.index for f in frames] == list(range(len(got)))
    assert len(clip.warnings) == 1
    assert re.fullmatch(r"pictures between \d\.\d\d s and 1\.33 s could not be decoded", clip.warnings[0])


def test_damage_without_a_later_key_frame_ends_the_clip(tmp_path: Path) -> None:
    path = spoil(write(tmp_path / "scratched.mp4", 60), [40])
    clip = Clip(path)
    got = numbers(clip)
    assert got == list(range(len(got)))
    assert 30 < len(got) <= 40
    assert clip.warnings == (
        f"the file breaks after {len(got) / 30:.1f} s ({len(got)} frames); what follows could not be read",
    )


@pytest.mark.parametrize("codec", ["libx264", "libvpx-vp9"])
def test_a_spoiled_start_is_skipped(tmp_path: Path, codec: str) -> None:
    path = spoil(write(tmp_path / "start.mp4", 30, codec=codec, group=10), [0])
    clip = Clip(path)
    frames = list(clip)
    assert [number(f.rgb) for f in frames] == list(range(10, 30))
    assert frames[0].index == 0
    assert frames[0].t_s == 0
    assert clip.warnings == ("at the start 10 frames could not be decoded",)


def test_a_broadcast_cut_before_its_key_frame(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.ts", 60, group=20)
    clip = Clip(cut(whole, tmp_path / "cut.ts", skip=0.2, step=188))
    got = numbers(clip)
    assert got == list(range(20, 60))
    assert len(clip.warnings) == 1
    assert re.fullmatch(r"at the start \d+ frames? could not be decoded", clip.warnings[0])


def test_a_reading_error_keeps_what_came_before(tmp_path: Path) -> None:
    with closing(Decoder(write(tmp_path / "clip.mp4", 30, options=_IN_ORDER))) as decoder:
        changed: Any = decoder
        source = changed.container

        def failing(stream: object) -> Iterator[object]:
            for n, packet in enumerate(source.demux(stream)):
                if n == 20:
                    raise InvalidDataError(1, "unreadable")
                yield packet

        changed.container = SimpleNamespace(demux=failing, close=source.close, format=source.format)
        seen = [round(30 * t_s) for t_s, _ in decoder.timed(30)]
        assert seen == list(range(20))
        assert decoder.broken


def test_reading_twice_does_not_repeat_warnings(tmp_path: Path) -> None:
    clip = Clip(spoil(write(tmp_path / "scratched.mp4", 60, group=10), [32]))
    first, second = numbers(clip), numbers(clip)
    assert first == second
    assert len(clip.warnings) == 1
    assert clip.info().frames == len(first)


# --------------------------------------------------------------------------- readings


def test_two_readings_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "clip.mp4", 20))
    pairs = [(number(a.rgb), number(b.rgb)) for a, b in zip(clip, clip, strict=True)]
    assert pairs == [(i, i) for i in range(20)]


def test_picked_frames_are_the_same_as_read_ones(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "clip.mp4", 20, rotation=90))
    frames = list(clip)
    picked = list(clip.pick([13, 2, 7, 2]))
    assert [f.index for f in picked] == [2, 7, 13]
    for frame in picked:
        assert frame.t_s == frames[frame.index].t_s
        np.testing.assert_array_equal(frame.rgb, frames[frame.index].rgb)


def test_picking_stops_after_the_last_frame_wanted(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "clip.mp4", 20))
    assert [f.index for f in clip.pick([4, 6])] == [4, 6]
    assert clip.info().frames == 7
    assert list(clip.pick([])) == []
    assert [f.index for f in clip.pick([19, 20, 500])] == [19]


def test_negative_frame_numbers_are_refused(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "clip.mp4", 3))
    with pytest.raises(ValueError, match="expected frame numbers from 0 up, came -2"):
        clip.pick([1, -2])


def test_a_closed_clip_gives_no_more_frames(tmp_path: Path) -> None:
    with Clip(write(tmp_path / "clip.mp4", 9)) as clip:
        frames = iter(clip)
        assert next(frames).index == 0
    with pytest.raises(ClipError, match=r"'clip.mp4' was closed; open it again"):
        next(frames)


def test_a_clip_that_vanishes_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "clip.mp4", 9)
    clip = Clip(path)
    path.unlink()
    with pytest.raises(ClipError, match="expected a video file"):
        list(clip)
    with pytest.raises(ClipError, match="there is nothing at"):
        clip.info()


_PEAK = """
import resource, sys
from vision.capture import Clip, prefetch
count = sum(1 for _ in prefetch(Clip(sys.argv[1])))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read in kilobytes, as Linux gives it")
def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    peaks_mb: dict[int, float] = {}
    for frames in (50, 1000):
        path = write(tmp_path / f"{frames}.mp4", frames, codec="mpeg4", size_wh=(320, 240))
        done = subprocess.run(
            [sys.executable, "-c", _PEAK, str(path)],
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        )
        count, peak_kb = map(int, done.stdout.split())
        assert count == frames
        peaks_mb[frames] = peak_kb / 1024
    # Keeping the pictures would take 209 MB more.
    assert peaks_mb[1000] - peaks_mb[50] < 30


# --------------------------------------------------------------------------- reading ahead


def _frames(count: int, log: list[int] | None = None, closed: list[bool] | None = None) -> Iterator[Frame]:
    try:
        for index in range(count):
            if log is not None:
                log.append(index)
            yield Frame(np.zeros((2, 3, 3), np.uint8), index / 30, index)
    finally:
        if closed is not None:
            closed.append(threading.current_thread() is not threading.main_thread())


def _reading_threads() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "plumbline-prefetch"]


@pytest.mark.parametrize("depth", [1, 2, 4, 50])
def test_prefetch_keeps_order_and_ends(depth: int) -> None:
    assert [f.index for f in prefetch(_frames(20), depth)] == list(range(20))
    assert not _reading_threads()


def test_prefetch_of_nothing() -> None:
    assert list(prefetch(iter(()))) == []


def test_prefetch_reads_a_clip(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "clip.mp4", 30))
    assert [number(f.rgb) for f in prefetch(clip)] == list(range(30))


def test_prefetch_works_in_another_thread_only_so_far_ahead() -> None:
    log: list[int] = []
    closed: list[bool] = []
    for taken, _ in enumerate(prefetch(_frames(30, log, closed), depth=3), start=1):
        # Time enough to run away, were it not held back.
        time.sleep(0.005)
        assert len(log) <= taken + 3
    assert closed == [True]


def test_prefetch_passes_errors_on_after_the_frames_before_them() -> None:
    def failing() -> Iterator[Frame]:
        yield from _frames(5)
        raise ClipError("the sixth frame is bad")

    seen: list[int] = []
    with pytest.raises(ClipError, match="the sixth frame is bad"):
        seen.extend(f.index for f in prefetch(failing(), 2))
    assert not _reading_threads()
    frames = prefetch(failing(), 2)
    assert [next(frames).index for _ in range(5)] == list(range(5))
    with pytest.raises(ClipError, match="the sixth frame is bad"):
        next(frames)


def test_prefetch_stops_its_thread_when_the_consumer_stops() -> None:
    log: list[int] = []
    closed: list[bool] = []
    frames = prefetch(_frames(1000, log, closed), depth=2)
    assert next(frames).index == 0
    assert len(_reading_threads()) == 1
    give_up = time.monotonic() + 10
    while len(log) < 3 and time.monotonic() < give_up:
        time.sleep(0.001)
    # Now it waits for room, which a consumer that stops never makes.
    frames.close()
    assert not _reading_threads()
    assert closed == [True]
    assert log == [0, 1, 2]


def test_prefetch_stops_its_thread_when_the_consumer_fails() -> None:
    def consume() -> None:
        for frame in prefetch(_frames(1000), depth=2):
            if frame.index == 3:
                raise RuntimeError("the consumer gave up")

    with pytest.raises(RuntimeError, match="the consumer gave up"):
        consume()
    assert not _reading_threads()


def test_an_untouched_prefetch_starts_nothing() -> None:
    log: list[int] = []
    frames = prefetch(_frames(3, log))
    frames.close()
    assert log == []
    assert not _reading_threads()


@pytest.mark.parametrize("depth", [0, -1])
def test_prefetch_needs_a_depth(depth: int) -> None:
    with pytest.raises(ValueError, match=f"expected a depth of at least 1, came {depth}"):
        prefetch(_frames(3), depth)
