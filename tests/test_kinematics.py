"""Angles of segments: known geometry, signs, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision import kinematics as kin
from vision.types import FloatArray

FAR = st.floats(-500, 500)
POINT = st.tuples(FAR, FAR).map(np.array)


def at(x: float, y: float) -> FloatArray:
    return np.array([x, y], float)


O = at(0, 0)  # noqa: E741


def direction(angle_deg: float, length: float = 100.0) -> FloatArray:
    """From straight up, clockwise in the picture."""
    a = np.radians(angle_deg)
    return length * at(np.sin(a), -np.cos(a))


# --------------------------------------------------------------------------- tables


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(0, 90, 90), (0, 180, 180), (10, 10, 0), (-20, 25, 45), (170, -170, 20), (30, 165, 135)],
)
def test_interior_angle(a: float, b: float, expected: float) -> None:
    assert kin.interior_deg(direction(a), O, direction(b, 37)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("angle", [-170, -90, -12.5, 0, 5, 40, 90, 130])
def test_forward_lean_is_positive_towards_where_the_athlete_faces(angle: float) -> None:
    assert kin.forward_lean_deg(O, direction(angle), 1.0) == pytest.approx(angle)
    assert kin.forward_lean_deg(O, direction(-angle), -1.0) == pytest.approx(angle)


@pytest.mark.parametrize(
    ("knee", "facing", "expected"),
    [
        ((0, 50), 1, 0),
        ((50, 0), 1, 90),
        ((-50, 0), -1, 90),
        ((50, 50), 1, 45),
        ((-50, 50), 1, -45),
        ((50, -50), 1, 135),
    ],
)
def test_thigh_is_measured_from_straight_down(knee: tuple[int, int], facing: int, expected: float) -> None:
    assert kin.thigh_deg(O, at(*knee), facing) == pytest.approx(expected)


@pytest.mark.parametrize("mirror", [1, -1])
@pytest.mark.parametrize(("knee_x", "expected"), [(0, 0), (10, 2 * 5.7106), (-10, -2 * 5.7106)])
def test_frontal_projection_is_positive_for_a_knee_inward(
    knee_x: float, expected: float, mirror: int
) -> None:
    """A hip 100 px over the knee and the ankle 100 px under it; the other hip lies to the right."""
    hip, knee, ankle, other = at(0, 0), at(knee_x, 100), at(0, 200), at(60, 0)
    got = kin.frontal_projection_deg(*(p * (mirror, 1) for p in (hip, knee, ankle, other)))
    assert got == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [((50, 0), (0, 0), 0), ((50, -50), (0, 0), 45), ((-50, -50), (0, 0), 45), ((50, 50), (0, 0), -45)],
)
def test_line_height_is_positive_with_the_left_higher(
    left: tuple[int, int], right: tuple[int, int], expected: float
) -> None:
    assert kin.line_height_deg(at(*left), at(*right)) == pytest.approx(expected)


@pytest.mark.parametrize(("left_is", "angle"), [(1, 12), (1, -30), (-1, 12), (-1, -30)])
def test_sideways_lean_is_positive_to_the_athletes_left(left_is: int, angle: float) -> None:
    assert kin.sideways_lean_deg(O, direction(angle), left_is) == pytest.approx(left_is * angle)


@pytest.mark.parametrize("mirror", [1, -1])
@pytest.mark.parametrize("bend", [-40.0, -5.0, 0.0, 5.0, 25.0])
def test_past_straight_is_positive_above_the_line(bend: float, mirror: int) -> None:
    """Shoulder to hip level; the thigh then falls by ``bend`` degrees."""
    hip = at(200, 0)
    knee = hip + direction(90 + bend, 150)
    shoulder, hip, knee = (p * (mirror, 1) for p in (at(0, 0), hip, knee))
    assert kin.past_straight_deg(shoulder, hip, knee, at(0, -1)) == pytest.approx(bend, abs=1e-6)


def test_turning_is_clockwise_in_the_picture() -> None:
    assert kin.turned(at(10, 0), 90, O) == pytest.approx(at(0, 10))  # right goes down
    assert kin.turned(at(15, 5), 180, at(5, 5)) == pytest.approx(at(-5, 5))


def test_noise_of_a_segment_as_the_reference_computes_it() -> None:
    assert kin.segment_noise_deg(2.0, 80.0) == pytest.approx(2.0, abs=0.05)
    assert kin.segment_noise_deg(2.0, 190.0) == pytest.approx(0.85, abs=0.01)


def test_knee_flexion_is_thigh_plus_shin() -> None:
    ankle, knee = O, direction(25)
    hip = knee + direction(-70)
    thigh, shin = kin.thigh_deg(hip, knee, 1.0), kin.forward_lean_deg(ankle, knee, 1.0)
    assert thigh + shin == pytest.approx(180 - kin.interior_deg(hip, knee, ankle)) == pytest.approx(95)


# --------------------------------------------------------------------------- properties


@given(POINT, POINT, POINT, FAR, FAR, st.floats(0.1, 20), st.floats(-180, 180))
def test_interior_angle_survives_moving_scaling_and_turning(
    a: FloatArray, vertex: FloatArray, b: FloatArray, dx: float, dy: float, scale: float, turn: float
) -> None:
    if min(np.linalg.norm(a - vertex), np.linalg.norm(b - vertex)) < 1:
        return
    moved = [kin.turned(p, turn, at(3, 4)) * scale + (dx, dy) for p in (a, vertex, b)]
    assert kin.interior_deg(*moved) == pytest.approx(kin.interior_deg(a, vertex, b), abs=1e-4)


@given(POINT, POINT)
def test_signed_angles_change_sign_in_the_mirror(a: FloatArray, b: FloatArray) -> None:
    if abs(a[0] - b[0]) < 1e-3 or abs(a[1] - b[1]) < 1e-3:
        return
    m = np.array([-1, 1])
    lean = kin.forward_lean_deg(a, b, 1.0)
    assert kin.forward_lean_deg(a, b, -1.0) == pytest.approx(-lean, abs=1e-9)
    assert kin.forward_lean_deg(a * m, b * m, -1.0) == pytest.approx(lean, abs=1e-9)
    assert kin.sideways_lean_deg(a * m, b * m, 1.0) == pytest.approx(
        -kin.sideways_lean_deg(a, b, 1.0), abs=1e-9
    )
    assert kin.thigh_deg(a * m, b * m, 1.0) == pytest.approx(-kin.thigh_deg(a, b, 1.0), abs=1e-9)
    # exchanging the athlete's sides changes which one is higher
    assert kin.line_height_deg(b, a) == pytest.approx(-kin.line_height_deg(a, b), abs=1e-9)


@given(POINT, POINT, POINT, POINT)
def test_frontal_projection_is_the_same_in_the_mirror_and_opposite_inside_out(
    hip: FloatArray, knee: FloatArray, ankle: FloatArray, other: FloatArray
) -> None:
    across = [kin.interior_deg(hip, ankle, p) % 180 for p in (knee, other)]
    if not all(1 < a < 179 for a in across):
        return  # on the hip-ankle line there is no inward
    angle = kin.frontal_projection_deg(hip, knee, ankle, other)
    m = np.array([-1, 1])
    assert kin.frontal_projection_deg(hip * m, knee * m, ankle * m, other * m) == pytest.approx(
        angle, abs=1e-6
    )
    assert kin.frontal_projection_deg(hip, knee, ankle, 2 * hip - other) == pytest.approx(-angle, abs=1e-6)


@given(POINT, st.floats(-170, 170), POINT)
def test_turning_back_restores(p: FloatArray, turn: float, centre: FloatArray) -> None:
    assert kin.turned(kin.turned(p, turn, centre), -turn, centre) == pytest.approx(p, abs=1e-8)


def test_functions_broadcast_over_leading_axes_and_let_nan_through() -> None:
    rng = np.random.default_rng(1)
    a, b, c, d = (rng.normal(0, 100, (5, 3, 2)) for _ in range(4))
    a[2, 1] = np.nan
    for got in (
        kin.interior_deg(a, b, c),
        kin.forward_lean_deg(a, b, 1.0),
        kin.thigh_deg(a, b, -1.0),
        kin.frontal_projection_deg(a, b, c, d),
        kin.line_height_deg(a, b),
        kin.sideways_lean_deg(a, b, 1.0),
        kin.past_straight_deg(a, b, c, at(0, -1)),
        kin.length_px(a, b),
    ):
        assert got.shape == (5, 3)
        assert np.isnan(got[2, 1])
        assert np.isfinite(np.delete(got.ravel(), 7)).all()


def test_the_middle_of_two_points_is_the_seen_one_where_one_is_lost() -> None:
    nan = np.nan
    left = np.array([[1.0, 2.0], [nan, 2.0], [5.0, 6.0], [nan, nan]])
    right = np.array([[3.0, 4.0], [7.0, 8.0], [nan, nan], [nan, 1.0]])
    expected = [[2.0, 3.0], [7.0, 8.0], [5.0, 6.0], [nan, nan]]
    np.testing.assert_array_equal(kin.middle_seen(left, right), expected)
