"""The room: pages, routes and the worker put together. ``plumbline review`` starts it."""

import logging
from pathlib import Path

import streamlit as st

from vision.ui.room import trouble
from vision.web.guard import middleware
from vision.web.life import lifespan
from vision.web.routes import routes

logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # plumbline says where the room is

app = st.App(
    Path(__file__).resolve().parent / "vision" / "ui" / "room.py",
    routes=routes(),
    middleware=middleware(),
    lifespan=lifespan,
    on_script_error=trouble,
)
