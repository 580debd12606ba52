"""One draw call through OpenGL on EGL; Mesa's software renderer will do."""

from __future__ import annotations

import os

os.environ.setdefault(
    "LP_NUM_THREADS", "1"
)  # one core a process, so that several processes share a machine well

from dataclasses import dataclass, field
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from rig.camera import Camera, Window, metres_from_depth_buffer
from rig.mesh import Mesh, joined
from rig.rotations import unit
from rig.shaders import FRAGMENT, MATERIALS, PEOPLE, SHADOW_FRAGMENT, SHADOW_VERTEX, VERTEX
from rig.wardrobe import Material, Outfit

Array = npt.NDArray[np.float64]
SHADOW_PX = 320
_EGL: Any = {"backend": "egl"}


@dataclass(frozen=True)
class Light:
    """A sun and the sky. Colours are linear and may exceed 1."""

    sun: tuple[float, float, float] = (-0.4, -0.6, 0.7)
    sun_colour: tuple[float, float, float] = (0.9, 0.85, 0.8)
    sky: tuple[float, float, float] = (0.45, 0.48, 0.52)
    ground: tuple[float, float, float] = (0.25, 0.22, 0.2)
    shadow: float = 0.7
    edge_dark: float = 0.3


@dataclass(frozen=True)
class Wearer:
    """An outfit and the body that it is painted on: heights and the shoulder's x, metres at rest."""

    outfit: Outfit
    shoulder_x: float
    shoulder_z: float
    collar_z: float
    crown_z: float = 0.0  # with a chin at the same height no face is painted
    chin_z: float = 0.0


@dataclass(frozen=True)
class Scene:
    """All that is drawn."""

    meshes: tuple[Mesh, ...]
    materials: tuple[Material, ...]
    wearers: tuple[Wearer, ...]
    light: Light = field(default_factory=Light)


@dataclass(frozen=True)
class Drawn:
    """A picture (H, W, 3) from 0 to 255, its share drawn at all (H, W), and depth in metres (H, W)."""

    rgb: npt.NDArray[np.float32]
    cover: npt.NDArray[np.float32]
    depth_m: Array


class Renderer:
    """Draws scenes of one size; keep one for as long as pictures are made."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self._gl = gl = moderngl.create_context(standalone=True, require=330, **_EGL)
        self._program = gl.program(vertex_shader=VERTEX, fragment_shader=FRAGMENT)
        self._shadow = gl.program(vertex_shader=SHADOW_VERTEX, fragment_shader=SHADOW_FRAGMENT)
        self._map = gl.depth_texture((SHADOW_PX, SHADOW_PX))
        self._map.compare_func = "<="
        self._map_target = gl.framebuffer(depth_attachment=self._map)
        self._depth = gl.depth_texture(self.size)
        self._target = gl.framebuffer(gl.renderbuffer(self.size, 4), self._depth)

    def draw(self, scene: Scene, camera: Camera, window: Window) -> Drawn:
        """The scene as the window on the camera's picture shows it."""
        gl = self._gl
        vertices, faces = joined(scene.meshes)
        buffer, index = gl.buffer(vertices.tobytes()), gl.buffer(faces.tobytes())
        array = gl.vertex_array(
            self._program, [(buffer, "3f 3f 3f 1f", "point", "normal", "pattern", "material")], index
        )
        flat = gl.vertex_array(self._shadow, [(buffer, "3f 28x", "point")], index)
        sun_clip = _sun_clip(scene.light)
        gl.enable(moderngl.DEPTH_TEST)
        if scene.light.shadow > 0:
            self._map_target.use()
            self._map_target.clear(depth=1.0)
            _uniform(self._shadow, "clip").write(sun_clip.T.astype(np.float32).tobytes())
            flat.render()
        self._set_uniforms(scene, camera, window, sun_clip)
        self._target.use()
        self._target.clear(0.0, 0.0, 0.0, 0.0, 1.0)
        self._map.use(0)
        array.render()
        drawn = self._read()
        for resource in (array, flat, buffer, index):
            resource.release()
        return drawn

    def close(self) -> None:
        """Give the graphics memory back."""
        self._gl.release()

    def _read(self) -> Drawn:
        width, height = self.size
        raw = np.frombuffer(self._target.read(components=4), np.uint8).reshape(height, width, 4)[::-1]
        depth = np.frombuffer(self._depth.read(), np.float32).reshape(height, width)[::-1]
        picture = raw.astype(np.float32)
        return Drawn(picture[..., :3], picture[..., 3] / np.float32(255), metres_from_depth_buffer(depth))

    def _set_uniforms(self, scene: Scene, camera: Camera, window: Window, sun_clip: Array) -> None:
        light = scene.light
        values: dict[str, Array] = {
            "clip": window.clip_matrix(camera).T,
            "sun_clip": sun_clip.T,
            "eye": camera.eye,
            "sun": unit(light.sun),
            "sun_colour": np.array(light.sun_colour),
            "sky": np.array(light.sky),
            "ground": np.array(light.ground),
            "shadow_depth": np.array([light.shadow]),
            "edge_dark": np.array([light.edge_dark]),
        }
        looks = np.zeros((3, MATERIALS, 4))
        for i, m in enumerate(scene.materials):
            looks[0, i], looks[1, i] = (*m.colour, m.pattern), (*m.second, m.frequency)
            looks[2, i] = (m.bump, m.grain, m.shine, i * 7.3)
        fits = np.zeros((4, PEOPLE, 4))
        for i, wearer in enumerate(scene.wearers):
            o = wearer.outfit
            bare_legs = o.bottom == "skirt"
            fits[0, i] = (
                o.hem_z,
                o.waist_z,
                max(o.leg_z, o.waist_z - 0.2) if bare_legs else o.leg_z,
                o.sock_z,
            )
            fits[1, i] = (o.belt_m, o.sleeve_x, float(o.top_over), o.shoe_z)
            fits[2, i] = (*o.hem_tilt, wearer.shoulder_x)
            fits[3, i] = (wearer.shoulder_z, wearer.collar_z, wearer.crown_z, wearer.chin_z)
        values |= {f"look_{letter}": looks[k] for k, letter in enumerate("abc")}
        values |= {f"fit_{letter}": fits[k] for k, letter in enumerate("abcd")}
        for name, value in values.items():
            if name in self._program:
                _uniform(self._program, name).write(np.ascontiguousarray(value, np.float32).tobytes())


def _uniform(program: Any, name: str) -> Any:
    return program[name]


def _sun_clip(light: Light, reach_m: float = 1.6) -> Array:
    """An orthographic view from the sun onto the person, who stands or lies about the origin."""
    back = unit(light.sun)
    right = unit(np.cross([0.0, 1.0, 0.1], back))
    up = np.cross(back, right)
    out = np.eye(4)
    out[:3, :3] = np.stack([right, up, -back]) / np.array([[reach_m], [reach_m], [4.0]])
    return out
