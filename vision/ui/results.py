"""The results of a set as the screens need them: the report, and which frame each repetition has.

Knows no Streamlit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

from vision.outputs.checked import StoredError, as_row
from vision.outputs.player_data import real_seconds
from vision.outputs.report_back import forget_reports, read_report
from vision.types import ClipInfo, Report

_PLAYER_NAME: Final = "player.json"


@dataclass(frozen=True, slots=True)
class Spell:
    """A repetition or step on the film, in frame numbers."""

    start: int
    turn: int
    end: int


@dataclass(frozen=True)
class Results:
    """What one analysis left. ``spells`` goes with the report's cycles; empty where it is not known."""

    report: Report
    clip: ClipInfo
    spells: tuple[Spell, ...]
    times_s: tuple[float, ...]
    has_film: bool

    def time_s(self, frame: int) -> float | None:
        """When a frame was filmed, in real seconds as the player tells them; slow motion shows it later."""
        known = 0 <= frame < len(self.times_s)
        return self.times_s[frame] * real_seconds(self.clip) if known else None

    def frame_of(self, cycle: int) -> int | None:
        """The frame worth seeing of a repetition: of its gravest finding, else where it turns."""
        spell = self.spells[cycle] if cycle < len(self.spells) else None
        return spell.turn if spell else None


def read(folder: Path | None) -> Results:
    """What lies in a folder of results; StoredError where it cannot be shown."""
    if folder is None:
        raise StoredError("the results of this set are missing; analyse the clip again")
    try:
        report, clip = read_report(folder / "report.json")
    except OSError:
        raise StoredError("the results of this set cannot be read; analyse the clip again") from None
    spells, times_s = _film_facts(folder / _PLAYER_NAME)
    return Results(report, clip, spells, times_s, bool(times_s) and (folder / "film.mp4").is_file())


def _film_facts(path: Path) -> tuple[tuple[Spell, ...], tuple[float, ...]]:
    """Repetitions and times of the film; empty where there is none to be played."""
    try:
        facts = path.stat()
        return _parsed(path, facts.st_mtime_ns, facts.st_size)
    except (OSError, StoredError):
        return (), ()


@lru_cache(maxsize=32)
def _parsed(path: Path, changed_ns: int, size: int) -> tuple[tuple[Spell, ...], tuple[float, ...]]:
    del changed_ns, size  # parts of the cache's key
    try:
        top = as_row(cast("object", json.loads(path.read_bytes())), "")
    except (ValueError, RecursionError):
        raise StoredError("expected JSON; analyse the clip again") from None
    spells = tuple(Spell(*(row.whole(key) for key in ("start", "turn", "end"))) for row in top.rows("cycles"))
    times = top.items("times_s")
    if not all(isinstance(t, int | float) for t in times):
        raise StoredError("expected times in player.json; analyse the clip again")
    return spells, tuple(float(cast("float", t)) for t in times)


def forget_results() -> None:
    """Keep no report in memory: one of them has been deleted."""
    forget_reports()
    _parsed.cache_clear()


def best_and_worst(report: Report) -> tuple[int, int] | None:
    """Numbers, from 0, of the repetitions with the most and the fewest points; None where all are alike."""
    scored = [(cycle.score, cycle.index) for cycle in report.cycles if cycle.score is not None]
    if not scored:
        return None
    best, worst = max(scored, key=lambda s: (s[0], -s[1])), min(scored)
    return (best[1], worst[1]) if best[0] != worst[0] else None
