"""Shards are pure, whole, and made once, however many processes fill a folder."""

from __future__ import annotations

import fcntl

import numpy as np
import pytest

from rig.shards import fill, path_of, shards_in


def maker(seed, calls):
    def make(number):
        calls.append(number)
        return {"x": np.random.default_rng((seed, number)).normal(size=(4, 3))}

    return make


def test_a_second_run_makes_only_what_is_missing_and_makes_it_the_same(tmp_path):
    calls = []
    assert fill(tmp_path, range(4), maker(7, calls), {"seed": 7}) == 4
    first = path_of(tmp_path, 2).read_bytes()
    path_of(tmp_path, 2).unlink()
    assert fill(tmp_path, range(4), maker(7, calls), {"seed": 7}) == 1
    assert calls == [0, 1, 2, 3, 2]
    with np.load(path_of(tmp_path, 2)) as again:
        expected = np.random.default_rng((7, 2)).normal(size=(4, 3))
        assert (again["x"] == expected).all()
    assert len(path_of(tmp_path, 2).read_bytes()) == len(first)


def test_a_shard_that_fails_leaves_nothing_and_can_be_made_later(tmp_path):
    def broken(number):
        if number == 1:
            raise RuntimeError("no light")
        return {"x": np.zeros(2)}

    with pytest.raises(RuntimeError, match="no light"):
        fill(tmp_path, range(3), broken, {})
    assert [p.name for p in shards_in(tmp_path)] == ["shard-00000.npz"]
    assert fill(tmp_path, range(3), lambda _: {"x": np.zeros(2)}, {}) == 2
    assert not list(tmp_path.glob("*.part"))


def test_a_shard_that_another_process_makes_is_left_to_it(tmp_path):
    tmp_path.joinpath("shard-00001.lock").touch()
    with tmp_path.joinpath("shard-00001.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert fill(tmp_path, range(3), lambda _: {"x": np.zeros(2)}, {}) == 2
    assert [p.stem[-1] for p in shards_in(tmp_path)] == ["0", "2"]
    assert fill(tmp_path, range(3), lambda _: {"x": np.zeros(2)}, {}) == 1


def test_a_lock_left_by_a_dead_process_holds_nobody_up(tmp_path):
    tmp_path.joinpath("shard-00000.lock").touch()
    assert fill(tmp_path, range(1), lambda _: {"x": np.zeros(2)}, {}) == 1


def test_a_folder_keeps_to_its_recipe(tmp_path):
    fill(tmp_path, range(1), lambda _: {"x": np.zeros(2)}, {"seed": 1})
    with pytest.raises(ValueError, match="holds another recipe"):
        fill(tmp_path, range(1), lambda _: {"x": np.zeros(2)}, {"seed": 2})
