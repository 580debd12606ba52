"""A page of one sentence for where Streamlit draws none: before the door, and where nothing is."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope


def plain_page(
    status: int, title: str, line: str, more: str = "", *, headers: Mapping[str, str] | None = None
) -> Response:
    """The page; ``more`` is HTML of ours below the sentence. It asks for nothing and runs nothing."""
    told = _frame().replace("{title}", html.escape(title)).replace("{line}", html.escape(line))
    return HTMLResponse(
        told.replace("{more}", more),
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def wants_page(scope: Scope) -> bool:
    """Whether somebody looks at the answer, rather than a script of ours."""
    return scope["method"] in ("GET", "HEAD") and "text/html" in Headers(scope=scope).get("accept", "")


@cache
def _frame() -> str:
    return files("vision.web").joinpath("plain.html").read_text("utf-8")
