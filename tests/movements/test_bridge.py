"""Bridges by a figure on its back whose joints are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from vision.movements.base import Scene
from vision.movements.bridge import BRIDGE
from vision.movements.spine import BELLY_SPAN, bow, dorsal_row
from vision.outline_grid import ALONG
from vision.types import SIDES, Pose

CAMERAS = {"left": fig.FROM_LEFT, "right": fig.FROM_RIGHT}
DEG = 1.0


def film(top_deg: float, side: str, reps: int = 1) -> list[Pose]:
    return fig.film(fig.bridges(reps, top_deg), CAMERAS[side], fig.clock(fig.set_length(reps)))


def scene(poses: list[Pose], side: str) -> Scene:
    (one,) = fig.scenes(BRIDGE, fig.track(poses), fig.seen_from(side))
    return one


def value(name: str, one: Scene) -> float:
    got = fig.measured(BRIDGE, name, one).value
    assert isinstance(got, float), name
    return got


def elevations(top_deg: float) -> tuple[float, float, float]:
    """Trunk's and thigh's rise above the level towards the feet, and the shin's lean over them, degrees."""
    body = fig.bridging(top_deg)
    hip, knee, ankle = (body[f"left_{p}"] for p in ("hip", "knee", "ankle"))
    thigh, shin = knee - hip, knee - ankle
    return (
        top_deg,
        float(np.degrees(np.arctan2(thigh[2], thigh[1]))),
        float(np.degrees(np.arctan2(shin[1], shin[2]))),
    )


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("reps", [1, 3])
def test_repetitions_turn_in_the_middle_of_the_held_top(side: str, reps: int) -> None:
    track = fig.track(film(26.0, side, reps))
    cycles = BRIDGE.cut(track, fig.seen_from(side)).cycles
    assert [track.t_s[c.turn] for c in cycles] == pytest.approx(fig.turn_times(reps), abs=0.05)


def test_a_small_lift_is_no_bridge() -> None:
    assert BRIDGE.cut(fig.track(film(10.0, "left")), fig.seen_from("left")).cycles == ()


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("top", [22.0, 26.0, 30.0, 36.0])
def test_hip_extension_is_the_trunks_rise_less_the_thighs(side: str, top: float) -> None:
    trunk, thigh, _ = elevations(top)
    one = scene(film(top, side), side)
    assert value("hip_extension", one) == pytest.approx(trunk - thigh, abs=DEG)


def test_the_tops_of_these_tests_lie_on_both_sides_of_straight() -> None:
    over = [trunk - thigh for trunk, thigh, _ in map(elevations, (22.0, 26.0, 30.0, 36.0))]
    assert over[0] < -3
    assert over[-1] > 10


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("top", [24.0, 30.0])
def test_knee_and_shin_at_the_top(side: str, top: float) -> None:
    _, thigh, shin = elevations(top)
    one = scene(film(top, side), side)
    assert value("shin_angle", one) == pytest.approx(shin, abs=DEG)
    assert value("knee_flexion", one) == pytest.approx(90 + thigh + shin, abs=DEG)


# --------------------------------------------------------------------------- outline


def test_which_edge_is_the_back() -> None:
    assert dorsal_row(1.0) == 1
    assert dorsal_row(-1.0) == 0


@pytest.mark.parametrize("height", [0.08, -0.05, 0.0])
def test_bow_is_positive_outward_and_in_chords(height: float) -> None:
    edge = fig.bow_outline(height, BELLY_SPAN, 0)
    assert bow(edge, BELLY_SPAN) == pytest.approx([height, 0.0], abs=0.003)
    tilted = edge + 0.3 * ALONG  # a trunk that widens bows no more
    assert bow(tilted, BELLY_SPAN) == pytest.approx([height, 0.0], abs=0.003)


def test_an_edge_of_which_too_much_is_hidden_has_no_bow() -> None:
    edge = fig.bow_outline(0.1, BELLY_SPAN, 0)
    edge[0, 25:32] = np.nan
    assert np.isnan(bow(edge, BELLY_SPAN)[0])


def outlined(belly: float, hollow: float, side: str) -> list[Pose]:
    """A set whose belly bows out and whose back hollows in by so many chords."""
    back = dorsal_row(1.0 if side == "right" else -1.0)
    outline = fig.bow_outline(belly, (0.45, 0.95), 1 - back)
    outline[back] = fig.bow_outline(-hollow, (0.5, 0.9), back)[back]
    return [replace(p, outline=outline) for p in film(26.0, side)]


@pytest.mark.parametrize("side", SIDES)
def test_belly_and_back_are_read_from_their_own_edges(side: str) -> None:
    one = scene(outlined(0.07, 0.2, side), side)
    assert value("ventral_bow", one) == pytest.approx(0.07, abs=0.01)
    assert value("lumbar_hollow", one) == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("belly", "hollow", "expected"),
    [
        (0.12, 0.25, "anterior"),
        (-0.06, 0.0, "posterior"),
        (0.12, 0.0, None),
        (-0.06, 0.25, None),
    ],
)
def test_a_lockout_is_named_only_when_two_cues_agree(
    side: str, belly: float, hollow: float, expected: str | None
) -> None:
    got = fig.measured(BRIDGE, "lockout_pelvis", scene(outlined(belly, hollow, side), side))
    assert got.value == expected
    assert (got.value is None) == bool(got.reason)


def test_no_degrees_of_tilt_are_made_up() -> None:
    got = fig.measured(BRIDGE, "pelvic_tilt", scene(film(26.0, "left"), "left"))
    assert got.value is None
    assert got.reason


def test_an_arm_along_the_back_hides_it() -> None:
    def armed(t_s: float) -> fig.Body:
        body = fig.bridges(1)(t_s)
        for s in SIDES:
            middle = (body[f"{s}_shoulder"] + body[f"{s}_hip"]) / 2
            body[f"{s}_elbow"] = middle + np.array([0.0, 0.0, -0.08])
            body[f"{s}_wrist"] = body[f"{s}_hip"] + np.array([0.0, 0.0, -0.1])
        return body

    poses = fig.film(armed, fig.FROM_LEFT, fig.clock(fig.set_length(1)))
    got = fig.measured(BRIDGE, "lumbar_hollow", scene(poses, "left"))
    assert got.value is None
    assert "arm" in got.reason
    pattern = fig.measured(BRIDGE, "lockout_pelvis", scene(poses, "left"))
    assert pattern.value is None
