"""Answers that several routes give."""

from __future__ import annotations

import json
import re
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_JSON_BYTES: Final = 64 * 1024
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Of a file's name: control characters, folders, and marks that turn the reading direction around."""


class NotJson(ValueError):
    """The request's body is no JSON object, or too long a one."""


def nothing_here() -> Response:
    """The one answer for what is not there, not the viewer's, or asked for without a good ticket."""
    return problem(404, "There is nothing here.")


def problem(status: int, line: str, **more: object) -> Response:
    """One line for the user, shown in place by whoever asked."""
    return JSONResponse({"problem": line, **more}, status_code=status)


async def read_json(request: Request) -> dict[str, Any]:
    """The object in the request's body."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _JSON_BYTES:
            raise NotJson(f"Expected at most {_JSON_BYTES} bytes of JSON.")
    try:
        data: object = json.loads(bytes(body))
    except (ValueError, RecursionError) as error:
        raise NotJson("Expected a JSON object.") from error
    if not isinstance(data, dict):
        raise NotJson("Expected a JSON object.")
    return cast("dict[str, Any]", data)


def plain_name(text: str) -> str:
    """What a file was called, on one line and without folders; never used as a path here."""
    last = re.split(r"[/\\]", text)[-1]
    name = " ".join(_UNFIT.sub(" ", last).split())
    stem, dot, suffix = name[-12:].rpartition(".")
    if len(name) > 200:
        name = name[:180] + (f"{dot}{suffix}" if stem and dot else "")
    return name.strip(". ") or "clip"
