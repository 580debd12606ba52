"""The part of ``docs/accuracy.md`` on the pelvis: goals, tables by what was varied, a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from validation.pelvis_stats import (
    Bar,
    Told,
    coverage_bar,
    degrees,
    degrees_bar,
    verdict_bar,
    verdicts,
    words,
)
from validation.pelvis_told import ONE_STEP, OWN, POINTS, PRODUCT, STICKERS
from validation.scatter import Dots, Panel, svg
from validation.tables import number, percent, share, table

WAYS: Final = (STICKERS, OWN, PRODUCT, POINTS)
FILMED: Final = {OWN: "own arch and tuck filmed", PRODUCT: "not filmed"}
DROP, SQUAT = "drop per side, walking, rear", "obliquity, squat, front"
WORD: Final = "lockout in words, bridge"
FEWEST_CLIPS: Final = 5
"""Clips (people) below which nothing is said of a goal."""

MEASURES: Final = ("pelvic_drop", ONE_STEP, "pelvic_obliquity", "pelvic_tilt")
LOCKOUT: Final = "lockout_pelvis"
VARIED: Final = (
    "clothes",
    "view",
    "yaw",
    "roll",
    "distance",
    "resolution",
    "frame rate",
    "arms",
    "weight",
    "sex",
    "skin",
)


def pick(values: Iterable[Told], measure: str, way: str = PRODUCT, **groups: str) -> list[Told]:
    """Values of one measure and way, and of the groups named."""
    return [
        v
        for v in values
        if v.measure == measure and v.way == way and all(v.groups.get(k) == g for k, g in groups.items())
    ]


def bars(values: Sequence[Told]) -> list[Bar]:
    """The goals of the project for rendered people, beside what the product told."""
    return [*_fitted(values), *_loose(values)]


def _fitted(values: Sequence[Told]) -> list[Bar]:
    drop = pick(values, "pelvic_drop", view="rear", clothes="fitted")
    squat = pick(values, "pelvic_obliquity", view="front", clothes="fitted")
    line = degrees_bar(f"fitted: {DROP}", degrees(drop), most=2, least_r=0.9, slope=(0.85, 1.15))
    return [
        _enough(line, drop),
        _enough(degrees_bar(f"fitted: {SQUAT}", degrees(squat), most=2.5), squat),
        *(_word(values, "fitted", way, least_right=0.9) for way in FILMED),
        *(_tilt(values, way) for way in FILMED),
        _stated(values, "fitted"),
    ]


def _word(values: Sequence[Told], clothes: str, way: str, least_right: float = 0.0) -> Bar:
    word = pick(values, LOCKOUT, way, clothes=clothes)
    name = f"{clothes}: {WORD}, {FILMED[way]}"
    return _enough(verdict_bar(name, words(word), most_wrong=0.03, least_right=least_right), word)


def _tilt(values: Sequence[Told], way: str) -> Bar:
    tilt = pick(values, "pelvic_tilt", way, clothes="fitted")
    name = f"fitted: tilt, bridge, {FILMED[way]}"
    return _enough(degrees_bar(name, degrees(tilt), most=5, least_r=0.85), tilt)


def _loose(values: Sequence[Told]) -> list[Bar]:
    drop = pick(values, "pelvic_drop", view="rear", clothes="loose")
    squat = pick(values, "pelvic_obliquity", view="front", clothes="loose")
    return [
        _enough(verdict_bar(f"loose: {DROP}", verdicts(drop), most_wrong=0.02), drop),
        _enough(verdict_bar(f"loose: {SQUAT}", verdicts(squat), most_wrong=0.02), squat),
        *(_word(values, "loose", way) for way in FILMED),
        _stated(values, "loose"),
    ]


def _stated(values: Sequence[Told], clothes: str) -> Bar:
    every = [v for m in ("pelvic_drop", *MEASURES[2:]) for v in pick(values, m, clothes=clothes)]
    every += pick(values, "pelvic_tilt", OWN, clothes=clothes)
    return _enough(coverage_bar(f"{clothes}: error stated, all three", degrees(every)), every)


def _enough(bar: Bar, values: Sequence[Told]) -> Bar:
    """The bar, with its number of clips; with too few of them nothing is said to be reached or not."""
    clips = len({v.clip for v in values})
    reached = bar.reached if clips >= FEWEST_CLIPS else None
    return replace(bar, found=f"{bar.found}; {clips} clips" if clips else bar.found, reached=reached)


def bars_table(found: Sequence[Bar]) -> str:
    """Goals as a table."""
    said = {True: "reached", False: "**not reached**", None: "cannot be said"}
    return table(["what", "goal", "found", ""], [[b.what, b.goal, b.found, said[b.reached]] for b in found])


DEGREES_HEAD: Final = (
    "clips",
    "values",
    "not told",
    "bias °",
    "RMS °",
    "largest °",
    "slope",
    "r",
    "± stated °",
    "inside ±",
)
VERDICTS_HEAD: Final = ("verdicts due", "right", "one step off", "good ↔ fault", "false faults", "unknown")
WORDS_HEAD: Final = ("clips", "lockouts", "right", "wrong", "unknown")


def degrees_cells(values: Sequence[Told]) -> list[str]:
    """A table row's figures for values in degrees."""
    d = degrees(values)
    return [
        str(len({v.clip for v in values})),
        str(d.n),
        percent(d.unknown),
        number(d.bias, signed=True),
        *(number(x) for x in (d.rms, d.largest)),
        *(number(x, 2) for x in (d.slope, d.r)),
        number(d.median95),
        percent(d.within95),
    ]


def verdict_cells(values: Sequence[Told]) -> list[str]:
    """A table row's figures for verdicts."""
    v = verdicts(values)
    counts = (v.right, v.beside, v.wrong, v.false_fault, v.unknown)
    return [str(v.n), *(share(c, v.n) for c in counts)]


def words_cells(values: Sequence[Told]) -> list[str]:
    """A table row's figures for words."""
    v = words(values)
    return [
        str(len({t.clip for t in values})),
        str(v.n),
        *(share(c, v.n) for c in (v.right, v.wrong, v.unknown)),
    ]


def _groups(values: Sequence[Told], measures: Sequence[str]) -> list[tuple[list[str], list[Told]]]:
    """Values by measure, by who told them and by clothes, with the cells that name them."""
    out: list[tuple[list[str], list[Told]]] = []
    for measure, way in ((m, w) for m in measures for w in WAYS):
        for clothes in ("",) if way == STICKERS else ("fitted", "loose"):
            some = pick(values, measure, way, **({"clothes": clothes} if clothes else {}))
            name = "the same, each step" if measure == ONE_STEP else f"`{measure}`"
            if some:
                out.append(([name, way, clothes or "–"], some))
    return out


def side_by_side(values: Sequence[Told]) -> str:
    """Stickers, the product as it stands, and body points alone, by measure and clothes."""
    head = ["measure", "told by", "clothes"]
    degrees_of = _groups(values, MEASURES)
    due = [(name, some) for name, some in degrees_of if verdicts(some).n]
    words_of = _groups(values, (LOCKOUT,))
    parts = ["Degrees:", table([*head, *DEGREES_HEAD], [n + degrees_cells(v) for n, v in degrees_of])]
    if due:
        parts += ["Verdicts:", table([*head, *VERDICTS_HEAD], [n + verdict_cells(v) for n, v in due])]
    if words_of:
        parts += ["Words:", table([*head, *WORDS_HEAD], [n + words_cells(v) for n, v in words_of])]
    return "\n\n".join(parts)


def by_group(values: Sequence[Told], measure: str) -> str:
    """The product's figures for one measure by everything that was varied; empty for too few clips."""
    cells = words_cells if measure == LOCKOUT else degrees_cells
    head = WORDS_HEAD if measure == LOCKOUT else DEGREES_HEAD
    mine = pick(values, measure)
    if len({v.clip for v in mine}) < FEWEST_CLIPS:
        return ""
    rows: list[list[str]] = []
    for what in VARIED:
        levels = sorted({v.groups[what] for v in mine if what in v.groups}, key=_order)
        if len(levels) > 1:
            for level in levels:
                some = [v for v in mine if v.groups.get(what) == level]
                rows.append([f"{what}: {level}", *cells(some)])
    return table(["", *head], rows) if rows else ""


def _order(level: str) -> tuple[int, str]:
    """Below, between, above, in that order; anything else by its name."""
    return ({"below": 0, "above": 2}.get(level.split()[0], 1), level.zfill(14))


PANELS: Final = (
    ("pelvic_drop", "drop per side, walking", -3.0, 17.0),
    ("pelvic_obliquity", "obliquity, squat", -15.0, 15.0),
    ("pelvic_tilt", "tilt, bridge", -30.0, 30.0),
)


def picture(values: Sequence[Told]) -> str:
    """Told against true for the three measures in degrees, as SVG."""
    panels: list[Panel] = []
    for measure, title, low, high in PANELS:
        kinds = (
            ("body points", POINTS, "", "#b8b8b8", True),
            ("told, fitted clothes", PRODUCT, "fitted", "#1f6f8b", True),
            ("told, loose shirt", PRODUCT, "loose", "#c8553d", False),
            ("own arch and tuck, fitted", OWN, "fitted", "#2b9a66", True),
        )
        dots: list[Dots] = []
        for name, way, clothes, colour, filled in kinds:
            some = pick(values, measure, way, **({"clothes": clothes} if clothes else {}))
            points = tuple(
                (float(v.true), float(v.true) + v.error_deg) for v in some if np.isfinite(v.error_deg)
            )
            dots.append(Dots(name, colour, filled, points))
        panels.append(Panel(title, low, high, tuple(dots)))
    return svg(panels, "true °", "told °")
