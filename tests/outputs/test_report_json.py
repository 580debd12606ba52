"""report.json: valid, complete, strict JSON, whatever the report holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.outputs import factory
from vision.outputs.report_json import plain, report_schema, report_text, report_to_json
from vision.types import Plane, Report, Verdict, View


def checked(report: Report) -> dict[str, Any]:
    """The report as read back from its text, found valid."""

    def refuse(text: str) -> None:
        raise AssertionError(f"{text} is not JSON")

    read = json.loads(report_text(report, factory.clip_info()), parse_constant=refuse)
    Draft202012Validator(report_schema()).validate(read)
    return read


def with_finding(report: Report, **change: Any) -> Report:
    """``report`` whose very first finding is changed."""
    cycle = report.cycles[0]
    first = replace(cycle.findings[0], **change)
    return replace(report, cycles=(replace(cycle, findings=(first, *cycle.findings[1:])), *report.cycles[1:]))


def first_finding(read: dict[str, Any]) -> dict[str, Any]:
    return read["cycles"][0]["findings"][0]


def test_schema_is_itself_a_schema() -> None:
    Draft202012Validator.check_schema(report_schema())


def test_has_the_keys_of_the_contract() -> None:
    read = checked(factory.report())
    assert list(read) == ["schema", "clip", "movement", "view", "person", "cycles", "set", "provenance"]
    assert read["schema"] == 1
    assert {"name", "sha256", "duration_s", "frames", "fps", "capture_fps", "width", "height"} <= set(
        read["clip"]
    )
    assert {"index", "kind", "side", "start_s", "turn_s", "end_s", "score", "findings"} <= set(
        read["cycles"][0]
    )
    keys = {"measure", "side", "value", "unit", "error95", "verdict", "reason", "t_s", "frame", "criterion"}
    assert keys <= set(first_finding(read))
    assert {"good", "caution", "source"} <= set(first_finding(read)["criterion"])
    assert {"reps", "score", "findings", "asymmetries", "stop_after_rep", "cue", "guidance"} <= set(
        read["set"]
    )


def test_says_what_the_report_says() -> None:
    read = checked(factory.report())
    assert read["clip"]["name"] == "squat.mp4"
    assert read["movement"] == {"name": "squat", "source": "detected", "confidence": 0.97}
    assert read["view"]["plane"] == "frontal"
    assert read["view"]["advice"] == "Bring both feet into the picture."
    assert read["person"] == {"tracked_fraction": 0.99, "swaps_repaired": 1}
    assert [c["score"] for c in read["cycles"]] == [100, 80, 80]
    assert read["cycles"][1]["turn_s"] == 1.5
    assert read["cycles"][1]["deductions"] == [
        {"measure": "knee_ankle_ratio", "side": None, "fault": "knees_cave", "points": 20.0}
    ]
    assert read["set"]["reps"] == 3
    assert read["set"]["cue"] == "Knees out"
    assert read["provenance"]["thresholds"] == "squat@0123456789ab"


def test_a_value_that_was_not_seen_is_null_with_its_reason() -> None:
    unseen = checked(factory.report())["cycles"][0]["findings"][2]
    assert unseen["value"] is None
    assert unseen["verdict"] == "unknown"
    assert unseen["reason"] == "not visible from this view"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_becomes_null(value: float) -> None:
    report = with_finding(
        factory.report(), value=value, error95=value, verdict=Verdict.UNKNOWN, reason="hidden"
    )
    found = first_finding(checked(report))
    assert found["value"] is None
    assert found["error95"] is None


def test_a_pattern_stays_text() -> None:
    report = with_finding(
        factory.report(), value="posterior", unit="pattern", error95=None, criterion=factory.PELVIS
    )
    assert first_finding(checked(report))["value"] == "posterior"


def test_an_open_band_ends_in_null_and_no_band_is_null() -> None:
    assert first_finding(checked(factory.report()))["criterion"]["good"] == [0.8, None]
    report = with_finding(factory.report(), criterion=factory.PELVIS)
    assert first_finding(checked(report))["criterion"]["good"] is None


def test_numpy_numbers_and_an_unknown_view_pass() -> None:
    nan = float("nan")
    report = with_finding(factory.report(), value=np.float64(0.7), frame=np.int64(7), t_s=np.float64(0.25))
    report = replace(
        report,
        view=View(Plane.UNKNOWN, None, nan, nan, 0.0, nan, 0.0),
        asymmetries=(
            {"difference": np.float32(nan), "beyond_error": np.bool_(True), "compared": np.int32(3)},
        ),
    )
    read = checked(report)
    assert (first_finding(read)["value"], first_finding(read)["frame"]) == (0.7, 7)
    assert read["view"]["yaw_deg"] is None
    assert read["set"]["asymmetries"] == [{"difference": None, "beyond_error": True, "compared": 3}]


def test_values_are_rounded_for_their_unit_and_never_minus_nought() -> None:
    shift = factory.finding(factory.SHIFT, 1.2345678, Verdict.GOOD, 15, error95=2.0)
    cycle = factory.cycle(0, (shift, replace(shift, value=-0.0001)), 100)
    found = checked(replace(factory.report(1), cycles=(cycle,)))["cycles"][0]["findings"]
    assert found[0]["value"] == 1.23
    assert str(found[1]["value"]) == "0.0"


def test_round_trip_loses_nothing() -> None:
    report = factory.report()
    assert checked(report) == report_to_json(report, factory.clip_info())


def test_a_report_without_repetitions_is_valid() -> None:
    read = checked(factory.report(0))
    assert (read["set"]["reps"], read["set"]["score"], read["cycles"]) == (0, None, [])


def test_steps_carry_their_side() -> None:
    read = checked(factory.steps(factory.report(), 6))
    assert [c["side"] for c in read["cycles"]] == ["left", "right"] * 3
    assert {c["kind"] for c in read["cycles"]} == {"step"}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda d: d["cycles"][0]["findings"][2].update(value=0.0, verdict="bad"), "'bad' is not one of"),
        (lambda d: d["cycles"][0]["findings"][2].update(verdict="good"), "'unknown' was expected"),
        (lambda d: d["cycles"][0]["findings"][2].update(reason=""), "non-empty|too short"),
        (lambda d: d["cycles"][0].update(score=101), "greater than the maximum"),
        (lambda d: d["clip"].pop("sha256"), "'sha256' is a required property"),
        (lambda d: d["view"].update(seen_from="above"), "'above' is not one of"),
    ],
)
def test_schema_finds_what_is_wrong(spoil: Callable[[dict[str, Any]], None], message: str) -> None:
    read = report_to_json(factory.report(), factory.clip_info())
    spoil(read)
    with pytest.raises(ValidationError, match=message):
        Draft202012Validator(report_schema()).validate(read)


def test_plain_keeps_plain_values() -> None:
    given = {"a": [1, 2.5, None, True, "x"], "b": {"c": (1, 2)}}
    assert plain(given) == {"a": [1, 2.5, None, True, "x"], "b": {"c": [1, 2]}}
    assert plain(Verdict.GOOD) == "good"
    assert plain({3: np.array([1.0, np.nan])}) == {"3": [1.0, None]}
