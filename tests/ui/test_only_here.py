"""The room asks nothing of anybody: its sources name no other host, and its settings keep it here."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOLD = (".py", ".css", ".js", ".html", ".svg", ".j2")


def test_streamlit_is_imported_by_the_screens_alone() -> None:
    users: set[str] = set()
    for path in (*ROOT.glob("*.py"), *ROOT.glob("vision/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "streamlit" for name in names):
                users.add(str(path.relative_to(ROOT)))
    assert users
    assert {user for user in users if not user.startswith("vision/ui/")} == {"app.py"}


def test_the_pages_name_no_other_host_and_no_named_icon() -> None:
    looked = [ROOT / "app.py", *(p for p in (ROOT / "vision" / "ui").rglob("*") if p.suffix in TOLD)]
    assert len(looked) > 20
    for path in looked:
        told = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in told, path
        assert "https:" not in told, path
        assert ":material/" not in told, path
        assert "icon=" not in told.replace("page_icon=", ""), path


def test_the_settings_keep_the_room_on_this_computer() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["browser"]["gatherUsageStats"] is False
