"""Random crops of the pelvis with everything about them known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rig.body import Body, make_body, random_build
from rig.camera import Camera, Window, aimed
from rig.crop import context, observed, place, true_keypoints
from rig.data import BONES
from rig.figure import Figure
from rig.landmarks import DEEP, NAMES
from rig.mannequin import mannequin
from rig.mesh import Mesh
from rig.picture import finished, flat_background, in_front, over
from rig.poses import MOVEMENTS, Posed, random_pose
from rig.render import Drawn, Light, Renderer, Scene, Wearer
from rig.room import random_room
from rig.rotations import about_z, three, unit
from rig.skeleton import THORAX, landmarks, lumbar_extension, obliquity
from rig.truth import frontal_angles, sagittal_angles
from rig.wardrobe import BOTTOMS, KINDS, MATERIALS, Material, Outfit, random_outfit

Array = npt.NDArray[np.float64]
BODIES_PER_SHARD, FINER = 8, 3  # pictures are drawn FINER / 2 times as fine as they are kept


@dataclass(frozen=True)
class View:
    """One person before one camera, with the crop that keypoints would place."""

    posed: Posed
    camera: Camera
    window: Window
    context: Array
    roll_seen_deg: float
    faces_left: bool


class CropMaker:
    """Makes crops of one kind; a shard is a pure function of its seed."""

    def __init__(
        self, kind: str, size: int = 128, *, test: bool = False, body_path: Path | None = None
    ) -> None:
        self.kind, self.size, self.test, self._path = kind, size, test, body_path
        self._renderer = Renderer(FINER * size // 2, FINER * size // 2)

    def close(self) -> None:
        """Give the renderer's memory back."""
        self._renderer.close()

    def shard(self, seed: int, number: int, count: int) -> dict[str, npt.NDArray[Any]]:
        """`count` crops with their truth, one array per quantity."""
        rng = np.random.default_rng((seed, number, int(self.test), int(self.kind == "frontal")))
        figures = [Figure(self._body(rng)) for _ in range(min(BODIES_PER_SHARD, max(1, count // 6)))]
        rows = []
        for i in range(count):
            one = figures[i * len(figures) // count]
            other = figures[int(rng.integers(len(figures)))] if rng.random() < 0.08 else None
            rows.append(self.crop(rng, one, other))
        return {key: np.stack([row[key] for row in rows]) for key in rows[0]}

    def _body(self, rng: np.random.Generator) -> Body:
        build = random_build(rng, test=self.test)
        if self._path is not None and not self._path.exists():
            return mannequin(build)
        return make_body(build, path=self._path)

    def crop(
        self, rng: np.random.Generator, one: Figure, other: Figure | None
    ) -> dict[str, npt.NDArray[Any]]:
        """One crop and its truth."""
        view = _view(rng, one.body, self.kind)
        outfit = random_outfit(rng, one.body, test=self.test)
        drawn, image = self._picture(rng, one, outfit, view, other)
        return {"image": finished(rng, image, self.size)} | _truth(self.kind, one.body, view, outfit, drawn)

    def _picture(
        self,
        rng: np.random.Generator,
        one: Figure,
        outfit: Outfit,
        view: View,
        other: Figure | None,
    ) -> tuple[Drawn, npt.NDArray[np.float32]]:
        meshes: list[Mesh] = one.meshes(view.posed.pose, outfit)
        materials = list(outfit.materials)
        wearers = [wearer(one.body, outfit)]
        if other is not None:
            more, clothes = _second_person(rng, other, view, test=self.test)
            meshes += more
            materials += clothes.materials
            wearers.append(wearer(other.body, clothes))
        else:
            materials += [Material()] * MATERIALS
        flat = rng.random() < 0.22
        if not flat:
            room = random_room(rng, view.posed, view.camera, test=self.test)
            meshes += room.meshes
            materials += room.materials
        scene = Scene(tuple(meshes), tuple(materials), tuple(wearers), random_light(rng, view.camera))
        drawn = self._renderer.draw(scene, view.camera, view.window)
        image = drawn.rgb
        if drawn.cover.min() < 1:
            image = over(image, drawn.cover, flat_background(rng, FINER * self.size // 2), rng)
        return drawn, in_front(rng, image) if rng.random() < 0.06 else image


def wearer(body: Body, outfit: Outfit) -> Wearer:
    """Where on this body's skin the outfit and the face are painted."""
    x, _, z = body.head("upperarm01.L")
    skin = np.unique(body.faces)
    skull = body.points[skin][body.weights[skin, BONES.index("head")] > 0.9, 2]
    face = (float(skull.max()), float(skull.min())) if len(skull) else ()
    return Wearer(outfit, 1.06 * abs(float(x)), float(z), float(body.head("neck01")[2]) + 0.02, *face)


def _view(rng: np.random.Generator, body: Body, kind: str) -> View:
    """A pose, a camera at a phone's place and turn, and the crop."""
    posed = random_pose(rng, body, kind)
    yaw = rng.normal(0, 11) if rng.random() < 0.8 else rng.uniform(-28, 28)
    azimuth = yaw + float(rng.choice((0, 180))) + (90 if kind == "sagittal" else 0)
    elevation = np.radians(rng.uniform(-8, 12) if kind == "frontal" else rng.uniform(-6, 18))
    ray = about_z(azimuth) @ np.array([0.0, -np.cos(elevation), np.sin(elevation)])
    distance = float(np.exp(rng.uniform(np.log(1.5), np.log(6.5))))
    eye = ray * distance
    eye[2] = max(eye[2], posed.floor_z + 0.12)
    roll = float(rng.normal(0, 3))
    aside = unit(np.cross(ray, [0.0, 0.0, 1.0])) * np.tan(np.radians(rng.normal(0, 8)))
    target = (aside + np.array([0, 0, np.tan(np.radians(rng.normal(0, 5)))])) * distance
    camera = aimed(eye, target, roll)
    seen = observed(true_keypoints(posed.pose, camera), rng)
    roll_seen = roll + float(rng.normal(0, 1.5))
    ahead = camera.picture(np.array([[0.0, 0, 0], -0.1 * posed.pose.turn("spine02")[:, 1]]))
    trunk = seen.shoulders - seen.hips  # the front is on the left of a trunk that points up
    front = ahead[1] - ahead[0]
    faces_left = bool(trunk[0] * front[1] - trunk[1] * front[0] < 0)
    near = "l" if np.diff(camera.depth([posed.pose.place(f"upperleg01.{s}") for s in "LR"]))[0] > 0 else "r"
    window = place(seen, kind, roll_deg=roll_seen, faces_left=faces_left)
    numbers = context(seen, kind, window, roll_deg=roll_seen, near=near)
    return View(posed, camera, window, numbers, roll_seen, faces_left)


def random_light(rng: np.random.Generator, camera: Camera) -> Light:
    """Lamps or daylight from anywhere above, more often from the camera's side."""
    sun = unit(rng.normal(0, 1, 3) + [0, 0, 0.9] + unit(camera.eye) * (1.2 if rng.random() < 0.7 else 0.0))
    strength, around = rng.uniform(0.5, 1.4), rng.uniform(0.3, 0.8)
    sun_colour = strength * np.exp(rng.normal(0, 0.1, 3))
    sky = around * np.exp(rng.normal(0, 0.1, 3))
    ground = sky * rng.uniform(0.3, 1.0)
    shadow = float(rng.uniform(0.2, 1.0)) if rng.random() < 0.65 else 0.0
    return Light(three(sun), three(sun_colour), three(sky), three(ground), shadow, float(rng.uniform(0, 0.6)))


def _second_person(
    rng: np.random.Generator, other: Figure, view: View, *, test: bool
) -> tuple[list[Mesh], Outfit]:
    """Someone else who stands about, mostly behind, now and then partly in front."""
    pose = random_pose(rng, other.body, "frontal")
    towards = unit(view.camera.eye * [1, 1, 0])
    across = np.cross(towards, [0.0, 0.0, 1.0])
    front = rng.random() < 0.35
    depth, aside = (
        (rng.uniform(0.3, 0.8), rng.uniform(0.3, 0.6)) if front else (-rng.uniform(0.5, 3), rng.uniform(0, 1))
    )
    shift = towards * depth + across * aside * rng.choice((-1, 1))
    shift[2] = view.posed.floor_z - pose.floor_z
    outfit = random_outfit(rng, other.body, test=test)
    moved = pose.pose.moved(about_z(rng.uniform(0, 360)), shift)
    meshes = other.meshes(moved, outfit)
    raised = [Mesh(m.points, m.normals, m.pattern, m.material + MATERIALS, m.faces) for m in meshes]
    return raised, outfit


def _truth(kind: str, body: Body, view: View, outfit: Outfit, drawn: Drawn) -> dict[str, Any]:
    at = view.posed.pose
    points = landmarks(body, at)
    crop = view.window.crop(view.camera.picture(points))
    near_left = float(view.camera.depth(at.place("upperarm01.L"))) < float(
        view.camera.depth(at.place("upperarm01.R"))
    )
    angles = (frontal_angles if kind == "frontal" else sagittal_angles)(at, view.camera, view.window)
    f = np.float32
    return {
        "points": crop.astype(f),
        "visible": visibility(points, crop, view.camera, drawn),
        "angles": np.array(angles, f),
        "context": view.context.astype(f),
        "obliquity_true": f(obliquity(at.turn("root"))),
        "lumbar_true": f(lumbar_extension(at.turn("root"), at.turns[THORAX])),
        "left_near": np.bool_(near_left),
        "left_on_right": np.bool_(crop[NAMES.index("hip_l"), 0] > crop[NAMES.index("hip_r"), 0]),
        "movement": np.int8(MOVEMENTS.index(view.posed.movement)),
        "clothing": np.int8(KINDS.index(outfit.kind)),
        "bottom": np.int8(BOTTOMS.index(outfit.bottom)),
        "looseness": f(outfit.looseness),
        "build": np.array([body.build.gender, body.build.age, body.build.weight, body.stature_m], f),
        "skin": f(np.mean(outfit.materials[0].colour)),
    }


def visibility(points: Array, crop: Array, camera: Camera, drawn: Drawn) -> npt.NDArray[np.bool_]:
    """Whether the line of sight to each landmark ends near it, not on an arm or the far side (K,)."""
    height, width = drawn.depth_m.shape
    inside = ((crop > 0) & (crop < 1)).all(-1)
    column = np.clip(crop[:, 0] * width, 0, width - 1).astype(np.int64)
    row = np.clip(crop[:, 1] * height, 0, height - 1).astype(np.int64)
    buried = camera.depth(points) - drawn.depth_m[row, column]
    return inside & (buried < np.where(DEEP, 0.16, 0.06))
