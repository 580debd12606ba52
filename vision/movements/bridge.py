"""Glute bridge: from the side, camera at the height of the mat."""

from __future__ import annotations

from typing import Final

import numpy as np

from vision.events import RepRule, find_reps
from vision.movements import common as c
from vision.movements import own_tilt, pelvis, pelvis_eye, supine
from vision.movements.base import Cut, Measure, Movement, Posture, Scene, seen, unseen
from vision.movements.calibration import CalibrationError, calibrate, pointing
from vision.movements.lockout import ANTERIOR, POSTERIOR, UNDETERMINED, Calibration, Cue, agreed
from vision.movements.spine import BELLY_SPAN, bow, dorsal_row, edge_sd, window_median
from vision.movements.table import load_table
from vision.types import Curve, FloatArray, Measurement, Plane, Track, View

HOLLOW_SPAN: Final = (0.5, 0.9)
"""Part of the back's edge from the rib cage's contact to before the buttock's apex."""

TABLE: Final = load_table("bridge")


def _lift(track: Track) -> FloatArray:
    return supine.lift(track, supine.feet(track))


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the lift of the hips; the turn is the middle of the held top."""
    return Cut(tuple(find_reps(_lift(track), track.t_s, RepRule(min_rise=supine.MIN_LIFT_TRUNKS))))


def _belly_bow(scene: Scene) -> FloatArray:
    return bow(scene.track.outline[:, 1 - dorsal_row(scene.view.facing)], BELLY_SPAN)


def _back_bow(scene: Scene) -> FloatArray:
    return -bow(scene.track.outline[:, dorsal_row(scene.view.facing)], HOLLOW_SPAN)


def ventral_bow(scene: Scene, side: str | None) -> Measurement:
    """How far the belly's edge bows out of its chord at lockout, in chords.

    At lockout, not as a change from rest: lying, the fold of the hip and the floor shape the edges.
    """
    if not np.isfinite(scene.view.facing):
        return unseen("not visible from this view")
    value = window_median(_belly_bow(scene), scene.track.t_s, scene.cycle.turn)
    return seen(value, edge_sd(scene), scene.cycle.turn, "the belly's outline is not clear")


def lumbar_hollow(scene: Scene, side: str | None) -> Measurement:
    """How far the back's edge hollows inside its chord at lockout, in chords."""
    if not np.isfinite(scene.view.facing):
        return unseen("not visible from this view")
    if _arm_on_back(scene):
        return unseen("an arm lies along the back's outline: lay the hands beside the head")
    value = window_median(_back_bow(scene), scene.track.t_s, scene.cycle.turn)
    return seen(value, edge_sd(scene), scene.cycle.turn, "the back's outline is not clear")


def _arm_on_back(scene: Scene) -> bool:
    """Whether an elbow or wrist lies between shoulder and hip, within reach of the back's edge."""
    row = scene.cycle.turn
    point = scene.track.point
    shoulder, hip = c.either(scene.track, "shoulder")[row], c.either(scene.track, "hip")[row]
    axis = hip - shoulder
    length = float(np.hypot(*axis))
    for name in (f"{s}_{p}" for s in ("left", "right") for p in ("elbow", "wrist")):
        offset = point(name)[row] - shoulder
        along = float(offset @ axis) / length**2
        off = abs(float(offset[0] * axis[1] - offset[1] * axis[0])) / length**2
        if 0.3 < along < 1.1 and off < 0.6:
            return True
    return False


def pelvic_tilt(scene: Scene, side: str | None) -> Measurement:
    """Pelvis against rib cage, lockout minus rest, + anterior: from stickers or the pelvis network.

    The network needs the athlete's own arch and tuck, in the middle of which rest is taken to lie. No
    body point and no edge gives degrees: an arched and a flat bridge have the same shoulder-hip-knee
    angle within a degree, and the trunk's edges tell which way the pelvis went, at best, not how far.
    """
    if names := pelvis.along(scene.track, scene.view):
        return pelvis.tilt(scene, names)
    if look := pelvis_eye.tilt(scene.track):
        return own_tilt.agreed_tilt(scene, look, TABLE.calibration["far"])
    return unseen("not visible without markers: body points and outline do not give degrees of pelvic tilt")


def lockout_pelvis(scene: Scene, side: str | None) -> Measurement:
    """``posterior``, ``neutral`` or ``anterior`` where two cues agree on it and none contradicts.

    The outline never says ``neutral``: between its bands lie neutral backs and mild tilts alike.
    """
    pattern, reason = agreed(cues(scene))
    return unseen(reason) if pattern is None else Measurement(pattern, float("nan"), scene.cycle.turn)


def cues(scene: Scene) -> list[Cue]:
    """What each source of evidence says of the pelvis at the top.

    Network and landmarks are two readings of one picture, not two pictures: they are counted as two only
    against the athlete's own arch and tuck, where they have been seen to follow this very pelvis.
    """
    found = [
        _edge_cue("the belly's edge", "ventral_bow", ventral_bow(scene, None), scene),
        _edge_cue("the back's edge", "lumbar_hollow", lumbar_hollow(scene, None), scene),
    ]
    if names := pelvis.along(scene.track, scene.view):
        marker_sd = TABLE.criteria["pelvic_tilt"].marker_sd or 0.0
        found.append(pelvis.tilt_cue("the stickers", pelvis.tilt(scene, names), marker_sd))
    elif look := pelvis_eye.tilt(scene.track):
        found += _network_cues(scene, look)
    return found


def _network_cues(scene: Scene, look: pelvis_eye.Look) -> list[Cue]:
    if scene.calibration is None:
        turned = pelvis_eye.turned(scene, look)
        return [pelvis.tilt_cue("the pelvis network", turned, pelvis_eye.FROM_LYING_SD_DEG)]
    sd, far = TABLE.criteria["pelvic_tilt"].network_sd or 0.0, TABLE.calibration["far"]
    named = {"the pelvis network": own_tilt.TILT, "its landmarks": own_tilt.TILT_BY_POINTS}
    return [pelvis.tilt_cue(word, own_tilt.tilt(scene, look, name, far), sd) for word, name in named.items()]


def _edge_cue(words: str, name: str, edge: Measurement, scene: Scene) -> Cue:
    """Which way one edge of the outline points: by the athlete's own arch and tuck, else by the bands.

    An edge that did not follow the athlete's own arch and tuck says nothing, whatever the bands say.
    """
    if not isinstance(edge.value, float):
        return Cue(words, UNDETERMINED, edge.reason)
    look = pelvis_eye.tilt(scene.track)
    if look and look.too_loose:  # the edge is the shirt's and not the body's
        return Cue(words, UNDETERMINED, pelvis_eye.LOOSE)
    if scene.calibration is not None:
        level = scene.calibration.levels.get(name)
        if level is None:
            why = scene.calibration.refused.get(name, "not seen in your own arch and tuck")
            return Cue(words, UNDETERMINED, why)
        span = own_tilt.span_deg(scene.calibration)
        says, why = pointing(level, edge.value, edge.sd, TABLE.calibration, span)
        return Cue(f"{words} against your own arch and tuck", says, why)
    posterior_below, anterior_above = TABLE.cues[name]
    if edge.value > anterior_above:
        return Cue(words, ANTERIOR)
    return Cue(words, POSTERIOR) if edge.value < posterior_below else Cue(words, UNDETERMINED, "in between")


def own_levels(track: Track, view: View) -> Calibration:
    """The athlete's own arch and tuck, from a levelled and smoothed film of both held at the top.

    Raises CalibrationError where the film does not show them.
    """
    if not np.isfinite(view.facing):
        raise CalibrationError("expected the arch and tuck filmed straight from the side; move the camera")
    back = dorsal_row(view.facing)
    edges = {
        "ventral_bow": bow(track.outline[:, 1 - back], BELLY_SPAN),
        "lumbar_hollow": -bow(track.outline[:, back], HOLLOW_SPAN),
    }
    look = pelvis_eye.tilt(track)
    network = own_tilt.readings(look) if look and not look.too_loose else {}
    return calibrate(track, _lift(track), edges, TABLE.calibration, network)


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    out = [Curve("hip_lift", "% of trunk length", 100 * _lift(track))]
    if view.plane is Plane.SAGITTAL:
        out.insert(0, Curve("hip_extension", "deg", supine.extension(track, view)))
        out.append(Curve("shin_angle", "deg", supine.shin(track, view)))
    return tuple(out)


BRIDGE = Movement(
    name="bridge",
    table=TABLE,
    cut=cut,
    measures=(
        Measure("hip_extension", supine.hip_extension),
        Measure("knee_flexion", supine.knee_flexion),
        Measure("shin_angle", supine.shin_angle),
        Measure("pelvic_tilt", pelvic_tilt),
        Measure("ventral_bow", ventral_bow),
        Measure("lumbar_hollow", lumbar_hollow),
        Measure("lockout_pelvis", lockout_pelvis),
    ),
    curves=curves,
    cutoff_hz=4.0,
    min_fps=15.0,
    views=(Plane.SAGITTAL,),
    posture=Posture.SUPINE,
    moving="hip",
    detected=True,
)
