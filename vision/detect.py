"""Which movement a set shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.movements import MOVEMENTS, oneleg
from vision.movements import common as c
from vision.types import SIDES, Cycle, FloatArray, Plane, Track, View
from vision.view import is_lying

MIN_STEPS: Final = 3
RHYTHM_CV: Final = 0.15
"""Most variation of the stride time, as a share, that is still walking or running: 0.01 to 0.04 in healthy
people and up to 0.1 in patients, from memory; the rest is for cameras of 25 frames a second."""

SPRINT_STEP_S: Final = 0.3
"""Longest step of a sprint: 200 a minute; sprinters take 240 to 300, runners 150 to 190 (from memory)."""

SPRINT_APART_DEG: Final = 80.0
"""Least angle between the thighs, reached in a tenth of the time: sprinters 90 to 110 degrees, a jogger of a
laboratory 60 to 70, walkers 50 (assumed)."""

_HINGE_BELOW: Final = 0.42
_SQUAT_ABOVE: Final = 0.66
"""Fall of the hips over fall of the shoulders at the turn: hinges tip, squats sink."""


_BENCH_TRUNKS: Final = 0.45
"""Height of the shoulders over the feet, in trunk lengths, from which they lie on a bench: 0.05 to 0.1 on
the floor, 0.6 on a bench of 35 cm."""

_AIR_TRUNKS: Final = 0.4
"""Height of one foot over the other, in trunk lengths, from which it is in the air for a purpose."""


_SPLIT_LEGS: Final = 0.2
_LOW_KNEE_LEGS: Final = 0.3
_STEP_LEGS: Final = 0.2
"""Least difference of the shins' heights in a lunge, 0.6 on film, and most height of its rear knee over the
lower ankle; the free knee of who squats on one leg stays above that. The third: by how much a step
moves the feet apart in the picture. All in leg lengths."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The movement, None where nothing fits, and how sure (0-1)."""

    name: str | None
    confidence: float


def detect(track: Track, view: View) -> Guess:
    """The movement of a levelled, smoothed ``track``."""
    if len(track) < 5:
        return Guess(None, 0.0)
    lying = _on_the_floor(track, view)
    if lying is not None:
        return lying
    split = _split(track, MOVEMENTS["lunge"].cut(track, view).cycles)
    if split is not None:  # before the steps: no walker's rear knee comes so near to the floor
        return split
    lifts = MOVEMENTS["hinge"].cut(track, view)
    sinks = MOVEMENTS["squat"].cut(track, view).cycles
    steps = MOVEMENTS["gait"].cut(track, view).cycles
    planted = [k for k in (*sinks, *lifts.cycles) if feet_stay(track, k)]
    if in_rhythm(steps, track.t_s) and len(planted) < 2:
        if sprints(track, view):
            return Guess("sprint", 0.8)
        return Guess("gait", min(0.95, 0.5 + 0.05 * len(steps)))
    if not planted and len(steps) >= MIN_STEPS:
        return Guess(None, 0.0)  # feet that come and go without rhythm, and nothing done on the spot
    if not planted:
        if _upright(track) or not MOVEMENTS["bridge"].cut(track, view).cycles:
            return Guess(None, 0.0)
        return Guess("bridge", 0.5)
    return _bend(track, view, planted)


def _on_the_floor(track: Track, view: View) -> Guess | None:
    """A bridge or hip thrust, of who lies or whose hips pump; None for neither."""
    if is_lying(track):
        reps = MOVEMENTS["bridge"].cut(track, view).cycles
        return Guess(_which_bridge(track, reps), 0.95 if reps else 0.6)
    if _hips_pump(track):
        reps = MOVEMENTS["bridge"].cut(track, view).cycles
        if reps:
            return Guess(_which_bridge(track, reps), 0.8)
    return None


def sprints(track: Track, view: View) -> bool:
    """Whether legs seen from the side turn over and part as in sprinting.

    Nobody walks, and hardly anybody jogs, at such a rate with the thighs so far apart; who does is off
    the ground in between. Flight itself is too short for what is smoothed here.
    """
    if view.plane is not Plane.SAGITTAL or not np.isfinite(view.facing):
        return False
    steps = MOVEMENTS["sprint"].cut(track, view).cycles
    if len(steps) < MIN_STEPS or any(a.side == b.side for a, b in pairwise(steps)):
        return False
    step_s = np.diff(track.t_s[[k.turn for k in steps]])
    left, right = (
        kin.thigh_deg(track.point(f"{s}_hip"), track.point(f"{s}_knee"), view.facing) for s in SIDES
    )
    apart = np.abs(left - right)
    apart = apart[np.isfinite(apart)]
    if not len(apart):
        return False
    wide = float(np.percentile(apart, 90)) >= SPRINT_APART_DEG
    even = float(np.std(step_s) / np.mean(step_s)) <= RHYTHM_CV
    return wide and even and float(np.median(step_s)) <= SPRINT_STEP_S


def _upright(track: Track) -> bool:
    """Whether the trunk stands most of the time: then hips that rise are no bridge, but a step on a box."""
    v = c.either(track, "shoulder") - c.either(track, "hip")
    steep = np.degrees(np.arctan2(-v[:, 1], np.abs(v[:, 0])))
    steep = steep[np.isfinite(steep)]
    return bool(len(steep)) and float(np.median(steep)) > 60.0


def in_rhythm(steps: Sequence[Cycle], t_s: FloatArray) -> bool:
    """Whether most of the steps follow each other without a break and in one rhythm.

    Strides are compared, two steps each, so that a limp is no fault of rhythm. Shuffling, turning and
    jumping move the feet to and fro as well, but each time takes another time.
    """
    walked = 0
    for row in _rows(steps):
        edges = t_s[np.minimum([*(k.start for k in row), row[-1].end], len(t_s) - 1)]
        strides = edges[2:] - edges[:-2]
        if len(row) >= MIN_STEPS and float(np.std(strides) / np.mean(strides)) <= RHYTHM_CV:
            walked += len(row)
    return walked >= MIN_STEPS and walked > len(steps) / 2


def _rows(steps: Sequence[Cycle]) -> list[list[Cycle]]:
    """Steps that follow each other without a break."""
    rows: list[list[Cycle]] = []
    for step in steps:
        if rows and rows[-1][-1].end == step.start and rows[-1][-1].side != step.side:
            rows[-1].append(step)
        else:
            rows.append([step])
    return rows


def _hips_pump(track: Track) -> bool:
    """Whether the hips go up and down much more than the shoulders: a hip thrust off a bench."""
    hip, shoulder = (c.either(track, part)[:, 1] for part in ("hip", "shoulder"))
    hip, shoulder = hip[np.isfinite(hip)], shoulder[np.isfinite(shoulder)]
    if len(hip) < 5 or len(shoulder) < 5:
        return False
    travel = float(np.ptp(np.percentile(hip, [5, 95])))
    return travel > 1.4 * float(np.ptp(np.percentile(shoulder, [5, 95]))) and travel > 0.2 * c.trunk_px(track)


def _which_bridge(track: Track, reps: Sequence[Cycle]) -> str:
    """A hip thrust has its shoulders on a bench; in a bridge on one leg the other foot is in the air."""
    trunk = c.trunk_px(track)
    votes: list[str] = []
    for k in reps:
        top = slice(max(k.turn - 1, 0), k.turn + 2)
        ankles = [float(np.median(track.point(f"{s}_ankle")[top, 1])) for s in SIDES]
        if not np.isfinite(ankles).all():
            continue
        raised = max(ankles) - float(np.median(c.either(track, "shoulder")[top, 1]))
        apart = abs(ankles[0] - ankles[1])
        thrust = raised > _BENCH_TRUNKS * trunk
        votes.append(
            "single_leg_bridge" if apart > _AIR_TRUNKS * trunk else "hip_thrust" if thrust else "bridge"
        )
    best = max(set(votes), key=votes.count) if votes else "bridge"
    return best if votes.count(best) > len(reps) / 2 else "bridge"


def feet_stay(track: Track, cycle: Cycle) -> bool:
    """Whether both feet stand through a repetition: a lunge, a step-up or a walk-out moves one."""
    leg = c.leg_px(track)
    for side in ("left", "right"):
        ankle = track.point(f"{side}_ankle")[cycle.start : cycle.end]
        ankle = ankle[np.isfinite(ankle).all(axis=1)]
        if len(ankle) > 5:
            spread = np.percentile(ankle, 90, axis=0) - np.percentile(ankle, 10, axis=0)
            if float(np.hypot(*spread)) > 0.3 * leg:
                return False
    return True


def _split(track: Track, cycles: Sequence[Cycle]) -> Guess | None:
    """A lunge, or a split squat whose feet stay apart and whose front leg is the same; None for neither.

    At the bottom one shin stands, the other lies or hangs back, and the rear knee is near the floor.
    """
    fronts = [front for k in cycles if (front := _front(track, k)) is not None]
    split = [front for front in fronts if front]
    if len(split) < 2 or len(split) <= len(fronts) / 2 or len(fronts) <= len(cycles) / 3:
        return None
    sides = {side for k in cycles if (side := oneleg.front_side(track, k))}
    stays = sum(_apart_alike(track, k) for k in cycles) > len(cycles) / 2
    name = "split_squat" if stays and len(sides) == 1 else "lunge"
    return Guess(name, round(0.5 + 0.4 * len(split) / len(cycles), 2))


def _apart_alike(track: Track, cycle: Cycle) -> bool:
    """Whether the feet are as far apart before the repetition as at its turn: nobody took a step."""
    apart = (track.point("left_ankle") - track.point("right_ankle")) / c.leg_px(track)
    before = apart[max(cycle.start - 2, 0) : cycle.start + 3]
    now = apart[oneleg.about_turn(track, cycle)]
    both = [part[np.isfinite(part).all(axis=1)] for part in (before, now)]
    if not all(len(part) for part in both):
        return feet_stay(track, cycle)
    return float(np.hypot(*(np.median(both[0], axis=0) - np.median(both[1], axis=0)))) < _STEP_LEGS


def _front(track: Track, cycle: Cycle) -> str | None:
    """The side in front at the bottom, "" where the legs do the same; None where a shin was not seen."""
    rows = oneleg.about_turn(track, cycle)
    ankles, knees = ([track.point(f"{s}_{p}")[rows, 1] for s in SIDES] for p in ("ankle", "knee"))
    shins = [a - k for a, k in zip(ankles, knees, strict=True)]
    apart = (shins[0] - shins[1])[np.isfinite(shins[0] - shins[1])]
    if not len(apart):
        return None
    leg = c.leg_px(track)
    front = 0 if float(np.median(apart)) > 0 else 1
    knee = float(np.nanmedian(np.fmax(*ankles) - knees[1 - front]))
    split = abs(float(np.median(apart))) > _SPLIT_LEGS * leg and knee < _LOW_KNEE_LEGS * leg
    return SIDES[front] if split else ""


def _bend(track: Track, view: View, cycles: list[Cycle]) -> Guess:
    hip = c.drop(c.height_above_feet(track, "hip"))
    shoulder = c.drop(c.height_above_feet(track, "shoulder"))
    votes = [_hinge_share(track, view, hip, shoulder, k) for k in cycles]
    hinge = float(np.mean(votes))
    name = "hinge" if hinge >= 0.5 else "squat"
    return Guess(name, round(0.5 + abs(hinge - 0.5) * 0.95, 2))


def _hinge_share(track: Track, view: View, hip: FloatArray, shoulder: FloatArray, cycle: Cycle) -> float:
    """0 squat to 1 hinge for one repetition, at the frame in which the shoulders are lowest."""
    part = shoulder[cycle.start : cycle.end]
    if not np.isfinite(part).any():
        return 0.5
    low = cycle.start + int(np.nanargmax(part))
    ratio = float(hip[low] / max(shoulder[low], 1.0))
    hands = _hands_low(track, low)
    if view.plane is not Plane.SAGITTAL:
        return float(np.clip(_thigh_upright(track, low) + hands, 0, 1))
    share = float(np.clip((_SQUAT_ABOVE - ratio) / (_SQUAT_ABOVE - _HINGE_BELOW), 0, 1))
    knee = float(c.knee_flexion(track, view)[low])
    trunk = float(c.trunk_angle(track, view)[low])
    if np.isfinite(knee + trunk):
        share = 0.5 * share + 0.5 * float(np.clip((trunk * 1.6 - knee + 30) / 60, 0, 1))
    return float(np.clip(share + hands, 0, 1))


def _thigh_upright(track: Track, row: int) -> float:
    """1 when the thighs look as long as standing (a hinge from the front), 0 when they look short."""
    shares: list[float] = []
    for side in ("left", "right"):
        length = kin.length_px(track.point(f"{side}_hip"), track.point(f"{side}_knee"))
        if np.isfinite(length[row]):
            shares.append(float(length[row] / np.nanpercentile(length, 90)))
    return float(np.clip((np.mean(shares) - 0.75) / 0.15, 0, 1)) if shares else 0.5


def _hands_low(track: Track, row: int) -> float:
    """+0.6 when the hands are below the knees, -0.35 when they are at the chest or shoulders, else 0."""
    wrist, knee = c.either(track, "wrist")[row], c.either(track, "knee")[row]
    shoulder = c.either(track, "shoulder")[row]
    if not np.isfinite(wrist).all() or not np.isfinite(knee + shoulder).all():
        return 0.0
    down = float((wrist - shoulder)[1] / max(float((knee - shoulder)[1]), 1.0))
    if down >= 1.05:
        return 0.6
    return -0.35 if down < 0.35 else 0.0
