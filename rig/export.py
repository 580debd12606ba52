"""A trained network as ONNX, with doubts that were checked and a description of what goes in and out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from rig.crop import CONTEXT, LIFT_OF_TRUNK, SIDE_OF_TRUNK
from rig.dataset import PAIRED, Crops, read
from rig.garment import Garment, features, fit
from rig.net import PelvisNet, Shape
from rig.train import predictions
from rig.truth import ANGLES

OUTPUTS = ("points", "points_sd", "angles", "angles_sd", "loose")


class Exported(nn.Module):
    """The network with standard deviations in place of log variances, widened until they cover."""

    def __init__(
        self, net: PelvisNet, points_scale: float, angles_scale: Sequence[float], garment: Garment
    ) -> None:
        super().__init__()
        self.net, self.garment = net, garment
        self.points_scale = points_scale
        self.angles_scale: Tensor
        self.register_buffer("angles_scale", torch.tensor(list(angles_scale), dtype=torch.float32))

    def forward(self, crop: Tensor, context: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Points and angles, each with its standard deviation, and the share of loose clothes."""
        stages = self.net.stages(crop)
        points, doubt, angles, unsure, _ = self.net.from_stages(stages, context)
        points_sd = torch.exp(0.5 * doubt.clamp(-12, 2)) * self.points_scale
        angles_sd = torch.exp(0.5 * unsure.clamp(-2, 7)) * self.angles_scale
        return points, points_sd, angles, angles_sd, self.garment(features(self.net, stages, context))


def load_net(checkpoint: Path) -> tuple[PelvisNet, str]:
    """The averaged network of a checkpoint, and its kind."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    net = PelvisNet(Shape.of(state["shape"]))
    net.load_state_dict(state["mean"])
    return net.eval(), state["kind"]


def widths(net: PelvisNet, crops: Crops) -> tuple[float, list[float]]:
    """By how much the predicted standard deviations must grow so that 1.96 of them hold 95 in 100 errors."""
    points, doubt, angles, unsure = predictions(net, crops)
    inside = ((crops.points > 0) & (crops.points < 1)).all(-1)
    point_sd = np.exp(0.5 * np.clip(doubt, -12, 2))[..., None]
    point_ratio = (np.abs(points - crops.points) / point_sd)[inside]
    angle_ratio = np.abs(angles - crops.angles) / np.exp(0.5 * np.clip(unsure, -2, 7))
    return float(np.quantile(point_ratio, 0.95) / 1.96), [
        float(x) / 1.96 for x in np.quantile(angle_ratio, 0.95, 0)
    ]


def export(checkpoint: Path, judge: Sequence[Path], garments: Sequence[Path], out: Path) -> None:
    """Write the ONNX file.

    `judge` are folders of crops to check the doubts on, none that were trained on; from `garments`, crops of
    training, it learns what loose clothes look like.
    """
    net, kind = load_net(checkpoint)
    points_scale, angles_scale = widths(net, read(judge, kind, size=net.shape.size))
    model = Exported(net, points_scale, angles_scale, fit(net, garments, kind)).eval()
    size = net.shape.size
    part = out.with_suffix(".part")
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model, (torch.zeros(2, 3, size, size), torch.zeros(2, 6)), str(part), input_names=["crop", "context"],
        output_names=list(OUTPUTS), dynamic_axes={k: {0: "crops"} for k in ("crop", "context", *OUTPUTS)},
        opset_version=17, dynamo=False,
    )  # fmt: skip
    described = onnx.load(str(part))
    for key, value in _description(kind, size, checkpoint).items():
        described.metadata_props.add(key=key, value=json.dumps(value))
    onnx.checker.check_model(described)
    onnx.save(described, str(part))
    part.replace(out)


def _description(kind: str, size: int, checkpoint: Path) -> dict[str, object]:
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    return {
        "kind": kind, "size_px": size, "points": list(PAIRED), "angles": list(ANGLES[kind]),
        "context": list(CONTEXT[kind]), "side_of_trunk": SIDE_OF_TRUNK, "lift_of_trunk": LIFT_OF_TRUNK,
        "crop": "RGB from 0 to 1, channels first", "steps": state["step"], "scores": state["scores"],
    }  # fmt: skip
