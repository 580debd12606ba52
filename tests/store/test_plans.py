"""Plans and check-ups in the library: kept, theirs alone, gone to the last byte, never past the gate."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests.plan.made import DAY, arched, plan, shifted
from tests.store.keeping import ADDED_LATER, finished
from tests.store.test_deleting import everything
from vision.plan import Answers, NoPlan, Pain, Plan, RedFlag, Stopped
from vision.plan.gate import PAINFUL, UNANSWERED, URGENT
from vision.plan.stored import StoredPlanError, read_findings, rebuilt
from vision.store import LOCAL, DataFolder, Library, NotFound, Shelf, StoredPlan, Viewer
from vision.store.database import SCHEMA


def opened(one: StoredPlan, today: date = DAY) -> Plan | NoPlan | Stopped:
    return rebuilt(one.findings, one.answers, one.starts, today)


def test_a_plan_comes_back_as_it_was_made_and_its_days_with_it(anywhere: Library) -> None:
    shelf, made = anywhere.shelf(LOCAL), plan(shifted())
    kept = shelf.add_plan(made, None)
    shelf.tick(kept.id, DAY, "glutes")
    shelf.tick(kept.id, DAY + timedelta(days=1))
    shelf.tick(kept.id, DAY, "low back")
    again = shelf.plan(kept.id)
    assert again.felt == {DAY: "low back", DAY + timedelta(days=1): ""}
    got = opened(again)
    assert isinstance(got, Plan)
    assert replace(got, gate=made.gate) == made
    shelf.untick(kept.id, DAY)
    assert [one.done for one in shelf.plans(None)] == [frozenset({DAY + timedelta(days=1)})]
    with pytest.raises(ValueError, match="Expected where it was felt among glutes"):
        shelf.tick(kept.id, DAY, "toes")


@pytest.mark.parametrize(
    ("answers", "instead"),
    [
        (Answers(Pain.HIPS, frozenset(), DAY), PAINFUL),
        (Answers(Pain.ELSEWHERE, frozenset(), DAY), PAINFUL),
        (Answers(None, frozenset(), DAY), UNANSWERED),
        (Answers(Pain.NONE, frozenset({RedFlag.NIGHT}), DAY), URGENT),
        (Answers(Pain.NONE, frozenset(), DAY - timedelta(days=7)), UNANSWERED),
    ],
)
def test_a_kept_plan_is_not_shown_past_its_gate(shelf: Shelf, answers: Answers, instead: Stopped) -> None:
    kept = shelf.add_plan(plan(arched()), None)
    assert isinstance(opened(kept), Plan)
    shelf.answer(kept.id, answers)
    assert opened(shelf.plan(kept.id)) is instead


def test_what_was_kept_broken_is_refused() -> None:
    for broken in ("", "[]", '{"signals": [{}], "profile": {}}', '{"signals": 3}'):
        with pytest.raises(StoredPlanError, match="make the plan anew"):
            read_findings(broken)
    with pytest.raises(StoredPlanError, match="answer it again"):
        rebuilt("", '{"pain": "a bit"}', DAY, DAY)


def test_others_plans_and_check_ups_are_not_there(library: Library, shelf: Shelf) -> None:
    kept = shelf.add_plan(plan(arched()), None)
    begun = shelf.begin_checkup(Answers(Pain.NONE, frozenset(), DAY), None)
    other = library.shelf(Viewer("somebody else"))
    for ask in (
        lambda: other.plan(kept.id),
        lambda: other.tick(kept.id, DAY),
        lambda: other.answer(kept.id, Answers(Pain.NONE, frozenset(), DAY)),
        lambda: other.delete_plan(kept.id),
        lambda: other.checkup(begun.id),
        lambda: other.take_step(begun.id, "squat", None),
    ):
        with pytest.raises(NotFound, match="in this library"):
            ask()
    assert other.plans(None) == ()
    assert other.checkups() == ()


def test_a_check_up_keeps_its_steps_and_a_deleted_set_opens_its_step(anywhere: Library) -> None:
    shelf = anywhere.shelf(LOCAL)
    begun = shelf.begin_checkup(Answers(Pain.NONE, frozenset(), DAY), None)
    one, two = (finished(anywhere, shelf, f"{i}.mov") for i in range(2))
    shelf.take_step(begun.id, "squat", one.id)
    shelf.take_step(begun.id, "squat", two.id)
    shelf.take_step(begun.id, "gait", None)
    assert shelf.checkup(begun.id).steps == {"squat": two.id, "gait": None}
    shelf.delete_set(two.id)
    assert shelf.checkups()[0].steps == {"gait": None}
    shelf.reopen_step(begun.id, "gait")
    assert shelf.checkup(begun.id).steps == {}
    shelf.delete_checkup(begun.id)
    assert shelf.checkups() == ()


def test_a_deleted_plan_or_athlete_leaves_no_byte(library: Library, shelf: Shelf, folder: DataFolder) -> None:
    made = plan(shifted())
    marked = replace(made, signals=tuple(replace(s, words="Quillfeather") for s in made.signals))
    kept = shelf.add_plan(marked, None)
    person = shelf.add_athlete("Somebody")
    theirs = shelf.add_plan(replace(marked, signals=marked.signals[:1]), person.id)
    shelf.tick(theirs.id, DAY, "hamstrings")
    shelf.begin_checkup(Answers(Pain.NONE, frozenset(), DAY), person.id)
    assert everything(folder).count(b"Quillfeather") >= 3
    shelf.delete_plan(kept.id)
    shelf.delete_athlete(person.id)
    left = everything(folder)
    assert b"Quillfeather" not in left
    assert b"hamstrings" not in left
    assert shelf.plans(None) == shelf.checkups() == ()


def test_a_library_of_the_first_version_is_brought_up_with_its_sets(folder: DataFolder) -> None:
    library = Library.open(folder)
    shelf = library.shelf(LOCAL)
    kept = finished(library, shelf, "old.mov")
    library.close()
    tables = ("plan_days", "plans", "checkup_steps", "checkups")
    with sqlite3.connect(folder.database) as connection:
        for table in tables:
            connection.execute(f"DROP TABLE {table}")
        for column in ADDED_LATER:
            connection.execute(f"ALTER TABLE sets DROP COLUMN {column}")
        connection.execute("UPDATE alembic_version SET version_num = '001'")
    connection.close()
    again = Library.open(folder)
    shelf = again.shelf(LOCAL)
    assert [one.id for one in shelf.sets()] == [kept.id]
    assert shelf.add_plan(plan(arched()), None).done == frozenset()
    with again._database.reading() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == SCHEMA
    again.close()
