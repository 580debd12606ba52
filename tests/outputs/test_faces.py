"""Heads in a film: which are covered, what is left of them, and that nothing uncovered ever comes out."""

from __future__ import annotations

from dataclasses import replace

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.outputs import factory
from vision.capture import Clip
from vision.outputs import faces
from vision.outputs.faces import FacesError
from vision.outputs.veil import veil, veil_film
from vision.pose.faces import Head, head_names
from vision.types import Frame

NAMES = head_names(factory.track().skeleton)
NOSE = factory.STANDING["nose"]


def blinded(track, rows=slice(None), *, points=NAMES):
    """The track without ``points`` in ``rows``."""
    xy = track.xy.copy()
    for name in points:
        xy[rows, track.skeleton.index[name]] = np.nan
    return replace(track, xy=xy)


def frames(count, fps=factory.FPS, size=factory.SIZE):
    return [Frame(np.zeros((size[1], size[0], 3), np.uint8), i / fps, i) for i in range(count)]


class Finder:
    """Finds what it is told to: heads by frame number."""

    def __init__(self, **at):
        self.at = {int(k[1:]): v for k, v in at.items()}

    def __call__(self, rgb, turn, known=()):
        return list(self.at.get(turn, ()))


def covers(heads, x, y):
    return heads is None or any(np.hypot(x - h.cx, y - h.cy) < h.radius for h in heads)


# --------------------------------------------------------------------------- which heads


def test_the_head_is_where_its_points_are():
    track = factory.track(1)
    for row, head in enumerate(faces.heads_of(track)):
        assert head is not None
        for name in ("nose", "left_ear", "right_ear"):
            x, y = track.point(name)[row]
            assert np.hypot(x - head.cx, y - head.cy) < 0.8 * head.radius
        assert 15 < head.radius < 60  # the figure is 250 px tall: its head some 34


def test_without_head_points_it_is_above_the_shoulders():
    track = factory.track(1)
    for row, head in enumerate(faces.heads_of(blinded(track))):
        assert head is not None
        x, y = track.point("nose")[row]
        assert np.hypot(x - head.cx, y - head.cy) + 10 < head.radius


def test_above_the_shoulders_means_away_from_the_hips():
    track = factory.track(1)
    lying = replace(track, xy=track.xy[:, :, ::-1].copy(), size_wh=track.size_wh[::-1])
    head = faces.heads_of(blinded(lying))[0]
    assert head is not None
    assert np.hypot(head.cx - NOSE[1], head.cy - NOSE[0]) + 10 < head.radius


def test_nothing_seen_is_no_head():
    track = factory.track(1)
    gone = blinded(track, slice(5, 8), points=track.skeleton.names)
    heads = faces.heads_of(gone)
    assert [i for i, h in enumerate(heads) if h is None] == [5, 6, 7]


def test_gaps_are_bridged_and_wider():
    track = factory.track(2)
    gone = blinded(track, slice(20, 40), points=track.skeleton.names)
    plan = faces.plan(frames(60), gone, Finder())
    for i in range(20, 40):
        heads = plan.heads[i]
        assert heads
        assert covers(heads, *track.point("nose")[i])
        assert heads[0].radius > faces.heads_of(track)[i].radius
    assert plan.doubts == ()


def test_frames_without_a_row_are_gaps_too():
    track = factory.track(1)
    rows = np.r_[0:4, 26:30]
    xy, score = track.xy[rows], track.score[rows]
    part = replace(track[:8], t_s=track.t_s[rows], index=track.index[rows], xy=xy, score=score)
    plan = faces.plan(frames(30), part, Finder())
    # a whole squat goes by unseen, and its lowest point is covered all the same
    assert all(covers(heads, *track.point("nose")[i]) for i, heads in enumerate(plan.heads))


def test_ends_are_held_and_wider_the_longer():
    track = factory.track(1)
    plan = faces.plan(frames(30), track[10:25], Finder())
    assert all(covers(heads, *track.point("nose")[i]) for i, heads in enumerate(plan.heads))


def test_where_nobody_knows_the_whole_picture_is_covered():
    track = factory.track(4)
    gone = blinded(track, slice(40, 80), points=track.skeleton.names)
    plan = faces.plan(frames(120), gone, Finder())
    lost = [i for i, heads in enumerate(plan.heads) if heads is None]
    assert lost == list(range(55, 65))  # half a second is held on both sides
    assert plan.doubts == ("nobody was followed from 1.8 s to 2.1 s: the whole picture is made unreadable",)


def test_a_film_of_somebody_mostly_unseen_is_refused():
    track = factory.track(4)[:40]
    with pytest.raises(FacesError, match="known in only 46 % of the pictures"):
        faces.plan(frames(120), track, Finder())
    with pytest.raises(FacesError, match="known in only 0 % of the pictures"):
        faces.plan([], factory.track(1), Finder())


def test_others_are_held_before_between_and_after():
    there = Head(20.0, 30.0, 9.0)
    t_s = np.arange(120) / 30
    found = [[there] if i in (40, 60) else [] for i in range(120)]
    held = faces.others(found, t_s)
    assert [i for i, heads in enumerate(held) if covers(heads, 20, 30)] == list(range(25, 76))


def test_seen_once_and_hardly_is_covered_there_only():
    t_s = np.arange(60) / 30
    found = [[Head(20.0 if i > 5 else 80.0, 30.0, 9.0, 0.4)] if i in (5, 40, 43) else [] for i in range(60)]
    held = faces.others(found, t_s)
    assert [i for i, heads in enumerate(held) if heads] == [5, *range(25, 59)]


def test_somebody_walking_is_covered_in_between():
    t_s = np.arange(60) / 30
    found = [[Head(10.0 + 2 * i, 30.0, 9.0)] if i % 10 == 0 else [] for i in range(60)]
    held = faces.others(found, t_s)
    assert all(covers(heads, 10 + 2 * i, 30) for i, heads in enumerate(held[:51]))


def test_two_people_stay_two():
    t_s = np.arange(31) / 30
    found = [[Head(10.0, 30.0, 9.0), Head(90.0, 30.0, 9.0)] if i % 15 == 0 else [] for i in range(31)]
    held = faces.others(found, t_s)
    assert all(covers(h, 10, 30) and covers(h, 90, 30) and not covers(h, 50, 30) for h in held)


# --------------------------------------------------------------------------- what is left of them


@settings(deadline=None)  # another's work on the machine is no failure
@given(
    st.floats(-20, 120),
    st.floats(-20, 90),
    st.floats(1, 80),
)
def test_covering_works_at_every_edge_and_nowhere_else(x, y, radius):
    rng = np.random.default_rng(3)
    rgb = rng.integers(0, 255, (70, 100, 3)).astype(np.uint8)
    out = veil(rgb, [Head(x, y, radius)])
    assert out.shape == rgb.shape
    yy, xx = np.mgrid[0:70, 0:100]
    far = np.hypot(xx + 0.5 - x, yy + 0.5 - y) > max(radius, 4) + 0.01
    assert np.array_equal(out[far], rgb[far])


def test_two_faces_of_the_same_cells_look_the_same():
    rng = np.random.default_rng(5)
    one = rng.integers(0, 255, (96, 96, 3)).astype(np.uint8)
    other = one.copy()
    cells = other.reshape(4, 24, 4, 24, 3)
    cells[:] = cells[:, ::-1, :, ::-1]  # turned over within each cell: same means, another face
    head = [Head(48.0, 48.0, 48.0)]
    assert not np.array_equal(one, other)
    inside = np.hypot(*(np.mgrid[0:96, 0:96] + 0.5 - 48)) < 47
    assert np.array_equal(veil(one, head)[inside], veil(other, head)[inside])


def test_little_is_left_of_a_picture_covered_as_a_whole():
    rng = np.random.default_rng(7)
    fine = np.repeat(np.repeat(rng.integers(0, 2, (50, 50, 1)) * 255, 2, 0), 2, 1)
    out = veil(np.repeat(fine, 3, 2).astype(np.uint8), None)
    assert out.std() < 0.2 * fine.std()


# --------------------------------------------------------------------------- films


@pytest.fixture
def film(tmp_path):
    """A film of a bright chequered head on grey, with sound and telling tags, at uneven times."""
    t_s = np.cumsum([0.0, *np.tile([0.03, 0.05], 12)])
    return factory.write_clip(tmp_path / "Anna at home.mp4", t_s, factory.SIZE, sound="aac"), t_s


def test_a_film_keeps_its_frames_and_times_and_nothing_else(film, tmp_path):
    path, t_s = film
    track = factory.track(1, t_s=None)[: len(t_s)]
    told = []
    out = tmp_path / "out.mp4"
    made = veil_film(path, track, out, find=Finder(), keep={3}, progress=lambda *a: told.append(a))
    assert made.frames == len(t_s)
    assert made.doubts == ()
    with Clip(out) as clip:
        assert np.allclose([f.t_s for f in clip], t_s, atol=1e-4)
    with av.open(str(out)) as container:
        assert len(container.streams) == 1
        assert set(container.metadata) <= {"major_brand", "minor_version", "compatible_brands", "encoder"}
    assert b"Anna" not in out.read_bytes()
    assert told[0][0] == "looking for faces"
    assert told[-1] == ("covering faces", len(t_s), len(t_s))
    assert set(made.kept) == {3}


def test_the_kept_pictures_are_the_covered_ones(film, tmp_path):
    path, t_s = film
    track = factory.track(1)[: len(t_s)]
    made = veil_film(path, track, tmp_path / "out.mp4", find=Finder(), keep=range(len(t_s)))
    with Clip(path) as clip:
        before = {f.index: f.rgb for f in clip}
    middle = len(t_s) // 2  # the bar crosses the head about there
    own = faces.heads_of(track)[middle]
    assert own is not None
    assert np.array_equal(made.kept[middle].rgb, veil(before[middle], [own]))
    assert not np.array_equal(made.kept[middle].rgb, before[middle])


@pytest.mark.parametrize("at", [0, 12])
def test_when_finding_fails_nothing_is_written(film, tmp_path, at):
    path, t_s = film

    def broken(rgb, turn, known=()):
        if turn >= at:
            raise RuntimeError("no model")
        return []

    out = tmp_path / "out.mp4"
    with pytest.raises(RuntimeError, match="no model"):
        veil_film(path, factory.track(1)[: len(t_s)], out, find=broken)
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name]


def test_when_covering_fails_nothing_is_written(film, tmp_path):
    path, t_s = film

    def stop(stage, done, total):
        if stage == "covering faces" and done == 5:
            raise KeyError("stop")

    out = tmp_path / "out.mp4"
    with pytest.raises(KeyError, match="stop"):
        veil_film(path, factory.track(1)[: len(t_s)], out, find=Finder(), progress=stop)
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name]
