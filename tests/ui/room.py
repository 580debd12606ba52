"""A library in a temporary folder, and the room's pages opened on it without a browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests.outputs import factory
from vision.outputs import content
from vision.outputs.page import report_html
from vision.outputs.player_data import player_data
from vision.outputs.report_json import report_text
from vision.outputs.tables import measures_csv, track_trc
from vision.store import Shelf
from vision.store.rows import LOCAL, NewSet, Outcome, StoredSet, Value, Viewer
from vision.types import Report, Verdict
from vision.ui import ways
from vision.web import room as rooms
from vision.web.room import Room

SCRIPT = Path(__file__).resolve().parents[2] / "vision" / "ui" / "room.py"
LONG_S = 120
TEN_DAYS = 10


@cache
def film() -> bytes:
    """A short film, made once."""
    path = Path(mkdtemp()) / "film.mp4"
    return factory.write_clip(path, factory.track(1).t_s, factory.SIZE).read_bytes()


class Library:
    """The room in a folder, and ways to fill it."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def shelf(self, viewer: Viewer = LOCAL) -> Shelf:
        return self.room.library.shelf(viewer)

    def queued(self, title: str = "squat.mov", viewer: Viewer = LOCAL, **words: Any) -> StoredSet:
        """A set that waits."""
        name = self.room.folder.new_name(".mp4")
        (self.room.folder.clips / name).write_bytes(film())
        return self.shelf(viewer).add_set(NewSet(title=title, original=name, **words))

    def take(self, one: StoredSet) -> Any:
        """The job of a waiting set, as the worker gets it."""
        job = self.room.library.queue.take("worker")
        assert job is not None
        assert job.set_id == one.id
        return job

    def running(self, title: str = "squat.mov", done: int = 120, left: float | None = 42.0) -> StoredSet:
        one = self.queued(title)
        assert self.room.library.queue.beat(self.take(one), "reading", done, 384, left)
        return one

    def failed(self, problem: str, title: str = "squat.mov") -> StoredSet:
        one = self.queued(title)
        self.room.library.queue.fail(self.take(one), problem)
        return one

    def done(
        self,
        title: str = "squat.mov",
        report: Report | None = None,
        viewer: Viewer = LOCAL,
        *,
        with_film: bool = True,
        seen_all: bool = True,
        values: tuple[Value, ...] = (),
        **words: Any,
    ) -> StoredSet:
        """A set that is through, with everything an analysis leaves."""
        report = report or factory.report()
        one = self.queued(title, viewer, **words)
        job = self.take(one)
        folder = self.room.folder.results / self.room.folder.new_name()
        write_results(folder, report, with_film=with_film)
        outcome = Outcome(
            results=folder.name,
            movement=report.movement,
            view=report.view.seen_from or "unknown",
            headline=report.headline,
            verdict=content.overall(report).value,
            score=report.set_score,
            reps=len(report.cycles),
            seen_all=seen_all,
            values=values,
        )
        assert self.room.library.queue.finish(job, outcome)
        return self.shelf(viewer).set(one.id)

    def weeks(self, athlete_id: str, values: Mapping[date, float], error95: float = 0.05) -> None:
        """A set a day with one value each."""
        for day, value in values.items():
            found = Value(
                "knee_ankle_ratio", "Knee gap over ankle gap", None, value, error95, "ratio", "good"
            )
            self.done(f"{day}.mov", athlete_id=athlete_id, filmed_on=day, values=(found,))


def write_results(folder: Path, report: Report, *, with_film: bool = True) -> None:
    """What an analysis leaves of ``report``."""
    folder.mkdir()
    clip = factory.clip_info(frames=len(report.track))
    (folder / "report.html").write_text(report_html(report, clip), "utf-8")
    (folder / "measures.csv").write_text(measures_csv(report), "utf-8")
    (folder / "track.trc").write_text(track_trc(report.track), "utf-8")
    if with_film:
        (folder / "film.mp4").write_bytes(film())
        data = player_data(report, clip, report.track.t_s, factory.SIZE)
        (folder / "player.json").write_text(json.dumps(data), "utf-8")
    (folder / "report.json").write_text(report_text(report, clip), "utf-8")


def opened(monkeypatch: Any, folder: Path) -> Library:
    """The library in ``folder``; this process's pages show it from now on."""
    monkeypatch.setenv(rooms.DATA, str(folder))
    monkeypatch.delenv(rooms.URL, raising=False)
    for user in ("shutdown", "component"):  # here no browser's session is there for the camera to watch
        monkeypatch.setattr(f"streamlit_webrtc.{user}.get_this_session_info", lambda: None)
    return Library(rooms.current())


def see(screen: str, **params: str) -> AppTest:
    """The page of ``screen`` at an address; it shows no traceback."""
    app = AppTest.from_file(str(SCRIPT), default_timeout=LONG_S)
    app._page_hash = calc_hash(ways.PLACES[screen].path)
    app.query_params.update(params)
    return sound(app.run())


def sound(app: AppTest) -> AppTest:
    """``app``, which shows no traceback."""
    assert not app.exception, [part.value for part in app.exception]
    return app


class Words(HTMLParser):
    """The text of fragments, their tags and attributes, and what they would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.attributes, self.sources = "", set[str](), set[str](), list[str]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources += [value or "" for name, value in attrs if name == "src"]

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def html_of(app: AppTest) -> str:
    """All fragments of a page but the style."""
    bodies = [part.proto.body for part in app.get("html")]
    return "".join(body for body in bodies if not body.startswith("<style"))


def said(app: AppTest) -> str:
    """Everything a page says, as one line without the backslashes that keep Markdown away."""
    texts = [Words(html_of(app)).text]
    for kind in (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "button",
        "info",
        "error",
        "expander",
    ):
        texts += [part.label if hasattr(part, "label") else part.value for part in app.get(kind)]
    texts += [
        part.proto.label for kind in ("page_link", "link_button", "download_button") for part in app.get(kind)
    ]
    texts += [part.proto.text for part in app.get("progress")]
    return " ".join(" ".join(texts).replace("\\", "").replace("\u2060", "").split())


def button(app: AppTest, label: str) -> Any:
    """The only button of that label."""
    found = [part for part in app.button if part.label == label]
    assert len(found) == 1, [part.label for part in app.button]
    return found[0]


def good() -> Report:
    """A set without a fault, with something that could not be seen."""
    made = factory.report(1)
    kept = tuple(replace(f, verdict=Verdict.GOOD, fault=None, reason="") for f in made.set_findings[:1])
    return replace(
        made,
        set_findings=(*kept, made.set_findings[1]),
        cue=None,
        headline="Nothing to change was seen.",
        guidance=(),
    )
