"""The pelvis from stickers, on figures whose every angle is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from tests.movements.stickered_figures import ASIS, Stickered, bridger, mirrored, squatter, values, walker
from vision.movements.pelvis import pattern
from vision.types import Pose, Report, Verdict

NEAR_M = 3.3
WALK_S, SQUAT_S, BRIDGE_S = 9.0, fig.set_length(2), fig.set_length(2)
REAR = fig.Camera(180.0, distance_m=NEAR_M)
FROM_RIGHT = fig.Camera(90.0, distance_m=NEAR_M)


def turned(camera: fig.Camera, yaw: float, roll: float) -> fig.Camera:
    return replace(camera, bearing_deg=camera.bearing_deg + yaw, roll_deg=roll)


def true_drops(who: Stickered, report: Report) -> list[tuple[str, float]]:
    """Side and drop of every step by the definition, from what the figure really did."""
    t = report.track.t_s
    slope = np.array([who.slope_at(float(x)) for x in t])
    out: list[tuple[str, float]] = []
    for step in report.cycles:
        k = step.cycle
        sign = 1.0 if k.side == "left" else -1.0
        around = (t >= t[k.start] - 1.0) & (t <= t[k.end - 1] + 1.0)
        cut = (k.end - k.start) // 5
        part = sign * slope[k.start + cut : k.end - cut]
        out.append((k.side or "", float(part.max() - (sign * slope[around]).mean())))
    return out


@pytest.mark.parametrize(
    ("yaw", "roll"), [(0.0, 0.0), (15.0, 5.0), (-15.0, 5.0), (15.0, -5.0), (-15.0, -5.0)]
)
def test_drop_of_either_side_is_within_a_degree(yaw: float, roll: float) -> None:
    who = walker(9.0, 3.0)
    report = who.report(who.poses(turned(REAR, yaw, roll), WALK_S, noise_px=0.15), "gait")
    true = true_drops(who, report)
    assert len(true) >= 10
    for (side, drop), step in zip(true, report.cycles, strict=True):
        found = next(f for f in step.findings if f.measure == "pelvic_drop" and f.side == side)
        assert found.value == pytest.approx(drop, abs=1.0)
        assert found.error95 is not None
        assert abs(float(found.value or 0) - drop) < found.error95 < 3.0


def test_a_drop_against_the_mean_is_told_and_not_judged() -> None:
    sunk = walker(15.0, 2.0)
    report = sunk.report(sunk.poses(REAR, WALK_S), "gait")
    by_side = {f.side: f for f in report.set_findings if f.measure == "pelvic_drop"}
    assert {f.verdict for f in by_side.values()} == {Verdict.UNKNOWN}
    assert by_side["left"].value is not None
    assert not any("hip dropped" in text for text in (report.headline, *(g.words for g in report.guidance)))
    assert by_side["left"].criterion.good == (-np.inf, 5.0)
    assert "stickers" in by_side["left"].criterion.error_source
    assert any("pelvis from stickers" in note for note in report.notes)


@pytest.mark.parametrize(("yaw", "roll"), [(0.0, 0.0), (15.0, 5.0), (-15.0, -5.0)])
@pytest.mark.parametrize("slope", [6.0, -4.0])
def test_obliquity_is_within_a_degree_though_the_pelvis_sinks(yaw: float, roll: float, slope: float) -> None:
    who = squatter(slope)
    report = who.report(who.poses(turned(REAR, yaw, roll), SQUAT_S, noise_px=0.15), "squat")
    found = values(report, "pelvic_obliquity")
    assert len(found) == 2
    assert found == pytest.approx([slope, slope], abs=1.0)


def test_obliquity_from_the_front_has_the_same_sign() -> None:
    who = squatter(5.0, ASIS)
    front = fig.Camera(0.0, distance_m=NEAR_M)
    assert values(who.report(who.poses(front, SQUAT_S), "squat"), "pelvic_obliquity") == pytest.approx(
        [5.0, 5.0], abs=0.6
    )


@pytest.mark.parametrize(("yaw", "roll"), [(0.0, 0.0), (15.0, 5.0), (-15.0, -5.0)])
@pytest.mark.parametrize("tilt", [-12.0, 1.0, 14.0])
def test_tilt_is_within_two_degrees(yaw: float, roll: float, tilt: float) -> None:
    who = bridger(tilt)
    report = who.report(who.poses(turned(FROM_RIGHT, yaw, roll), BRIDGE_S, noise_px=0.15), "bridge")
    assert values(report, "pelvic_tilt") == pytest.approx([tilt, tilt], abs=2.0)


@pytest.mark.parametrize(("tilt", "word"), [(-12.0, "posterior"), (14.0, "anterior")])
@pytest.mark.parametrize(("belly", "said"), [(-0.06, "posterior"), (0.12, "anterior"), (0.02, None)])
def test_the_lockout_takes_stickers_and_an_edge_that_agree(
    tilt: float, word: str, belly: float, said: str | None
) -> None:
    who = bridger(tilt)
    edge = fig.bow_outline(belly, (0.45, 0.95), 0)
    edge[1] = np.nan
    poses = [replace(p, outline=edge) for p in who.poses(FROM_RIGHT, BRIDGE_S, noise_px=0.15)]
    expected = word if word == said else None
    assert values(who.report(poses, "bridge"), "lockout_pelvis") == [expected, expected]


def test_tilt_seen_from_the_left_has_the_same_sign() -> None:
    who = bridger(12.0)
    left = {name: (-x, y, z) for name, (x, y, z) in who.spots.items()}
    who = replace(who, spots=left)
    report = who.report(who.poses(fig.Camera(-90.0, distance_m=NEAR_M), BRIDGE_S), "bridge")
    assert values(report, "pelvic_tilt") == pytest.approx([12.0, 12.0], abs=1.0)


def test_tilt_without_a_rib_sticker_is_told_with_a_wider_error() -> None:
    errors: list[float] = []
    for ribs in (True, False):
        who = bridger(12.0, ribs=ribs)
        report = who.report(who.poses(FROM_RIGHT, BRIDGE_S), "bridge")
        found = next(f for f in report.cycles[0].findings if f.measure == "pelvic_tilt")
        assert found.value == pytest.approx(12.0, abs=4.0)
        errors.append(found.error95 or 0.0)
    assert errors[1] > errors[0] + 0.5


def test_a_tilt_near_the_limit_is_no_pattern() -> None:
    assert pattern(5.5, 1.0) is None
    assert pattern(-4.5, 1.0) is None
    assert (pattern(-7.0, 1.0), pattern(2.0, 1.0), pattern(7.0, 1.0)) == ("posterior", "neutral", "anterior")
    who = bridger(6.0)
    report = who.report(who.poses(FROM_RIGHT, BRIDGE_S), "bridge")
    found = next(f for f in report.cycles[0].findings if f.measure == "lockout_pelvis")
    assert found.verdict is Verdict.UNKNOWN
    assert "too near the limit" in found.reason


# --------------------------------------------------------------------------- properties


def test_a_mirror_swaps_the_sides() -> None:
    who = walker(9.0, 3.0)
    poses = who.poses(REAR, WALK_S)
    plain = who.report(poses, "gait")
    flat = who.report(mirrored(poses, tuple(who.spots)), "gait")
    for side, other in (("left", "right"), ("right", "left")):
        one = [v for v in values(plain, "pelvic_drop", side) if v is not None]
        two = [v for v in values(flat, "pelvic_drop", other) if v is not None]
        assert one == pytest.approx(two, abs=0.3)  # the model's own turn is not symmetric, so nor is its yaw
        assert len(one) > 4


@pytest.mark.parametrize("change", [{"roll_deg": 5.0}, {"scale": 0.6}, {"shift_px": (40.0, -30.0)}])
def test_roll_size_and_place_in_the_picture_change_little(change: dict[str, object]) -> None:
    who = walker(9.0, 3.0)
    far = replace(REAR, distance_m=60.0)
    plain = values(who.report(who.poses(far, WALK_S), "gait"), "pelvic_drop", "left")
    other = values(who.report(who.poses(replace(far, **change), WALK_S), "gait"), "pelvic_drop", "left")  # type: ignore[arg-type]
    assert [v for v in plain if v is not None] == pytest.approx([v for v in other if v is not None], abs=0.1)


def _without(poses: list[Pose], name: int, rows: slice) -> list[Pose]:
    out = list(poses)
    for i in range(*rows.indices(len(poses))):
        marks = out[i].markers
        assert marks is not None
        marks = marks.copy()
        marks[name] = np.nan
        out[i] = replace(out[i], markers=marks)
    return out


def test_lost_markers_are_said_to_be_lost_and_nothing_is_guessed() -> None:
    who = squatter(6.0)
    poses = _without(who.poses(REAR, SQUAT_S), 0, slice(50, 80))  # the bottom of the first squat
    report = who.report(poses, "squat")
    first, second = (next(f for f in k.findings if f.measure == "pelvic_obliquity") for k in report.cycles)
    assert first.value is None
    assert first.verdict is Verdict.UNKNOWN
    assert first.reason == "markers lost in 7 of 7 frames"
    assert second.value == pytest.approx(6.0, abs=0.6)


def test_a_short_loss_is_bridged() -> None:
    who = squatter(6.0)
    poses = _without(who.poses(REAR, SQUAT_S), 1, slice(60, 62))
    assert values(who.report(poses, "squat"), "pelvic_obliquity") == pytest.approx([6.0, 6.0], abs=0.6)


def test_stickers_for_another_view_are_told_and_change_nothing() -> None:
    who = Stickered(fig.squats(2), bridger(0.0).spots)
    poses = who.poses(REAR, SQUAT_S)
    marked, plain = who.report(poses, "squat"), fig.report([replace(p, markers=None) for p in poses], "squat")
    assert values(marked, "pelvic_obliquity") == values(plain, "pelvic_obliquity")
    assert any("do not show the pelvis from this view" in note for note in marked.notes)


def test_without_stickers_nothing_is_said_of_them() -> None:
    report = fig.report(fig.film(fig.squats(2), REAR, fig.clock(SQUAT_S)), "squat")
    assert not any("sticker" in note for note in report.notes)
    assert report.track.markers is None
