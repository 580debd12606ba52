"""``own.json``: the levels that a film of own arch and tuck gave, exact to the last bit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from vision.movements.calibration import SIGNALS
from vision.movements.lockout import Calibration, Level
from vision.outputs.checked import Row, StoredError, as_row

FORMAT: Final = 1
NAME: Final = "own.json"

_AGAIN: Final = "analyse that film again"


@dataclass(frozen=True)
class OwnFile:
    """What is kept of such a film.

    ``made`` says what read it: pose model, networks, limits. ``time_scale`` is real seconds per second of the
    film, below 1 for slow motion.
    """

    calibration: Calibration
    made: Mapping[str, object]
    time_scale: float = 1.0


def own_text(own: OwnFile) -> str:
    """The file as text; numbers come back as they went in."""
    levels = own.calibration.levels.items()
    kept = {
        "format": FORMAT,
        "levels": {name: {"arch": one.arch, "tuck": one.tuck, "sd": one.sd} for name, one in levels},
        "refused": dict(own.calibration.refused),
        "arch_s": own.calibration.arch_s,
        "tuck_s": own.calibration.tuck_s,
        "time_scale": own.time_scale,
        "made": dict(own.made),
    }
    return json.dumps(kept, allow_nan=False, indent=1) + "\n"


def read_own(path: Path) -> OwnFile:
    """What :func:`own_text` wrote.

    Raises StoredError, with one line for the user, for a file that is missing, damaged or of another format.
    """
    try:
        top = as_row(cast("object", json.loads(path.read_bytes())), "")
    except OSError:
        raise StoredError(f"what was found in the film of own arch and tuck is missing; {_AGAIN}") from None
    except (ValueError, RecursionError):
        raise StoredError(f"what was found in the film of own arch and tuck is damaged; {_AGAIN}") from None
    if top.data.get("format") != FORMAT:
        raise StoredError(f"the film of own arch and tuck was read by another version of Plumbline; {_AGAIN}")
    levels = {name: _level(top.row("levels"), name) for name in top.row("levels").data}
    refused = {name: top.row("refused").text(name) for name in top.row("refused").data}
    scale = top.number("time_scale")
    if not levels or not {*levels, *refused} <= set(SIGNALS) or scale <= 0:
        raise StoredError(f"what was found in the film of own arch and tuck makes no sense; {_AGAIN}")
    calibration = Calibration(levels, refused, _spell(top, "arch_s"), _spell(top, "tuck_s"))
    return OwnFile(calibration, cast("Mapping[str, Any]", top.row("made").data), scale)


def _level(rows: Row, name: str) -> Level:
    row = rows.row(name)
    level = Level(row.number("arch"), row.number("tuck"), row.number("sd"))
    if not (level.arch > level.tuck and level.sd > 0):
        raise StoredError(f"expected an arch above the tuck at levels.{name}; {_AGAIN}")
    return level


def _spell(top: Row, key: str) -> tuple[float, float] | None:
    if top.data.get(key) is None:
        return None
    found = top.items(key)
    if len(found) != 2 or not all(isinstance(t, int | float) for t in found):
        raise StoredError(f"expected two times at {key}; {_AGAIN}")
    start, end = (float(cast("float", t)) for t in found)
    return start, end
