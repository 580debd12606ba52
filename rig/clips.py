"""Short clips with their truth beside them: markers, walks, squats, hinges, bridges, standing.

A clip is a pure function of its set, seed and number. `NAME.mp4` holds the picture, `NAME.json` the truth of
every frame. Stickers lie on the clothes over the bone and move with the bone: skin that slides over it is not
modelled.
"""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rig.body import make_body, random_build
from rig.camera import Camera, Window, aimed
from rig.clip_plan import Spec, specs
from rig.clip_truth import frame_truth
from rig.crops import random_light, visibility, wearer
from rig.figure import Figure
from rig.judge_plan import judge_specs, own_specs
from rig.landmarks import NAMES
from rig.mesh import Mesh
from rig.motion import Instant, player
from rig.poses import Posed
from rig.render import Drawn, Renderer, Scene
from rig.room import COUNT, random_room
from rig.rotations import about_z
from rig.skeleton import Pose, landmarks
from rig.stickers import in_plain_sight, stickers
from rig.wardrobe import MATERIALS, Material, Outfit, random_outfit

Array = npt.NDArray[np.float64]
FIELD_OF_VIEW = 38.0
SHUTTER = 0.5  # share of a frame's time that it is exposed
STICKER = 2 * MATERIALS + COUNT
AZIMUTH = {"front": 0.0, "left": 90.0, "rear": 180.0, "right": -90.0}


def make(spec: Spec, out: Path) -> None:
    """Render one clip; done clips are left as they are."""
    target = out / f"{spec.name}.mp4"
    if target.exists() and target.with_suffix(".json").exists():
        return
    out.mkdir(parents=True, exist_ok=True)
    stage = Stage(spec, spec.size_wh)
    part = target.with_suffix(".part.mp4")
    frames = []
    with _film(part, spec.size_wh, spec.fps) as write:
        for number in range(round(spec.movement.seconds * spec.fps)):
            picture, truth = stage.frame(number, spec.blur)
            write(picture)
            frames.append(truth)
    stage.close()
    target.with_suffix(".json").write_text(
        json.dumps(stage.about() | {"frames": frames}, separators=(",", ":")), "utf-8"
    )
    part.replace(target)
    logging.getLogger(__name__).info("%s: %d frames", spec.name, len(frames))


class _film:
    """A pipe into ffmpeg."""

    def __init__(self, path: Path, size: tuple[int, int], fps: int) -> None:
        command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"]
        command += [
            "-s",
            f"{size[0]}x{size[1]}",
            "-r",
            str(fps),
            "-i",
            "-",
            "-threads",
            "1",
            "-c:v",
            "libx264",
        ]
        command += ["-preset", "veryfast", "-crf", "21", "-pix_fmt", "yuv420p", str(path)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def __enter__(self) -> Callable[[npt.NDArray[np.uint8]], None]:
        pipe = self._process.stdin
        assert pipe is not None

        def write(picture: npt.NDArray[np.uint8]) -> None:
            pipe.write(picture.tobytes())

        return write

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        if self._process.wait() != 0:
            raise RuntimeError(f"ffmpeg ended with status {self._process.returncode}; is it installed?")


class Stage:
    """A person, a room and a camera, and every frame that they make."""

    def __init__(self, spec: Spec, size: tuple[int, int]) -> None:
        self.spec, self.size = spec, size
        rng = np.random.default_rng(spec.seed)
        self.body = make_body(random_build(rng, test=spec.test), fine=True)
        self.figure = Figure(self.body)
        self.outfit = _outfit(rng, spec, self.figure)
        self._play = player(self.body, spec.movement)
        self.camera = self._camera()
        self.window = Window(np.zeros(2), 2 * np.tan(np.radians(FIELD_OF_VIEW / 2)), aspect=size[0] / size[1])
        self._scenery(rng)
        self._noise = rng.normal(0, rng.uniform(1, 3), (size[1] + 32, size[0] + 32, 1)).astype(np.float32)
        self._shift = rng
        self._renderer = Renderer(*size)

    def close(self) -> None:
        """Give the renderer's memory back."""
        self._renderer.close()

    def _camera(self) -> Camera:
        low = self.spec.movement.lying
        middle = self._play(self.spec.movement.middle_s)[0]
        target = (middle.place("upperleg01.L") + middle.place("upperleg01.R")) / 2
        target = target + ([0, 0, 0.1] if low else [0, 0, 0.05])
        angle = AZIMUTH[self.spec.seen_from] + self.spec.yaw_deg
        away = about_z(angle) @ np.array([0.0, -self.spec.distance_m, 0.0])
        return aimed(target + away + [0, 0, 0.25 if low else 0.1], target, self.spec.roll_deg)

    def _scenery(self, rng: np.random.Generator) -> None:
        posed = Posed(self._play(0.0)[0], "bridge" if self.spec.movement.lying else "stand", 0.0)
        room = random_room(rng, posed, self.camera, test=self.spec.test)
        bright = Material((0.1, 0.95, 0.25) if rng.random() < 0.5 else (0.98, 0.35, 0.05), shine=0.0)
        self._room = room.meshes
        self._materials = (*self.outfit.materials, *[Material()] * MATERIALS, *room.materials, bright)
        self._light = random_light(rng, self.camera)

    def pixels(self, picture: Array) -> Array:
        """Picture points in pixels."""
        return self.window.crop(picture) * self.size

    def frame(self, number: int, blur: int) -> tuple[npt.NDArray[np.uint8], dict[str, Any]]:
        """The picture of a frame and its truth, which is that of the middle of the exposure."""
        fps = self.spec.fps
        middle = number / fps
        total = np.zeros((self.size[1], self.size[0], 3), np.float32)
        offsets = (np.arange(blur) - (blur - 1) / 2) / blur * SHUTTER / fps
        shots = [self._shot(max(middle + float(offset), 0.0)) for offset in offsets]
        for drawn, _ in shots:
            total += np.where(drawn.cover[..., None] > 0, drawn.rgb, np.float32(90)) / blur
        drawn, stuck = shots[blur // 2]
        a, b = self._shift.integers(0, 32, 2)
        picture = total + self._noise[a : a + self.size[1], b : b + self.size[0]]
        instant = self._play(middle)
        return np.clip(picture, 0, 255).astype(np.uint8), self._truth(number, instant, stuck, drawn)

    def _shot(self, t: float) -> tuple[Drawn, dict[str, Array]]:
        """One sharp picture, and where its stickers are."""
        meshes, stuck = self._meshes(self._play(t)[0])
        worn = (wearer(self.body, self.outfit),)
        scene = Scene((*meshes, *self._room), self._materials, worn, self._light)
        return self._renderer.draw(scene, self.camera, self.window), stuck

    def _meshes(self, at: Pose) -> tuple[list[Mesh], dict[str, Array]]:
        meshes = self.figure.meshes(at, self.outfit)
        if not self.spec.markers:
            return meshes, {}
        surface = np.concatenate([m.points for m in meshes]).astype(np.float64)
        found = stickers(self.body, at, self.spec.seen_from, surface, STICKER)
        return meshes + found[0], found[1]

    def _truth(self, number: int, instant: Instant, stuck: dict[str, Array], drawn: Any) -> dict[str, Any]:
        at, known = instant
        truth = {"frame": number, "t": round(number / self.spec.fps, 5)} | known
        truth |= frame_truth(self.body, at, self.camera, self.pixels)
        for key, places in (("markers2d", stuck), ("landmarks_visible", None)):
            spots = (
                landmarks(self.body, at) if places is None else np.array(list(places.values())).reshape(-1, 3)
            )
            crop = self.window.crop(self.camera.picture(spots))
            if places is None:
                seen = visibility(spots, crop, self.camera, drawn)
                truth[key] = {n: bool(v) for n, v in zip(NAMES, seen, strict=True)}
            elif places:
                near = in_plain_sight(spots, crop, self.camera, drawn)
                truth[key] = {
                    n: [round(float(x), 2), round(float(y), 2), bool(v)]
                    for n, (x, y), v in zip(places, crop * self.size, near, strict=True)
                }
        return truth

    def about(self) -> dict[str, Any]:
        """The clip's head: what, who, how filmed."""
        s = self.spec
        return {
            "name": s.name,
            "view": s.seen_from,
            "movement": s.movement.name,
            "fps": s.fps,
            "width": self.size[0],
            "height": self.size[1],
            "reps": s.movement.reps,
            "camera": {
                "eye": [float(x) for x in self.camera.eye],
                "vfov": FIELD_OF_VIEW,
                "roll": s.roll_deg,
                "yaw": s.yaw_deg,
                "distance": s.distance_m,
            },
            "stature_m": round(self.body.stature_m, 3),
            "build": asdict(self.body.build),
            "clothing": self.outfit.kind,
            "bottom": self.outfit.bottom,
            "looseness": self.outfit.looseness,
            "skin": float(np.mean(self.outfit.materials[0].colour)),
            "markers": s.markers,
            "seed": s.seed,
            "test": s.test,
            "asked": asdict(s.movement),
            "axes": "x = subject left, -y = subject forward (upright), z up, metres",
        }


def _outfit(rng: np.random.Generator, spec: Spec, figure: Figure) -> Outfit:
    """Clothes as asked for: fitted with leggings or shorts, or a loose shirt."""
    while True:
        kind = "fitted" if spec.clothes == "fitted" else str(rng.choice(("shirt_out", "hoodie")))
        outfit = random_outfit(rng, figure.body, kind=kind, test=spec.test)
        tight = outfit.bottom in ("leggings", "shorts")
        if (tight and spec.clothes == "fitted") or (spec.clothes != "fitted" and outfit.looseness > 0.5):
            return outfit


def render_set(what: str, out: Path, count: int, seed: int, *, clothes: str, test: bool) -> Iterator[str]:
    """Render a set, one clip after another; gives each name as it is done."""
    if what == "judge":
        plan = judge_specs(seed)[:count]
    elif what == "own":
        plan = own_specs(seed, count)
    else:
        plan = specs(what, count, seed, clothes=clothes, test=test)
    for spec in plan:
        make(spec, out)
        yield spec.name
