from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from vision.pose.weights import WeightError, manifest, models_folder, sha256, weight_path

MODELS = Path(__file__).resolve().parents[2] / "models"
SMALLEST = "blazepose_detector.onnx"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models that holds nothing but the manifest."""
    shutil.copy(MODELS / "manifest.toml", tmp_path)
    monkeypatch.setenv("PLUMBLINE_MODELS", str(tmp_path))
    return tmp_path


def test_every_weight_file_is_listed_and_every_listed_file_is_there_and_whole() -> None:
    files = {path.name for suffix in ("onnx", "task") for path in MODELS.glob(f"*.{suffix}")}
    assert files == set(manifest())
    for name in files:
        assert weight_path(name) == models_folder() / name


def test_every_listed_file_names_its_origin_and_licence() -> None:
    for name, row in manifest().items():
        assert row["licence"] == "Apache-2.0", name
        assert row["source"], name
        assert len(bytes.fromhex(sha256(name))) == 32, name


def test_the_folder_of_models_can_be_named(folder: Path) -> None:
    shutil.copy(MODELS / SMALLEST, folder)
    assert weight_path(SMALLEST) == folder / SMALLEST


def test_a_missing_file_is_named_with_what_to_do(folder: Path) -> None:
    with pytest.raises(WeightError, match=rf"{SMALLEST} is missing; fetch it again"):
        weight_path(SMALLEST)


@pytest.mark.parametrize("harm", ["one byte", "cut short", "empty"])
def test_a_damaged_file_is_refused(folder: Path, harm: str) -> None:
    data = bytearray((MODELS / SMALLEST).read_bytes())
    if harm == "one byte":
        data[len(data) // 2] ^= 1
    else:
        data = data[: len(data) // 2 if harm == "cut short" else 0]
    (folder / SMALLEST).write_bytes(data)
    with pytest.raises(WeightError, match=r"damaged or another version: expected sha256 a9c61e7ed7c9…, got"):
        weight_path(SMALLEST)


def test_an_unlisted_file_is_refused_even_if_it_is_there(folder: Path) -> None:
    (folder / "other.onnx").write_bytes(b"weights of unknown origin")
    with pytest.raises(WeightError, match=r"other\.onnx is not in the model manifest; known: blazepose_"):
        weight_path("other.onnx")


def test_a_folder_without_manifest_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUMBLINE_MODELS", str(tmp_path / "nowhere"))
    with pytest.raises(WeightError, match=r"expected the model manifest at .*nowhere.*PLUMBLINE_MODELS"):
        weight_path(SMALLEST)
