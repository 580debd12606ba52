"""The data folder: where clips, results and whatever else is kept lie, under random names."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o700
_PARTS = ("clips", "results", "uploads", "packages", "logs", "scratch")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_NAME = re.compile(r"[0-9a-z]{16,64}(\.[a-z0-9]{1,8})?")
_SECRET_BYTES = 32


class StoreError(Exception):
    """The library cannot be used; the text is one line for the user."""


def _may_write(path: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    return os.access(path, os.W_OK | os.X_OK, effective_ids=effective)


def is_random_name(name: str) -> bool:
    """Whether ``name`` is one that `DataFolder.new_name` could have made."""
    return _NAME.fullmatch(name) is not None


class DataFolder:
    """A folder that only its owner can look into, with a subfolder for each kind of file.

    A folder made here, or found empty, gets mode 0700. One that already held something keeps its
    mode, as it may be shared on purpose; what is made inside is private all the same.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root).expanduser().absolute()
        try:
            self._make()
        except OSError as error:
            raise StoreError(self._unusable(error.strerror or "it cannot be made")) from error
        if not all(_may_write(self.root / part) for part in ("", *_PARTS)):
            raise StoreError(self._unusable("writing there is not allowed"))

    def _make(self) -> None:
        self.root.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        if not any(self.root.iterdir()):
            self.root.chmod(PRIVATE)
        for part in _PARTS:
            (self.root / part).mkdir(mode=PRIVATE, exist_ok=True)

    def _unusable(self, why: str) -> str:
        return f"The data folder {self.root} cannot be used ({why}): choose another with --data."

    @property
    def clips(self) -> Path:
        """The films as they came."""
        return self.root / "clips"

    @property
    def results(self) -> Path:
        """One folder per finished analysis."""
        return self.root / "results"

    @property
    def uploads(self) -> Path:
        """Films that are still arriving."""
        return self.root / "uploads"

    @property
    def packages(self) -> Path:
        """What was made to be handed out."""
        return self.root / "packages"

    @property
    def logs(self) -> Path:
        """What the programs had to say."""
        return self.root / "logs"

    @property
    def scratch(self) -> Path:
        """Results that are still being written."""
        return self.root / "scratch"

    @property
    def database(self) -> Path:
        """The SQLite file, used unless a server is named."""
        return self.root / "library.db"

    def new_name(self, suffix: str = "") -> str:
        """Give a random name; an unusual ``suffix`` is left off, since users' names are no paths."""
        ending = suffix.lower()
        return secrets.token_hex(16) + (ending if _SUFFIX.fullmatch(ending) else "")

    def remove(self, path: Path) -> None:
        """Remove a file or a folder of this data folder; one that is gone already is fine."""
        path = Path(os.path.abspath(path))
        if self.root not in path.parents or path.parent == self.root:
            raise ValueError(f"Expected a path inside a subfolder of {self.root}, got {path}.")
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
            if not path.exists():
                return
            shutil.rmtree(path)  # says why
        with suppress(FileNotFoundError):
            path.unlink()

    def secret(self) -> bytes:
        """Give 32 random bytes that stay the same for this folder."""
        path = self.root / "secret"
        try:
            if not path.exists():
                self._write_secret(path)
            found = path.read_bytes()
        except OSError as error:
            raise StoreError(self._unusable(error.strerror or "its secret cannot be kept")) from error
        if len(found) != _SECRET_BYTES:
            raise StoreError(f"The file {path} is damaged: remove it, a new one is made at the next start.")
        return found

    def _write_secret(self, path: Path) -> None:
        draft = self.root / f"secret-{secrets.token_hex(8)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_SECRET_BYTES))
                file.flush()
                os.fsync(file.fileno())
            # A link, unlike a renaming, loses against another process that was quicker.
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
