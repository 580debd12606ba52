"""The values that travel through Plumbline: frames, poses, tracks, views, cycles, findings, reports.

All of them are frozen. Image coordinates are pixels with x to the right and y **down**; times are
seconds; ``left`` and ``right`` are the athlete's own. ``NaN`` means "not seen". Intervals of frames
are half-open, ``[start, end)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ImageArray = NDArray[np.uint8]

SIDES = ("left", "right")
"""The athlete's sides, in the order in which every table lists them."""


def other_side(side: str) -> str:
    """Return the opposite of the athlete's side ``side``."""
    return SIDES[1 - SIDES.index(side)]


# --------------------------------------------------------------------------- frames and poses


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright, unmirrored picture of a clip or camera.

    ``rgb`` is ``(H, W, 3)`` uint8, ``t_s`` the time of the picture in seconds of the file's own
    clock, ``index`` its number in the file.
    """

    rgb: ImageArray
    t_s: float
    index: int


@dataclass(frozen=True)
class Skeleton:
    """Names of the ``K`` points a pose model gives, and the lines between them."""

    name: str
    names: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Row of each point name."""
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def swap(self) -> NDArray[np.intp]:
        """Permutation ``(K,)`` that exchanges left and right, derived from the names."""

        def twin(name: str) -> str:
            for side in SIDES:
                if name.startswith(f"{side}_"):
                    return other_side(side) + name[len(side) :]
            return name

        return np.array([self.index[twin(n)] for n in self.names], dtype=np.intp)

    def rows(self, *names: str) -> NDArray[np.intp]:
        """Row numbers of the points ``names``."""
        return np.array([self.index[n] for n in names], dtype=np.intp)


@dataclass(frozen=True)
class Markers:
    """Stickers on the athlete over a set: ``xy`` ``(T, M, 2)`` px, NaN where lost, ``sd_px`` ``(T, M)``.

    ``names`` are among :data:`MARKER_NAMES`.
    """

    names: tuple[str, ...]
    xy: FloatArray
    sd_px: FloatArray

    def __getitem__(self, part: slice) -> Markers:
        return replace(self, xy=self.xy[part], sd_px=self.sd_px[part])


MARKER_NAMES = (
    *(f"{side}_{bone}" for bone in ("psis", "asis") for side in SIDES),
    *("asis", "psis", "belt_front", "belt_back", "rib", "rib_low", "rib_high"),
)
"""Where a sticker can be: ``psis`` and ``asis`` are the bony points at the back and front of the pelvis,
``belt_*`` two points on the waistband's side, ``rib*`` points on the side of the lower ribs. Without a
side in the name it is the side that a side view shows."""


FRONTAL, SAGITTAL = 0, 1
"""Rows of the pelvis networks' readings: which of the two looked."""

PELVIS_COLUMNS = (
    "pelvis", "ribs", "pelvis_sd", "ribs_sd", "pelvis_by_points", "ribs_by_points", "loose",
)  # fmt: skip
"""Columns of the same, in degrees but for the last.

From the front or rear: slope of the pelvis in the picture, + its end at image right higher, and lean of
the ribs, + to image right. From the side: lean of pelvis and of ribs against the trunk's line, + forward.
0 is about a person's own standing rest, and a body may be 10 degrees off: work with changes.
``_by_points`` are a second opinion from landmarks; from the side they have a zero of their own. ``loose``,
0 to 1, is how surely loose clothes hide the pelvis.
"""

NO_PELVIS = np.full((2, len(PELVIS_COLUMNS)), np.nan)
"""Readings of a picture in which the pelvis was not looked at."""


@dataclass(frozen=True, slots=True)
class Pose:
    """What a pose model saw of the athlete in one frame.

    ``xy`` is ``(K, 2)`` px, ``score`` ``(K,)`` in 0-1 (0 where the point lies outside the picture),
    ``world_m`` ``(K, 3)`` the model's own metric guess (never used as truth), ``outline`` the
    silhouette along the trunk, ``(2, S)`` in trunk lengths, see :mod:`vision.outline`; ``markers``
    ``(M, 3)`` the stickers' x, y and standard deviation in px, NaN where lost; ``camera_px`` ``(2,)``
    how far what stands still behind the athlete has moved in the picture, NaN where that was lost;
    ``pelvis`` ``(2, 7)`` the pelvis networks' readings, see :data:`PELVIS_COLUMNS`; ``spliced`` where
    the film was cut since the pose before.
    """

    t_s: float
    index: int
    xy: FloatArray
    score: FloatArray
    world_m: FloatArray | None = None
    outline: FloatArray | None = None
    markers: FloatArray | None = None
    camera_px: FloatArray | None = None
    pelvis: FloatArray | None = None
    spliced: bool = False


@dataclass(frozen=True)
class Track:
    """Poses of one athlete over a set; every array is cut together by ``track[a:b]``.

    ``t_s`` ``(T,)`` seconds of real movement, ``index`` ``(T,)`` frame numbers in the file, ``xy``
    ``(T, K, 2)`` px with NaN for what was not seen, ``score`` ``(T, K)``, ``world_m`` ``(T, K, 3)``,
    ``outline`` ``(T, 2, S)``, ``size_wh`` the picture's size in px, ``markers`` the stickers, if any,
    ``camera_px`` ``(T, 2)`` how far the background has moved in the picture because the camera did: NaN
    where that was lost, and to be compared only within a stretch without NaN; ``pelvis`` ``(T, 2, 7)``
    the pelvis networks' readings, if they looked.
    """

    t_s: FloatArray
    index: NDArray[np.int64]
    xy: FloatArray
    score: FloatArray
    world_m: FloatArray
    outline: FloatArray
    size_wh: tuple[int, int]
    skeleton: Skeleton
    markers: Markers | None = None
    camera_px: FloatArray | None = None
    pelvis: FloatArray | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where the arrays disagree on ``T`` or ``K``, or time runs backwards."""
        t, k = len(self.t_s), len(self.skeleton.names)
        for name, array, shape in (
            ("index", self.index, (t,)),
            ("xy", self.xy, (t, k, 2)),
            ("score", self.score, (t, k)),
            ("world_m", self.world_m, (t, k, 3)),
            ("outline", self.outline[:, :, :0], (t, 2, 0)),
            ("camera_px", np.zeros((t, 2)) if self.camera_px is None else self.camera_px, (t, 2)),
        ):
            if array.shape != shape:
                raise ValueError(f"Track.{name}: expected shape {shape}, got {array.shape}")
        if t > 1 and not bool(np.all(np.diff(self.t_s) > 0)):
            raise ValueError("Track.t_s: expected strictly increasing seconds")

    def __len__(self) -> int:
        return len(self.t_s)

    def __getitem__(self, part: slice) -> Track:
        return replace(
            self,
            t_s=self.t_s[part],
            index=self.index[part],
            xy=self.xy[part],
            score=self.score[part],
            world_m=self.world_m[part],
            outline=self.outline[part],
            markers=None if self.markers is None else self.markers[part],
            camera_px=None if self.camera_px is None else self.camera_px[part],
            pelvis=None if self.pelvis is None else self.pelvis[part],
        )

    def on_ground(self, name: str) -> FloatArray:
        """Path ``(T, 2)`` px of one point against the background; NaN where the camera was lost."""
        if self.camera_px is None:
            return np.full((len(self), 2), np.nan)
        return self.point(name) - self.camera_px

    def point(self, name: str) -> FloatArray:
        """Path ``(T, 2)`` px of one point."""
        return self.xy[:, self.skeleton.index[name]]

    def marker(self, name: str) -> FloatArray:
        """Path ``(T, 2)`` px of one sticker; NaN where it was lost or never there."""
        if self.markers is None or name not in self.markers.names:
            return np.full((len(self), 2), np.nan)
        return self.markers.xy[:, self.markers.names.index(name)]

    def mid(self, part: str) -> FloatArray:
        """Path ``(T, 2)`` px of the middle between the left and right ``part``."""
        return (self.point(f"left_{part}") + self.point(f"right_{part}")) / 2

    @property
    def fps(self) -> float:
        """Median frame rate in Hz of real movement; NaN for fewer than two frames."""
        return float(1 / np.median(np.diff(self.t_s))) if len(self) > 1 else float("nan")


# --------------------------------------------------------------------------- what was filmed


class Plane(StrEnum):
    """The anatomical plane that the camera looks onto."""

    FRONTAL = "frontal"
    SAGITTAL = "sagittal"
    OBLIQUE = "oblique"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera stood, decided once per set.

    ``yaw_deg`` is the angle between the camera's axis and the normal of ``plane`` (0 = square on),
    ``yaw_sd_deg`` its standard deviation; ``roll_deg`` is the camera's roll (+ = the picture's
    upright things lean to the right), to be subtracted from image angles; ``seen_from`` is front,
    rear, left or right of the athlete.
    """

    plane: Plane
    seen_from: str | None
    yaw_deg: float
    yaw_sd_deg: float
    roll_deg: float
    roll_sd_deg: float
    confidence: float

    @property
    def near_side(self) -> str | None:
        """The athlete's side nearer to the camera in a side view."""
        return self.seen_from if self.seen_from in SIDES else None

    @property
    def facing(self) -> float:
        """+1 when a side view shows the athlete facing image right, -1 image left, else NaN.

        Whoever faces image right turns the right side to the camera.
        """
        return {"right": 1.0, "left": -1.0}.get(self.seen_from or "", float("nan"))


class CycleKind(StrEnum):
    """What is repeated."""

    REP = "rep"
    STEP = "step"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One repetition or step, as frame numbers of a :class:`Track`: ``[start, end)`` and ``turn``.

    ``side`` is the stance side of a step, None for a repetition of both legs; ``off`` the first row with
    a runner's foot off the ground again, None where that was not seen or does not matter.
    """

    start: int
    turn: int
    end: int
    kind: CycleKind = CycleKind.REP
    side: str | None = None
    off: int | None = None


KINOGRAM = ("toe_off", "max_flight", "strike", "touch_down", "full_support")
"""The pictures of a kinogram in the order in which coaches set them out."""


@dataclass(frozen=True)
class Kinogram:
    """One row of a kinogram: the flight that leads to a step of ``side`` and its landing.

    ``step`` is the number of the cycle; ``frames`` (in the file) and ``t_s`` are by the names of
    :data:`KINOGRAM`, None where it was not seen. Toe-off is that of the other foot. ``by_hand`` names
    the pictures that somebody chose.
    """

    side: str
    step: int
    frames: Mapping[str, int | None]
    t_s: Mapping[str, float | None]
    by_hand: tuple[str, ...] = ()


# --------------------------------------------------------------------------- judging


class Verdict(StrEnum):
    """How a value stands to its criterion; ``UNKNOWN`` is a verdict, not a gap."""

    GOOD = "good"
    CAUTION = "caution"
    FAULT = "fault"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of a movement's ``.toml``: what a measure is, its bands, and how well it is known.

    ``good`` and ``caution`` are closed intervals in ``unit``, caution containing good; beyond caution
    is a fault. None means that no band is published or assumed: the value is reported, not judged.
    ``definition_sd`` is the standard deviation, in ``unit``, by which the measure as seen differs
    from the true one however quiet the picture, and ``error_source`` where that was measured.
    ``marker_sd`` and ``marker_source`` take their places where stickers showed the pelvis, and
    ``network_sd`` and ``network_source`` where the pelvis network did.
    Above ``max_error95``, and in a set of fewer than ``min_cycles``, no verdict is given. ``above``
    and ``below`` name the faults on either side. ``symmetry`` says how left and right are compared
    (``ratio``, ``difference``, ``share`` or ``none``; empty: durations by ratio, the rest by
    difference), ``weaker`` whether the side with ``more`` or ``less`` is the one that works less
    well, ``mdc`` the published smallest detectable difference in ``unit``; see :mod:`vision.asymmetry`.
    """

    measure: str
    unit: str
    plane: Plane
    title: str
    source: str
    good: tuple[float, float] | None = None
    caution: tuple[float, float] | None = None
    can_fault: bool = True
    max_error95: float | None = None
    definition_sd: float = 0.0
    error_source: str = ""
    marker_sd: float | None = None
    marker_source: str = ""
    network_sd: float | None = None
    network_source: str = ""
    per_side: bool = False
    min_cycles: int = 1
    weight: float = 1.0
    above: str | None = None
    below: str | None = None
    symmetry: str = ""
    weaker: str = ""
    mdc: float | None = None
    mdc_source: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault by its key: plain words, cue, why it matters, and what to do about it.

    ``words`` may hold ``{side}``, filled with the side on which the measure ``side_from`` is larger.
    """

    key: str
    words: str
    cue: str
    explain: str
    drill: str
    source: str
    priority: int
    side_from: str | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value before it is judged, with the standard deviation of its noise and view, in its unit.

    ``value`` None with a ``reason`` means that it was not seen; ``frame`` is a row of the track.
    ``judged`` False keeps the value out of judgement, for the ``reason`` given. ``compare`` stands in
    for the value before the bands where the athlete is compared with himself or herself; the reason
    says so. ``by_markers`` says that stickers showed it, ``by_network`` that the pelvis network did, each
    with the error that the table gives for it. ``shared_sd`` is a deviation beside ``sd`` that all
    repetitions of a set have in common, so that it does not average out.
    """

    value: float | str | None
    sd: float
    frame: int | None
    reason: str = ""
    judged: bool = True
    compare: float | None = None
    by_markers: bool = False
    by_network: bool = False
    shared_sd: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """A judged measurement. ``error95`` is half the 95 % interval, in ``unit``."""

    measure: str
    side: str | None
    value: float | str | None
    unit: str
    error95: float | None
    verdict: Verdict
    reason: str
    t_s: float | None
    frame: int | None
    criterion: Criterion
    fault: str | None = None
    penalty: float = 0.0


@dataclass(frozen=True, slots=True)
class JudgedCycle:
    """A cycle with its findings; ``score`` is 0-100, None where nothing could be judged."""

    index: int
    cycle: Cycle
    start_s: float
    turn_s: float
    end_s: float
    score: int | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Guidance:
    """What to do about a fault: the cue, why, and a drill with its dose and source."""

    fault: str
    words: str
    cue: str
    explain: str
    drill: str
    source: str


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """Facts about the recording; ``fps`` of the file, ``capture_fps`` of the camera (Hz)."""

    name: str
    sha256: str
    duration_s: float
    frames: int
    fps: float
    capture_fps: float
    width: int
    height: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Curve:
    """A measure over the whole set, for plots: ``value`` ``(T,)`` on the track's clock."""

    name: str
    unit: str
    value: FloatArray
    side: str | None = None


@dataclass(frozen=True)
class Report:
    """Everything that is known about one set; files and screens are drawn from it."""

    movement: str | None
    movement_source: str
    movement_confidence: float
    view: View
    advice: str
    tracked_fraction: float
    swaps_repaired: int
    cycles: tuple[JudgedCycle, ...]
    set_score: int | None
    set_findings: tuple[Finding, ...]
    asymmetries: tuple[Mapping[str, object], ...]
    stop_after_rep: int | None
    cue: str | None
    headline: str
    guidance: tuple[Guidance, ...]
    notes: tuple[str, ...]
    track: Track
    curves: tuple[Curve, ...]
    kinogram: tuple[Kinogram, ...] = ()
    thresholds: str = ""
    provenance: Mapping[str, object] = field(default_factory=lambda: {})
