"""The newest only, errors told, threads ended."""

from __future__ import annotations

import threading

import pytest

from vision.live.newest import Newest, Worker

WAIT_S = 60.0


def test_the_newest_replaces_what_was_not_taken() -> None:
    slot: Newest[int] = Newest()
    for item in (1, 2, 3):
        slot.put(item)
    assert slot.take(WAIT_S) == 3
    assert slot.dropped == 2
    assert slot.take(0.0) is None


def test_closing_wakes_whoever_waits_and_drops_what_comes_later() -> None:
    slot: Newest[int] = Newest()
    got: list[int | None] = []
    waiting = threading.Thread(target=lambda: got.append(slot.take()))
    waiting.start()
    slot.close()
    waiting.join(WAIT_S)
    assert got == [None]
    slot.put(1)
    assert slot.take(0.0) is None


def test_a_busy_worker_gets_the_newest_of_what_came_in_between() -> None:
    done: list[int] = []
    begun, go_on, finished = threading.Event(), threading.Event(), threading.Event()

    def work(item: int) -> None:
        begun.set()
        assert go_on.wait(WAIT_S)
        done.append(item)
        if item == 9:
            finished.set()

    with Worker(work) as worker:
        worker.put(0)
        assert begun.wait(WAIT_S)
        for item in range(1, 10):
            worker.put(item)
        go_on.set()
        assert finished.wait(WAIT_S)
    assert done == [0, 9]
    assert worker.dropped == 8
    assert not worker.alive
    assert not any(t.name == "plumbline-live" for t in threading.enumerate())


def test_what_the_work_raises_reaches_the_caller_once() -> None:
    def work(item: int) -> None:
        raise ValueError(f"no use for {item}")

    worker = Worker(work)
    worker.put(5)
    worker._thread.join(WAIT_S)
    with pytest.raises(ValueError, match="no use for 5"):
        worker.put(6)
    worker.put(7)
    worker.close()
    assert not worker.alive


def test_an_error_of_the_block_is_not_hidden_by_one_of_the_work() -> None:
    def work(item: int) -> None:
        raise ValueError("from the work")

    def block() -> None:
        with Worker(work) as worker:
            worker.put(1)
            worker._thread.join(WAIT_S)
            raise KeyError("from the block")

    with pytest.raises(KeyError, match="from the block"):
        block()


def test_work_that_does_not_end_is_told() -> None:
    go_on = threading.Event()
    begun = threading.Event()

    def work(item: int) -> None:
        begun.set()
        go_on.wait(WAIT_S)

    worker = Worker(work)
    worker.put(1)
    assert begun.wait(WAIT_S)
    with pytest.raises(TimeoutError, match="still busy"):
        worker.close(timeout_s=0.01)
    go_on.set()
    worker.close(WAIT_S)
