"""Finding the model files and refusing any that is not the one the manifest names."""

from __future__ import annotations

import hashlib
import os
import tomllib
from functools import cache
from pathlib import Path


class WeightError(RuntimeError):
    """A model file is missing or is not what ``models/manifest.toml`` says."""


def models_folder() -> Path:
    """The folder of weights: ``PLUMBLINE_MODELS``, else ``models`` beside or inside the package."""
    override = os.environ.get("PLUMBLINE_MODELS")
    if override:
        return Path(override)
    package = Path(__file__).resolve().parents[1]
    inside = package / "_models"
    return inside if inside.is_dir() else package.parent / "models"


def manifest() -> dict[str, dict[str, str]]:
    """The table of ``models/manifest.toml``: file name to sha256, source, licence."""
    path = models_folder() / "manifest.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise WeightError(
            f"expected the model manifest at {path}, found nothing; "
            "reinstall Plumbline or set PLUMBLINE_MODELS to the folder that holds it"
        ) from None


def weight_path(name: str) -> Path:
    """Path of the weight file ``name`` once its sha256 is the manifest's.

    Raises WeightError when the file is missing, unlisted or different.
    """
    return _checked(models_folder() / name)


def sha256(name: str) -> str:
    """The sha256 that the manifest gives for ``name``."""
    return manifest()[name]["sha256"]


@cache
def _checked(path: Path) -> Path:
    listed = manifest()
    if path.name not in listed:
        raise WeightError(f"{path.name} is not in the model manifest; known: {', '.join(listed)}")
    try:
        with path.open("rb") as file:
            got = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise WeightError(f"the model file {path} is missing; fetch it again with the repository") from None
    want = listed[path.name]["sha256"]
    if got != want:
        raise WeightError(
            f"the model file {path} is damaged or another version: expected sha256 {want[:12]}…, "
            f"got {got[:12]}…; fetch it again with the repository"
        )
    return path
