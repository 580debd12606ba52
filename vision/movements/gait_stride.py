"""The stride from the side: what the feet's contacts and toe-offs give, and the shin at contact."""

from __future__ import annotations

from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.gait_events import Event
from vision.movements.base import Scene, seen, unseen
from vision.types import Measurement, other_side

TIMING_FPS: Final = 50.0
RUNNING_TIMING_FPS: Final = 100.0
"""Frames a second under which contact times are not given (reference: walking 60, running 120)."""

TOO_SLOW: Final = "below the frame rate this needs"


def shin_at_contact(scene: Scene, side: str | None) -> Measurement:
    """Shin at touch-down, + knee ahead of the ankle, - the foot landing ahead of the knee."""
    t = scene.track
    if runs(scene) and t.fps < RUNNING_TIMING_FPS:
        return unseen(TOO_SLOW)
    shin = kin.forward_lean_deg(t.point(f"{side}_ankle"), t.point(f"{side}_knee"), scene.view.facing)
    value = float(shin[scene.cycle.start])
    slope = np.gradient(shin, t.t_s)[scene.cycle.start] if len(shin) > 2 else 0.0
    quantised = float(abs(slope)) / scene.track.fps / np.sqrt(12)
    sd = float(np.hypot(np.hypot(scene.noise_deg(scene.leg_px / 2, 1.0), quantised), scene.view.roll_sd_deg))
    m = seen(value, sd, scene.cycle.start, scene.missing(f"{side}_knee", f"{side}_ankle"))
    if m.value is None or runs(scene):
        return m
    return Measurement(m.value, m.sd, m.frame, "walking: no band is published for it, not judged", False)


def runs(scene: Scene) -> bool:
    """Whether both feet are off the ground at times; a walker lands with the shin well ahead."""
    return any(foot.running for foot in scene.feet.values())


def _too_slow_a_camera(scene: Scene) -> bool:
    return scene.track.fps < (RUNNING_TIMING_FPS if runs(scene) else TIMING_FPS)


def _first(events: tuple[Event, ...], after_s: float, before_s: float = float("inf")) -> Event | None:
    return next((e for e in events if after_s < e.t_s < before_s), None)


def _contact(scene: Scene, side: str, row: int) -> Event | None:
    """The contact of ``side`` that stands at ``row`` of the track."""
    t = scene.track.t_s
    near = 1.5 / scene.track.fps
    at = float(t[min(row, len(t) - 1)])
    return min(
        (e for e in scene.feet[side].contacts if abs(e.t_s - at) <= near),
        key=lambda e: abs(e.t_s - at),
        default=None,
    )


def _between(scene: Scene, start: Event | None, end: Event | None, why: str) -> Measurement:
    """Time between two events."""
    if start is None or end is None:
        return unseen(why)
    return Measurement(end.t_s - start.t_s, float(np.hypot(start.sd_s, end.sd_s)), scene.cycle.start)


def _support(scene: Scene, side: str) -> tuple[Event | None, Event | None, Event | None]:
    """Contact and toe-off of the step's stance leg, and its next contact."""
    feet = scene.feet[side]
    on = _contact(scene, side, scene.cycle.start)
    if on is None:
        return None, None, None
    again = _first(feet.contacts, on.t_s)
    off = _first(feet.offs, on.t_s, again.t_s if again is not None else float("inf"))
    return on, off, again


def stance_time(scene: Scene, side: str | None) -> Measurement:
    """Touch-down to toe-off of the stance leg."""
    if _too_slow_a_camera(scene):
        return unseen(TOO_SLOW)
    on, off, _ = _support(scene, side or "left")
    return _between(scene, on, off, "toe-off not seen")


def swing_time(scene: Scene, side: str | None) -> Measurement:
    """Toe-off of the stance leg to its next touch-down."""
    if _too_slow_a_camera(scene):
        return unseen(TOO_SLOW)
    _, off, again = _support(scene, side or "left")
    return _between(scene, off, again, "the next touch-down was not seen")


def step_time(scene: Scene, side: str | None) -> Measurement:
    """Touch-down of the stance foot to touch-down of the other one."""
    own = side or "left"
    on = _contact(scene, own, scene.cycle.start)
    return _between(scene, on, _contact(scene, other_side(own), scene.cycle.end), "not seen")
