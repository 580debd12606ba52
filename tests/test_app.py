"""The review page: what it shows, what it refuses, and that it asks nothing of anybody."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.outputs import factory
from vision.outputs.page import report_html
from vision.outputs.report_back import parse_report
from vision.outputs.report_json import report_text
from vision.types import CycleKind, Plane, Report, Verdict
from vision.ui import show

ROOT = Path(__file__).resolve().parents[1]
TAGS = set(re.findall(r"\w+", "p i b h1 div span ol ul li em small br code pre table thead tbody tr th td"))


def store(out: Path, name: str, report: Report, age_s: float = 0.0) -> Path:
    """A folder as an analysis leaves it, without the film; ``age_s`` seconds old."""
    folder = out / name
    folder.mkdir(parents=True)
    clip = factory.clip_info(f"{name}.mp4")
    (folder / "report.html").write_text(report_html(report, clip), "utf-8")
    path = folder / "report.json"
    path.write_text(report_text(report, clip), "utf-8")
    os.utime(path, (time.time() - age_s,) * 2)
    return folder


def opened(out: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page on the folder ``out``; whatever happens, it shows no traceback."""
    monkeypatch.setenv("PLUMBLINE_OUT", str(out))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not app.exception
    return app


class Words(HTMLParser):
    """The text of fragments, and their tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.attributes = "", set[str](), set[str]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def html_of(app: AppTest) -> str:
    return "".join(part.proto.body for part in app.get("html"))


def said(app: AppTest) -> str:
    return " ".join(Words(html_of(app)).text.split())


@pytest.mark.parametrize(
    ("good", "caution", "text"),
    [
        ((0.92, 9.0), (0.87, 9.0), "0.92 or more"),
        ((-90.0, 5.0), (-90.0, 8.0), "5 or less"),
        ((-4.0, 4.0), (-8.0, 8.0), "−4 to 4"),
        (None, None, "no limit set"),
    ],
)
def test_a_band_is_told_by_the_ends_that_count(good: Any, caution: Any, text: str) -> None:
    criterion = replace(factory.RATIO, good=good, caution=caution)
    assert show.good_text(factory.finding(criterion, 1.0, Verdict.GOOD)) == text


# --------------------------------------------------------------------------- the page


def test_the_page_tells_the_whole_story_of_a_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = store(tmp_path, "squat", replace(factory.report(), stop_after_rep=1))
    film = factory.write_clip(folder / "overlay.mp4", factory.track(1).t_s, factory.SIZE)
    app = opened(tmp_path, monkeypatch)
    text = said(app)
    for told in (
        "Knees caved in on 2 of 3 reps.",
        "“Knees out”",
        "87 of 100",
        "Form changed after rep 1. Next time, end the set there.",
        "Rep 1 ✓ 100 Good",
        "Rep 2 ✕ 80",
        "Knee gap over ankle gap 0.62 ± 0.05 ✕ fault 0.8 or more On 2 of 3 reps.",
        "Not visible from this view Heels lift (every rep)",
        "Banded squats.",
        "Bring both feet into the picture.",
        "not a diagnosis",
    ):
        assert told in text
    assert app.get("download_button")[0].proto.label == "Download the full report"
    assert len(app.get("video")) == 1
    assert film.is_file()
    assert not app.info


def test_another_set_is_a_choice_away_and_has_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path, "monday", replace(factory.report(), headline="Monday's."), age_s=100)
    store(tmp_path, "tuesday", replace(factory.report(), headline="Tuesday's."))
    app = opened(tmp_path, monkeypatch)
    assert "Tuesday's." in said(app)
    app.selectbox[0].select("monday").run()
    assert not app.exception
    assert "Monday's." in said(app)
    assert app.query_params["set"] in ("monday", ["monday"])

    there = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    there.query_params["set"] = "monday"
    assert "Monday's." in said(there.run())
    gone = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    gone.query_params["set"] = "last year"
    assert "Tuesday's." in said(gone.run())


def test_a_set_without_film_or_findings_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(tmp_path, "nobody", factory.report(reps=0))
    app = opened(tmp_path, monkeypatch)
    assert "No person was found." in said(app)
    assert "no score: too little was seen to judge" in said(app)
    assert "No overlay film" in app.info[0].value


@pytest.mark.parametrize("made", [True, False])
def test_an_empty_folder_says_how_to_analyse_a_clip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: bool
) -> None:
    out = tmp_path / "out"
    if made:
        out.mkdir()
    text = said(opened(out, monkeypatch))
    assert "No set analysed yet." in text
    assert str(out) in text
    assert "plumbline analyse my-squat.mp4" in text
    assert "plumbline demo" in text


def test_a_broken_report_costs_a_line_and_not_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path, "fine", factory.report())
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "report.json").write_bytes(b"\xff\xfe{")
    app = opened(tmp_path, monkeypatch)
    assert "Knees caved in" in said(app)
    assert app.expander[0].label == "1 folder skipped"
    assert "Torn: report.json was skipped: expected JSON; analyse the clip again" in said(app)


EVIL = '<img src="http://example.com/x.png"><script>alert(1)</script> ![x](http://example.com/y.png)'


def test_a_report_from_elsewhere_cannot_make_the_browser_ask_for_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = factory.report()
    evil = replace(factory.RATIO, title=EVIL, source=EVIL)
    finding = factory.finding(evil, 0.6, Verdict.FAULT, 45, reason=EVIL, fault=EVIL)
    gone = factory.finding(evil, None, Verdict.UNKNOWN, reason=EVIL)
    guide = replace(report.guidance[0], words=EVIL, cue=EVIL, explain=EVIL, drill=EVIL, source=EVIL)
    cycle = replace(report.cycles[0], findings=(finding, gone))
    words = {"headline": EVIL, "cue": EVIL, "advice": EVIL, "notes": (EVIL,), "guidance": (guide,)}
    folder = store(tmp_path, "sent", report)
    text = report_text(
        replace(report, set_findings=(finding, gone), cycles=(cycle,), **words), factory.clip_info(EVIL)
    )
    (folder / "report.json").write_text(text, "utf-8")
    app = opened(tmp_path, monkeypatch)
    page = Words("".join(p.proto.body for p in app.get("html") if not p.proto.body.startswith("<style")))
    assert page.text.count("<script>") >= 8
    assert page.tags <= TAGS
    assert page.attributes <= {"class", "title", "scope", "data-label", "aria-hidden"}
    assert not any("example.com" in part.value for part in (*app.markdown, *app.caption, *app.subheader))


@pytest.mark.parametrize("kind", CycleKind)
@pytest.mark.parametrize("plane", Plane)
def test_every_kind_and_plane_can_be_shown(kind: CycleKind, plane: Plane) -> None:
    report = factory.report()
    cycles = tuple(replace(c, cycle=replace(c.cycle, kind=kind)) for c in report.cycles)
    report = replace(report, cycles=cycles, view=replace(report.view, plane=plane, seen_from=None))
    again, clip = parse_report(report_text(report, factory.clip_info()))
    assert f"{kind.value.capitalize()} 3" in show.strip(again)
    assert again.view.plane is plane
    assert "Knees caved in" in show.hero(again, clip)


# --------------------------------------------------------------------------- on this computer only


def test_streamlit_is_imported_by_the_screens_alone() -> None:
    users: set[str] = set()
    for path in (*ROOT.glob("*.py"), *ROOT.glob("vision/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "streamlit" for name in names):
                users.add(str(path.relative_to(ROOT).parent))
    assert users == {str(Path("vision/ui"))}


def test_the_page_names_no_other_host() -> None:
    for path in (ROOT / "app.py", *(ROOT / "vision" / "ui").iterdir()):
        if path.is_file():
            told = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "http" not in told, path.name
            assert ":material/" not in told


def test_the_settings_keep_the_page_on_this_computer() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["browser"]["gatherUsageStats"] is False


def test_review_answers_this_computer_and_no_other_address(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "vision", "review", "--port", str(port), "--out", str(tmp_path)]
    log = tmp_path / "log.txt"
    with log.open("wb") as out:
        server = subprocess.Popen(
            words,
            cwd=tmp_path,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        assert answer(f"http://127.0.0.1:{port}/_stcore/health", server, 60) == "ok", log.read_text()
        # An address of this computer too: a server that listens everywhere would take the call.
        with pytest.raises(OSError, match=r"refused|timed out|unreachable|assign"):
            socket.create_connection(("127.0.0.2", port), timeout=2)
    finally:
        os.killpg(server.pid, 15)
        server.wait(30)
    assert "mail" not in log.read_text()


def answer(url: str, server: subprocess.Popen[bytes], within_s: float) -> str:
    """What the server answers once it is up."""
    asks = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + within_s
    while time.monotonic() < until and server.poll() is None:
        try:
            return asks.open(url, timeout=5).read().decode()
        except OSError:
            time.sleep(0.2)
    return "no answer"
