"""When feet land and leave, on feet whose turns are known."""

from __future__ import annotations

import numpy as np
import pytest

from vision.gait_events import RISE_LEGS, RUNNING_LAG_S, WALKING_LAG_S, foot_events, is_running
from vision.outline_grid import ALONG
from vision.pose.base import BLAZEPOSE
from vision.types import FloatArray, Plane, Track, View

LEG_PX = 200.0
STRIDE_S = {"walk": 1.1, "run": 0.7}
STEPS_FROM_S = 0.31
OFF_SHARE = 0.37
"""Share of the running stride, from the heel's farthest reach, at which the toe starts to rise."""


def feet(
    kind: str, fps: float = 60.0, *, facing: float = 1.0, speed_px_s: float = 0.0, length_s: float = 5.0
):
    """A track of hips and feet that swing to and fro, heel farthest ahead at ``STEPS_FROM_S`` + strides."""
    t = np.arange(round(length_s * fps)) / fps
    xy = np.full((len(t), 33, 2), np.nan)
    hip = 400 + facing * speed_px_s * t
    for i, side in enumerate(("left", "right")):
        phase = (t - STEPS_FROM_S) / STRIDE_S[kind] - i / 2
        swing = 0.5 * LEG_PX * np.cos(2 * np.pi * phase)
        rise = _rise(phase % 1.0) if kind == "run" else np.zeros_like(t)
        for part, ahead, up in (("hip", None, 0.0), ("heel", 0.0, 10.0), ("toe", 40.0, 0.0)):
            x = hip if ahead is None else hip + facing * (swing + ahead)
            y = 300.0 if ahead is None else 500.0 - up - LEG_PX * rise
            xy[:, BLAZEPOSE.index[f"{side}_{part}"]] = np.stack([x, np.broadcast_to(y, t.shape)], axis=1)
    blank = np.full((len(t), 33, 3), np.nan)
    outline = np.full((len(t), 2, len(ALONG)), np.nan)
    track = Track(t, np.arange(len(t)), xy, np.ones((len(t), 33)), blank, outline, (800, 600), BLAZEPOSE)
    seen_from = "right" if facing > 0 else "left"
    return track, View(Plane.SAGITTAL, seen_from, 0.0, 3.0, 0.0, 1.0, 1.0)


def _rise(phase: FloatArray) -> FloatArray:
    """Height of a running toe in leg lengths: flat, then up at 1 leg length a second."""
    return np.clip((phase - OFF_SHARE) * STRIDE_S["run"], 0.0, np.clip(1.0 - phase, 0, None) * 0.4)


def known(kind: str, side: str, length_s: float = 5.0) -> FloatArray:
    """Times of contact that :func:`feet` makes."""
    first = STEPS_FROM_S + (STRIDE_S[kind] / 2 if side == "right" else 0.0)
    lag = WALKING_LAG_S if kind == "walk" else RUNNING_LAG_S
    return np.arange(first, length_s, STRIDE_S[kind]) + lag


@pytest.mark.parametrize("kind", ["walk", "run"])
@pytest.mark.parametrize("fps", [30.0, 60.0, 240.0])
@pytest.mark.parametrize(("facing", "speed"), [(1.0, 0.0), (-1.0, 260.0)])
def test_each_contact_is_found_between_frames(kind: str, fps: float, facing: float, speed: float) -> None:
    track, view = feet(kind, fps, facing=facing, speed_px_s=speed)
    assert is_running(track, view, LEG_PX) is (kind == "run")
    for side in ("left", "right"):
        got = foot_events(track, view, side, LEG_PX)
        inside = [t for t in known(kind, side) if t < 4.85]
        assert [e.t_s for e in got.contacts][: len(inside)] == pytest.approx(inside, abs=0.004)
        assert len(got.contacts) <= len(known(kind, side))


@pytest.mark.parametrize("fps", [60.0, 240.0])
def test_toes_leave_where_they_rise_in_running_and_where_they_trail_in_walking(fps: float) -> None:
    rising = STRIDE_S["run"] * OFF_SHARE + RISE_LEGS
    for kind, stance in (("run", rising - RUNNING_LAG_S), ("walk", STRIDE_S["walk"] / 2 - WALKING_LAG_S)):
        track, view = feet(kind, fps)
        stances = foot_events(track, view, "left", LEG_PX).stances()
        assert len(stances) >= 4
        assert [off.t_s - on.t_s for on, off in stances] == pytest.approx([stance] * len(stances), abs=0.005)


def test_standing_and_the_ends_of_a_clip_make_no_contact() -> None:
    track, view = feet("walk", length_s=5.0)
    still = Track(**_still(track))
    assert foot_events(still, view, "left", LEG_PX).contacts == ()
    # the left heel reaches farthest at 1.41 s, the right one at 1.96 s, which is just not filmed
    t = track.t_s
    part = track[int(np.searchsorted(t, 1.2)) : int(np.searchsorted(t, 1.95))]
    assert len(foot_events(part, view, "left", LEG_PX, running=False).contacts) == 1
    assert foot_events(part, view, "right", LEG_PX, running=False).contacts == ()


def _still(track: Track) -> dict[str, object]:
    xy = np.repeat(track.xy[:1], len(track), axis=0)
    fields = ("t_s", "index", "score", "world_m", "outline", "size_wh", "skeleton")
    return {name: getattr(track, name) for name in fields} | {"xy": xy}


def test_the_error_grows_with_noise_and_with_slow_cameras() -> None:
    def sd(fps: float, noise_px: float) -> float:
        track, view = feet("run", fps)
        return foot_events(track, view, "left", LEG_PX, noise_px=noise_px).contacts[1].sd_s

    assert sd(240, 0) < sd(60, 0) < sd(60, 2)


def test_a_foot_that_is_not_seen_has_no_events() -> None:
    track, view = feet("walk")
    xy = track.xy.copy()
    xy[:, BLAZEPOSE.index["left_heel"]] = np.nan
    hidden = Track(**(_still(track) | {"xy": xy}))
    assert foot_events(hidden, view, "left", LEG_PX).contacts == ()
    assert len(foot_events(hidden, view, "right", LEG_PX).contacts) >= 4
