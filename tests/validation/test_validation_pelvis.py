"""The judge's figures on values known by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from validation import blocks, pelvis_page, pelvis_stats, pelvis_truth, recorded
from validation.pelvis_stats import Told
from validation.pelvis_told import POINTS, PRODUCT
from validation.scatter import Dots, Panel, svg
from vision.types import Cycle, CycleKind, Pose, Verdict

GOOD, CAUTION, FAULT, UNKNOWN = Verdict.GOOD, Verdict.CAUTION, Verdict.FAULT, Verdict.UNKNOWN


def told(
    value: float | str | None,
    true: float | str,
    *,
    error95: float = 2.0,
    said: Verdict = UNKNOWN,
    due: Verdict | None = None,
    measure: str = "pelvic_drop",
    way: str = PRODUCT,
    clothes: str = "fitted",
) -> Told:
    groups = {"clothes": clothes, "view": "rear"}
    return Told("clip", measure, way, value, error95, said, true, due, groups)


def test_degrees_by_hand() -> None:
    d = pelvis_stats.degrees([told(1.0, 0.0), told(3.0, 4.0), told(9.0, 8.0), told(None, 3.0)])
    assert (d.n, d.told, d.unknown) == (4, 3, 0.25)
    assert d.bias == pytest.approx(1 / 3)
    assert d.rms == pytest.approx(1.0)
    assert d.largest == pytest.approx(1.0)
    assert d.slope == pytest.approx(1.0)  # (−4·−10/3 + 0 + 4·14/3) / 32
    assert d.r == pytest.approx(32 / np.sqrt(32 * (100 + 16 + 196) / 9))
    assert d.median95 == 2.0
    assert d.within95 == 1.0


@pytest.mark.parametrize(("gain", "shift"), [(1.0, 0.0), (0.2, 3.0), (-0.5, 1.0)])
def test_the_line_finds_gain_and_sign_whatever_the_shift(gain: float, shift: float) -> None:
    true = np.array([-8.0, -3.0, 0.0, 2.0, 11.0])
    slope, r = pelvis_stats.line(true, gain * true + shift)
    assert slope == pytest.approx(gain)
    assert r == pytest.approx(np.sign(gain))


def test_a_line_needs_three_values_and_truths_that_differ() -> None:
    assert all(np.isnan(pelvis_stats.line([1.0, 2.0], [1.0, 2.0])))
    assert all(np.isnan(pelvis_stats.line([2.0, 2.5, 3.0], [1.0, 2.0, 3.0])))


def test_coverage_counts_only_values_with_an_error() -> None:
    d = pelvis_stats.degrees(
        [told(1.0, 0.0, error95=0.9), told(1.0, 0.0, error95=1.1), told(5.0, 0.0, error95=np.nan)]
    )
    assert d.within95 == 0.5
    assert d.median95 == 1.0


def test_nothing_told_has_no_figures_and_reaches_nothing() -> None:
    d = pelvis_stats.degrees([told(None, 3.0), told(None, 9.0)])
    assert (d.n, d.told, d.unknown) == (2, 0, 1.0)
    assert np.isnan(d.rms)
    bar = pelvis_stats.degrees_bar("drop", d, most=2.0, least_r=0.9, slope=(0.85, 1.15))
    assert bar.reached is None
    assert pelvis_stats.coverage_bar("error", d).reached is None


def test_verdicts_by_hand() -> None:
    v = pelvis_stats.verdicts(
        [
            told(2.0, 2.0, said=GOOD, due=GOOD),
            told(9.0, 7.0, said=FAULT, due=CAUTION),
            told(9.0, 2.0, said=FAULT, due=GOOD),
            told(2.0, 9.0, said=GOOD, due=FAULT),
            told(2.0, 9.0, said=UNKNOWN, due=FAULT),
            told(2.0, 9.0, said=GOOD, due=None),
        ]
    )
    assert (v.n, v.right, v.beside, v.wrong, v.unknown, v.false_fault) == (5, 1, 1, 2, 1, 2)
    assert v.share(v.wrong) == 0.4


def test_words_count_any_other_word_as_wrong() -> None:
    v = pelvis_stats.words(
        [
            told("anterior", "anterior"),
            told("anterior", "neutral"),
            told(None, "neutral"),
            told("neutral", "neutral"),
        ]
    )
    assert (v.n, v.right, v.wrong, v.unknown) == (4, 2, 1, 1)
    assert pelvis_stats.verdict_bar("lockout", v, most_wrong=0.03, least_right=0.9).reached is False
    assert pelvis_stats.verdict_bar("lockout", v, most_wrong=0.25, least_right=0.5).reached is True


def test_a_goal_is_missed_by_slope_alone() -> None:
    values = [told(0.5 * t, t) for t in (0.0, 1.0, 2.0, 3.0)]
    d = pelvis_stats.degrees(values)
    assert pelvis_stats.degrees_bar("drop", d, most=2.0, least_r=0.9).reached is True
    assert pelvis_stats.degrees_bar("drop", d, most=2.0, least_r=0.9, slope=(0.85, 1.15)).reached is False


@pytest.mark.parametrize(("inside", "reached"), [(95, True), (92, False), (99, False)])
def test_an_error_stated_too_wide_misses_as_well(inside: int, reached: bool) -> None:
    values = [told(1.0, 0.0, error95=2.0 if i < inside else 0.5) for i in range(100)]
    assert pelvis_stats.coverage_bar("error", pelvis_stats.degrees(values)).reached is reached


# ---------------------------------------------------------------------- the truth


def known(slope: np.ndarray, movement: str = "gait", fps: float = 50.0) -> pelvis_truth.Known:
    return pelvis_truth.Known("clip", movement, fps, slope, slope, np.zeros(len(slope)))


@pytest.mark.parametrize(("side", "sign"), [("left", 1.0), ("right", -1.0)])
def test_a_step_s_drop_is_its_own_side_s_less_the_mean(side: str, sign: float) -> None:
    fps = 50.0
    t = np.arange(500) / fps
    slope = 2.0 + 6.0 * np.sin(2 * np.pi * t)  # left side up by 6 in the first half of each second
    start = int(4 * fps) + (0 if sign > 0 else 25)
    cycle = Cycle(start, start + 12, start + 26, CycleKind.STEP, side)
    # the mean runs over a second, a half and a second: half a swing too much, 6·2/π·(0.5/2.5)
    extra = 6.0 * 2 / np.pi * 0.5 / 2.5
    assert pelvis_truth.true_step_deg(known(slope), cycle, t) == pytest.approx(6.0 - extra, abs=0.15)


def test_a_change_is_the_turn_less_rest() -> None:
    t = np.arange(300) / 50.0
    path = np.where(t < 2.0, -3.0, 5.0)
    assert pelvis_truth.true_change_deg(known(path, "squat"), 1.5, 3.0) == pytest.approx(8.0)


def test_groups_are_words(tmp_path: Path) -> None:
    raw = {
        "name": "judge_bridge_00",
        "movement": "bridge",
        "view": "left",
        "fps": 24,
        "height": 480,
        "camera": {"yaw": -15.0, "roll": 5.0, "distance": 4.2},
        "build": {"weight": 0.7, "gender": 0.1},
        "clothing": "hoodie",
        "skin": 0.4,
        "asked": {"arms": "overhead"},
        "frames": [{"rep": 0, "angles": {"pelvic_obliquity": 1.0, "lumbar_extension": 2.0}}],
    }
    path = tmp_path / "clip.json"
    path.write_text(json.dumps(raw), "utf-8")
    read = pelvis_truth.read_known(path)
    assert read is not None
    assert read.groups == {
        "view": "left",
        "yaw": "15°",
        "roll": "5°",
        "distance": "above 2.9 m",
        "resolution": "480 px high",
        "frame rate": "below 27 fps",
        "clothes": "loose",
        "weight": "above 0.6",
        "sex": "female",
        "skin": "0.3 to 0.5",
        "arms": "overhead",
    }
    path.write_text(json.dumps(raw | {"movement": "hinge"}), "utf-8")
    assert pelvis_truth.read_known(path) is None


# ---------------------------------------------------------------------- the page


def test_goals_are_held_against_the_product_and_not_the_body_points() -> None:
    people = range(pelvis_page.FEWEST_CLIPS)
    values = [replace(told(4.0 * k, 4.0 * k), clip=f"clip {k}") for k in people]
    values += [replace(v, way=POINTS, value=0.0) for v in values]
    bars = {b.what: b for b in pelvis_page.bars(values)}
    assert bars["fitted: drop per side, walking, rear"].reached is True
    assert bars["fitted: obliquity, squat, front"].reached is None
    assert bars["loose: drop per side, walking, rear"].reached is None
    few = {b.what: b for b in pelvis_page.bars([replace(v, clip="one") for v in values])}
    assert few["fitted: drop per side, walking, rear"].reached is None


def test_tables_say_what_was_not_told() -> None:
    values = [told(None, 3.0), told(5.0, 3.0), told(3.1, 3.0, way=POINTS, clothes="loose")]
    page = pelvis_page.side_by_side(values)
    assert "50.0 %" in page
    assert "body points" in page
    assert pelvis_page.by_group(values, "pelvic_tilt") == ""


def test_only_its_own_part_of_a_page_is_replaced() -> None:
    page = blocks.put(blocks.put("# Page\n", "pelvis", "old"), "sports2d", "other")
    again = blocks.put(page, "pelvis", "new")
    assert "old" not in again
    assert "other" in again
    assert again.startswith("# Page\n")
    assert blocks.put(again, "pelvis", "new") == again
    assert blocks.put("# Page\n", "x", "a \\1 b").count("a \\1 b") == 1
    kept = blocks.all_blocks(again)
    assert kept.count("begin") == 2
    assert "# Page" not in kept


def test_the_picture_keeps_far_points_on_its_edge() -> None:
    panel = Panel("drop", -5.0, 15.0, (Dots("told", "#123456", True, ((5.0, 5.0), (99.0, -99.0))),))
    drawn = svg([panel], "true", "told")
    assert drawn.count("<circle") == 3  # two points and the legend's
    assert 'cx="156.0" cy="144.0"' in drawn  # half way along both axes
    assert 'cx="266.0" cy="254.0"' in drawn


# ---------------------------------------------------------------------- what was read is kept


def test_other_eyes_are_taken_off_a_pose() -> None:
    pose = Pose(0.0, 0, np.zeros((2, 2)), np.zeros(2))
    plain = recorded.without_extra_eyes(pose)
    assert plain.xy is pose.xy
    assert all(getattr(plain, name, None) is None for name in recorded.OTHER_EYES)


def test_networks_are_named_after_the_pelvis() -> None:
    names = ["blazepose_full.onnx", "pelvis_frontal.onnx"]
    assert recorded.networks(names) == ("pelvis_frontal.onnx",)
