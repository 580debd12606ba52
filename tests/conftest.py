"""For all tests: no example of hypothesis has to be fast, since the machine may be busy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def no_pelvis_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """For pose models that are made up: in their grey pictures there is no pelvis to look at."""
    for module in ("vision.pipeline", "vision.calibrating", "vision.live.eyes"):
        monkeypatch.setattr(f"{module}.open_networks", lambda: None)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files alone that cannot hold a test for ``-m browser``: importing them all takes longer."""
    if config.option.markexpr != "browser" or collection_path.suffix != ".py":
        return None
    return "mark.browser" not in collection_path.read_text("utf-8") or None
