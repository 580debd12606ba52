"""Packages: what is in them, what is not, and that no uncovered face slips in."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile

import av
import numpy as np
import pytest
from PIL import Image

from tests.outputs import factory
from tests.share.conftest import SECRET_NAME
from vision.capture import Clip
from vision.outputs import faces
from vision.share import package as packing
from vision.share.package import Stopped, package
from vision.share.rebuilt import rebuilt
from vision.store import NotFound, Viewer


def packed(room, sets, **how):
    """Files of a package by name, and what was said about it."""
    out = room.folder.packages / "p.zip"
    how.setdefault("blur", False)
    said = package(room.shelf, [s.id for s in sets], out, **how)
    with zipfile.ZipFile(out) as zipped:
        assert zipped.testzip() is None
        return {i.filename: zipped.read(i) for i in zipped.infolist()}, said


def pictures(page):
    return [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))
        for data in re.findall(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)", page.decode())
    ]


def film_frames(tmp_path, data):
    path = tmp_path / "unpacked.mp4"
    path.write_bytes(data)
    with Clip(path) as clip:
        return [f.rgb for f in clip]


def spread_at_head(frames, track):
    """How much of the picture is left where the head is: the mean over frames of the spread of its pixels."""
    spreads = []
    for row, rgb in enumerate(frames):
        x, y = track.point("nose")[row].astype(int)
        part = rgb[y - 12 : y + 12, x - 12 : x + 12].astype(float).mean(axis=2)
        spreads.append(np.abs(np.diff(part, axis=1)).max())
    return float(np.max(spreads))


def test_what_is_in_a_package(room, tmp_path):
    one = room.add()
    files, said = packed(room, [one])
    assert set(files) == {"README.txt", "report.html", "measures.csv", "film.mp4"}
    assert said.to_look_at == ()
    assert len(pictures(files["report.html"])) == 2
    assert len(film_frames(tmp_path, files["film.mp4"])) == 60
    assert files["measures.csv"] == (room.results(one) / "measures.csv").read_bytes()
    text = files["README.txt"].decode("ascii")
    assert "Faces are NOT covered" in text
    assert "Set 1: squat, filmed on 2026-03-01" in text
    assert "Not a diagnosis" in text
    assert "\n" not in text.replace("\r\n", "")


def test_several_sets_lie_in_folders(room):
    files, _ = packed(room, [room.add(), room.add(2)])
    assert {n.split("/")[0] for n in files} == {"README.txt", "set-1-squat", "set-2-squat"}
    assert all(re.fullmatch(r"[a-z0-9A-Z./-]+", name) and ".." not in name for name in files)


def test_no_name_no_path_no_checksum_no_device(room):
    files, _ = packed(room, [room.add()])
    for name, data in files.items():
        for secret in (SECRET_NAME, "Zacharias", str(room.folder.root), "cd" * 32):
            assert secret.encode() not in data, f"{secret} in {name}"
    assert b"<title>Set 1" in files["report.html"] or b"Set 1" in files["report.html"]


def test_film_carries_no_tags(room, tmp_path):
    files, _ = packed(room, [room.add()])
    (tmp_path / "f.mp4").write_bytes(files["film.mp4"])
    with av.open(str(tmp_path / "f.mp4")) as film:
        assert set(film.metadata) <= {"major_brand", "minor_version", "compatible_brands", "encoder"}
        assert set(film.streams[0].metadata) <= {"language", "handler_name", "vendor_id", "encoder"}


def test_names_when_asked_for(room):
    files, _ = packed(room, [room.add()], names=True)
    assert SECRET_NAME in files["README.txt"].decode()
    assert SECRET_NAME in files["report.html"].decode()
    assert all(SECRET_NAME not in name for name in files)


def test_the_zip_tells_no_time(room):
    out = room.folder.packages / "p.zip"
    package(room.shelf, [room.add().id], out, blur=False)
    with zipfile.ZipFile(out) as zipped:
        assert {i.date_time for i in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_report_is_whole_again(room):
    one = room.add()
    want = factory.report(2)
    report, clip = rebuilt(room.results(one), "Set 1")
    assert np.allclose(report.track.t_s, want.track.t_s, atol=1e-4)
    assert np.nanmax(np.abs(report.track.point("nose") - want.track.point("nose"))) <= 0.051
    assert [c.cycle for c in report.cycles] == [c.cycle for c in want.cycles]
    assert np.allclose(report.curves[0].value, want.curves[0].value, atol=1e-3)
    assert (clip.name, clip.sha256) == ("Set 1", "left out")


def test_blurred_films_and_stills(room, tmp_path, nobody_else):
    one = room.add()
    track = factory.report(2).track
    open_files, _ = packed(room, [one])
    files, said = packed(room, [one], blur=True)
    before, after = (film_frames(tmp_path, f["film.mp4"]) for f in (open_files, files))
    assert len(after) == len(before) == 60
    assert spread_at_head(before, track) > 40  # the bar's edge
    assert spread_at_head(after, track) < 25
    assert said.to_look_at == ()
    assert "LOOK AT THE FILM" in files["README.txt"].decode()
    stills = pictures(files["report.html"])
    assert len(stills) == 2
    assert all((a != b).any() for a, b in zip(stills, pictures(open_files["report.html"]), strict=True))


def test_stills_are_cut_from_covered_frames_only(room, nobody_else, monkeypatch):
    one, seen = room.add(), []
    monkeypatch.setattr(packing.stills, "make", lambda report, plans, kept: seen.append(dict(kept)) or ())
    monkeypatch.setattr(
        packing, "veil_film", lambda source, track, film, **how: film.write_bytes(b"") or _Nothing()
    )
    packed(room, [one], blur=True)
    assert seen == []  # nothing covered, so no still at all


class _Nothing:
    doubts: tuple[str, ...] = ()
    kept: dict[int, object] = {}  # noqa: RUF012


def test_when_covering_fails_neither_film_nor_stills_are_packed(room, unreadable):
    files, said = packed(room, [room.add()], blur=True)
    assert set(files) == {"README.txt", "report.html", "measures.csv"}
    assert pictures(files["report.html"]) == []
    assert said.to_look_at == ("Set 1: no film and no stills, because something went wrong",)
    text = files["README.txt"].decode()
    assert "Left out: no film and no stills" in text
    assert "private-folder" not in text


def test_one_bad_set_does_not_spoil_the_other(room, nobody_else):
    bad, good = room.add(), room.add(2)
    (room.results(bad) / "film.mp4").write_bytes(b"no film")
    files, said = packed(room, [bad, good], blur=True)
    assert "set-1-squat/film.mp4" not in files
    assert "set-2-squat/film.mp4" in files
    assert said.to_look_at == ("Set 1: no film and no stills, because the film could not be read",)


def test_where_the_athlete_is_lost_it_is_said(room, nobody_else):
    one = room.add()
    path = room.results(one) / "player.json"
    player = json.loads(path.read_text())
    for row in player["track"]["xy"][:10]:
        row[:] = [None] * len(row)
    for row in player["track"]["xy"][40:]:
        row[:] = [None] * len(row)
    path.write_text(json.dumps(player))
    files, said = packed(room, [one], blur=True)
    assert "film.mp4" in files
    assert said.to_look_at == (
        "Set 1: nobody was followed from 1.8 s to 2.0 s: the whole picture is made unreadable",
    )
    assert "Look here: nobody was followed" in files["README.txt"].decode()


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[1]", '{"track": 3}', "null"],
)
def test_a_damaged_result_is_left_out(room, content):
    one = room.add()
    (room.results(one) / "player.json").write_text(content)
    files, said = packed(room, [one])
    assert set(files) == {"README.txt"}
    assert "cannot be read any more" in said.to_look_at[0]


def test_whole_or_not_at_all(room):
    one = room.add()
    out = room.folder.packages / "p.zip"

    def stop(doing, done, total):
        raise Stopped

    with pytest.raises(Stopped, match=r"^$"):
        package(room.shelf, [one.id], out, blur=True, progress=stop)
    assert list(room.folder.packages.iterdir()) == []


def test_others_sets_and_unfinished_ones(room):
    one = room.add()
    out = room.folder.packages / "p.zip"
    stranger = room.library.shelf(Viewer("somebody else"))
    with pytest.raises(NotFound, match="no such set"):
        package(stranger, [one.id], out, blur=False)
    with pytest.raises(ValueError, match="at least one set"):
        package(room.shelf, [], out, blur=False)
    room.shelf.again(one.id)
    with pytest.raises(ValueError, match="without a result"):
        package(room.shelf, [one.id], out, blur=False)
    assert not out.exists()


def test_progress_is_told(room, nobody_else):
    told = []
    packed(room, [room.add()], blur=True, progress=lambda *a: told.append(a))
    assert told[0] == ("Set 1: looking for faces", 1, 60)
    assert told[-1] == ("Set 1: covering faces", 60, 60)


def test_the_finder_is_the_real_one_unless_told():
    assert faces.HeadFinder.__module__ == "vision.pose.faces"
