"""What the page for live training says, and what it sends to the browser. Knows no Streamlit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from vision.live import Phase, Said, Update
from vision.live.placement import judged_planes
from vision.movements.base import Movement, Posture
from vision.outputs import content
from vision.outputs.wording import sentence
from vision.prepare import SEEN_SCORE
from vision.types import ClipInfo, FloatArray, Pose, Report, Skeleton
from vision.ui.show import badge, listing, text

_STARTS: Final = {
    Posture.STANDING: "Stand so that",
    Posture.SUPINE: "Lie so that",
    Posture.SIDE: "Lie so that",
    Posture.FOURS: "Go on hands and knees so that",
}

WAITING: Final = (
    "Press “Start the camera” and allow it. Then step back: nothing has to be touched after that."
)
LOST: Final = (
    "The camera stopped sending pictures. Plug it in or start it again; the set ends in a few seconds."
)
SWITCHED_OFF: Final = "The camera is off: the set is over."
NO_PICTURES: Final = "No picture came for ten seconds: the set is over."
CAME_TO_NOTHING: Final = "The camera went off before a repetition was counted. Start it again when you like."
BROKEN: Final = (
    "Something went wrong while the pictures were read, and this set is lost. "
    "Start again; what happened is written in the log of the server."
)
CROWDED: Final = (
    "Others train on this computer right now, and it cannot watch more of you at once. Try later."
)
JUDGING: Final = "Working out the verdict …"
NO_REP: Final = "No repetition was counted, so there is nothing to judge."
UNRECORDED: Final = "This set was not recorded: no picture of it was written down anywhere."
RECORDED: Final = (
    "The recording of this set lies on the computer that runs this room. "
    "It is deleted soon after you leave this page, unless you keep it."
)
UNWRITTEN: Final = "The recording could not be written: {why}"

TRANSLATIONS: Final = {
    "start": "Start the camera",
    "stop": "Camera off",
    "select_device": "Choose a camera",
    "select_camera": "Choose a camera",
    "turn_camera_on": "Show yourself",
    "turn_camera_off": "Hide yourself",
    "device_ask_permission": "Your browser asks whether this page may use the camera: allow it.",
    "device_access_denied": (
        "The browser does not allow the camera for this page. Press the camera or lock sign beside the "
        "address, allow the camera, and reload the page."
    ),
    "device_not_available": "No camera found. Plug one in, close other programs that use it, start anew.",
    "media_api_not_available": (
        "This browser gives pages like this one no camera. On this computer open the room as 127.0.0.1; "
        "from another device it needs an address that begins with https."
    ),
}
"""What the camera's own frame says."""


HELP: Final = """\
- **No picture:** press “Camera off”, then “Start the camera” once more. Now and then the first try fails.
- **Not allowed:** press the sign beside the address, allow the camera for this page, reload it.
- **No camera found:** plug it in, close other programs that use it.
- **No sound:** press “Turn the sound on” if it is there. Words are spoken only where this computer has a
  voice of its own; a tone comes everywhere.
- **From a phone:** a browser gives its camera only to pages of its own device or with https; see below.
- **It hurts:** the red button ends the set at once.
"""


def message(update: Update, last: Said | None, size_wh: tuple[int, int]) -> dict[str, object]:
    """The state of a running set as the page gets it; ``last`` is what was said last in it.

    ``points`` lie in a picture of ``size_wh``, unmirrored; None where one is not sure.
    """
    large = ""
    if update.phase is Phase.COUNTDOWN and update.seconds_left is not None:
        large = str(max(1, math.ceil(update.seconds_left)))
    showing = update.showing
    if showing is not None:
        large = showing.text
    return {
        "phase": update.phase.value,
        "sentence": update.sentence,
        "count": len(update.reps),
        "last": update.reps[-1].verdict.value if update.reps else "",
        "large": large,
        "kind": showing.kind.value if showing else "",
        "cue": heard(last),
        "size": list(size_wh),
        "points": points(update.pose),
        "marks": marks(update.stickers),
        "t": round(update.t_s, 3),
    }


def heard(said: Said | None) -> dict[str, object] | None:
    """What is to be heard once, told by its id."""
    if said is None:
        return None
    named = f"{said.rep}-{said.kind.value}-{said.t_s:.3f}"
    return {"id": named, "kind": said.kind.value, "text": said.text, "rep": said.rep}


def points(pose: Pose | None) -> list[list[int] | None]:
    """The points of a pose in whole px, None for those that are not sure."""
    if pose is None:
        return []
    return [
        [round(float(x)), round(float(y))] if score >= SEEN_SCORE else None
        for (x, y), score in zip(pose.xy, pose.score, strict=True)
    ]


def marks(stickers: FloatArray | None) -> list[list[float]]:
    """The stickers that are seen, in px to a tenth."""
    if stickers is None:
        return []
    seen = stickers[np.isfinite(stickers).all(axis=1)]
    return [[round(float(x), 1), round(float(y), 1)] for x, y in seen]


def bones(skeleton: Skeleton) -> dict[str, object]:
    """The lines between the points, each with its side, for the drawing over the picture."""
    side = [_side(a, b) for a, b in skeleton.edges]
    return {"edges": [[skeleton.index[a], skeleton.index[b]] for a, b in skeleton.edges], "side": side}


def _side(a: str, b: str) -> str | None:
    first, second = a.partition("_")[0], b.partition("_")[0]
    return first if first == second and first in ("left", "right") else None


def clip_of(report: Report, name: str) -> ClipInfo:
    """What was filmed, as the report's page wants it: the pictures that were looked at."""
    times = report.track.t_s
    seconds = float(times[-1] - times[0]) if len(times) > 1 else 0.0
    rate = round((len(times) - 1) / seconds, 1) if seconds > 0 else 0.0
    wide, high = report.track.size_wh
    return ClipInfo(name, "", seconds, len(times), rate, rate, wide, high)


def reps_html(report: Report) -> str:
    """The repetitions one after the other: verdict, points, what was seen."""
    told = (
        f"{badge(tile.verdict, tile.name)} <b>{'–' if tile.score is None else tile.score}</b> "
        f"{text('; '.join(tile.words))}"
        for tile in content.tiles(report)
    )
    return listing(told)


def log_html(log: Sequence[Said]) -> str:
    """What was said, each with the repetition that caused it."""
    rows = "".join(
        f'<tr><th scope="row">Rep {said.rep}</th><td>“{text(said.text)}”</td>'
        f"<td>{text(sentence(said.words)) if said.words else ''}</td></tr>"
        for said in log
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("After", "Said", "Because"))
    return f'<table class="pl-table pl-log"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def film_line(movement: Movement) -> str:
    """How to stand before the camera, from the movement's table; one view that is judged is enough."""
    planes = {plane.value for plane in judged_planes(movement)}
    told = [sentence(line) for plane, line in movement.table.film.items() if plane in planes]
    body = _STARTS[movement.posture]
    return f"{body} your whole body is in the picture. {' Or: '.join(told)}"
