"""A little app around the components: films by name, a stand-in for the upload routes, a page.

What is drawn and noted is kept by the query parameter ``run``, so that tests do not meet.
"""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from vision.ui.components import compare_player, player, upload

CHUNK = 1000
"""A small piece, so that a small file is sent in several."""

DRAWINGS: dict[str, dict[int, list[dict[str, object]]]] = defaultdict(dict)
NOTES: dict[str, list[dict[str, object]]] = defaultdict(list)
UPLOADS: dict[str, dict[str, Any]] = {}
HEARD: list[str] = []
"""What the upload routes were asked, in order."""


async def film(request: Request) -> Response:
    path = Path(os.environ["COMPONENT_FILMS"]) / request.path_params["set"] / request.path_params["name"]
    if not path.is_file():
        return Response(status_code=404)
    return FileResponse(path, headers={"Cache-Control": "no-store"})


async def begin(request: Request) -> Response:
    said = await request.json()
    id = f"up{len(UPLOADS)}"
    UPLOADS[id] = {**said, "bytes": b"", "broken": 0}
    return JSONResponse({"id": id, "chunk": CHUNK})


async def piece(request: Request) -> Response:
    """Take a piece; one named "broken…" is answered by nobody three times, once after it arrived."""
    kept = UPLOADS.get(request.path_params["id"])
    if kept is None:
        return JSONResponse({"problem": "unknown"}, 404)
    HEARD.append(f"{request.method} {kept['name']} {request.query_params.get('at', '')}".strip())
    if request.method == "GET":
        return JSONResponse({"at": len(kept["bytes"])})
    if request.method == "DELETE":
        del UPLOADS[request.path_params["id"]]
        return Response(status_code=204)
    at, body = int(request.query_params["at"]), await request.body()
    if at != len(kept["bytes"]):
        return JSONResponse({"problem": "offset", "at": len(kept["bytes"])}, 409)
    if kept["name"].startswith("broken") and kept["broken"] < 3 and at >= CHUNK:
        kept["broken"] += 1
        if kept["broken"] == 1:
            kept["bytes"] += body
        return Response(status_code=503)
    kept["bytes"] += body
    return JSONResponse({"at": len(kept["bytes"])})


async def done(request: Request) -> Response:
    id = request.path_params["id"]
    kept = UPLOADS[id]
    kept["options"] = await request.json()
    if kept["name"].startswith("bad"):
        return JSONResponse(
            {"problem": "This is no film: it ends after 3 bytes. <b>Export it again.</b>"}, 422
        )
    return JSONResponse({"set_id": f"set-{id}"})


async def told(request: Request) -> Response:
    """What the routes know, for the test."""
    files = {u["name"]: {"bytes": u["bytes"].hex(), "options": u.get("options")} for u in UPLOADS.values()}
    return JSONResponse({"heard": HEARD, "files": files})


async def drawings(request: Request) -> Response:
    """What was drawn in a run, by frame."""
    return JSONResponse({str(k): v for k, v in DRAWINGS[request.path_params["run"]].items()})


ROUTES = [
    Route("/-/file/{ticket}/{set}/{name}", film),
    Route("/-/upload/{ticket}", begin, methods=["POST"]),
    Route("/-/upload/{ticket}/{id}", piece, methods=["PUT", "GET", "DELETE"]),
    Route("/-/upload/{ticket}/{id}/done", done, methods=["POST"]),
    Route("/-/told", told),
    Route("/-/drawings/{run}", drawings),
]


def page() -> None:
    """One component, by the query parameter ``show``."""
    st.set_page_config(layout="wide")
    # Each run has a new ticket, as tickets have that expire.
    ticket = f"t{st.session_state.get('runs', 0)}"
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    {"player": _player, "compare": _compare, "upload": _upload}[st.query_params.get("show", "player")](ticket)
    st.button("Run again")


def _player(ticket: str) -> None:
    run, name = st.query_params.get("run", "-"), st.query_params.get("film", "steady")
    for frame in (1, 44, 87):
        if st.button(f"Page to {frame}"):
            st.session_state.seek = (frame, st.session_state.runs)
    events = player(
        key=f"player {name}",
        film_url=f"/-/file/{ticket}/{name}/film.mp4",
        data_url=f"/-/file/{ticket}/{name}/player.json",
        seek=st.session_state.get("seek"),
        drawings=DRAWINGS[run],
        notes=NOTES[run],
        title="Tuesday: <b>squats</b>",
    )
    st.text(f"page frame {events.frame}")
    if events.drawn:
        DRAWINGS[run][events.drawn["frame"]] = events.drawn["shapes"]
    if events.noted:
        NOTES[run].append({"id": str(len(NOTES[run])), **events.noted})
    if events.drawn or events.noted:
        st.rerun()


def _compare(ticket: str) -> None:
    def film(name: str, phases: list[int]) -> Any:
        base = f"/-/file/{ticket}/{name}"
        return {
            "film_url": f"{base}/film.mp4",
            "data_url": f"{base}/player.json",
            "label": f"{name} set",
            "phases": phases,
        }

    # Bottom to bottom: the second film is longer and at uneven times.
    events = compare_player(key="pair", left=film("steady", [10, 30, 50]), right=film("uneven", [15, 45, 75]))
    st.text(f"page frames {events.left} {events.right}")


def _upload(ticket: str) -> None:
    movement = st.text_input("Movement", "squat")
    finished = upload(key="clips", url=f"/-/upload/{ticket}", options={"movement": movement, "tags": ["a"]})
    st.text(f"page has {sorted(f['name'] for f in finished)}")
