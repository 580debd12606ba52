"""The decision over cues at the top of a bridge, and a person's own arch and tuck."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from tests import figures as fig
from vision import prepare
from vision.calibrating import calibration_from
from vision.movements.bridge import BRIDGE, own_levels
from vision.movements.calibration import CalibrationError, pointing
from vision.movements.lockout import Calibration, Cue, Level, agreed
from vision.movements.spine import dorsal_row
from vision.pose.base import BLAZEPOSE
from vision.types import SIDES, Measurement, Pose

WORDS = {"a": "anterior", "n": "neutral", "p": "posterior", "-": "undetermined"}


def cues(said: str) -> list[Cue]:
    return [Cue(f"the {i}. cue", WORDS[letter], "too dark") for i, letter in enumerate(said)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", None),
        ("-", None),
        ("a", None),
        ("a-", None),
        ("aa", "anterior"),
        ("pp", "posterior"),
        ("nn", "neutral"),
        ("p-p", "posterior"),
        ("ap", None),
        ("aap", None),
        ("aan", None),
        ("nnp", None),
        ("aaaa", "anterior"),
    ],
)
def test_two_must_agree_and_none_contradict(said: str, expected: str | None) -> None:
    for order in set(permutations(said)):
        verdict, reason = agreed(cues("".join(order)))
        assert verdict == expected
        assert bool(reason) == (expected is None)


def test_the_reason_names_who_disagrees_or_what_is_missing() -> None:
    assert "the 0. cue says arched" in agreed(cues("ap"))[1]
    assert "the 1. cue says tucked" in agreed(cues("ap"))[1]
    assert "too dark" in agreed(cues("a-"))[1]


def test_a_cue_says_one_of_four_words() -> None:
    with pytest.raises(ValueError, match="expected anterior"):
        Cue("the edge", "arched")


def test_the_index_is_0_in_the_arch_and_1_in_the_tuck() -> None:
    level = Level(0.09, -0.03, 0.006)
    assert (level.index(0.09), level.index(-0.03)) == pytest.approx((0.0, 1.0))
    assert level.index(0.03) == pytest.approx(0.5)
    assert level.index_sd(0.008) == pytest.approx(0.01 / 0.12)


# --------------------------------------------------------------------------- the calibration film

ARCH, TUCK = (0.03, 0.09), (-0.02, 0.03)
"""Bow of the belly and hollow of the back, chords: well within what the bands leave undetermined."""

SHOT_S = 20.0


def outline(belly: float, hollow: float, side: str) -> np.ndarray:
    back = dorsal_row(1.0 if side == "right" else -1.0)
    both = fig.bow_outline(belly, (0.45, 0.95), 1 - back)
    both[back] = fig.bow_outline(-hollow, (0.5, 0.9), back)[back]
    return both


def shot(
    side: str = "right",
    *,
    arch: tuple[float, float] = ARCH,
    tuck: tuple[float, float] = TUCK,
    noise: float = 0.0,
    top_deg: float = 26.0,
    fps: float = 30.0,
) -> list[Pose]:
    """Lying to 3 s, up to 17 s: level, the arch held from 5 to 10 s, the tuck from 11 on; then down."""

    def rise(t: float) -> float:
        return 3.0 + (top_deg - 3.0) * float(np.interp(t, [3, 4, 17, 18], [0, 1, 1, 0]))

    def shape(t: float, a: float, b: float) -> float:
        return float(np.interp(t, [4, 5, 10, 11], [(a + b) / 2, a, a, b]))

    rng = np.random.default_rng(5)
    camera = {"right": fig.FROM_RIGHT, "left": fig.FROM_LEFT}[side]
    poses: list[Pose] = []
    for pose in fig.film(lambda t: fig.bridging(rise(t)), camera, fig.clock(SHOT_S, fps)):
        bows = [shape(pose.t_s, a, b) for a, b in zip(arch, tuck, strict=True)]
        edges = outline(*bows, side)
        poses.append(replace(pose, outline=edges + rng.normal(0, noise, edges.shape)))
    return poses


def levels(poses: list[Pose], side: str = "right") -> Calibration:
    return own_levels(prepare.smoothed(fig.track(poses), BRIDGE.cutoff_hz), fig.seen_from(side))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("fps", [15.0, 30.0])
def test_arch_and_tuck_are_found_from_either_side(side: str, fps: float) -> None:
    found = levels(shot(side, noise=0.001, fps=fps), side).levels
    assert set(found) == {"ventral_bow", "lumbar_hollow"}
    for i, name in enumerate(("ventral_bow", "lumbar_hollow")):
        assert found[name].arch == pytest.approx(ARCH[i], abs=0.012)
        assert found[name].tuck == pytest.approx(TUCK[i], abs=0.012)


def lockout(belly: float, hollow: float, calibration: Calibration | None) -> Measurement:
    """The lockout of a set with those edges at every moment."""
    film = fig.film(fig.bridges(1), fig.FROM_RIGHT, fig.clock(fig.set_length(1)))
    poses = [replace(p, outline=outline(belly, hollow, "right")) for p in film]
    (one,) = fig.scenes(BRIDGE, fig.track(poses), fig.seen_from("right"))
    return fig.measured(BRIDGE, "lockout_pelvis", replace(one, calibration=calibration))


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, "anterior"), (-0.2, "anterior"), (0.5, None), (1.0, "posterior")]
)
def test_ones_own_arch_and_tuck_decide_where_the_bands_cannot(share: float, expected: str | None) -> None:
    calibration = levels(shot(noise=0.001))
    belly, hollow = ((1 - share) * a + share * b for a, b in zip(ARCH, TUCK, strict=True))
    assert lockout(belly, hollow, calibration).value == expected
    if share < 0.5:
        assert lockout(belly, hollow, None).value is None


@pytest.mark.parametrize(
    ("span_deg", "index", "said"),
    [
        (None, 0.62, "posterior"),
        (60.0, 0.65, "posterior"),  # 9 degrees tucked
        (40.0, 0.62, "undetermined"),  # 5 degrees: at the limit
        (40.0, 0.38, "undetermined"),
        (40.0, 0.25, "anterior"),  # 10 degrees arched
        (12.0, 0.8, "undetermined"),  # 4 degrees, however far along the own range
    ],
)
def test_where_the_degrees_are_known_the_limits_are_the_contract_s(
    span_deg: float | None, index: float, said: str
) -> None:
    level = Level(0.1, 0.0, 0.0)
    told, why = pointing(level, 0.1 * (1 - index), 0.0001, BRIDGE.table.calibration, span_deg)
    assert told == said
    assert bool(why) == (said == "undetermined")


def test_two_edges_that_disagree_with_the_calibration_are_unknown() -> None:
    got = lockout(ARCH[0], TUCK[1], levels(shot(noise=0.001)))
    assert got.value is None
    assert "do not agree" in got.reason


def test_a_shape_far_from_the_calibrated_ones_is_unknown() -> None:
    got = lockout(ARCH[0] + 0.15, ARCH[1] + 0.2, levels(shot(noise=0.001)))
    assert got.value is None
    assert "far from what was calibrated" in got.reason


def test_an_index_whose_levels_do_not_differ_by_more_than_their_noise_is_refused() -> None:
    found = levels(shot(tuck=(TUCK[0], ARCH[1] - 0.005), noise=0.001))
    assert set(found.levels) == {"ventral_bow"}
    assert "times their noise" in found.refused["lumbar_hollow"]


@pytest.mark.parametrize(
    ("poses", "words"),
    [
        (
            shot(tuck=ARCH, noise=0.001),
            "that differ .*the belly's edge and the back's edge: arch and tuck look alike",
        ),
        (shot(arch=TUCK, tuck=ARCH), "the wrong way"),
        (shot(noise=0.03), "times their noise"),
        (shot(top_deg=9.0), "hips held up for 5 s"),
        ([replace(p, outline=None) for p in shot()], "not seen in half"),
    ],
    ids=["no change", "tuck first", "noise", "lying", "no outline"],
)
def test_a_film_that_shows_no_arch_and_tuck_is_refused(poses: list[Pose], words: str) -> None:
    with pytest.raises(CalibrationError, match=words):
        levels(poses)


def test_a_film_from_the_front_is_refused() -> None:
    with pytest.raises(CalibrationError, match="straight from the side"):
        levels(shot(), "front")


def test_a_film_that_is_cut_is_refused() -> None:
    """What comes after the cut may be another day and another place of the camera."""
    poses = shot()
    log = prepare.PoseLog(BLAZEPOSE)
    for i, pose in enumerate(poses):
        log.append(replace(pose, spliced=i == 150))
    with pytest.raises(CalibrationError, match=f"in one shot, the film is cut at {poses[150].t_s:.1f} s"):
        calibration_from(log, fig.SIZE, BLAZEPOSE)
