"""What becomes of the pelvis networks' readings: changes with an error, or a reason why not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from vision.movements import pelvis
from vision.movements import pelvis_eye as eye
from vision.movements.base import Scene
from vision.pose.base import BLAZEPOSE
from vision.prepare import PoseLog, levelled, prepare, smoothed
from vision.types import FRONTAL, NO_PELVIS, SAGITTAL, Cycle, FloatArray, Measurement, Pose, Track

LENGTH = 120


def seen_pelvis(
    which: int, angle: FloatArray, *, sd: float = 0.8, apart: float = 0.0, loose: float = 0.1
) -> FloatArray:
    """Readings ``(T, 2, 7)`` of a pelvis that turns by ``angle`` while the ribs stay."""
    out = np.tile(NO_PELVIS, (len(angle), 1, 1))
    out[:, which] = np.stack(
        [angle + 3.0, np.full(len(angle), 3.0), *[np.full(len(angle), sd)] * 2, angle * (1 + apart) - 40.0,
         np.full(len(angle), -40.0), np.full(len(angle), loose)], axis=1,
    )  # fmt: skip
    return out


def turn_of(angle_deg: float) -> FloatArray:
    """Nothing for a second, then up to ``angle_deg`` over a second, held, and back."""
    return np.interp(np.arange(LENGTH), [30, 60, 75, 105], [0.0, angle_deg, angle_deg, 0.0])


def scene_of(pelvis: FloatArray, side: str = "front") -> Scene:
    shot = fig.track(fig.film(fig.squats(1), fig.FRONT, np.arange(LENGTH) / 30))
    view = fig.seen_from(side)
    track = replace(shot, pelvis=pelvis)
    return Scene(track, Cycle(30, 67, 105), view, 0.5, 165.0, 270.0)


def test_from_the_side_a_tilt_is_the_turn_of_the_pelvis_against_the_ribs() -> None:
    scene = scene_of(seen_pelvis(SAGITTAL, turn_of(12.0)), "right")
    look = eye.tilt(scene.track)
    assert look is not None
    found = eye.turned(scene, look)
    assert found.by_network
    assert found.value == pytest.approx(12.0, abs=0.5)
    assert 0.5 < np.hypot(found.sd, found.shared_sd) < 6.0


@pytest.mark.parametrize(("side", "sign"), [("front", 1.0), ("rear", -1.0)])
def test_left_higher_is_plus_from_the_front_and_from_the_rear(side: str, sign: float) -> None:
    scene = scene_of(seen_pelvis(FRONTAL, turn_of(6.0)), side)  # the end at image right rises
    look = eye.slope(scene.track, scene.view, eye.BEND_TRUST)
    assert look is not None
    assert eye.turned(scene, look).value == pytest.approx(sign * 6.0, abs=0.3)


def test_what_a_doubtful_network_does_not_show_of_a_change_is_added_and_costs_certainty() -> None:
    shown = {}
    for sd in (0.5, 4.0):
        share = 1 - (sd / eye.BEND_TRUST.spread_deg) ** 2
        scene = scene_of(seen_pelvis(FRONTAL, share * turn_of(6.0), sd=sd))
        look = eye.slope(scene.track, scene.view, eye.BEND_TRUST)
        assert look is not None
        shown[sd] = eye.turned(scene, look)
        assert shown[sd].value == pytest.approx(6.0, abs=0.3)
    assert shown[4.0].sd > 1.3 * shown[0.5].sd


@pytest.mark.parametrize(("side", "drop"), [("left", 6.0), ("right", -6.0)])
def test_a_drop_is_the_largest_fall_of_the_free_side_and_is_not_made_larger(side: str, drop: float) -> None:
    path = np.where((np.arange(LENGTH) > 50) & (np.arange(LENGTH) < 80), 6.0, 0.0)
    path -= path.mean()  # in left stance the right side is the free one: left side higher is +
    scene = replace(scene_of(seen_pelvis(FRONTAL, path, sd=3.0), "front"), cycle=Cycle(40, 65, 90))
    look = eye.slope(scene.track, scene.view, eye.STEP_TRUST)
    assert look is not None
    found = eye.drop(scene, look, side, slice(52, 78))
    assert found.value == pytest.approx(path.max() if drop > 0 else -path.max(), abs=0.1)
    assert not found.judged
    assert "mean of the steps" in found.reason
    assert found.shared_sd == pytest.approx(eye.STEP_TRUST.gain_sd * path.max(), abs=0.05)


def test_against_quiet_standing_a_drop_is_judged() -> None:
    path = np.where((np.arange(LENGTH) > 50) & (np.arange(LENGTH) < 80), 6.0, 0.0)
    scene = replace(scene_of(seen_pelvis(FRONTAL, path, sd=1.0)), cycle=Cycle(40, 65, 90))
    scene = replace(scene, standing=scene.track[:20])
    look = eye.slope(scene.track, scene.view, eye.STEP_TRUST)
    assert look is not None
    found = eye.drop(scene, look, "left", slice(52, 78))
    assert found.value == pytest.approx(6.0, abs=0.1)
    assert found.judged
    held = eye.held_drop(scene, replace(look, trust=eye.STANCE_TRUST), "left", slice(52, 78))
    assert held.value == pytest.approx(6.0, abs=0.3)
    with_nobody = eye.held_drop(replace(scene, standing=None), look, "left", slice(52, 78))
    assert with_nobody.value is None
    assert "both feet" in with_nobody.reason


def test_a_doubtful_network_and_opinions_that_part_say_nothing() -> None:
    for readings, why in (
        (seen_pelvis(FRONTAL, turn_of(6.0), sd=12.0), eye.HIDDEN),
        (seen_pelvis(FRONTAL, turn_of(6.0), apart=-2.0), eye.APART),
        (seen_pelvis(FRONTAL, turn_of(6.0), loose=0.9), eye.LOOSE),
    ):
        scene = scene_of(readings)
        look = eye.slope(scene.track, scene.view, eye.BEND_TRUST)
        assert look is not None
        found = eye.turned(scene, look)
        assert found.value is None
        assert found.reason == why


def test_a_pelvis_that_was_out_of_view_says_nothing() -> None:
    pelvis = seen_pelvis(FRONTAL, turn_of(6.0))
    pelvis[60:80] = np.nan
    scene = scene_of(pelvis)
    look = eye.slope(scene.track, scene.view, eye.BEND_TRUST)
    assert look is not None
    found = eye.turned(scene, look)
    assert found.value is None
    assert "in view" in found.reason


def test_a_cue_counts_every_doubt_of_a_tilt() -> None:
    turned = Measurement(12.0, 1.0, 3, by_network=True)
    assert pelvis.tilt_cue("the pelvis network", turned, 2.0).says == "anterior"
    shared = replace(turned, shared_sd=9.0)
    cue = pelvis.tilt_cue("the pelvis network", shared, 2.0)
    assert cue.says == "undetermined"
    assert "12 ± 18 deg" in cue.why


def test_no_network_no_signal() -> None:
    track = fig.track(fig.film(fig.squats(1), fig.FRONT, np.arange(10) / 30))
    assert eye.slope(track, fig.seen_from("front"), eye.BEND_TRUST) is None
    assert eye.tilt(track) is None
    other = replace(track, pelvis=seen_pelvis(SAGITTAL, np.zeros(10)))
    assert eye.slope(other, fig.seen_from("front"), eye.BEND_TRUST) is None


# ------------------------------------------------------------------- on the way there


def posed(readings: FloatArray) -> list[Pose]:
    poses = fig.film(fig.walk(), fig.REAR, np.arange(len(readings)) / 30)
    return [replace(p, pelvis=r) for p, r in zip(poses, readings, strict=True)]


def test_readings_come_through_the_log_and_the_track() -> None:
    readings = seen_pelvis(FRONTAL, np.linspace(0, 8, 40))
    log = PoseLog(BLAZEPOSE, 2)
    for pose in posed(readings):
        log.append(replace(pose, markers=np.ones((2, 3))))
    kept = log[7]
    assert kept.markers is not None
    np.testing.assert_allclose(kept.markers, 1.0)
    assert kept.pelvis is not None
    np.testing.assert_allclose(kept.pelvis, readings[7], atol=1e-4)
    track = prepare(log, fig.SIZE, BLAZEPOSE, 40, ("left_psis", "right_psis")).track
    assert track.pelvis is not None
    np.testing.assert_allclose(track.pelvis, readings, atol=1e-4)
    np.testing.assert_allclose(track[5:9].pelvis, readings[5:9], atol=1e-4)


def test_a_rolled_camera_is_taken_off_what_was_seen_from_the_front_only() -> None:
    both = seen_pelvis(FRONTAL, np.zeros(40))
    both[:, SAGITTAL] = seen_pelvis(SAGITTAL, np.zeros(40))[:, SAGITTAL]
    track = prepare(posed(both), fig.SIZE, BLAZEPOSE, 40).track
    got = levelled(track, 4.0).pelvis  # upright things leaned 4 degrees to the right
    assert got is not None
    assert got[0, FRONTAL, 0] == pytest.approx(3.0 + 4.0)  # the slope's right end had sunk with it
    assert got[0, FRONTAL, 1] == pytest.approx(3.0 - 4.0)
    np.testing.assert_allclose(got[:, SAGITTAL], both[:, SAGITTAL], atol=1e-4)


def test_smoothing_keeps_doubts_and_takes_out_jitter() -> None:
    rng = np.random.default_rng(2)
    noisy = seen_pelvis(FRONTAL, turn_of(8.0) + rng.normal(0, 1.5, LENGTH))
    track: Track = prepare(posed(noisy), fig.SIZE, BLAZEPOSE, LENGTH).track
    calm = smoothed(track, 4.0).pelvis
    assert calm is not None
    np.testing.assert_allclose(calm[:, FRONTAL, 2], 0.8, atol=1e-6)
    left = calm[:, FRONTAL, 0] - 3.0 - turn_of(8.0)
    assert left[5:-5].std() < 0.9
