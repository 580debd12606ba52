"""Marks lie where the measure is, drawings stay on the picture, text can be read."""

from __future__ import annotations

import warnings
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.outputs import factory
from vision.outline_grid import ALONG
from vision.outputs import draw, lettering
from vision.outputs.marks import RULES, Body, arc, mark_for
from vision.outputs.palette import (
    INK,
    LEFT,
    PAPER,
    RIGHT,
    VERDICT_RGB,
    contrast,
    luminance,
)
from vision.outputs.scene import Scene, to_show
from vision.pose.base import BLAZEPOSE
from vision.types import FRONTAL, NO_PELVIS, FloatArray, ImageArray, Plane, Verdict, View

FRONT = View(Plane.FRONTAL, "front", 0.0, 4.0, 0.0, 0.5, 0.9)
SIDE = View(Plane.SAGITTAL, "right", 0.0, 4.0, 0.0, 0.5, 0.9)


def blank(size_wh: tuple[int, int] = factory.SIZE, shade: int = 128) -> ImageArray:
    return np.full((size_wh[1], size_wh[0], 3), shade, np.uint8)


def crooked() -> FloatArray:
    """A figure on which no two segments are parallel or mirror images."""
    xy = factory.figure(0.6, 9.0)
    jitter = np.random.default_rng(3).uniform(-6, 6, xy.shape)
    return xy + jitter


def outline() -> FloatArray:
    return np.stack([np.full(len(ALONG), 0.2), np.full(len(ALONG), 0.3)])


def body(xy: FloatArray, view: View = FRONT, side: str | None = None) -> Body:
    return Body(xy, outline(), BLAZEPOSE, view, side or view.near_side)


def all_points(measure: str, on: Body) -> FloatArray:
    made = mark_for(measure, on)
    assert made is not None
    return np.concatenate([*made.paths, *made.guides, made.joints, made.anchor[None], made.label[None]])


# ------------------------------------------------------------------ marks


def test_a_mark_whose_points_were_not_seen_says_nothing_on_the_way() -> None:
    """Numpy's warnings would stand between the lines that are meant for the user."""
    xy = crooked()
    xy[BLAZEPOSE.rows("left_knee", "left_ankle", "left_hip")] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for measure in ("knee_valgus", "knee_flexion", "shin_at_contact", "thigh_angle"):
            made = mark_for(measure, body(xy, FRONT, "left"))
            assert made is None or not np.isfinite(made.anchor).all()


@pytest.mark.parametrize("measure", list(RULES))
@pytest.mark.parametrize("view", [FRONT, SIDE], ids=["front", "side"])
def test_marks_go_along_with_the_body(measure: str, view: View) -> None:
    xy, shift = crooked(), np.array([31.0, -12.0])
    here = all_points(measure, body(xy, view, "left"))
    there = all_points(measure, body(xy * 2 + shift, view, "left"))
    np.testing.assert_allclose(there, here * 2 + shift, atol=1e-6)


@pytest.mark.parametrize("measure", list(RULES))
def test_a_mirrored_side_view_gives_the_mirrored_mark(measure: str) -> None:
    xy = crooked()
    mirrored = (xy * (-1, 1))[BLAZEPOSE.swap]
    other = replace(SIDE, seen_from="left")
    here = mark_for(measure, body(xy, SIDE))
    turned = Body(mirrored, outline()[::-1], BLAZEPOSE, other, "left")
    there = mark_for(measure, turned)
    assert here is not None
    assert there is not None
    if measure not in ("knee_ankle_ratio", "knee_window", "knee_gap", "step_width", "pelvic_obliquity"):
        np.testing.assert_allclose(there.anchor * (-1, 1), here.anchor, atol=1e-6)
    for one, two in zip(here.joints[None], there.joints[None], strict=True):
        expected = sorted(map(tuple, np.round(two * (-1, 1), 6)))
        assert sorted(map(tuple, np.round(one, 6))) == expected


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("measure", ["pelvic_drop", "pelvic_obliquity"])
def test_a_pelvis_that_the_network_sees_is_drawn_as_it_sees_it(measure: str, side: str) -> None:
    seen = replace(body(crooked(), FRONT, side), pelvis_deg=9.0)
    what = mark_for(measure, seen)
    assert what is not None
    a, b = sorted(what.joints.tolist())  # from image left to right
    assert np.degrees(np.arctan2(a[1] - b[1], b[0] - a[0])) == pytest.approx(9.0)  # its right end is higher
    plain = mark_for(measure, body(crooked(), FRONT, side))
    assert plain is not None
    np.testing.assert_allclose(what.joints.mean(axis=0), plain.joints.mean(axis=0))


@pytest.mark.parametrize("measure", list(RULES))
def test_an_unseen_body_has_no_mark(measure: str) -> None:
    assert mark_for(measure, body(np.full((33, 2), np.nan), SIDE)) is None


def test_a_measure_without_a_place_has_no_mark() -> None:
    assert mark_for("cadence", body(crooked())) is None


@pytest.mark.parametrize("roll_deg", [-9.0, 0.0, 6.0])
def test_a_plumb_shin_shows_no_angle_however_the_camera_rolls(roll_deg: float) -> None:
    xy = crooked()
    ankle = xy[BLAZEPOSE.index["right_ankle"]]
    up = np.array([np.sin(np.radians(roll_deg)), -np.cos(np.radians(roll_deg))])
    xy[BLAZEPOSE.index["right_knee"]] = ankle + 60 * up
    made = mark_for("shin_angle", body(xy, replace(SIDE, roll_deg=roll_deg)))
    assert made is not None
    np.testing.assert_allclose(made.guides[0][1], xy[BLAZEPOSE.index["right_knee"]], atol=1e-9)
    assert np.ptp(made.paths[1], axis=0).max() < 1e-9


def test_the_arc_of_a_bent_knee_spans_its_flexion() -> None:
    xy = crooked()
    for name, point in (("right_hip", (0, 0)), ("right_knee", (0, 50)), ("right_ankle", (-50, 50))):
        xy[BLAZEPOSE.index[name]] = point
    made = mark_for("knee_flexion", body(xy, SIDE))
    assert made is not None
    knee, turn = np.array([0, 50]), made.paths[1]
    first, last = turn[0] - knee, turn[-1] - knee
    assert np.degrees(np.arctan2(*first[::-1]) - np.arctan2(*last[::-1])) == pytest.approx(-90)
    np.testing.assert_allclose(made.guides[0], [[0, 50], [0, 100]], atol=1e-9)


def test_the_shift_of_the_hips_is_drawn_to_scale() -> None:
    xy = factory.figure(0.0)
    for part in ("left_hip", "right_hip"):
        xy[BLAZEPOSE.index[part], 0] += 13
    made = mark_for("lateral_shift", body(xy))
    assert made is not None
    np.testing.assert_allclose(made.paths[0][1] - made.paths[0][0], [13, 0], atol=1e-9)


@pytest.mark.parametrize(("seen_from", "sign"), [("right", 1.0), ("left", -1.0)])
def test_the_belly_is_on_the_side_that_the_athlete_faces(seen_from: str, sign: float) -> None:
    xy = factory.figure(0.0)
    front, back = (0, 1) if sign > 0 else (1, 0)
    reach = np.zeros((2, len(ALONG)))
    reach[front], reach[back] = 0.4, 0.1
    view = replace(SIDE, seen_from=seen_from)
    belly = mark_for("ventral_bow", Body(xy, reach, BLAZEPOSE, view, seen_from))
    assert belly is not None
    np.testing.assert_allclose(belly.paths[0][:, 0], 101 + sign * 0.4 * 80, atol=1e-6)
    spine = mark_for("lumbar_hollow", Body(xy, reach, BLAZEPOSE, view, seen_from))
    assert spine is not None
    np.testing.assert_allclose(spine.paths[0][:, 0], 101 - sign * 0.1 * 80, atol=1e-6)


@given(a=st.floats(-3.1, 3.1), b=st.floats(-3.1, 3.1))
def test_arcs_go_the_short_way(a: float, b: float) -> None:
    path = arc(np.zeros(2), np.array([np.cos(a), np.sin(a)]), np.array([np.cos(b), np.sin(b)]), 5.0)
    np.testing.assert_allclose(np.hypot(*path.T), 5.0, atol=1e-9)
    np.testing.assert_allclose(path[0], 5 * np.array([np.cos(a), np.sin(a)]), atol=1e-9)
    np.testing.assert_allclose(path[-1], 5 * np.array([np.cos(b), np.sin(b)]), atol=1e-6)
    length = np.hypot(*np.diff(path, axis=0).T).sum()
    assert length <= 5 * np.pi + 1e-6


# ------------------------------------------------------------------ strokes


def test_dashes_stay_on_their_segments_and_leave_gaps() -> None:
    segments = np.array([[[0.0, 0.0], [100.0, 0.0]], [[5.0, 5.0], [5.0, 5.0]], [[0.0, 10.0], [0.0, 13.0]]])
    pieces = draw.dashes(segments, 2.0)
    lengths = np.hypot(*(pieces[:, 1] - pieces[:, 0]).T)
    first = pieces[:, 0, 1] == 0
    assert 40 < lengths[first].sum() < 80
    assert pieces[first].min() >= 0
    assert pieces[first].max() <= 100
    assert lengths[~first].sum() == pytest.approx(3)
    assert len(draw.dashes(np.full((2, 2, 2), np.nan), 2.0)) == 0


def test_nothing_is_drawn_of_an_unseen_body() -> None:
    rgb, figure = blank(), draw.figure_of(BLAZEPOSE)
    draw.skeleton(rgb, np.full((33, 2), np.nan), figure, 1.0)
    draw.lines(rgb, [np.array([[1.0, 1.0], [np.nan, 5.0]])], INK, 3)
    np.testing.assert_array_equal(rgb, blank())


def test_left_and_right_differ_in_colour_and_in_line() -> None:
    rgb, xy = blank(), factory.figure(0.0)
    draw.skeleton(rgb, xy, draw.figure_of(BLAZEPOSE), 1.0)
    left = rgb[200:300, 101:140]
    right = rgb[200:300, 60:101]
    assert shows(left, LEFT)
    assert not shows(left, RIGHT)
    assert shows(right, RIGHT)
    assert not shows(right, LEFT)
    shin = [rgb[y, 118 + (y - 245) * 3 // 60] for y in range(252, 298)]
    other = [rgb[y, 84 - (y - 245) * 3 // 60] for y in range(252, 298)]
    assert sum(near(p, LEFT) for p in shin) > 40
    assert 10 < sum(near(p, RIGHT) for p in other) < 40


def near(pixel: NDArray[np.uint8], colour: tuple[int, int, int]) -> bool:
    return bool(np.all(np.abs(pixel.astype(int) - colour) < 40))


def shows(rgb: ImageArray, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(rgb.astype(int) - colour).max(axis=2) < 8).any())


@settings(max_examples=40, deadline=None)
@given(
    x=st.floats(-300, 900),
    y=st.floats(-300, 900),
    away=st.sampled_from([(1.0, 0.0), (-1.0, 0.0), (0.0, -1.0)]),
)
def test_labels_stay_on_the_picture(x: float, y: float, away: tuple[float, float]) -> None:
    rgb = blank((320, 480))
    at = np.array([x, y])
    taken: list[draw.Box] = []
    made = draw.Mark((), (), np.empty((0, 2)), at, at, np.array(away))
    draw.chip_beside(rgb, lettering.chip("14° ± 4°", 16), made, 1.0, taken)
    left, top, right, low = taken[0]
    assert left >= 0
    assert top >= 0
    assert right <= 320
    assert low <= 480


def test_labels_at_one_place_do_not_cover_each_other() -> None:
    rgb, at = blank((320, 480)), np.array([150.0, 200.0])
    taken: list[draw.Box] = []
    made = draw.Mark((), (), np.empty((0, 2)), at, at, np.array([1.0, 0.0]))
    for text in ("14°", "15°", "16°"):
        draw.chip_beside(rgb, lettering.chip(text, 16), made, 1.0, taken)
    tops = sorted(taken, key=lambda box: box[1])
    assert all(a[3] < b[1] for a, b in pairwise(tops))


# ------------------------------------------------------------------ text and colours


@pytest.mark.parametrize("letter", ["°", "±", "−", "“", "·", "…"])
def test_the_font_has_the_signs_that_are_needed(letter: str) -> None:
    def shape(text: str) -> ImageArray:
        return lettering.chip(text, 40).ink

    missing = shape("\U0010fffd")
    assert shape(letter).shape != missing.shape or (shape(letter) != missing).any()


@pytest.mark.parametrize("size_wh", [(202, 360), (360, 202), (640, 720), (1280, 720), (1920, 1080)])
def test_text_is_tall_enough_and_fits(size_wh: tuple[int, int]) -> None:
    size = draw.text_px(size_wh)
    assert size >= 12
    assert size >= 0.03 * min(size_wh)
    room = size_wh[0] - 20
    text = lettering.fitted("Rep 3: " + "left knee caved in " * 9, size, room)
    assert lettering.text_size(text, size)[0] <= room
    assert text.endswith("…")
    assert lettering.fitted("Rep 3", size, room) == "Rep 3"


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_chips_read_on_any_ground(ground: int) -> None:
    sprite = lettering.chip("HHH", 40, bold=True)
    rgb = blank(sprite.size, ground)
    lettering.paste(rgb, sprite, 0, 0)
    middle = rgb[sprite.size[1] // 2, 20:-20].astype(int)
    bright, dark = middle[middle.sum(axis=1).argmax()], middle[middle.sum(axis=1).argmin()]
    assert contrast(tuple(bright), tuple(dark)) > 7


@pytest.mark.parametrize("verdict", list(Verdict))
def test_verdict_signs_differ_in_shape_and_read_in_dark_ink(verdict: Verdict) -> None:
    assert contrast(INK, VERDICT_RGB[verdict]) > 4.5
    own = lettering.sign(verdict, 40).through[..., 0]
    for other in Verdict:
        if other is not verdict:
            drawn = np.abs(own.astype(int) - lettering.sign(other, 40).through[..., 0]) > 128
            assert drawn.mean() > 0.02


def test_limbs_stand_out_from_their_edges_and_from_each_other() -> None:
    assert contrast(LEFT, INK) > 7
    assert contrast(RIGHT, INK) > 7
    assert abs(luminance(LEFT) - luminance(RIGHT)) > 0.2
    assert contrast(PAPER, INK) > 15


@pytest.mark.parametrize("at", [(-500, 0), (0, -500), (5000, 0), (0, 5000)])
def test_pasting_outside_the_picture_changes_nothing(at: tuple[int, int]) -> None:
    rgb = blank()
    lettering.paste(rgb, lettering.chip("Rep 3", 20), *at)
    np.testing.assert_array_equal(rgb, blank())


def test_pasting_over_the_edge_shows_the_part_that_fits() -> None:
    sprite = lettering.chip("Rep 3", 20)
    whole, cut = blank((200, 100)), blank((200, 100))
    lettering.paste(whole, sprite, 0, 10)
    lettering.paste(cut, sprite, -15, 10)
    np.testing.assert_array_equal(whole[:, 15:100], cut[:, :85])


# ------------------------------------------------------------------ what is shown when


def chips(scene: Scene, *sprites: lettering.Sprite) -> ImageArray:
    """A blank picture with the chips that are expected in its upper left corner."""
    rgb, edge = blank(), round(4 * scene.unit)
    top = edge
    for sprite in sprites:
        lettering.paste(rgb, sprite, edge, top)
        top += sprite.size[1] + edge // 2
    return rgb[: top - edge // 2, : max(s.size[0] for s in sprites)]


@pytest.mark.parametrize(
    ("frame", "count", "verdict"),
    [
        (3, 1, None),
        (28, 1, None),
        (29, 1, ("Rep 1: good", Verdict.GOOD)),
        (40, 2, ("Rep 1: good", Verdict.GOOD)),
        (89, 3, ("Rep 3: Knees caved in", Verdict.FAULT)),
    ],
)
def test_counter_and_verdict_follow_the_set(
    frame: int, count: int, verdict: tuple[str, Verdict] | None
) -> None:
    scene = Scene(factory.report(), factory.SIZE)
    expected = [lettering.chip(f"Rep {count}/3", round(scene.text_px * 1.25), bold=True)]
    if verdict:
        expected.append(lettering.chip(verdict[0], scene.text_px, verdict[1]))
    rgb = blank()
    scene.draw(rgb, frame)
    top = chips(scene, *expected)
    np.testing.assert_array_equal(rgb[: top.shape[0], : top.shape[1]][:60], top[:60])


def test_a_fault_is_coloured_near_its_frame_and_white_far_from_it() -> None:
    scene = Scene(factory.report(), factory.SIZE)
    there, far = blank(), blank()
    scene.draw(there, 45)
    scene.draw(far, 57)
    assert shows(there[150:], VERDICT_RGB[Verdict.FAULT])
    assert not shows(far[150:], VERDICT_RGB[Verdict.FAULT])


def test_a_frame_that_was_not_tracked_shows_no_limbs() -> None:
    report = factory.report()
    kept = np.arange(90) != 50
    track = report.track
    part = replace(
        track,
        **{n: getattr(track, n)[kept] for n in ("t_s", "index", "xy", "score", "world_m", "outline")},
    )
    curve = replace(report.curves[0], value=report.curves[0].value[kept])
    scene = Scene(replace(report, track=part, curves=(curve,)), factory.SIZE)
    rgb = blank()
    scene.draw(rgb, 50)
    np.testing.assert_array_equal(rgb[100:330], blank()[100:330])


@pytest.mark.parametrize(("doubt_deg", "drawn"), [(2.0, True), (7.0, False)])
def test_the_pelvis_is_drawn_where_the_network_is_sure(doubt_deg: float, drawn: bool) -> None:
    report = factory.report()
    readings = np.tile(NO_PELVIS, (len(report.track), 1, 1))
    readings[:, FRONTAL] = (12.0, 0.0, doubt_deg, 3.0, 12.0, np.nan, 0.1)
    with_eyes, plain = blank(), blank()
    Scene(replace(report, track=replace(report.track, pelvis=readings)), factory.SIZE).draw(with_eyes, 57)
    Scene(report, factory.SIZE).draw(plain, 57)
    assert np.array_equal(with_eyes, plain) != drawn


def test_nobody_and_no_repetition_can_be_drawn() -> None:
    report = replace(factory.report(0), track=factory.track(1)[0:0], curves=())
    rgb = blank()
    Scene(report, factory.SIZE).draw(rgb, 5)
    np.testing.assert_array_equal(rgb[:300], blank()[:300])


def test_shown_first_is_what_is_gravest_on_the_step_s_own_side() -> None:
    good = factory.finding(factory.SHIFT, 1.0, Verdict.GOOD, 1, side="left")
    watch = factory.finding(factory.RATIO, 0.75, Verdict.CAUTION, 1, side="left", penalty=5)
    fault = factory.finding(factory.RATIO, 0.5, Verdict.FAULT, 1, side="left", penalty=20)
    other = replace(fault, side="right")
    assert to_show([good, watch, fault, other], "left") == [fault, watch]
    assert to_show([good, other], "left") == [good]
    unseen = factory.finding(factory.HEELS, None, Verdict.UNKNOWN, reason="hidden")
    assert to_show([unseen], None) == []
