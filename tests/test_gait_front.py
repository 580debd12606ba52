"""Steps from the front and from behind, at distances from which the ankles' height misleads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from vision import prepare
from vision.gait_front import Support, supports
from vision.movements.common import leg_px
from vision.types import SIDES, Track

STRIDE_S = 1.1
LENGTH_S = 6.0
CAMERAS = {"front": fig.FRONT, "rear": fig.REAR}

# A walker's thigh and knee in tenths of the stride from the heel's contact, rounded from textbooks.
THIGH_DEG = (22, 17, 8, -3, -13, -18, -8, 10, 20, 25, 22)
KNEE_DEG = (5, 18, 16, 8, 5, 12, 36, 60, 55, 20, 5)


def walker(t_s: float, speed_m_s: float = 0.0, lift: float = 1.0) -> fig.Body:
    """A walker whose left heel lands at 0 s and every stride after; ``lift`` of the knees' bend."""
    reach: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for side in SIDES:
        own = (t_s / STRIDE_S + (0.5 if side == "right" else 0.0)) % 1.0 * 10
        thigh = np.interp(own, range(11), THIGH_DEG)
        shin = thigh - lift * np.interp(own, range(11), KNEE_DEG)
        knee = -fig.THIGH_M * np.array([0.0, -np.sin(np.radians(thigh)), np.cos(np.radians(thigh))])
        shank = -fig.SHANK_M * np.array([0.0, -np.sin(np.radians(shin)), np.cos(np.radians(shin))])
        reach[side] = knee, knee + shank
    hip = np.array([0.0, speed_m_s * t_s, fig.ANKLE_Z_M - min(float(reach[s][1][2]) for s in SIDES)])
    body: fig.Body = {}
    for side in SIDES:
        out = np.array([fig.side_sign(side), 0.0, 0.0])
        body[f"{side}_hip"] = hip + fig.HIP_M * out
        for name, at in zip(("knee", "ankle"), reach[side], strict=True):
            body[f"{side}_{name}"] = hip + at + 0.08 * out
        body[f"{side}_shoulder"] = hip + (0, 0, fig.TRUNK_M) + fig.SHOULDER_M * out
        fig._foot(body, side)
    fig._head_and_arms(body, np.array([0.0, 0.0, 1.0]), "hanging")
    return body


def shot(seen: str, *, depth: bool = False, fps: float = 30.0, away_m: float = 6.0, **how: float) -> Track:
    """A smoothed track of the walker; without ``depth`` the model guesses none for the legs."""
    noise = how.pop("noise_px", 0.0)
    camera = replace(CAMERAS[seen], distance_m=away_m, noise_px=noise)
    clip = fig.track(fig.film(lambda t: walker(t, **how), camera, fig.clock(LENGTH_S, fps)))
    if not depth:
        clip.world_m[:] = np.nan
    return prepare.smoothed(clip, 10.0)


def found(seen: str, **how: float | bool) -> list[Support]:
    track = shot(seen, **how)  # type: ignore[arg-type]
    return supports(track, fig.seen_from(seen), leg_px(track))


def lateness(of: list[Support]) -> list[float]:
    """Strides by which each contact comes late, -0.5 to 0.5."""
    late = [k.on_s / STRIDE_S + (0.5 if k.side == "right" else 0.0) for k in of]
    return [float((x + 0.5) % 1.0 - 0.5) for x in late]


@pytest.mark.parametrize("seen", list(CAMERAS))
@pytest.mark.parametrize("away_m", [3.0, 5.0, 12.0])
@pytest.mark.parametrize("noise_px", [0.0, 3.0])
def test_every_contact_is_told_of_the_right_foot(seen: str, away_m: float, noise_px: float) -> None:
    got = found(seen, away_m=away_m, noise_px=noise_px)
    assert lateness(got) == pytest.approx([0.0] * len(got), abs=0.08)
    assert len(got) == pytest.approx(2 * LENGTH_S / STRIDE_S, abs=1.5)
    for k in got:
        assert k.middle_s - k.on_s == pytest.approx(0.3 * STRIDE_S, abs=0.02)


@pytest.mark.parametrize("away_m", [3.0, 5.0, 12.0])
def test_the_same_walk_from_the_front_and_from_behind_has_the_same_steps(away_m: float) -> None:
    front, rear = found("front", away_m=away_m), found("rear", away_m=away_m)
    pairs = [(a, b) for a in front for b in rear if abs(a.on_s - b.on_s) < STRIDE_S / 4]
    assert len(pairs) >= max(len(front), len(rear)) - 1
    for a, b in pairs:
        assert a.side == b.side
        assert a.on_s == pytest.approx(b.on_s, abs=0.07)


@pytest.mark.parametrize(("seen", "away_m"), [("front", 10.0), ("rear", 3.0)])
def test_somebody_who_comes_or_goes(seen: str, away_m: float) -> None:
    got = found(seen, away_m=away_m, speed_m_s=1.2)
    assert lateness(got) == pytest.approx([0.0] * len(got), abs=0.08)
    assert len(got) >= 9


@pytest.mark.parametrize("seen", list(CAMERAS))
@pytest.mark.parametrize("lift", [1.0, 0.6])
def test_the_models_own_depth_agrees(seen: str, lift: float) -> None:
    got = found(seen, away_m=3.0, lift=lift, depth=True)
    assert lateness(got) == pytest.approx([0.0] * len(got), abs=0.08)
    assert len(got) >= 9


def test_feet_that_are_not_seen_or_stand_make_no_step() -> None:
    track = shot("front")
    still = replace(track, xy=np.repeat(track.xy[:1], len(track), axis=0))
    hidden = replace(track, xy=np.full_like(track.xy, np.nan))
    for one in (still, hidden, track[:4]):
        assert supports(one, fig.seen_from("front"), 200.0) == []


def test_a_frame_rate_changes_nothing() -> None:
    slow, fast = ([k for k in found("front", fps=fps) if 0.1 < k.on_s < 5.5] for fps in (30.0, 120.0))
    assert [k.side for k in slow] == [k.side for k in fast]
    assert [k.on_s for k in slow] == pytest.approx([k.on_s for k in fast], abs=0.05)
