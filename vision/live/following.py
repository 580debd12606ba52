"""Hands-free from the first step into the picture to the last step out of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.live import placement
from vision.live.motion import Motion, parts_of
from vision.live.values import End, Phase, Sight
from vision.movements.base import Movement
from vision.types import FloatArray, Pose, Skeleton

CHECK_EVERY_S: Final = 0.25
LOOK_BACK_S: Final = 1.0
"""Seconds between two looks at where the athlete stands, and how far each looks back."""

FEWEST_SIGHTS: Final = 4
SLOW_BACK_S: Final = 4.0
"""A slow computer may see less than this many in that second; then a look goes back this far for them."""

GOOD_FOR_S: Final = 0.5
BAD_FOR_S: Final = 0.8
"""Seconds that a good place must last to count, and a bad one to break a countdown off."""

COUNTDOWN_S: Final = 3.0
BASELINE_S: Final = 2.0
QUIET: Final = 0.08
"""Trunk lengths that hips and shoulders may move during the quiet seconds."""

GONE_S: Final = 3.0
"""Seconds without anybody in the picture after which the athlete has left."""

WALKED_TRUNKS: Final = 0.9
STEPPED_TRUNKS: Final = 2.2
WALKED_S: Final = 1.0
"""Both feet this far from where they stood, for this long: the athlete has walked off. The second of a
movement in which the feet leave their place: a step of 40 cm up and forward is 1.1 trunk lengths."""

REST_ENDS_S: Final = 20.0
"""Quiet seconds after a repetition that end the set."""

NO_REP_ENDS_S: Final = 60.0
"""Seconds without a repetition after which the set ends even if the athlete fidgets."""

LONGEST_S: Final = 900.0
"""No set is longer; a camera left running ends here."""

UNSEEN_SAID_S: Final = 0.7

LEFT_TEXT: Final = "I cannot see you: step back into the picture."
COMPANY_TEXT: Final = "Somebody else is in the picture: I keep watching you."
HOLD_TEXT: Final = "Hold still for two seconds."
READY_TEXT: Final = "Ready. Start when you like."


@dataclass(frozen=True, slots=True)
class Step:
    """Where the set is after one more sight.

    ``begins``: this is the first picture of a set's own, and of the quiet seconds; what came before is
    not part of it. ``dropped``: the set that had begun is not to be counted, nobody did a repetition.
    """

    phase: Phase
    sentence: str = ""
    seconds_left: float | None = None
    begins: bool = False
    dropped: bool = False
    end: End | None = None


class Follower:
    """Decides the phase from what is seen; ``hands_free`` False begins with the first sight."""

    def __init__(self, movement: Movement, skeleton: Skeleton, *, hands_free: bool = True) -> None:
        self._movement = movement
        self._skeleton = skeleton
        self._hands_free = hands_free
        self._size_wh = (1, 1)
        self._phase = Phase.PLACING
        self._recent: deque[Sight] = deque()
        self._place = placement.Placement(
            placement.Problem.NOBODY, placement.sentence(placement.Problem.NOBODY, movement)
        )
        self._checked_s = float("-inf")
        self._since_s = 0.0  # when this phase began
        self._good_s: float | None = None
        self._bad_s: float | None = None
        self._seen_s = float("-inf")
        self._moved_s = 0.0
        self._feet: FloatArray | None = None
        self._off_s: float | None = None
        self.motion = self._new_motion()

    @property
    def phase(self) -> Phase:
        """Where the set is."""
        return self._phase

    @property
    def in_set(self) -> bool:
        """Whether pictures belong to a set."""
        return self._phase in (Phase.BASELINE, Phase.REST, Phase.MOVING)

    def _new_motion(self) -> Motion:
        return Motion(self._skeleton, part=self._movement.moving)

    def step(self, sight: Sight, size_wh: tuple[int, int], last_rep_s: float | None) -> Step:
        """Take one more sight; ``last_rep_s`` is when the last repetition ended, on the camera's clock."""
        self._size_wh = size_wh
        if sight.pose is not None:
            self._seen_s = sight.t_s
        if self._phase is Phase.PLACING:
            return self._placing(sight)
        if self._phase is Phase.COUNTDOWN:
            return self._countdown(sight)
        if self._phase is Phase.BASELINE:
            return self._baseline(sight)
        return self._training(sight, last_rep_s)

    def _go(self, phase: Phase, t_s: float) -> None:
        self._phase = phase
        self._since_s = t_s
        self._good_s = self._bad_s = None

    # ------------------------------------------------------------------ before the set

    def _placing(self, sight: Sight) -> Step:
        if not self._hands_free:
            self._begin(sight)
            self._go(Phase.REST, sight.t_s)
            self._moved_s = sight.t_s
            return Step(self._phase, READY_TEXT, begins=True)
        self._check(sight)
        if self._good_s is not None and sight.t_s - self._good_s >= GOOD_FOR_S:
            self._go(Phase.COUNTDOWN, sight.t_s)
            return Step(self._phase, placement.GOOD, COUNTDOWN_S)
        return Step(self._phase, self._place.sentence)

    def _countdown(self, sight: Sight) -> Step:
        self._check(sight)
        if self._broken_off(sight):
            return Step(self._phase, self._place.sentence)
        left = COUNTDOWN_S - (sight.t_s - self._since_s)
        if left > 0:
            return Step(self._phase, self._place.sentence, left)
        self._go(Phase.BASELINE, sight.t_s)
        self._begin(sight)
        return Step(self._phase, HOLD_TEXT, BASELINE_S, begins=True)

    def _baseline(self, sight: Sight) -> Step:
        self._check(sight)
        if self._broken_off(sight):
            return Step(self._phase, self._place.sentence, dropped=True)
        if not self._quiet():
            self._since_s = sight.t_s
            self._begin(sight)
            return Step(self._phase, HOLD_TEXT, BASELINE_S, begins=True)
        self._watch(sight)
        left = BASELINE_S - (sight.t_s - self._since_s)
        if left > 0:
            return Step(self._phase, HOLD_TEXT, left)
        self._go(Phase.REST, sight.t_s)
        self._moved_s = sight.t_s
        return Step(self._phase, READY_TEXT)

    def _broken_off(self, sight: Sight) -> bool:
        if self._bad_s is None or sight.t_s - self._bad_s < BAD_FOR_S:
            return False
        self._go(Phase.PLACING, sight.t_s)
        return True

    def _check(self, sight: Sight) -> None:
        """Look at the last second, a few times a second, and note since when it is good or bad."""
        self._recent.append(sight)
        while self._recent[0].t_s < sight.t_s - self._back_s():
            self._recent.popleft()
        if sight.t_s - self._checked_s < CHECK_EVERY_S:
            return
        self._checked_s = sight.t_s
        self._place = placement.check(self._recent, self._movement, self._skeleton, self._size_wh)
        if self._place.good:
            self._bad_s = None
            self._good_s = sight.t_s if self._good_s is None else self._good_s
        else:
            self._good_s = None
            self._bad_s = sight.t_s if self._bad_s is None else self._bad_s

    def _back_s(self) -> float:
        return LOOK_BACK_S if len(self._recent) > FEWEST_SIGHTS else SLOW_BACK_S

    def _begin(self, sight: Sight) -> None:
        self.motion = self._new_motion()
        self._feet, self._off_s = None, None
        self._quiet_xy: list[FloatArray] = []
        self._watch(sight)

    def _watch(self, sight: Sight) -> None:
        if sight.pose is not None:
            self.motion.add(sight.pose, sight.t_s)
            if self._phase is Phase.BASELINE or self._feet is None:
                self._feet = _kept(self._feet, parts_of(sight.pose, self._skeleton, "ankle"))
            if self._phase is Phase.BASELINE:
                body = [parts_of(sight.pose, self._skeleton, p) for p in ("hip", "shoulder")]
                self._quiet_xy.append(np.stack(body))

    def _quiet(self) -> bool:
        if len(self._quiet_xy) < 2:
            return True
        xy = np.stack(self._quiet_xy)
        if not np.isfinite(xy).all():
            xy = xy[np.isfinite(xy).all(axis=(1, 2))]
        if len(xy) < 2:
            return True
        trunk = float(np.median(np.hypot(*(xy[:, 0] - xy[:, 1]).T)))
        return float(np.ptp(xy, axis=0).max()) <= QUIET * trunk

    # ------------------------------------------------------------------ the set

    def _training(self, sight: Sight, last_rep_s: float | None) -> Step:
        self._watch(sight)
        if not self.motion.still(1.0, within=0.15):
            self._moved_s = sight.t_s
        if (end := self._ended(sight, last_rep_s)) is not None:
            if last_rep_s is None and end in (End.LEFT, End.RESTED):
                self._go(Phase.PLACING, sight.t_s)
                self._checked_s, self._good_s = float("-inf"), None
                self._recent.clear()
                self._place = placement.Placement(
                    placement.Problem.NOBODY, placement.sentence(placement.Problem.NOBODY, self._movement)
                )
                return Step(self._phase, self._place.sentence, dropped=True)
            self._go(Phase.ENDED, sight.t_s)
            return Step(self._phase, end=end)
        self._phase = Phase.MOVING if self.motion.away else Phase.REST
        return Step(self._phase, self._remark(sight, last_rep_s))

    def _remark(self, sight: Sight, last_rep_s: float | None) -> str:
        """A sentence where something is the matter; in a set nothing else is worth reading."""
        problem = placement.light([sight])
        if problem is not None:
            return placement.SENTENCES[problem]
        if sight.t_s - self._seen_s > UNSEEN_SAID_S:
            return LEFT_TEXT
        if sight.people > 1:
            return COMPANY_TEXT
        if sight.size_wh is not None and sight.size_wh[0] < self._size_wh[0]:
            wide, high = sight.size_wh
            return f"The camera now sends a smaller picture ({wide} × {high}): it is judged less finely."
        return READY_TEXT if last_rep_s is None and self._phase is Phase.REST else ""

    def _ended(self, sight: Sight, last_rep_s: float | None) -> End | None:
        t = sight.t_s
        if t - max(self._seen_s, self._since_s if last_rep_s is None else float("-inf")) > GONE_S:
            return End.LEFT
        if self._walked_off(sight.pose, t):
            return End.LEFT
        since = self._since_s if last_rep_s is None else last_rep_s
        if t - since > NO_REP_ENDS_S or (last_rep_s is not None and self._rested(t, last_rep_s)):
            return End.RESTED
        return None

    def _rested(self, t_s: float, last_rep_s: float) -> bool:
        return t_s - max(self._moved_s, last_rep_s) > REST_ENDS_S

    def _walked_off(self, pose: Pose | None, t_s: float) -> bool:
        if pose is None or self._feet is None:
            return False
        feet = parts_of(pose, self._skeleton, "ankle")
        if not np.isfinite(feet).all():
            return False
        far = STEPPED_TRUNKS if self._movement.travels else WALKED_TRUNKS
        if float(np.hypot(*(feet - self._feet))) < far * self.motion.trunk_px:
            self._off_s = None
            return False
        self._off_s = t_s if self._off_s is None else self._off_s
        return t_s - self._off_s > WALKED_S

    def end(self) -> None:
        """End the set now."""
        self._phase = Phase.ENDED


def _kept(old: FloatArray | None, new: FloatArray) -> FloatArray | None:
    """The first place that was seen."""
    if old is not None:
        return old
    return new if bool(np.isfinite(new).all()) else None
