"""Pictures of where the camera stands: ``python -m vision.outputs.film_guide docs/images``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vision.outputs.guide_sheet import command, sheet
from vision.types import Plane

_INK: Final = "#14181d"
_GREY: Final = "#565f69"
_BODY: Final = "#cfd6dc"
_EDGE: Final = "#c9c3b4"
_BOX: Final = "#efece3"
_AHEAD: Final = "#d55e00"
_COLOURS: Final = {"body": _INK, "left": "#0072b2", "right": "#b08900", "thing": _EDGE}
_HIGH: Final = 300
_FLOOR: Final = 244

_CAMERA: Final = '<rect x="-15" y="-9" width="24" height="18" rx="4"/><path d="M9 -5l9 -5v20l-9 -5z"/>'
_ABOVE: Final = (
    '<ellipse rx="11" ry="30" fill="{body}"/><circle r="13" fill="{ink}"/>'
    '<path d="M11 -7l11 7l-11 7z" fill="{ahead}"/>'
)
_LYING: Final = (
    '<rect x="-34" y="-9" width="68" height="18" rx="9" fill="{body}"/><circle cx="-44" r="11" fill="{ink}"/>'
)
_TURNS: Final = {
    "front": (_ABOVE, 180),
    "side": (_ABOVE, 90),
    "low side": (_LYING, 90),
    "feet": (_LYING, 180),
}
"""The body from above and how it is turned; the camera stands to the left of it. The arrow looks ahead."""


@dataclass(frozen=True)
class Guide:
    """One picture: title, where the camera stands in words and from above, and what it then shows.

    ``lines`` are a colour's name and the points of a polyline; blue is the left or the working leg.
    """

    title: str
    place: str
    above: str
    head: tuple[int, int]
    lines: tuple[tuple[str, str], ...]
    below: str


def _guide(title: str, place: str, above: str, head: tuple[int, int], lines: str, below: str) -> Guide:
    """A guide whose ``lines`` are written as ``colour points; colour points``."""
    pairs = [line.strip().split(" ", 1) for line in lines.split(";")]
    return Guide(title, place, above, head, tuple((colour, points) for colour, points in pairs), below)


_FRONT: Final = "straight in front, at hip height"
_SIDE: Final = "straight to the side, at hip height"
_MAT: Final = "straight to the side, at mat height"
_STACK: Final = "in front of the hips, at mat height"

GUIDES: Final = {
    "single-leg-bridge-side": _guide(
        "Filming a single-leg bridge from the side",
        _MAT,
        "low side",
        (466, 216),
        "body 484,220 566,182; left 566,182 612,158 616,228 638,232; right 566,182 612,160 654,136",
        "from the side of the foot that stays down",
    ),
    "single-leg-bridge-front": _guide(
        "Filming a single-leg bridge from the feet",
        "low, straight beyond the feet",
        "feet",
        (550, 176),
        "body 528,184 572,184; left 562,190 578,170 576,240; right 538,190 530,168 524,140",
        "both hips in sight, with stickers",
    ),
    "hip-thrust-side": _guide(
        "Filming a hip thrust from the side",
        "straight to the side, at bench height",
        "low side",
        (472, 150),
        "thing 462,244 462,178 504,178 504,244; body 488,168 562,166; left 562,166 618,166 616,234 640,238",
        "nothing in front of the hips",
    ),
    "single-leg-squat-front": _guide(
        "Filming a single-leg squat from the front",
        _FRONT,
        "front",
        (552, 92),
        "body 552,112 550,160; body 522,116 582,116; body 532,166 568,166; "
        "left 568,166 576,200 570,238 582,243; right 532,166 522,200 528,218",
        "head to foot, with room around",
    ),
    "single-leg-squat-side": _guide(
        "Filming a single-leg squat from the side",
        "to the side of the leg that works",
        "side",
        (574, 96),
        "body 566,116 534,170; body 564,120 600,132; left 534,170 574,196 556,238 580,243;"
        " right 534,170 560,200 528,220",
        "the working leg is the near one",
    ),
    "lunge-side": _guide(
        "Filming a lunge from the side",
        "to the side of the front leg",
        "side",
        (556, 92),
        "body 554,112 548,174; left 548,174 594,182 590,238 612,243; right 548,174 542,222 494,228 490,242",
        "the whole step fits",
    ),
    "lunge-front": _guide(
        "Filming a lunge from the front",
        _FRONT,
        "front",
        (550, 92),
        "body 550,112 550,166; body 520,116 580,116; body 532,172 568,172; "
        "left 568,172 576,190 574,238 584,243; right 532,172 526,226 530,214",
        "room to step towards the camera",
    ),
    "split-squat-side": _guide(
        "Filming a split squat from the side",
        "to the side of the front leg",
        "side",
        (566, 92),
        "thing 456,244 456,202 500,202 500,244; body 562,112 548,170; left 548,170 594,180 588,238 610,243;"
        " right 548,170 536,222 484,198",
        "both feet and the bench fit",
    ),
    "split-squat-front": _guide(
        "Filming a split squat from the front",
        _FRONT,
        "front",
        (550, 92),
        "body 550,112 550,166; body 520,116 580,116; body 532,172 568,172; "
        "left 568,172 576,190 574,238 584,243; right 532,172 526,226 530,206",
        "head to the front foot",
    ),
    "step-up-side": _guide(
        "Filming a step-up from the side",
        "to the side of the leg that steps first",
        "side",
        (556, 74),
        "thing 560,244 560,204 650,204 650,244; body 552,94 536,146; left 536,146 582,158 580,200 602,203;"
        " right 536,146 540,196 524,238 546,243",
        "room above for the head at the top",
    ),
    "step-up-front": _guide(
        "Filming a step-up from the front",
        _FRONT,
        "front",
        (550, 74),
        "thing 490,244 490,208 610,208 610,244; body 550,94 550,146; body 520,98 580,98;"
        " body 534,152 566,152;"
        " left 566,152 574,172 570,204; right 534,152 530,196 532,238",
        "the box and the head at the top fit",
    ),
    "side-lying-abduction-front": _guide(
        "Filming a leg lift on the side",
        _STACK,
        "low side",
        (462, 208),
        "body 480,214 552,216; body 486,202 486,226; left 552,210 600,180 640,154;"
        " right 552,224 600,232 650,236",
        "the front of the body to the camera",
    ),
    "single-leg-rdl-side": _guide(
        "Filming a single-leg deadlift from the side",
        "to the side of the leg that stands",
        "side",
        (632, 130),
        "body 610,134 546,146; body 606,136 606,196; left 546,146 552,194 548,238 570,243;"
        " right 546,146 498,138 454,130",
        "the free leg fits",
    ),
    "side-plank-front": _guide(
        "Filming a side plank",
        _STACK,
        "low side",
        (466, 168),
        "body 482,182 552,206; body 484,186 482,238 508,240; left 552,202 600,190 646,176;"
        " right 552,212 600,228 648,238",
        "the front of the body to the camera",
    ),
    "bird-dog-side": _guide(
        "Filming a bird-dog from the side",
        _MAT,
        "side",
        (606, 168),
        "body 588,180 520,182; body 588,180 620,176 652,172; body 584,184 586,238;"
        " right 520,182 522,238 476,240;"
        " left 520,182 482,180 448,178",
        "hand to foot at full stretch fit",
    ),
    "wall-hinge-side": _guide(
        "Filming a wall hinge",
        _SIDE,
        "side",
        (606, 112),
        "thing 486,56 486,244; body 590,122 506,150; left 506,150 532,192 530,238 554,243;"
        " body 590,124 540,156",
        "the wall behind, a foot's length away",
    ),
    "hip-mobility-side": _guide(
        "Filming hip flexion and extension",
        _SIDE,
        "side",
        (550, 76),
        "body 550,96 548,156; right 548,156 548,200 546,238 568,243; left 548,156 594,146 592,190;"
        " body 548,104 500,140; thing 496,244 496,140",
        "a hand on something; one leg at a time",
    ),
    "hip-mobility-front": _guide(
        "Filming abduction, adduction and rotation of the hip",
        _FRONT,
        "front",
        (550, 92),
        "body 550,112 550,160; body 522,116 578,116; thing 500,176 600,176; body 534,168 566,168;"
        " right 534,168 530,176 530,234; left 566,168 570,176 600,226",
        "standing; then sitting, shanks hanging",
    ),
}


_OLDER: Final = {
    ("hinge", Plane.SAGITTAL): "film-hinge.svg",
    ("bridge", Plane.SAGITTAL): "film-bridge.svg",
    ("gait", Plane.FRONTAL): "film-gait.svg",
}
_ENDS: Final = {Plane.FRONTAL: "front", Plane.SAGITTAL: "side"}


def picture_name(movement: str, plane: Plane) -> str:
    """Name of the picture of a movement's view, whether or not there is one."""
    own = f"film-{movement.replace('_', '-')}-{_ENDS.get(plane, plane.value)}.svg"
    return _OLDER.get((movement, plane), own)


def svg(guide: Guide) -> str:
    """The picture as SVG text."""
    shape, turn = _TURNS[guide.above]
    body = shape.format(body=_BODY, ink=_INK, ahead=_AHEAD)
    near = 252 if shape is _ABOVE or turn == 90 else 236
    parts = [
        _text(180, 36, "from above", _GREY),
        f'<g transform="translate(60 140)" fill="{_INK}">{_CAMERA}</g>',
        f'<g transform="translate(290 140) rotate({turn})">{body}</g>',
        f'<path d="M86 140H{near}" stroke="{_GREY}" stroke-width="1.5" stroke-dasharray="5 5"/>',
        _text((86 + near) / 2, 164, "3 m or more", _GREY),
        _text(180, 250, guide.place, _INK),
        _text(550, 36, "in the picture", _GREY),
        '<rect x="440" y="48" width="220" height="210" rx="8" '
        f'fill="{_BOX}" stroke="{_EDGE}" stroke-width="2"/>',
        f'<path d="M450 {_FLOOR}h200" stroke="{_EDGE}" stroke-width="3"/>',
        *(_line(_COLOURS[colour], points) for colour, points in guide.lines),
        f'<circle cx="{guide.head[0]}" cy="{guide.head[1]}" r="13" fill="{_INK}"/>',
        _text(550, 280, guide.below, _INK),
    ]
    return sheet(guide.title, _HIGH, parts)


def _line(colour: str, points: str) -> str:
    style = f'fill="none" stroke="{colour}" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"'
    return f'<polyline points="{points}" {style}/>'


def _text(x: float, y: float, words: str, fill: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="{fill}">{words}</text>'


def main(argv: Sequence[str]) -> int:
    """Write the pictures into the folder that the command line names."""
    return command(argv, "film", {name: svg(guide) for name, guide in GUIDES.items()})


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
