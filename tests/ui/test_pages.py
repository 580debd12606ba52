"""The room's pages in every state a library can be in, without a browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.outputs import factory
from tests.ui.room import Library, button, good, html_of, opened, said, see, sound
from vision.outputs import report_back
from vision.share.making import MAKINGS, Making, Stage
from vision.store.rows import LOCAL, NotFound, State, Viewer
from vision.types import KINOGRAM, Kinogram, Verdict, other_side
from vision.ui import results, ways
from vision.ui.plain import plain

OTHER = Viewer("somebody else")


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    return opened(monkeypatch, tmp_path)


# --------------------------------------------------------------------------- an empty library


@pytest.mark.parametrize(
    ("screen", "told"),
    [
        ("home", ("Check a set", "Train live", "Review sprints", "Try the sample")),
        ("add", ("Add clips", "Say what is in the clips")),
        ("sets", ("No set yet", "Add the first clip")),
        ("one_set", ("No such set", "All your sets")),
        ("compare", ("nothing to compare yet", "Add clips")),
        ("athletes", ("Nobody yet",)),
        ("one_athlete", ("No such athlete", "All athletes")),
        ("live", ("Train live", "your whole body is in the picture")),
        ("phone", ("On a phone", "open on this computer only")),
        ("film", ("3 m away or more", "Squat", "Walking and running", "From the side")),
        ("about", ("not a medical device", "It sends nothing anywhere", "Apache-2.0")),
    ],
)
def test_every_page_says_something_useful_of_an_empty_library(
    library: Library, screen: str, told: tuple[str, ...]
) -> None:
    app = see(screen)
    text = said(app)
    assert len(app.title) == 1
    for words in (*told, "Educational, not a diagnosis."):
        assert words in text
    if screen == "about":
        assert str(library.room.folder.root) in app.code[0].value


def test_every_place_has_a_screen_and_single_things_and_the_phone_are_not_in_the_menu() -> None:
    folder = Path(ways.__file__).parent / "screens"
    assert {p.stem for p in folder.glob("*.py")} - {"__init__"} == set(ways.PLACES)
    hidden = [place.screen for place in ways.PLACES.values() if not place.shown]
    assert hidden == ["one_set", "one_athlete", "phone"]


# --------------------------------------------------------------------------- coming in and adding


def test_the_sample_is_added_once_and_its_page_opens(library: Library) -> None:
    for _ in range(2):
        app = sound(button(see("home"), "Try the sample").click().run())
        assert "Waiting its turn" in said(app)
    assert [one.state for one in library.shelf().sets()] == [State.QUEUED]
    assert app.query_params["set"] == library.shelf().sets()[0].id


def test_home_shows_what_is_under_way_and_what_came_last(library: Library) -> None:
    library.done("done.mov")
    library.failed("no person was found in the clip", "failed.mov")
    library.running("running.mov")
    text = said(see("home"))
    for told in (
        "Reading · 120 of 384 frames · about 50 s left",
        "Under way",
        "Your last sets",
        "No person was found in the clip",
        "Knees caved in on 2 of 3 reps.",
        "Try again",
    ):
        assert told in text


def test_the_sprint_door_leads_to_sprints_and_says_how_to_film_them(library: Library) -> None:
    app = see("add", movement="sprint", **{"for": "sprint"})
    assert app.selectbox[0].value == "sprint"
    assert "120 pictures per second" in said(app)
    assert see("add", movement="juggling").selectbox[0].value == "auto"


def test_clips_on_their_way_are_there_after_a_reload_and_can_be_stopped(library: Library) -> None:
    running, waiting = library.running("running.mov"), library.queued("waiting.mov")
    text = said(see("add"))
    assert "Reading · 120 of 384 frames" in text
    assert "Waiting its turn. It starts by itself." in text
    app = see("add")
    for one in (waiting, running):
        sound(app.button(f"cancel-add-{one.id}").click().run())
        assert library.shelf().set(one.id).state is State.CANCELLED
    assert "Analyse after all" in said(app)
    sound(app.button(f"again-add-{running.id}").click().run())
    assert library.shelf().set(running.id).state is State.QUEUED


def test_a_new_athlete_can_be_added_while_adding_clips(library: Library) -> None:
    app = see("add")
    sound(app.selectbox("add-athlete").select("+").run())
    sound(app.text_input("add-athlete-name").input("**Mara**").run())
    (mara,) = library.shelf().athletes()
    assert app.selectbox("add-athlete").value == mara.id
    sound(app.selectbox("add-athlete").select("+").run())
    sound(app.text_input("add-athlete-name").input("**mara**").run())
    assert len(library.shelf().athletes()) == 1
    assert any(plain("**mara**") in part.value for part in app.caption)


# --------------------------------------------------------------------------- the list


def test_sets_are_filtered_by_what_is_known_of_them(library: Library) -> None:
    mara = library.shelf().add_athlete("Mara")
    library.done("one.mov", athlete_id=mara.id, session="Tuesday", tags=("heavy",))
    library.done("two.mov")
    app = see("sets")
    for label, choice in (
        ("Athlete", mara.id),
        ("Movement", "squat"),
        ("Tag", "heavy"),
        ("Session", "Tuesday"),
    ):
        sound(app.selectbox(f"filter-{label}").select(choice).run())
    assert "one.mov" in said(app)
    assert "two.mov" not in said(app)
    sound(app.selectbox("filter-Movement").select("hinge").run())
    assert "No set fits these filters." in said(app)


def test_a_typed_name_is_shown_and_not_obeyed(library: Library) -> None:
    evil = "<img src=//example.org/x>![x](//example.org/y) :material/home:"
    mara = library.shelf().add_athlete("**Mara**")
    one = library.done(evil, athlete_id=mara.id, session=evil)
    for app in (see("sets"), see("one_set", set=one.id), see("one_athlete", athlete=mara.id)):
        assert "<img" not in html_of(app)
        labels = [part.proto.label for part in app.get("page_link")]
        values = [part.value for kind in ("title", "markdown", "caption") for part in app.get(kind)]
        assert not any(
            "![x]" in text or "**Mara**" in text or ":material/" in text for text in labels + values
        )
        assert "**Mara**" in said(app)


# --------------------------------------------------------------------------- one set


def test_a_set_tells_its_whole_story(library: Library) -> None:
    one = library.done("squat.mov", replace(factory.report(), stop_after_rep=1))
    app = see("one_set", set=one.id)
    text = said(app)
    for told in (
        "Knees caved in on 2 of 3 reps.",
        "“Knees out”",
        "87 of 100",
        "Form changed after rep 1. Next time, end the set there.",
        "**Rep 1** ✓ *100* Good",
        "**Rep 2** ✕ *80* Knees caved in",
        "Compare rep 1 (best) with rep 2 (worst)",
        "Knee gap over ankle gap 0.62 ± 0.05 ✕ fault 0.8 or more On 2 of 3 reps.",
        "Not visible from this view Heels lift (every rep)",
        "3 m or more straight to the side",
        "Banded squats.",
        "Bring both feet into the picture.",
        "assumed; below 1 the knees are inside the feet",
        "Save the table (CSV)",
    ):
        assert told in text, told
    sound(app.button("rep-fault-2").click().run())
    assert app.session_state["seek"] == (one.id, 45, 1)
    sound(app.button("rep-good-1").click().run())
    assert app.session_state["seek"] == (one.id, 15, 2)


def test_a_good_set_is_good_as_far_as_it_was_seen(library: Library) -> None:
    for seen_all, words in ((False, "Good, as far as seen"), (True, "Looks good")):
        one = library.done(report=good(), seen_all=seen_all)
        for app in (see("one_set", set=one.id), see("sets")):
            assert words in said(app)
        library.shelf().delete_set(one.id)


def test_a_set_in_which_nothing_was_seen_says_so(library: Library) -> None:
    one = library.done(report=factory.report(reps=0), with_film=False)
    text = said(see("one_set", set=one.id))
    for told in ("No person was found.", "no score: too little was seen to judge", "There is no film"):
        assert told in text
    gone = replace(factory.report(1), set_findings=(), movement=None, set_score=None, cue=None)
    cycles = tuple(
        replace(
            c, score=None, findings=tuple(replace(f, value=None, verdict=Verdict.UNKNOWN) for f in c.findings)
        )
        for c in gone.cycles
    )
    one = library.done(report=replace(gone, cycles=cycles))
    assert "Could not be judged" in said(see("one_set", set=one.id))


def test_a_set_on_its_way_failed_or_cancelled_says_where_it_stands(library: Library) -> None:
    one = library.running()
    app = see("one_set", set=one.id)
    assert "Reading · 120 of 384 frames" in said(app)
    sound(app.button(f"cancel-one-{one.id}").click().run())
    assert "Cancelled" in said(app)
    failed = library.failed("the clip ends after 2 frames: film at least one repetition")
    app = see("one_set", set=failed.id)
    assert "The clip ends after 2 frames" in said(app)
    sound(app.selectbox(f"again-{failed.id}-movement").select("hinge").run())
    sound(app.button(f"again-{failed.id}-go").click().run())
    again = library.shelf().set(failed.id)
    assert (again.state, again.movement_asked) == (State.QUEUED, "hinge")
    assert "Waiting its turn" in said(app)


def test_results_that_are_broken_or_gone_cost_a_line_and_not_the_page(library: Library) -> None:
    one = library.done()
    results = library.shelf().files(one.id).results
    assert results is not None
    (results / "player.json").write_text('{"cycles": 5}')
    assert "There is no film" in said(see("one_set", set=one.id))
    (results / "report.json").write_bytes(b"\xff\xfe{")
    app = see("one_set", set=one.id)
    assert "Expected JSON; analyse the clip again" in said(app)
    (results / "report.json").unlink()
    assert "cannot be read; analyse the clip again" in said(see("one_set", set=one.id))
    sound(app.button(f"again-broken-{one.id}").click().run())
    assert library.shelf().set(one.id).state is State.QUEUED


def test_anothers_set_looks_like_none(library: Library) -> None:
    theirs = library.done("theirs.mov", viewer=OTHER)
    nobody = library.shelf(OTHER).add_athlete("Theirs")
    assert said(see("one_set", set=theirs.id)) == said(see("one_set", set="0" * 32))
    assert said(see("one_athlete", athlete=nobody.id)) == said(see("one_athlete", athlete="0" * 32))
    assert "theirs.mov" not in said(see("sets")) + said(see("compare", left=theirs.id))


def test_a_set_is_changed_noted_and_deleted(library: Library) -> None:
    one = library.done()
    note = library.shelf().add_note(one.id, 45, "hips shoot up")
    app = see("one_set", set=one.id)
    assert "hips shoot up" in said(app)
    sound(app.button(f"see-{note.id}").click().run())
    assert app.session_state["seek"][:2] == (one.id, 45)
    app.text_area(f"text-{note.id}").input("hips rise first")
    sound(app.button(f"keep-{note.id}").click().run())
    assert [n.text for n in library.shelf().notes(one.id)] == ["hips rise first"]
    sound(app.button(f"drop-{note.id}").click().run())
    assert not library.shelf().notes(one.id)
    app.text_input(f"change-{one.id}-title").input("Monday, third set")
    sound(app.button(f"change-{one.id}-keep").click().run())
    assert library.shelf().set(one.id).title == "Monday, third set"
    arrived = library.room.incoming.begin(LOCAL, "Mara.mov", 9)
    library.room.incoming.became(arrived, one.id)
    still_coming = library.room.incoming.begin(LOCAL, "next.mov", 9)
    app.session_state["page-somebody"] = (date(2025, 3, 4), date(2025, 3, 5), "a page with the title")
    sound(button(app, "Delete for good").click().run())
    assert {path.stem for path in library.room.folder.uploads.iterdir()} == {still_coming.id}
    assert "page-somebody" not in app.session_state
    assert report_back._read.cache_info().currsize == results._parsed.cache_info().currsize == 0
    with pytest.raises(NotFound, match="no such set"):
        library.shelf().set(one.id)
    assert "No set yet." in said(app)


def test_a_notes_time_in_slow_motion_is_the_one_that_the_player_tells() -> None:
    clip = replace(factory.clip_info(), fps=30.0, capture_fps=240.0)
    found = results.Results(factory.report(), clip, (), (0.0, 1.0, 2.0), has_film=True)
    assert found.time_s(2) == 0.25
    assert found.time_s(3) is None


def test_a_package_that_was_removed_meanwhile_is_not_offered(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = library.done()
    path = library.room.new_package(LOCAL)
    made = Making("m", (one.id,), blur=True, stage=Stage.READY, name=path.name)
    monkeypatch.setattr(MAKINGS, "_known", {(LOCAL.key, made.id): made})
    assert "Make it again." in said(see("one_set", set=one.id))
    path.touch()
    assert "Make it again." not in said(see("one_set", set=one.id))


# --------------------------------------------------------------------------- comparing, athletes


def test_two_repetitions_are_compared_phase_by_phase(library: Library) -> None:
    from vision.ui.results import read
    from vision.ui.screens.compare import Half, phases

    one = library.done()
    two = library.done(report=factory.report(2))
    found, shorter = (read(library.shelf().files(s.id).results) for s in (one, two))
    assert phases(Half(one, found, 1), Half(one, found, 3)) == ([0, 15, 30], [60, 75, 89])
    whole = phases(Half(one, found, 0), Half(two, shorter, 0))
    assert whole == ([0, 15, 30, 45, 60], [0, 15, 30, 45, 59])
    app = see("compare", left=one.id, leftrep="1", right=one.id, rightrep="3")
    assert [box.value for box in app.selectbox] == [one.id, 1, one.id, 3]
    nothing = library.done(report=factory.report(0))
    assert "Nothing can be aligned" in said(see("compare", left=nothing.id, right=one.id))


def test_two_runs_are_aligned_at_the_touch_down_of_one_foot(library: Library) -> None:
    from vision.ui.results import read
    from vision.ui.screens.compare import Half, phases

    one = library.done()
    found = read(library.shelf().files(one.id).results)
    starts = [spell.start for spell in found.spells]
    assert len(starts) == 3

    def run(first: str, unseen: int = 0) -> Half:
        """Steps that begin with ``first``; of the first ``unseen`` no touch-down was seen."""
        sides = [first if k % 2 == 0 else other_side(first) for k in range(len(starts))]
        cycles = tuple(
            replace(judged, cycle=replace(judged.cycle, side=side))
            for judged, side in zip(found.report.cycles, sides, strict=True)
        )
        strip = tuple(
            Kinogram(side, k, dict.fromkeys(KINOGRAM, None if k < unseen else 1), dict.fromkeys(KINOGRAM))
            for k, side in enumerate(sides)
        )
        run_of = replace(found, report=replace(found.report, cycles=cycles, kinogram=strip))
        return Half(replace(one, movement="sprint"), run_of, 0)

    def first(left: Half, right: Half) -> tuple[int, int]:
        pair = phases(left, right)
        assert pair is not None
        return pair[0][0], pair[1][0]

    assert first(run("left"), run("left")) == (starts[0], starts[0])
    assert first(run("left"), run("right")) == (starts[0], starts[1])
    assert first(run("right"), run("left")) == (starts[0], starts[1])
    assert first(run("left", 1), run("left", 1)) == (starts[1], starts[1])
    assert first(run("left", 1), run("right")) == (starts[1], starts[0])


def test_an_athletes_course_tells_a_change_from_its_error(library: Library) -> None:
    mara = library.shelf().add_athlete("Mara")
    assert "begins with the first set" in said(see("one_athlete", athlete=mara.id))
    library.weeks(mara.id, {date(2025, 3, 4): 0.80, date(2025, 3, 11): 0.82})
    app = see("one_athlete", athlete=mara.id)
    assert "within the error" in said(app)
    assert 'src="data:image/svg+xml;base64,' in html_of(app)
    library.weeks(mara.id, {date(2025, 4, 1): 1.1})
    assert "0.30 ± 0.07 more" in said(see("one_athlete", athlete=mara.id))


def test_athletes_are_added_renamed_and_deleted_with_everything(library: Library) -> None:
    app = see("athletes")
    app.text_input[0].input("Mara")
    sound(button(app, "Add").click().run())
    (mara,) = library.shelf().athletes()
    one = library.done(athlete_id=mara.id)
    app.text_input[0].input("  ")
    sound(button(app, "Add").click().run())
    assert any("empty" in part.value for part in app.caption)
    app = see("one_athlete", athlete=mara.id)
    app.text_input(f"name-{mara.id}").input("Mara B")
    sound(app.button(f"keep-{mara.id}").click().run())
    assert app.title[0].value == "Mara B"
    sound(button(app, "Delete for good").click().run())
    assert not library.shelf().athletes()
    with pytest.raises(NotFound, match="no such set"):
        library.shelf(LOCAL).set(one.id)
    assert "Nobody yet" in said(app)
