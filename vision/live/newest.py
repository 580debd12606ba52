"""The newest of what comes in, and a thread that works on it: whatever came in between is dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Newest(Generic[T]):
    """A place for one thing: putting replaces what was not yet taken. Safe between threads."""

    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._held: list[T] = []
        self._closed = False
        self.dropped = 0

    def put(self, item: T) -> None:
        """Lay ``item`` in place of an older one; after :meth:`close` it is dropped."""
        with self._ready:
            if self._closed:
                return
            self.dropped += len(self._held)
            self._held = [item]
            self._ready.notify()

    def take(self, timeout_s: float | None = None) -> T | None:
        """Wait for the newest and take it; None once closed, or when ``timeout_s`` have passed."""
        with self._ready:
            self._ready.wait_for(lambda: self._held or self._closed, timeout_s)
            return self._held.pop() if self._held and not self._closed else None

    def close(self) -> None:
        """End every waiting, now and later."""
        with self._ready:
            self._closed = True
            self._held = []
            self._ready.notify_all()

    @property
    def closed(self) -> bool:
        """Whether :meth:`close` was called."""
        return self._closed


class Worker(Generic[T]):
    """Calls ``work`` with the newest item, in a thread of its own, until closed or until it raises.

    What ``work`` raises ends the thread and is raised by the next :meth:`put` and by :meth:`close`,
    once. Used as a context manager it closes at the end.
    """

    def __init__(self, work: Callable[[T], object], *, name: str = "plumbline-live") -> None:
        self._work = work
        self._slot: Newest[T] = Newest()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while (item := self._slot.take()) is not None:
                self._work(item)
        except BaseException as error:
            self._error = error
            self._slot.close()

    def _tell(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    @property
    def alive(self) -> bool:
        """Whether it still works."""
        return self._thread.is_alive() and not self._slot.closed

    @property
    def dropped(self) -> int:
        """Items that a newer one replaced before they were worked on."""
        return self._slot.dropped

    def put(self, item: T) -> None:
        """Hand over the newest item; never waits."""
        self._tell()
        self._slot.put(item)

    def close(self, timeout_s: float = 10.0) -> None:
        """End the thread after the item in hand; may be called again and from within ``work``.

        Raises what ``work`` raised, and TimeoutError if the item in hand takes longer than that.
        """
        self._slot.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout_s)
            if self._thread.is_alive():
                raise TimeoutError(f"the worker is still busy after {timeout_s:g} s")
        self._tell()

    def __enter__(self) -> Worker[T]:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self.close()
        except BaseException:
            if kind is None:
                raise
