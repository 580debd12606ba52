"""The worker's process: started, killed, started again, ended; and no job is lost in any of it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.clips import middle_of
from tests.jobs import fakes
from tests.jobs.conftest import Kept, until
from vision.jobs import supervise
from vision.jobs.alive import Alive, dead_workers, forget
from vision.jobs.supervisor import LARGE_LOG, open_log
from vision.store import State, StoredSet

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "videos" / "squat_front_left_knee_caves_from_rep3.mp4"
FAKE = str(Path(__file__).with_name("fake_worker.py"))


def command(kind: str) -> tuple[str, ...]:
    return sys.executable, FAKE, kind


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and only waits to be noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def stage(kept: Kept, one: StoredSet) -> str:
    """The state a set is in, with its stage when it is well under way."""
    now = kept.shelf.set(one.id)
    return f"{now.state.value} {now.stage}" if now.done > 0 else now.state.value


def ended(kept: Kept, one: StoredSet) -> bool:
    return kept.shelf.set(one.id).state not in (State.QUEUED, State.RUNNING)


def test_the_real_worker_analyses_a_real_clip(kept: Kept, tmp_path: Path) -> None:
    # One squat whose left knee caves in, with the rest before and after it.
    one = kept.add(middle_of(SAMPLE, tmp_path / "cut.mp4", 6.6, 2.6), movement="squat")
    with supervise(kept.folder.root, pose="blazepose-full") as supervisor:
        until(lambda: ended(kept, one), "analysed", kept.log)
        pid = supervisor.pid
        assert pid is not None
        assert os.getpgid(pid) == pid != os.getpgrp()
        assert os.readlink(f"/proc/{pid}/fd/0") == os.devnull
        assert os.readlink(f"/proc/{pid}/fd/1") == str(kept.log)
    assert not is_alive(pid)
    assert supervisor.pid is None
    done = kept.shelf.set(one.id)
    assert (done.state, done.problem) == (State.DONE, "")
    assert (done.reps, done.verdict) == (1, "fault")
    assert "knee" in done.headline.lower()
    assert stat.S_IMODE(kept.log.stat().st_mode) == 0o600
    assert done.title not in kept.log.read_text("utf-8")
    assert not list(kept.folder.logs.glob("*.alive"))


def test_a_clip_that_crashes_the_worker_three_times_is_given_up_and_others_go_on(
    kept: Kept, tmp_path: Path, squats: Path
) -> None:
    bad = kept.add(fakes.clip(tmp_path / "bad.mp4", 60, fakes.CRASHING_WH), "bad.mp4")
    good = kept.add(squats, "good.mp4")
    with supervise(kept.folder.root, command=command("crashing")):
        until(lambda: ended(kept, good), "the good one done", kept.log)
    failed = kept.shelf.set(bad.id)
    assert kept.shelf.set(good.id).state is State.DONE
    assert failed.state is State.FAILED
    assert "broke off 3 times" in failed.problem
    log = kept.log.read_text("utf-8")
    assert [f"set {bad.id}, try {n}" in log for n in (1, 2, 3, 4)] == [True, True, True, False]
    # Nobody waited for a lease to run out: each death was noticed by the next worker.
    assert log.count("was killed; 1 set(s) free again") == 3


def test_a_cancelled_set_is_left_and_an_orderly_end_gives_the_next_one_back(kept: Kept, squats: Path) -> None:
    first, second = kept.add(squats, "first.mp4"), kept.add(squats, "second.mp4")
    with supervise(kept.folder.root, command=command("slow")):
        until(lambda: stage(kept, first) == "running reading", "first under way", kept.log)
        now = kept.shelf.set(first.id)
        assert now.total == fakes.FRAMES
        kept.shelf.cancel(first.id)
        until(lambda: stage(kept, second) == "running reading", "second under way", kept.log)
        assert not kept.shelf.files(first.id).results
    assert kept.shelf.set(first.id).state is State.CANCELLED
    assert kept.shelf.set(second.id).state is State.QUEUED
    assert not list(kept.folder.scratch.iterdir())
    assert not list(kept.folder.results.iterdir())
    job = kept.library.queue.take("next")
    assert job is not None
    assert job.tries == 1, "an orderly end is no try"


SERVER = """
import sys, time
from pathlib import Path
from vision.jobs import supervise
with supervise(Path(sys.argv[1]), command=sys.argv[2:]) as supervisor:
    while supervisor.pid is None:
        time.sleep(0.01)
    print(supervisor.pid, flush=True)
    time.sleep(600)
"""


def test_a_killed_server_takes_its_worker_along_and_the_next_one_finishes_the_job(
    kept: Kept, squats: Path, tmp_path: Path
) -> None:
    one = kept.add(squats)
    words = tmp_path / "server.log"
    with words.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(kept.folder.root), *command("slow")],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    worker = 0
    try:
        until(lambda: stage(kept, one) == "running reading", "under way", kept.log)
        until(lambda: words.read_text().strip() != "", "told its worker", kept.log)
        worker = int(words.read_text().split()[0])
        assert is_alive(worker)
        server.send_signal(signal.SIGKILL)
        server.wait(60)
        until(lambda: not is_alive(worker), "the worker ended with the server", kept.log)
    finally:
        server.kill()
        with suppress(ProcessLookupError):
            os.kill(worker or server.pid, signal.SIGKILL)
        server.wait(60)
    assert kept.shelf.set(one.id).state is State.RUNNING
    with supervise(kept.folder.root, command=command("quick")):
        until(lambda: ended(kept, one), "finished", kept.log)
    done = kept.shelf.set(one.id)
    assert (done.state, done.problem) == (State.DONE, "")
    assert done.reps > 0
    assert len(list(kept.folder.results.iterdir())) == 1


def test_a_worker_that_cannot_start_is_no_busy_loop_and_no_hanging_end(kept: Kept) -> None:
    with supervise(kept.folder.root, command=(sys.executable, "-c", "print('no', flush=True)")):
        until(lambda: kept.log.exists() and kept.log.read_text().count("no") >= 2, "tried again", kept.log)
    with supervise(kept.folder.root, command=(str(kept.folder.root / "nothing"),)) as supervisor:
        assert supervisor.pid is None


# --------------------------------------------------------------------------- logs and signs of life


def test_a_large_log_makes_room_for_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "worker.log"
    for text in (b"a" * (LARGE_LOG + 1), b"b", b"c"):
        with open_log(path) as log:
            log.write(text)
    assert path.read_bytes() == b"bc"
    assert (tmp_path / "worker.log.1").stat().st_size == LARGE_LOG + 1


def test_a_worker_is_dead_when_its_process_is(tmp_path: Path) -> None:
    alive = Alive(tmp_path, "here")
    holder = f"""
import os, sys
from pathlib import Path
from vision.jobs.alive import Alive
Alive(Path({str(tmp_path)!r}), "gone")
os.kill(os.getpid(), 9)
"""
    subprocess.run(
        [sys.executable, "-c", holder],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    assert dead_workers(tmp_path) == ["gone"]
    forget(tmp_path, "gone")
    assert dead_workers(tmp_path) == []
    alive.close()
    assert not list(tmp_path.iterdir())


def test_a_second_worker_of_one_name_waits_for_no_lock_of_a_removed_file(tmp_path: Path) -> None:
    first = Alive(tmp_path, "one")
    forget(tmp_path, "one")
    second = Alive(tmp_path, "one")
    assert dead_workers(tmp_path) == []
    second.close()
    first.close()
    with pytest.raises(FileNotFoundError, match="worker-one"):
        (tmp_path / "worker-one.alive").stat()
