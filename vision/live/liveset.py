"""One live set: pictures or poses in, an update out of each, and the clip's own report at the end."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Final, Protocol

from vision import __version__
from vision.live.cueing import Coach
from vision.live.eyes import Eyes, same_shape
from vision.live.following import LONGEST_S, Follower
from vision.live.judging import SetSoFar
from vision.live.marking import Marking
from vision.live.values import End, LiveRep, Phase, Said, Sight, Update
from vision.movements import MOVEMENTS
from vision.pose.pelvis import network_sums
from vision.pose.weights import sha256
from vision.types import Frame, Pose, Report, Skeleton

LIVE: Final = tuple(name for name in MOVEMENTS if name not in ("gait", "single_leg_stance", "sprint"))
"""Movements that can be trained live: those of repetitions on the spot. Walking is judged afterwards."""

SHOW_S: Final = 4.0
"""Seconds that what was said stays on the screen."""

TAIL_S: Final = 1.5
"""Seconds kept after the last repetition when the athlete walked off or rested: the rest is not the set."""

ENDINGS: Final = {
    End.LEFT: "You walked off: the set is over.",
    End.RESTED: "You rested: the set is over.",
    End.LONG: "The set was ended after 15 minutes.",
    End.ASKED: "The set is over.",
    End.TURNED: "The camera's picture changed its shape: the set is over. Start again.",
    End.PAIN: (
        "Stopped. Put the weight down and rest. Do not go on today if it still hurts. If the pain is strong, "
        "comes back, or you feel numbness or weakness, see a doctor or physical therapist before you train "
        "again."
    ),
}
"""What is said when a set has ended."""


class Keeper(Protocol):
    """Keeps the pictures of a set whose recording was asked for; times are the set's own."""

    def restart(self) -> None:
        """Forget what was kept: the set begins with the next picture."""
        ...

    def add(self, frame: Frame) -> None:
        """Keep one more picture."""
        ...


class LiveSet:
    """One set of ``movement`` in front of a camera. Safe to call from several threads.

    Pictures need ``eyes`` to be read with; ``size_wh`` is the picture's size in px, settled by the first
    picture where it is None. With ``hands_free`` False the first picture begins the set. ``keeper`` is
    given the set's pictures; without one none is kept. ``marking`` looks for stickers and follows them.

    Raises ValueError for a movement that cannot be trained live.
    """

    def __init__(
        self,
        movement: str,
        skeleton: Skeleton,
        size_wh: tuple[int, int] | None = None,
        *,
        eyes: Eyes | None = None,
        hands_free: bool = True,
        keeper: Keeper | None = None,
        marking: Marking | None = None,
    ) -> None:
        if movement not in LIVE:
            raise ValueError(f"expected a movement among {', '.join(LIVE)}, got {movement!r}")
        self._movement = MOVEMENTS[movement]
        self._skeleton = skeleton
        self._size_wh = size_wh
        self._eyes = eyes
        self._keeper = keeper
        self._marking = marking
        self._lock = threading.RLock()
        self._hurts = threading.Event()
        self._coach = Coach(self._movement.table.faults)
        self._follower = Follower(self._movement, skeleton, hands_free=hands_free)
        self._set: SetSoFar | None = None
        self._last_s: float | None = None
        self._ended: End | None = None
        self._cut_s: float | None = None
        self._update = Update(0.0, Phase.PLACING, (), None, None, "", None, None)

    @property
    def said(self) -> tuple[Said, ...]:
        """The log of everything that was said, each with the repetition that caused it."""
        return tuple(self._coach.log)

    @property
    def reps(self) -> tuple[LiveRep, ...]:
        """The repetitions so far."""
        return tuple(self._set.reps) if self._set else ()

    @property
    def update(self) -> Update:
        """How the set stood after the last picture."""
        return self._update

    @property
    def until_s(self) -> float | None:
        """Where the report ends, in the set's own seconds, if what followed is not part of it."""
        return self._cut_s if self._cut_s is not None else self._end_s()

    def _end_s(self) -> float | None:
        """Where the set ends if its last seconds were leaving or resting."""
        if self._set and self._ended in (End.LEFT, End.RESTED) and self.reps:
            return min(self.reps[-1].judged.end_s + TAIL_S, self._set.seen_s)
        return None

    def push(self, seen: Frame | Pose | Sight) -> Update:
        """Take the newest picture, pose or sight; times must go forward, an older one changes nothing."""
        with self._lock:
            if self._ended or (self._last_s is not None and seen.t_s <= self._last_s):
                return replace(self._update, said=None)
            self._last_s = seen.t_s
            sight = self._see(seen)
            self._update = self._after(sight, seen if isinstance(seen, Frame) else None)
            return self._update

    def pain(self) -> Update:
        """It hurts: end the set at once and say what to do."""
        self._hurts.set()  # heard even while a picture is being read
        return self._end(End.PAIN)

    def finish(self) -> Report:
        """End the set if it still runs; the report on it, from the code that judges clips.

        From then on the counter shows what the report counts, and the report all that the counter showed.
        """
        with self._lock:
            if self._ended is None:
                self._end(End.ASKED)
            made = self._set or SetSoFar(self._movement.name, self._skeleton, self._size_wh or (1, 1))
            if self._marking is not None:
                made.stickers = self._marking.relinked(made.poses())
            report, self._cut_s = made.whole_report(self.until_s)
            self._update = replace(self._update, reps=tuple(made.reps))
        if self._eyes is None:
            return report
        model = self._eyes.estimator
        sums = {name: sha256(name) for name in model.model_files} | network_sums(self._eyes.pelvis)
        made_with = {"version": __version__, "pose": model.name, "models": sums}
        return replace(report, provenance={**made_with, "thresholds": report.thresholds})

    # ------------------------------------------------------------------ one picture

    def _see(self, seen: Frame | Pose | Sight) -> Sight:
        if isinstance(seen, Sight):
            return seen
        if isinstance(seen, Pose):
            return Sight(seen, seen.t_s)
        if self._eyes is None:
            raise ValueError("expected eyes to read pictures with; give LiveSet(eyes=…) or push poses")
        height, width = seen.rgb.shape[:2]
        if self._size_wh is None or self._set is None:
            self._settle_size((width, height))
        assert self._size_wh is not None
        sight = self._eyes.look(seen, self._size_wh)
        if self._set is None and self._eyes.gone:  # whoever walked by is not waited for
            self._eyes.forget()
        if self._marking is not None and sight.size_wh is None:
            self._marking.look(seen, sight.pose)
            if self._set is None and self._marking.gone:
                self._marking.forget()
        return sight

    def _settle_size(self, size_wh: tuple[int, int]) -> None:
        if self._size_wh != size_wh:
            self._size_wh = size_wh
            if self._eyes is not None:
                self._eyes.forget()
            if self._marking is not None:
                self._marking.forget()

    def _after(self, sight: Sight, frame: Frame | None) -> Update:
        size_wh = self._size_wh or sight.size_wh
        if size_wh is None:
            raise ValueError("expected the picture's size; give LiveSet(size_wh=…) when poses are pushed")
        if self._set and sight.size_wh and not same_shape(sight.size_wh, size_wh):
            return self._end(End.TURNED)
        step = self._follower.step(sight, size_wh, self._last_rep_s())
        if step.begins:
            self._begin(size_wh)
        if step.dropped:
            self._drop()
        said = self._take(sight, frame) if self._set else None
        if self._hurts.is_set():
            return self._end(End.PAIN)
        if step.end is not None:
            return self._end(step.end)
        if self._set and self._set.now_s > LONGEST_S:
            return self._end(End.LONG)
        showing = said or self._shown(sight.t_s)
        marks = self._marking
        sentence = f"{step.sentence} {marks.words}".strip() if marks is not None else step.sentence
        return Update(
            sight.t_s,
            step.phase,
            self.reps,
            said,
            showing,
            sentence,
            step.seconds_left,
            sight.pose,
            stickers=None if marks is None else marks.xy,
        )

    def _begin(self, size_wh: tuple[int, int]) -> None:
        self._set = SetSoFar(self._movement.name, self._skeleton, size_wh)
        self._coach = Coach(self._movement.table.faults)
        if self._keeper is not None:
            self._keeper.restart()

    def _drop(self) -> None:
        self._set = None
        if self._keeper is not None:
            self._keeper.restart()
        if self._eyes is not None:
            self._eyes.forget()
        if self._marking is not None:
            self._marking.forget()

    def _take(self, sight: Sight, frame: Frame | None) -> Said | None:
        """Keep the pose, judge when a repetition may have closed, and let the coach speak."""
        assert self._set is not None
        own_s = self._set.add(sight.pose, sight.t_s)
        if self._marking is not None:
            self._set.stickers = self._marking.stickers
        if frame is not None and self._keeper is not None:
            self._keeper.add(Frame(frame.rgb, own_s, self._set.frames - 1))
        motion = self._follower.motion
        if self._follower.phase in (Phase.REST, Phase.MOVING) and motion.due(sight.t_s):
            new = self._set.judge()
            for rep in new:
                self._coach.rep(rep)
            settles_s = self._set.settles_s
            open_until_s = None if settles_s is None else self._set.origin_s + settles_s
            motion.tried(sight.t_s, found=bool(new), settles_s=open_until_s)
        return self._coach.speak(own_s, lowering=motion.lowering, at_rest=motion.at_rest)

    def _last_rep_s(self) -> float | None:
        """When the last repetition ended, on the camera's clock."""
        return self._set.origin_s + self.reps[-1].judged.end_s if self._set and self.reps else None

    def _shown(self, t_s: float) -> Said | None:
        """What was said last, for as long as it stays on the screen."""
        if not self._coach.log or self._set is None:
            return None
        last = self._coach.log[-1]
        return last if t_s - self._set.origin_s - last.t_s <= SHOW_S else None

    def _end(self, why: End) -> Update:
        with self._lock:
            if self._ended is None or why is End.PAIN:
                self._ended = why
                self._follower.end()
                self._update = replace(
                    self._update,
                    phase=Phase.ENDED,
                    reps=self.reps,
                    said=None,
                    showing=None,
                    sentence=ENDINGS[why],
                    seconds_left=None,
                    ended_by=why,
                )
            return self._update
