"""How to film each movement, with a picture where there is one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from vision.movements import MOVEMENTS
from vision.outputs.wording import sentence
from vision.types import Plane
from vision.ui import show

_PICTURES: Final = Path(__file__).resolve().parents[3] / "docs" / "images"
"""Drawn for the documents; where Plumbline was installed without them, the words stand alone."""

_NAMES: Final = {
    ("squat", Plane.FRONTAL): "film-squat-front.svg",
    ("squat", Plane.SAGITTAL): "film-squat-side.svg",
    ("hinge", Plane.SAGITTAL): "film-hinge.svg",
    ("bridge", Plane.SAGITTAL): "film-bridge.svg",
    ("gait", Plane.FRONTAL): "film-gait.svg",
}
_FROM: Final = {Plane.FRONTAL: "From the front or behind", Plane.SAGITTAL: "From the side"}

_RULES: Final = (
    "Stand the phone on something: still, upright, at hip height.",
    "3 m away or more. Zoom in rather than go near. The whole body fits, both feet too.",
    "Square on: straight in front, straight behind or straight to the side.",
    "One athlete in the picture, in tight clothes, in good light.",
    "Two quiet seconds before the first repetition.",
    "30 pictures a second do for lifts. Walking from the side wants 60, running 120.",
    "No mirror and no selfie view: they swap left and right.",
)


def page() -> None:
    """The page on filming."""
    st.title("How to film", anchor=False)
    st.html(show.lines(_RULES))
    for movement in MOVEMENTS.values():
        st.header(movement.table.title, anchor=False)
        for place, plane in zip(st.columns(2, gap="large"), movement.views, strict=False):
            with place:
                st.subheader(_FROM.get(plane, plane.value), anchor=False)
                picture = _PICTURES / _NAMES.get((movement.name, plane), "none")
                if picture.is_file():
                    st.image(str(picture), width="stretch")
                st.write(movement.table.film[plane.value])
                measured = [c.title for c in movement.table.criteria.values() if c.plane is plane]
                st.caption(f"Shows: {sentence('; '.join(measured))}.")
