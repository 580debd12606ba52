"""Where the camera stood, from figures filmed by cameras whose place is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from vision.types import Plane, Track, View
from vision.view import estimate_roll, estimate_view, is_lying

SHORT = np.arange(45) / 30


def still(camera: fig.Camera, body: fig.Motion | None = None) -> Track:
    return fig.track(fig.film(body or (lambda _: fig.standing(fig.Stance())), camera, SHORT))


def view(bearing_deg: float) -> View:
    return estimate_view(still(fig.Camera(bearing_deg)))


@pytest.mark.parametrize(
    ("bearing", "side", "plane"),
    [
        (0, "front", Plane.FRONTAL),
        (12, "front", Plane.FRONTAL),
        (-12, "front", Plane.FRONTAL),
        (90, "right", Plane.SAGITTAL),
        (76, "right", Plane.SAGITTAL),
        (-90, "left", Plane.SAGITTAL),
        (-104, "left", Plane.SAGITTAL),
        (180, "rear", Plane.FRONTAL),
        (-168, "rear", Plane.FRONTAL),
        (40, None, Plane.OBLIQUE),
        (-48, None, Plane.OBLIQUE),
        (135, None, Plane.OBLIQUE),
        (-140, None, Plane.OBLIQUE),
    ],
)
def test_side_and_plane(bearing: float, side: str | None, plane: Plane) -> None:
    got = view(bearing)
    assert got.plane is plane
    if side:
        assert got.seen_from == side


@pytest.mark.parametrize("bearing", [-170, -110, -90, -80, -15, -6, 0, 6, 15, 40, 80, 90, 110, 165, 180])
def test_yaw_is_the_angle_off_the_nearest_side(bearing: float) -> None:
    expected = (bearing + 45) % 90 - 45
    assert view(bearing).yaw_deg == pytest.approx(expected, abs=6.0)


@pytest.mark.parametrize("bearing", [0, 15, 40, 80, 90, 165])
def test_the_mirror_turns_the_yaw_round(bearing: float) -> None:
    one, other = view(bearing), view(-bearing)
    assert other.yaw_deg == pytest.approx(-one.yaw_deg, abs=1.0)
    assert other.plane is one.plane
    twins = {"left": "right", "right": "left", "front": "front", "rear": "rear"}
    assert one.seen_from is not None
    assert other.seen_from == twins[one.seen_from]


@pytest.mark.parametrize(("side", "facing"), [("right", 1.0), ("left", -1.0)])
def test_facing_goes_with_the_side(side: str, facing: float) -> None:
    assert fig.seen_from(side).facing == facing
    assert fig.seen_from(side).near_side == side
    assert np.isnan(fig.seen_from("front").facing)
    assert fig.seen_from("rear").near_side is None


def test_the_figure_faces_image_right_when_seen_from_the_right() -> None:
    """The test's own camera, on which everything here rests."""
    shot = still(fig.FROM_RIGHT)
    assert (shot.point("right_toe") - shot.point("right_heel"))[0, 0] > 20
    front = still(fig.FRONT)
    assert (front.point("left_hip") - front.point("right_hip"))[0, 0] > 20


# --------------------------------------------------------------------------- roll


@pytest.mark.parametrize("bearing", [0, 90, -90, 180])
@pytest.mark.parametrize("roll", [-5.0, 0.0, 3.0, 6.0])
def test_roll_of_someone_standing(bearing: float, roll: float) -> None:
    got = estimate_view(still(fig.Camera(bearing, roll_deg=roll)))
    assert abs(got.roll_deg - roll) <= 1.96 * got.roll_sd_deg
    assert abs(got.roll_deg) <= abs(roll) + 0.5  # an upright camera is likelier
    if roll:
        assert np.sign(got.roll_deg) == np.sign(roll)


@pytest.mark.parametrize("bearing", [90, -90])
@pytest.mark.parametrize("roll", [-4.0, 0.0, 4.0])
def test_roll_of_someone_lying(bearing: float, roll: float) -> None:
    got = estimate_view(still(fig.Camera(bearing, roll_deg=roll), lambda _: fig.bridging(3.0)))
    assert got.plane is Plane.SAGITTAL
    assert abs(got.roll_deg - roll) <= 1.96 * got.roll_sd_deg


def test_a_walker_from_the_side_gives_no_opinion_on_the_roll() -> None:
    shot = fig.track(fig.film(fig.walk(), fig.Camera(90.0, roll_deg=5.0), np.arange(90) / 30))
    roll, sd = estimate_roll(shot, "right")
    assert roll == 0.0
    assert sd > 2.0


def test_the_roll_can_be_read_while_the_athlete_rests() -> None:
    """Leaning over while lifting must not be taken for a tilted camera."""
    shot = fig.track(fig.film(fig.hinges(2), fig.FROM_RIGHT, fig.clock(fig.set_length(2))))
    assert estimate_view(shot).roll_deg == pytest.approx(0, abs=1.5)
    assert estimate_view(shot, slice(0, 20)).roll_deg == pytest.approx(0, abs=1.5)


# --------------------------------------------------------------------------- lying, and nothing to go by


@pytest.mark.parametrize(
    ("motion", "camera", "lying"),
    [
        (fig.bridges(1), fig.FROM_LEFT, True),
        (fig.squats(1), fig.FRONT, False),
        (fig.hinges(1), fig.FROM_RIGHT, False),
        (fig.walk(), fig.REAR, False),
    ],
)
def test_lying(motion: fig.Motion, camera: fig.Camera, lying: bool) -> None:
    assert is_lying(fig.track(fig.film(motion, camera, fig.clock(fig.set_length(1))))) is lying


def test_without_the_models_guess_the_view_is_unknown() -> None:
    shot = still(fig.FRONT)
    for blind in (
        replace(shot, world_m=np.full_like(shot.world_m, np.nan)),
        replace(shot, xy=np.full_like(shot.xy, np.nan)),
        shot[:2],
        shot[:0],
    ):
        got = estimate_view(blind)
        assert got.plane is Plane.UNKNOWN
        assert got.seen_from is None
        assert got.confidence == 0.0


def test_a_view_between_two_sides_is_less_sure() -> None:
    assert view(27).confidence < view(0).confidence
    assert view(27).confidence < view(45).confidence + 0.3
