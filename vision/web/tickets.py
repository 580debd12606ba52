"""Tickets: who holds one may ask the routes for what is its viewer's, for half a day.

The browser's players and uploaders carry them in the address, where no login reaches.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any, Final, cast

from vision.store.rows import Viewer

LIFE_S: Final = 12 * 3600
_STEP_S: Final = 3600
"""Ends are rounded up to the hour, so that a page drawn twice gets the same address twice."""

_SEAL_BYTES: Final = 32
_LONGEST: Final = 4096


class Tickets:
    """Signs and reads tickets with the data folder's ``secret``; ``now`` gives seconds since 1970."""

    def __init__(self, secret: bytes, *, now: Callable[[], float] = time.time) -> None:
        self._key = hmac.digest(secret, b"plumbline ticket 1", hashlib.sha256)
        self._now = now

    def sign(self, viewer: Viewer) -> str:
        """Give a ticket for ``viewer``: letters, digits, ``-`` and ``_``; good for 12 to 13 hours."""
        until = (int(self._now()) // _STEP_S + 1) * _STEP_S + LIFE_S
        said = json.dumps([viewer.key, viewer.name, until], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._seal(said) + said).rstrip(b"=").decode()

    def viewer(self, text: str) -> Viewer | None:
        """Whose ticket this is; None for one that is forged, damaged or too old."""
        if len(text) > _LONGEST or not text.isascii():
            return None
        try:
            whole = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        seal, said = whole[:_SEAL_BYTES], whole[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._seal(said)):
            return None
        key, name, until = cast("list[Any]", json.loads(said))
        return Viewer(str(key), str(name)) if self._now() < until else None

    def mark(self, viewer: Viewer) -> str:
        """16 letters that tell one viewer's files from another's, and nothing about the viewer."""
        return hmac.new(self._key, b"mark " + viewer.key.encode(), hashlib.sha256).hexdigest()[:16]

    def _seal(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, hashlib.sha256)
