"""Cloth stays outside the body, hides the waist where it is loose, and lies on it where it is tight."""

from __future__ import annotations

import numpy as np
import pytest

from rig.drape import CLEARANCE_M, Cut, cloth_radius, outline, rings_along, wrinkles
from rig.figure import Figure
from rig.mannequin import mannequin
from rig.mesh import tube_faces, tube_normals
from rig.skeleton import pose
from rig.wardrobe import KINDS, TOP, random_outfit

RINGS, AROUND = 24, 44


def waisted():
    """A trunk with a waist halfway down: radius 0.15 at both ends, 0.11 in the middle."""
    z = np.linspace(-1, 1, RINGS)[:, None]
    return np.tile(0.15 - 0.04 * (1 - z**2), (1, AROUND))


def draped(cut, body, *, down=1.0):
    noise = wrinkles(np.random.default_rng(3), RINGS, AROUND)
    sag = np.tile(np.cos(np.arange(AROUND) * 2 * np.pi / AROUND), (RINGS, 1)) * (1 - down)
    return cloth_radius(body, cut, np.full(RINGS, down), sag, 0.02, noise)


@pytest.mark.parametrize("down", [0.0, 1.0])
@pytest.mark.parametrize("fall", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("wrinkle", [0.0, 0.9])
@pytest.mark.parametrize("gather", [0.0, 1.0])
def test_cloth_never_lies_within_the_body(down, fall, wrinkle, gather):
    body = waisted() * (1 + 0.1 * np.sin(np.arange(AROUND)))
    cut = Cut(0.01, fall, 0.9, 0.04, 0.1, wrinkle, gather)
    assert (draped(cut, body, down=down) >= body + CLEARANCE_M - 1e-12).all()


def test_a_loose_shirt_hides_the_waist_and_a_tight_one_shows_it():
    body = waisted()
    loose, tight = draped(Cut(0.01, fall=1.0), body), draped(Cut(0.004), body)
    middle = slice(RINGS // 2 - 1, RINGS // 2 + 1)
    assert np.ptp(loose[4:].mean(1)) < 0.012
    assert (loose[middle] - body[middle]).mean() > 0.035
    assert (tight[middle] - body[middle]).mean() < 0.006


def test_cloth_sags_only_to_the_lower_side():
    body = np.full((RINGS, AROUND), 0.14)
    radius = draped(Cut(0.005, slack_m=0.05), body, down=0.0)
    assert radius[-1, 0] - body[-1, 0] > 0.05
    assert radius[-1, AROUND // 2] - body[-1, AROUND // 2] < 0.01


def test_cloth_bridges_hollows_around_the_body():
    body = np.full((RINGS, AROUND), 0.15)
    body[:, 10] = 0.11
    assert draped(Cut(0.004, bridge=1.0), body)[5, 10] > 0.14
    assert draped(Cut(0.004, bridge=0.0), body)[5, 10] < 0.12


def test_outline_finds_the_radius_of_a_round_body():
    angle = np.random.default_rng(0).uniform(0, 2 * np.pi, 6000)
    z = np.random.default_rng(1).uniform(0, 1, 6000)
    points = np.column_stack([0.1 * np.cos(angle), 0.1 * np.sin(angle), -z])
    centre = np.column_stack([np.zeros((11, 2)), -np.linspace(0, 1, 11)])
    rings = rings_along(centre, np.tile([1.0, 0, 0], (11, 1)))
    assert outline(points, z * 10, rings, 30) == pytest.approx(0.1, abs=1e-6)


def test_normals_of_a_tube_point_outwards():
    angle = np.arange(20) * 2 * np.pi / 20
    grid = np.stack(np.broadcast_arrays(np.cos(angle), np.sin(angle), -np.arange(5.0)[:, None]), -1)
    normal = tube_normals(grid)
    assert ((normal * grid)[..., :2].sum(-1) > 0.9).all()
    assert tube_faces(5, 20).max() == 99


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_clothing_dresses_a_person(kind):
    figure = Figure(mannequin())
    for seed in range(3):
        outfit = random_outfit(np.random.default_rng(seed), figure.body, kind=kind)
        meshes = figure.meshes(pose(figure.body, {}), outfit)
        assert all(np.isfinite(m.points).all() and m.faces.max() < len(m.points) for m in meshes)
        tops = [m for m in meshes if m.material[0] == TOP]
        assert bool(tops) == (kind not in ("bare", "fitted"))
        assert (outfit.looseness > 0.2) == bool(tops)
