"""The pelvis network between a person's own arch and tuck: what the body puts on its readings falls out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from tests.movements.test_lockout import outline
from vision import prepare
from vision.movements import own_tilt
from vision.movements.bridge import BRIDGE, own_levels
from vision.movements.calibration import CalibrationError, told
from vision.movements.lockout import Calibration
from vision.types import NO_PELVIS, SAGITTAL, FloatArray, Measurement, Pose

LYING_DEG, UP_DEG = -40.0, 11.0
"""What a body may put on the network's readings lying and with the hips up."""

ARCH_DEG, TUCK_DEG = 14.0, -14.0


def seen(true_deg: float, lift: float, *, loose: float = 0.1, points: float = 0.0) -> FloatArray:
    """Readings ``(2, 7)`` of a tilt: too small as the network shows it, and off by what the body puts on."""
    off = LYING_DEG + (UP_DEG - LYING_DEG) * lift
    row = [
        own_tilt.SHOWN * true_deg + off + 5.0,
        5.0,
        6.0,
        3.0,
        own_tilt.SHOWN * true_deg + points - 60.0,
        -90.0,
    ]
    out = NO_PELVIS.copy()
    out[SAGITTAL] = [*row, loose]
    return out


def film(arch: float = ARCH_DEG, tuck: float = TUCK_DEG, *, loose: float = 0.1) -> list[Pose]:
    """Lying to 3 s, up to 17 s: arch held from 5 to 10 s, tuck from 11 on; then down."""
    out: list[Pose] = []
    for pose in fig.film(lambda t: fig.bridging(3.0 + 23.0 * lift(t)), fig.FROM_RIGHT, fig.clock(20.0, 15.0)):
        true = float(np.interp(pose.t_s, [4, 5, 10, 11], [0.0, arch, arch, tuck]))
        out.append(replace(pose, pelvis=seen(true, lift(pose.t_s), loose=loose)))
    return out


def lift(t: float) -> float:
    return float(np.interp(t, [3, 4, 17, 18], [0, 1, 1, 0]))


def levels(poses: list[Pose]) -> Calibration:
    return own_levels(prepare.smoothed(fig.track(poses), BRIDGE.cutoff_hz), fig.seen_from("right"))


def measured(
    name: str, true_deg: float, calibration: Calibration | None, *, loose: float = 0.1, points: float = 0.0
) -> Measurement:
    """A bridge whose pelvis turns by ``true_deg`` on the way up."""
    poses = fig.film(fig.bridges(1), fig.FROM_RIGHT, fig.clock(fig.set_length(1)))
    track = fig.track(poses)
    rise = BRIDGE.curves(track, fig.seen_from("right"))
    height = next(curve.value for curve in rise if curve.name == "hip_lift")
    share = np.clip(height / np.nanmax(height), 0, 1)
    looked = [
        replace(p, pelvis=seen(true_deg * s, s, loose=loose, points=points))
        for p, s in zip(poses, share, strict=True)
    ]
    (one,) = fig.scenes(BRIDGE, fig.track(looked), fig.seen_from("right"))
    return fig.measured(BRIDGE, name, replace(one, calibration=calibration))


OWN = levels(film())


@pytest.mark.parametrize("true_deg", [-14.0, -8.0, 0.0, 9.0, 18.0])
def test_what_the_body_puts_on_the_readings_falls_out(true_deg: float) -> None:
    found = measured("pelvic_tilt", true_deg, OWN)
    assert found.by_network
    assert found.value == pytest.approx(true_deg, abs=0.7)
    assert 2.0 < np.hypot(found.sd, found.shared_sd) < 4.5


@pytest.mark.parametrize(
    ("true_deg", "word"),
    [(-14.0, "posterior"), (-10.0, "posterior"), (0.0, "neutral"), (10.0, "anterior"), (18.0, "anterior")],
)
def test_a_lockout_is_told_by_the_degrees_of_the_contract(true_deg: float, word: str) -> None:
    assert measured("lockout_pelvis", true_deg, OWN).value == word


@pytest.mark.parametrize("true_deg", [-5.0, 4.0, 6.0])
def test_near_a_limit_nothing_is_said(true_deg: float) -> None:
    found = measured("lockout_pelvis", true_deg, OWN)
    assert found.value is None
    assert "too near the limit" in found.reason


def test_without_own_arch_and_tuck_the_network_alone_says_nothing() -> None:
    assert measured("lockout_pelvis", 18.0, None).value is None
    found = measured("pelvic_tilt", 18.0, None)
    assert found.value is None
    assert "film of your own arch and tuck" in found.reason


def test_two_readings_that_part_are_unknown() -> None:
    found = measured("pelvic_tilt", 10.0, OWN, points=-12.0)
    assert found.value is None
    assert "do not agree" in found.reason
    assert measured("lockout_pelvis", 10.0, OWN, points=-15.0).value is None


def test_loose_clothes_are_refused_in_the_bridge_and_in_the_film() -> None:
    found = measured("pelvic_tilt", 10.0, OWN, loose=0.9)
    assert found.value is None
    assert "loose clothes" in found.reason
    with pytest.raises(CalibrationError, match="an arch and a tuck that differ"):
        levels(film(loose=0.9))


def test_under_loose_clothes_the_edges_are_the_shirt_s_and_say_nothing() -> None:
    poses = fig.film(fig.bridges(1), fig.FROM_RIGHT, fig.clock(fig.set_length(1)))
    for loose, word in ((0.1, "anterior"), (0.9, None)):
        arched = [
            replace(p, pelvis=seen(0.0, 1.0, loose=loose), outline=outline(0.1, 0.2, "right")) for p in poses
        ]
        (one,) = fig.scenes(BRIDGE, fig.track(arched), fig.seen_from("right"))
        found = fig.measured(BRIDGE, "lockout_pelvis", one)
        assert found.value == word
    assert "loose clothes" in found.reason


def test_a_reading_far_from_what_was_held_is_unknown() -> None:
    found = measured("pelvic_tilt", 75.0, OWN)
    assert found.value is None
    assert "far from what was calibrated" in found.reason


def test_an_arch_and_a_tuck_that_hardly_differ_or_are_swapped_are_refused() -> None:
    with pytest.raises(CalibrationError, match="look 9 degrees apart"):
        levels(film(5.0, -5.0))
    with pytest.raises(CalibrationError, match="the wrong way"):
        levels(film(TUCK_DEG, ARCH_DEG))


def test_the_report_says_what_is_compared() -> None:
    assert told(OWN).startswith("the pelvis network and the network's landmarks compared with your own")
