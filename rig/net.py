"""The network: a small convolutional one that sees a crop and is told trunk and thighs.

It gives every landmark as the mean of a heat map, both angles, and for each of these how sure it is.
It computes in 32-bit floats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as fn

POINTS, ANGLES, CONTEXT = 13, 2, 6
ANGLE_SCALE = 20.0


@dataclass(frozen=True)
class Shape:
    """How wide the network is and how many residual blocks it has, from the finest stage to the coarsest."""

    widths: tuple[int, ...] = (24, 56, 112, 176)
    blocks: tuple[int, ...] = (1, 2, 2, 1)
    neck: int = 24
    size: int = 128

    def as_dict(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Shape:
        """Out of a checkpoint."""
        return cls(tuple(kept["widths"]), tuple(kept["blocks"]), kept["neck"], kept["size"])


class Residual(nn.Module):
    """Two convolutions around which the input passes unchanged."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _conv(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        """The same size out as in."""
        return fn.relu(x + self.second(self.first(x)))


def _conv(before: int, after: int, size: int = 3, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(before, after, size, stride, size // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(after), nn.ReLU(inplace=True))


def _stage(before: int, after: int, blocks: int) -> nn.Sequential:
    """Half as fine, then residual blocks."""
    return nn.Sequential(_conv(before, after, 3, 2), *(Residual(after) for _ in range(blocks)))


class PelvisNet(nn.Module):
    """Crop (N, 3, S, S) from 0 to 1 and context (N, 6) in; four tensors out, see `forward`."""

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape or Shape()
        a, b, c, d = self.shape.widths
        neck, deep = self.shape.neck, self.shape.blocks
        self.stem = nn.Sequential(_conv(3, 16, 3, 2), _stage(16, a, deep[0]))
        self.down1, self.down2, self.down3 = (
            _stage(a, b, deep[1]),
            _stage(b, c, deep[2]),
            _stage(c, d, deep[3]),
        )
        self.side = nn.ModuleList(nn.Conv2d(w, neck, 1) for w in (a, b, c, d))
        self.smooth = _conv(neck, neck)
        self.maps = nn.Conv2d(neck, POINTS, 1)
        self.told = nn.Sequential(nn.Linear(CONTEXT, 32), nn.ReLU(inplace=True))
        coarse = self.shape.size // 32
        self.look = nn.Sequential(
            nn.Flatten(), nn.Dropout(0.1), nn.Linear(d * coarse * coarse, 128), nn.ReLU(inplace=True)
        )
        self.doubt = nn.Linear(128 + 32, POINTS)
        self.decide = nn.Sequential(
            nn.Linear(128 + 32 + 3 * POINTS, 96), nn.ReLU(inplace=True), nn.Linear(96, 2 * ANGLES)
        )
        fine = self.shape.size // 4
        self.grid: Tensor
        self.register_buffer("grid", (torch.arange(fine) + 0.5) / fine)

    def forward(self, crop: Tensor, context: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Points (N, K, 2) in crop shares, their log variance (N, K), angles (N, 2), theirs (N, 2)."""
        return self.with_maps(crop, context)[:4]

    def with_maps(self, crop: Tensor, context: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """The same, and the heat maps (N, K, S/4, S/4) before the softmax, for training."""
        return self.from_stages(self.stages(crop), context)

    def stages(self, crop: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What is seen, from the finest stage to the coarsest."""
        a = self.stem((crop - 0.45) / 0.25)
        b = self.down1(a)
        c = self.down2(b)
        return a, b, c, self.down3(c)

    def from_stages(
        self, stages: tuple[Tensor, Tensor, Tensor, Tensor], context: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Points, angles, their doubts and heat maps out of what is seen."""
        a, b, c, d = stages
        x = self.side[3](d)
        for level, side in ((c, self.side[2]), (b, self.side[1]), (a, self.side[0])):
            x = fn.interpolate(x, scale_factor=2.0, mode="nearest") + side(level)
        heat = self.maps(self.smooth(fn.relu(x)))
        with torch.autocast(d.device.type, enabled=False):  # a mean place needs more than 8 bits
            return self._decided(heat.float(), d.float(), context)

    def _decided(
        self, heat: Tensor, d: Tensor, context: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        share = heat.flatten(2).softmax(-1).reshape(heat.shape)
        across, down = share.sum(2), share.sum(3)
        points = torch.stack([(across * self.grid).sum(-1), (down * self.grid).sum(-1)], -1)
        seen = torch.cat([self.look(d), self.told(context)], 1)
        spread = ((across * self.grid**2).sum(-1) - points[..., 0] ** 2).clamp_min(1e-6).log()
        doubt = self.doubt(seen) + 0.5 * spread
        out = self.decide(torch.cat([seen, (points - 0.5).flatten(1) * 4, doubt * 0.3], 1))
        return points, doubt, out[:, :ANGLES] * ANGLE_SCALE, out[:, ANGLES:], heat
