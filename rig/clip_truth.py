"""The truth of one frame of a clip, in the form that `videos/*.json` have."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rig.body import Body
from rig.camera import Camera
from rig.landmarks import NAMES
from rig.skeleton import THORAX, Pose, landmarks, lean_forward, lumbar_extension, obliquity

Array = npt.NDArray[np.float64]
JOINTS = {
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
    "toe": "toe",
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
}
MIDDLE = {"neck": "neck01", "head": "head", "l5s1": "spine05"}


def joints(at: Pose) -> dict[str, Array]:
    """Joint centres by name, metres."""
    out = {f"{name}_{s.lower()}": at.place(f"{bone}.{s}") for s in "LR" for name, bone in JOINTS.items()}
    return out | {name: at.place(bone) for name, bone in MIDDLE.items()}


def angle_at(a: Array, b: Array, c: Array) -> float:
    """The angle at b between a and c, degrees."""
    u, v = a - b, c - b
    cosine = u @ v / (np.linalg.norm(u) * np.linalg.norm(v))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def knee_inward(hip: Array, knee: Array, ankle: Array, other_hip: Array) -> float:
    """How far the knee lies off the line from hip to ankle, in a plane: + towards the other leg."""
    way = ankle - hip
    across = np.array([-way[1], way[0]])
    return (180 - angle_at(hip, knee, ankle)) * float(
        np.sign((knee - hip) @ across * ((other_hip - hip) @ across))
    )


def frame_truth(body: Body, at: Pose, camera: Camera, to_pixels: Any) -> dict[str, Any]:
    """Joints, landmarks and angles of a pose; `to_pixels` turns picture points into pixels."""
    named = joints(at)
    flat = {k: to_pixels(camera.picture(v)) for k, v in named.items()}
    points = landmarks(body, at)
    spots = to_pixels(camera.picture(points))
    return {
        "joints3d": {k: [round(float(x), 5) for x in v] for k, v in named.items()},
        "joints2d": {k: [round(float(x), 2) for x in v] for k, v in flat.items()},
        "landmarks2d": {n: [round(float(x), 2) for x in p] for n, p in zip(NAMES, spots, strict=True)},
        "landmarks3d": {n: [round(float(x), 5) for x in p] for n, p in zip(NAMES, points, strict=True)},
        "angles": {k: round(float(v), 3) for k, v in (_body(at, named) | _seen(flat)).items()},
    }


def _body(at: Pose, j: dict[str, Array]) -> dict[str, float]:
    pelvis, thorax = at.turn("root"), at.turns[THORAX]
    shoulders = j["shoulder_l"] - j["shoulder_r"]
    hips, ankles = (j["hip_l"] + j["hip_r"]) / 2, (j["ankle_l"] + j["ankle_r"]) / 2
    knees, top = (j["knee_l"] + j["knee_r"]) / 2, (j["shoulder_l"] + j["shoulder_r"]) / 2
    out = {
        "pelvis_tilt_world": lean_forward(pelvis),
        "thorax_tilt_world": lean_forward(thorax),
        "lumbar_extension": lumbar_extension(pelvis, thorax),
        "pelvic_obliquity": obliquity(pelvis),
        "pelvis_yaw": float(np.degrees(np.arctan2(pelvis[1, 0], pelvis[0, 0]))),
        "shoulder_obliquity": float(
            np.degrees(np.arctan2(shoulders[2], np.hypot(shoulders[0], shoulders[1])))
        ),
        "trunk_hip_knee_angle": angle_at(top, hips, knees),
    }
    width = float(np.linalg.norm((j["ankle_l"] - j["ankle_r"])[:2]))
    if width > 0.05:
        out["lateral_shift_pct"] = 100 * float(hips[0] - ankles[0]) / width
    for s, o in (("l", "r"), ("r", "l")):
        hip, knee, ankle = j[f"hip_{s}"], j[f"knee_{s}"], j[f"ankle_{s}"]
        own, shin = pelvis.T @ (knee - hip), knee - ankle
        out[f"knee_flexion_{s}"] = 180 - angle_at(hip, knee, ankle)
        out[f"hip_flexion_seg_{s}"] = float(np.degrees(np.arctan2(-own[1], -own[2])))
        out[f"shin_angle_{s}"] = float(np.degrees(np.arctan2(-shin[1], shin[2])))
        out[f"fppa_frontal_{s}"] = knee_inward(*(p[[0, 2]] for p in (hip, knee, ankle, j[f"hip_{o}"])))
    return out


def _seen(q: dict[str, Array]) -> dict[str, float]:
    tilt = q["hip_l"] - q["hip_r"]
    hips, ankles = (q["hip_l"] + q["hip_r"]) / 2, (q["ankle_l"] + q["ankle_r"]) / 2
    width = max(abs(float(q["ankle_l"][0] - q["ankle_r"][0])), 1e-6)
    out = {
        "pelvic_obliquity_cam": float(np.degrees(np.arctan2(-tilt[1], abs(tilt[0])))),
        "lateral_shift_cam_pct": 100 * float(np.sign(tilt[0]) * (hips[0] - ankles[0])) / width,
    }
    for s, o in (("l", "r"), ("r", "l")):
        hip, knee, ankle = q[f"hip_{s}"], q[f"knee_{s}"], q[f"ankle_{s}"]
        shin = knee - ankle
        out[f"knee_flexion_cam_{s}"] = 180 - angle_at(hip, knee, ankle)
        out[f"shin_angle_cam_{s}"] = float(np.degrees(np.arctan2(shin[0], -shin[1])))
        out[f"fppa_cam_{s}"] = knee_inward(hip, knee, ankle, q[f"hip_{o}"])
    return out
