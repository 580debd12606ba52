"""Stickers followed through films in which every centre is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.pose.stickered import GREEN, HIGH, WIDE, Film
from vision.pose.base import BLAZEPOSE
from vision.pose.markers import Click, MarkerError, MarkerTracker, bodies, check_clicks
from vision.pose.proposing import propose

PSIS = {"left_psis": (-11.0, -14.0), "right_psis": (11.0, -15.0)}
FLANK = {
    "belt_front": (9.0, -10.0),
    "belt_back": (-9.0, -12.0),
    "rib_low": (0.0, -34.0),
    "rib_high": (2.0, -52.0),
}


def _still(t_s: float) -> tuple[float, float]:
    return 118.3, 120.6


def _walking(t_s: float) -> tuple[float, float]:
    return 118.0 + 14 * np.sin(2 * np.pi * 0.9 * t_s), 120.0 + 6 * np.sin(2 * np.pi * 1.8 * t_s)


def _quick(t_s: float) -> tuple[float, float]:
    """Up to 17 px a picture, twice the stickers' width: half of that is blur."""
    return 118.0 + 40 * np.sin(2 * np.pi * 2.0 * t_s), 120.0


@pytest.mark.parametrize(("path", "limit_px"), [(_still, 0.12), (_walking, 0.2), (_quick, 0.6)])
def test_centres_are_found_to_a_fraction_of_a_pixel(path, limit_px: float) -> None:
    film = Film(PSIS, path)
    off = film.off_px(film.followed())
    assert np.isfinite(off).mean() == 1.0
    assert np.sqrt(np.mean(off**2)) < limit_px


def test_the_stated_deviation_is_that_of_the_centres() -> None:
    found = (film := Film(PSIS, _walking)).followed()
    share = film.off_px(found) / np.sqrt(2) / found[..., 2]
    assert 0.02 < np.sqrt(np.mean(share**2)) < 1.0  # a film without compression is better than the floor


@pytest.mark.parametrize("start", [0, 17, 39])
def test_a_click_in_any_picture_gives_all_pictures(start: int) -> None:
    film = Film(PSIS, _walking)
    off = film.off_px(film.followed(start))
    assert np.isfinite(off).all()
    assert off.max() < 0.8


def test_an_arm_in_front_loses_stickers_and_gives_them_back_each_its_own() -> None:
    film = Film(PSIS, _walking, frames=60, arm=lambda i: 200.0 - 4.0 * i)
    found = film.followed()
    off = film.off_px(found)
    lost = ~np.isfinite(off)
    assert 4 < lost.sum() < 40  # each is covered for about ten pictures
    assert np.nanmax(off) < 2.5  # what is half covered is off, and says so
    assert np.nanpercentile(off, 90) < 0.5
    assert not lost[-5:].any()
    bad = np.nan_to_num(off) > 0.7
    assert (found[..., 2][bad] > 0.25).all()


def test_a_long_wait_behind_something_ends_where_the_body_says() -> None:
    film = Film(PSIS, _walking, frames=60, arm=lambda i: 105.0 if 10 <= i < 40 else None)
    off = film.off_px(film.followed())
    assert np.isnan(off[20:35]).any()
    assert np.isfinite(off[-10:]).all()
    assert np.nanmax(off) < 2.5


def test_equal_stickers_and_strangers_are_never_taken_for_each_other() -> None:
    others = [(70.0, 112.0), (170.0, 128.0), (118.0, 165.0), (84.0, 92.0)]
    film = Film(FLANK, _walking, frames=50, others=others, arm=lambda i: 230.0 - 5.0 * i)
    off = film.off_px(film.followed())
    assert np.nanmax(off) < 3.0  # the nearest other sticker is 18 px away
    assert np.isfinite(off).mean() > 0.6


def test_one_of_two_equal_stickers_hidden_for_good_stays_lost() -> None:
    film = Film(PSIS, _still, frames=40)

    def hidden(i: int) -> float | None:
        return 118.3 + 3.0 if i >= 5 else None  # covers the right one only

    off = (film := replace(film, arm=hidden)).off_px(film.followed())
    assert np.isnan(off[6:, 1]).all()
    assert np.nanmax(off[:, 0]) < 0.6


def test_stickers_of_two_colours() -> None:
    film = Film(PSIS, _walking, colours={"left_psis": GREEN})
    off = film.off_px(film.followed())
    assert np.isfinite(off).all()
    assert off.max() < 0.8


def test_a_mirrored_film_gives_mirrored_centres() -> None:
    film = Film(PSIS, _walking, frames=12, hip_noise_px=0.0)
    mirrored = Film(
        {name: (-x, y) for name, (x, y) in PSIS.items()},
        lambda t: (WIDE - 1 - _walking(t)[0], _walking(t)[1]),
        frames=12,
        hip_noise_px=0.0,
    )
    one, other = film.followed()[..., :2], mirrored.followed()[..., :2]
    other[..., 0] = WIDE - 1 - other[..., 0]
    assert np.abs(one - other).max() < 0.4  # not 0: the noise is another one


def test_proposals_are_named_by_the_view() -> None:
    film = Film(PSIS, _still)
    _, body = bodies([film.pose(0)], BLAZEPOSE)[0]
    rear = {c.name: c for c in propose(film.picture(0), body, "rear")}
    assert set(rear) == {"left_psis", "right_psis"}
    assert rear["left_psis"].x < rear["right_psis"].x
    at = np.array([[rear[n].x * WIDE, rear[n].y * HIGH] for n in PSIS])
    assert np.abs(at - film.truth(0)).max() < 1.5
    front = {c.name: c for c in propose(film.picture(0), body, "front")}
    assert front["right_asis"].x < front["left_asis"].x
    flank = Film(FLANK, _still)
    side = {c.name: c for c in propose(flank.picture(0), body, "right")}
    assert set(side) == set(FLANK)
    at = np.array([[side[n].x * WIDE, side[n].y * HIGH] for n in FLANK])
    assert np.abs(at - flank.truth(0)).max() < 1.5
    turned = {c.name: c for c in propose(flank.picture(0), body, "left")}
    assert turned["belt_front"].x < turned["belt_back"].x


def test_nothing_is_proposed_where_no_sticker_is() -> None:
    film = Film({"left_psis": (-300.0, 0.0), "right_psis": (300.0, 0.0)}, _still)
    _, body = bodies([film.pose(0)], BLAZEPOSE)[0]
    with pytest.raises(MarkerError, match="found no such group"):
        propose(film.picture(0), body, "rear")


@pytest.mark.parametrize(
    ("clicks", "says"),
    [
        ([("left_psis", 0.4, 0.5)], "expected 2 to 4 markers, got 1"),
        ([("left_psis", 0.4, 0.5), ("left_psis", 0.6, 0.5)], "each marker once"),
        ([("left_psis", 0.4, 0.5), ("right_asis", 0.6, 0.5)], "make a line"),
        ([("left_psis", 1.4, 0.5), ("right_psis", 0.6, 0.5)], "within the picture"),
        ([("left_psis", float("nan"), 0.5), ("right_psis", 0.6, 0.5)], "within the picture"),
        ([("tail", 0.4, 0.5), ("right_psis", 0.6, 0.5)], "expected a marker among"),
        ([("rib", 0.4, 0.5), ("belt_front", 0.6, 0.5)], "make a line"),
    ],
)
def test_nonsense_is_refused_in_one_line(clicks: list[tuple[str, float, float]], says: str) -> None:
    with pytest.raises(MarkerError, match=says) as told:
        check_clicks([Click(*c) for c in clicks])
    assert "\n" not in str(told.value)


def test_a_click_beside_any_sticker_is_refused() -> None:
    film = Film(PSIS, _still)
    known = bodies([film.pose(0)], BLAZEPOSE)
    clicks = [Click("left_psis", 0.1, 0.1), Click("right_psis", 0.5, 0.5)]
    with pytest.raises(MarkerError, match="expected a bright sticker at left_psis"):
        MarkerTracker(clicks, film.frame(0), known)


def test_a_click_where_nobody_is_seen_is_refused() -> None:
    film = Film(PSIS, _still)
    with pytest.raises(MarkerError, match="nobody is seen there"):
        MarkerTracker([Click(n, 0.5, 0.5) for n in PSIS], film.frame(3), {})
