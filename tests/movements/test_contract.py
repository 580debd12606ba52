"""What every movement and its table owe, for all movements that there are."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest

import vision.movements
from tests import figures as fig
from tests.movements import moving
from vision.movements import MOVEMENTS, base, common, table
from vision.movements.table import TableError, load_table
from vision.types import Plane

FOLDER = Path(vision.movements.__file__).parent
HELPERS = {
    "__init__",
    "base",
    "calibration",
    "common",
    "gait_excursion",
    "gait_stride",
    "gait_width",
    "lockout",
    "oneleg",
    "own_tilt",
    "pelvis",
    "pelvis_eye",
    "sidelying",
    "spine",
    "sprint_by_hand",
    "sprint_events",
    "standing",
    "supine",
    "table",
}

MEASURES = {
    "squat": {
        "frontal": {"knee_ankle_ratio", "knee_valgus", "lateral_shift", "pelvic_obliquity", "trunk_lean"},
        "sagittal": {
            "thigh_angle",
            "knee_flexion",
            "hip_flexion",
            "shin_angle",
            "trunk_angle",
            "trunk_shin_difference",
            "heel_rise",
            "lumbar_rounding",
        },
    },
    "hinge": {
        "sagittal": {
            "shin_angle",
            "knee_flexion",
            "hip_flexion",
            "hip_knee_ratio",
            "hips_back",
            "heel_rise",
            "spine_rounding",
            "neck_angle",
            "wrist_path",
            "lockout_trunk",
        }
    },
    "bridge": {
        "sagittal": {
            "hip_extension",
            "knee_flexion",
            "shin_angle",
            "pelvic_tilt",
            "ventral_bow",
            "lumbar_hollow",
            "lockout_pelvis",
        }
    },
    "gait": {
        "frontal": {
            "pelvic_drop",
            "trunk_lean",
            "hip_adduction",
            "knee_window",
            "step_width",
            "pelvic_excursion",
        },
        "sagittal": {"shin_at_contact", "stance_time", "swing_time", "step_time", "vertical_oscillation"},
        "unknown": {"cadence"},
    },
    "sprint": {
        "sagittal": {
            "contact_time",
            "flight_time",
            "thigh_flexion_max",
            "thigh_extension_max",
            "thigh_separation",
            "knee_gap",
            "touchdown_distance",
            "trunk_angle",
            "back_in_extension",
            "pelvis_in_flexion",
            "step_length",
            "step_length_m",
            "speed",
            "step_rate",
        }
    },
}
"""The contract's measures by plane; ``unknown`` are seen from anywhere."""

PER_SIDE = {
    "squat": {"knee_valgus"},
    "hinge": set[str](),
    "bridge": set[str](),
    "gait": (MEASURES["gait"]["frontal"] - {"pelvic_excursion"})
    | {"shin_at_contact", "stance_time", "swing_time", "step_time"},
    "sprint": MEASURES["sprint"]["sagittal"] - {"step_rate"},
}
UNITS = {
    "angle": "deg",
    "flexion": "deg",
    "time": "s",
    "ratio": "ratio",
    "cadence": "steps/min",
    "lean": "deg",
}

NAMES = list(MOVEMENTS)
ROWS = [(n, key) for n, m in MOVEMENTS.items() for key in m.table.criteria]
FAULTS = [(n, key) for n, m in MOVEMENTS.items() for key in m.table.faults]


def test_the_registry_is_what_lies_on_disk() -> None:
    modules = {f.stem for f in FOLDER.glob("*.py")} - HELPERS
    tables = {f.stem for f in FOLDER.glob("*.toml")}
    assert set(MOVEMENTS) == modules == tables
    assert all(name == movement.name for name, movement in MOVEMENTS.items())
    assert set(MEASURES) <= set(MOVEMENTS)


@pytest.mark.parametrize("name", list(MEASURES))
def test_the_measures_of_the_contract_are_there_in_their_plane(name: str) -> None:
    movement = MOVEMENTS[name]
    made = {m.name for m in (*movement.measures, *movement.set_measures)}
    assert made == set().union(*MEASURES[name].values())
    for plane, measures in MEASURES[name].items():
        assert measures == {k for k, row in movement.table.criteria.items() if row.plane is Plane(plane)}
    assert {k for k, row in movement.table.criteria.items() if row.per_side} == PER_SIDE[name]


@pytest.mark.parametrize("name", NAMES)
def test_measures_and_rows_are_one_to_one(name: str) -> None:
    movement = MOVEMENTS[name]
    made = [m.name for m in (*movement.measures, *movement.set_measures)]
    assert len(made) == len(set(made))
    assert set(made) == set(movement.table.criteria)


@pytest.mark.parametrize(("name", "key"), ROWS)
def test_rows_are_complete_and_their_bands_in_order(name: str, key: str) -> None:
    row = MOVEMENTS[name].table.criteria[key]
    assert row.measure == key
    for text in (row.title, row.unit, row.source, row.error_source):
        assert text.strip()
    assert row.definition_sd >= 0
    assert row.weight >= 0
    assert (row.good is None) == (row.caution is None)
    if row.good and row.caution:
        assert row.caution[0] <= row.good[0] < row.good[1] <= row.caution[1]
        assert row.definition_sd > 0, "a judged measure has an error"
        assert row.above or row.below, "a band that can be left names what that is"
    for ending, unit in UNITS.items():
        if key.endswith(ending):
            assert row.unit == unit


@pytest.mark.parametrize(("name", "key"), ROWS)
def test_faults_that_rows_name_are_described(name: str, key: str) -> None:
    row, faults = MOVEMENTS[name].table.criteria[key], MOVEMENTS[name].table.faults
    for fault in (row.above, row.below):
        assert fault is None or fault in faults


@pytest.mark.parametrize(("name", "key"), FAULTS)
def test_faults_are_words_a_cue_and_something_to_do(name: str, key: str) -> None:
    fault = MOVEMENTS[name].table.faults[key]
    assert fault.key == key
    assert 1 <= len(fault.cue.split()) <= 4
    for text in (fault.words, fault.explain, fault.drill, fault.source):
        assert text.strip()
    assert not fault.words.endswith(".")
    assert fault.explain.endswith(".")
    assert fault.side_from is None or fault.side_from in MOVEMENTS[name].table.criteria
    assert ("{side}" in fault.words) == (fault.side_from is not None)
    named = {row.above for row in MOVEMENTS[name].table.criteria.values()}
    named |= {row.below for row in MOVEMENTS[name].table.criteria.values()}
    assert key in named, "a fault that nothing can find"


@pytest.mark.parametrize("name", NAMES)
def test_a_movement_says_how_to_film_it(name: str) -> None:
    movement = MOVEMENTS[name]
    assert set(movement.table.film) >= {"frontal", "sagittal"}
    assert all(len(text) > 40 for text in movement.table.film.values())
    assert movement.views
    assert set(movement.views) <= {Plane.FRONTAL, Plane.SAGITTAL}
    assert movement.min_fps > 0
    assert movement.cutoff_hz > 0
    assert movement.table.title
    assert movement.table.version.startswith(f"{name}@")


@pytest.mark.parametrize("name", NAMES)
def test_measures_are_documented(name: str) -> None:
    movement = MOVEMENTS[name]
    module = inspect.getmodule(movement.cut)
    assert module is not None
    for thing in (
        module,
        movement.cut,
        movement.curves,
        *(m.of for m in (*movement.measures, *movement.set_measures)),
    ):
        assert inspect.getdoc(thing), thing


@pytest.mark.parametrize("module", [base, common, table])
def test_shared_code_is_documented(module: object) -> None:
    for name, thing in vars(module).items():
        if not name.startswith("_") and getattr(thing, "__module__", "") == module.__name__:  # type: ignore[attr-defined]
            assert inspect.getdoc(thing), name


@pytest.mark.parametrize("name", list(moving.TAKES))
def test_a_mirror_swaps_the_sides_and_nothing_else(name: str) -> None:
    take = moving.TAKES[name]
    size = take.camera.size_wh
    one, two = (fig.report(moving.film(take, side), name, size_wh=size) for side in ("left", "right"))
    assert len(one.cycles) == len(two.cycles) == 2
    swap = {"left": "right", "right": "left", None: None}
    assert [k.cycle.side for k in two.cycles] == [swap[k.cycle.side] for k in one.cycles]
    seen = {(f.measure, swap[f.side]): f for f in one.set_findings if f.value is not None}
    again = {(f.measure, f.side): f for f in two.set_findings if f.value is not None}
    assert set(seen) == set(again)
    for key, f in seen.items():
        assert again[key].value == pytest.approx(f.value, abs=0.02), key
        assert again[key].verdict is f.verdict


@pytest.mark.parametrize("name", NAMES)
def test_where_nobody_is_seen_nothing_is_counted(name: str) -> None:
    blind = fig.track(fig.film(fig.squats(1), fig.FRONT, fig.clock(2.0, 20)))
    blind.xy[:] = np.nan
    for seen_from in ("left", "front"):
        assert MOVEMENTS[name].cut(blind, fig.seen_from(seen_from)).cycles == ()


# --------------------------------------------------------------------------- tables that cannot be

GOOD_ROW = """
title = "T"
[film]
frontal = "f"
sagittal = "s"
[measure.m]
title = "M"
unit = "deg"
plane = "frontal"
good = [-5.0, 5.0]
caution = [-10.0, 10.0]
definition_sd = 1.0
error_source = "e"
source = "s"
above = "bad"
[fault.bad]
words = "w"
cue = "c"
explain = "e"
drill = "d"
source = "s"
priority = 1
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table.resources, "files", lambda _: tmp_path)

    def write(text: str) -> str:
        (tmp_path / "made.toml").write_text(text, "utf-8")
        return "made"

    return write


def test_a_sound_table_is_read(written) -> None:
    got = load_table(written(GOOD_ROW))
    row = got.criteria["m"]
    assert (row.good, row.caution, row.above, row.below) == ((-5.0, 5.0), (-10.0, 10.0), "bad", None)
    assert row.plane is Plane.FRONTAL
    assert got.faults["bad"].priority == 1
    assert got.version != load_table(written(GOOD_ROW.replace("5.0]", "6.0]"))).version


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("good = [-5.0, 5.0]", "good = [5.0, -5.0]", r"m\.good: expected \[low, high\]"),
        ("good = [-5.0, 5.0]", "good = [5.0, 5.0]", r"m\.good: expected \[low, high\]"),
        ("caution = [-10.0, 10.0]", "caution = [-4.0, 10.0]", r"m: expected caution .* to contain good"),
        ("caution = [-10.0, 10.0]", "caution = [-10.0, 4.0]", r"m: expected caution .* to contain good"),
        ("caution = [-10.0, 10.0]", "", r"m: expected both good and caution or neither"),
        ("good = [-5.0, 5.0]", "", r"m: expected both good and caution or neither"),
        ('error_source = "e"', "", r"m: expected a error_source"),
        ('unit = "deg"', 'unit = ""', r"m: expected a unit"),
        ('title = "M"', "", r"m: expected a title"),
        ('error_source = "e"\nsource = "s"', 'error_source = "e"', r"m: expected a source"),
        ('above = "bad"', 'above = "worse"', r"m\.above: the fault 'worse' is not described"),
        ('above = "bad"', 'below = "worse"', r"m\.below: the fault 'worse' is not described"),
    ],
)
def test_a_table_that_cannot_be_is_refused(written, old: str, new: str, complaint: str) -> None:
    assert old in GOOD_ROW
    with pytest.raises(TableError, match=complaint):
        load_table(written(GOOD_ROW.replace(old, new)))
