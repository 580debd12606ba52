"""The set-up script: what it decides, without installing anything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import plumb

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==(\S+)(?: ; .+)? \\$")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout with two locks and an environment that claims to be there."""
    locks = {"run": tmp_path / "requirements.lock", "dev": tmp_path / "requirements-dev.lock"}
    for kind, path in locks.items():
        path.write_text(f"what {kind} needs", "utf-8")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    for name, value in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": python,
        "LOCKS": locks,
    }.items():
        monkeypatch.setattr(plumb, name, value)
    return tmp_path


def complete(*kinds: str) -> None:
    for kind in kinds:
        plumb.stamp(kind).write_text(plumb.fingerprint(kind), "utf-8")


def test_nothing_is_set_up_before_its_stamp(checkout: Path) -> None:
    assert plumb.installed() == set()
    complete("run")
    assert plumb.installed() == {"run"}


def test_a_complete_set_up_starts_at_once(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complete("run")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("something was installed"))
    plumb.set_up("run")


def test_another_lock_folder_or_python_undoes_the_stamp(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete("run", "dev")
    plumb.LOCKS["dev"].write_text("what dev needs now", "utf-8")
    assert plumb.installed() == {"run"}
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(plumb, "ROOT", checkout / "moved")
        assert plumb.installed() == set()
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert plumb.installed() == set()


def test_a_vanished_python_undoes_the_stamp(checkout: Path) -> None:
    complete("run")
    plumb.PYTHON.unlink()
    assert plumb.installed() == set()


def test_a_failed_install_leaves_no_stamp(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complete("run")
    monkeypatch.setattr(plumb, "missing_libraries", list)
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1, "", "no")
    )
    with pytest.raises(SystemExit, match="2"):
        plumb.set_up("dev")
    assert plumb.installed() == set()


def test_without_root_the_one_line_to_run_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plumb.shutil, "which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(plumb.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="2"):
        plumb.need_debian(["libgl1", "libegl1"], "OpenCV")
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "sudo apt-get update && sudo apt-get install libgl1 libegl1" in said.err
    assert said.out == ""


def test_as_root_the_packages_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(plumb.shutil, "which", lambda _: "apt-get")
    monkeypatch.setattr(plumb.os, "geteuid", lambda: 0)
    monkeypatch.setattr(plumb, "run", lambda command, *_: ran.append(command))
    plumb.need_debian([], "nothing")
    assert ran == []
    plumb.need_debian(["libgl1"], "OpenCV")
    assert [command[2] for command in ran] == ["update", "install"]
    assert ran[1][-1] == "libgl1"


def test_without_apt_the_debian_names_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plumb.shutil, "which", lambda _: None)
    with pytest.raises(SystemExit, match="2"):
        plumb.need_debian(["libgl1"], "OpenCV")
    assert "OpenCV needs what Debian calls libgl1" in capsys.readouterr().err


def test_missing_libraries_are_named_by_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plumb.sys, "platform", "linux")
    monkeypatch.setattr(plumb, "DEBIAN_LIBRARIES", {"libc.so.6": "libc6", "libnone.so.9": "libnone9"})
    assert plumb.missing_libraries() == ["libnone9"]


def test_an_old_python_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plumb.sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match="2"):
        plumb.main(["movements"])
    assert "Python 3.11 or newer is needed" in capsys.readouterr().err


def fake_checks(monkeypatch: pytest.MonkeyPatch, failing: str) -> list[str]:
    """Each check's words instead of its run; what holds ``failing`` ends with 7."""
    ran: list[str] = []

    def fake(command: list[object], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(" ".join(str(word) for word in command[1:]))
        return subprocess.CompletedProcess([], 7 if failing in ran[-1] else 0)

    monkeypatch.setattr(subprocess, "run", fake)
    return ran


def test_checks_come_before_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = fake_checks(monkeypatch, "nothing fails")
    assert plumb.run_checks([]) == 0
    assert ran[0].startswith("-m ruff")
    assert ["pytest" in words for words in ran] == [False] * len(plumb.CHECKS) + [True, True]


def test_checks_stop_at_the_first_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = fake_checks(monkeypatch, "pyright")
    assert plumb.run_checks([]) == 7
    assert "pyright" in ran[-1]


@pytest.mark.parametrize("half", ["not browser", "-m browser"])
def test_both_halves_of_the_tests_run_and_either_can_fail(half: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = fake_checks(monkeypatch, half)
    assert plumb.run_checks([]) == 7
    assert "-m not browser" in ran[-2]
    assert ran[-1].endswith("-m browser")


def test_words_for_pytest_run_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = fake_checks(monkeypatch, "nothing fails")
    assert plumb.run_checks(["-k", "squat"]) == 0
    assert [words for words in ran if "pytest" in words] == ["-m pytest -k squat"]


def test_what_would_bend_python_or_pip_is_kept_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_USER"):
        monkeypatch.setenv(name, "1")
    env = plumb.clean_env()
    assert {"PYTHONPATH", "PYTHONHOME", "PIP_USER"}.isdisjoint(env)
    assert env["PATH"].startswith(str(plumb.PYTHON.parent))


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_a_lock_holds_pins_and_hashes_and_names_no_place(kind: str) -> None:
    lines = plumb.LOCKS[kind].read_text("utf-8").splitlines()
    assert sum(bool(PIN.match(line)) for line in lines) > 30
    for line in lines:
        assert PIN.match(line) or re.match(r"^    (--hash=sha256:[0-9a-f]{64}( \\)?|# .*)$", line), line
        assert not re.search(r"://|--(extra-)?index|find-links|\s/", line), line


def test_the_locks_agree_and_hold_one_opencv() -> None:
    pins = {
        kind: dict(m.groups() for line in path.read_text("utf-8").splitlines() if (m := PIN.match(line)))
        for kind, path in plumb.LOCKS.items()
    }
    assert pins["run"].items() < pins["dev"].items()
    assert [name for name in pins["dev"] if "opencv" in name] == ["opencv-contrib-python"]
