"""How to film each movement, with a picture where there is one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from vision.movements import MOVEMENTS
from vision.movements.base import Movement
from vision.movements.bridge import BRIDGE
from vision.outputs.film_guide import picture_name
from vision.outputs.wording import sentence
from vision.types import Plane
from vision.ui import own_view, own_words, show

_PICTURES: Final = Path(__file__).resolve().parents[3] / "docs" / "images"
"""Drawn for the documents; where Plumbline was installed without them, the words stand alone."""

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
        places = st.columns(2, gap="large")
        if len(movement.views) == 1:  # picture and words beside each other, so that no half stays empty
            _view(movement, movement.views[0], *places)
        else:
            for place, plane in zip(places, movement.views, strict=False):
                _view(movement, plane, place, place)
        if movement is BRIDGE:
            st.subheader(own_words.WORD, anchor=False)
            own_view.guide()


def _view(movement: Movement, plane: Plane, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Where the camera stands for one view, and what it shows from there."""
    left.subheader(_FROM.get(plane, plane.value), anchor=False)
    picture = _PICTURES / picture_name(movement.name, plane)
    words = movement.table.film[plane.value]
    if picture.is_file():
        left.image(str(picture), width="stretch", alt=words)
    right.write(words)
    measured = [c.title for c in movement.table.criteria.values() if c.plane is plane]
    right.caption(f"Shows: {sentence('; '.join(measured))}.")
