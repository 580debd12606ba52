"""Changes to a batch of crops that keep its truth true; the generator lives where the batch does."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as fn

from rig.landmarks import SWAP

Batch = tuple[Tensor, Tensor, Tensor, Tensor]  # image, points, angles, context


def augmented(batch: Batch, kind: str, generator: torch.Generator) -> Batch:
    """Mirror (frontal only), turn, scale and shift, recolour, add noise, cut patches out."""
    image, points, angles, context = (t.clone() for t in batch)
    if kind == "frontal":
        mirrored = _rand(generator, len(image)) < 0.5
        image, points, angles, context = (
            torch.where(mirrored.view(-1, *[1] * (t.dim() - 1)), m, t)
            for t, m in zip(
                (image, points, angles, context), _mirror(image, points, angles, context), strict=True
            )
        )
    image, points, angles, context = _moved(image, points, angles, context, kind, generator)
    return _recoloured(image, generator), points, angles, context


def _rand(generator: torch.Generator, *shape: int) -> Tensor:
    return torch.rand(shape, generator=generator, device=generator.device)


def _randn(generator: torch.Generator, *shape: int) -> Tensor:
    return torch.randn(shape, generator=generator, device=generator.device)


def _mirror(image: Tensor, points: Tensor, angles: Tensor, context: Tensor) -> Batch:
    """A frontal crop in the mirror: leans change sign, and the first of each pair becomes the second."""
    flipped = points[:, list(SWAP)].clone()
    flipped[..., 0] = 1 - flipped[..., 0]
    sign = torch.tensor([-1.0, 1.0, -1.0, -1.0, -1.0, -1.0], device=image.device)
    return image.flip(3), flipped, -angles, context[:, [0, 1, 3, 2, 4, 5]] * sign


def _moved(
    image: Tensor, points: Tensor, angles: Tensor, context: Tensor, kind: str, generator: torch.Generator
) -> Batch:
    """Turn clockwise, scale and shift. Leans grow by the turn, tilts of lines shrink by it."""
    count = len(image)
    turn = _randn(generator, count) * 4.0
    scale = torch.exp(_randn(generator, count) * 0.06)
    shift = _randn(generator, count, 2) * 0.03
    c, s = torch.cos(torch.deg2rad(turn)), torch.sin(torch.deg2rad(turn))
    rotation = torch.stack([torch.stack([c, -s], -1), torch.stack([s, c], -1)], 1)  # clockwise, y down
    centred = points * 2 - 1
    points = (torch.einsum("nij,nkj->nki", rotation, centred) * scale[:, None, None] + shift[:, None] + 1) / 2
    inverse = rotation.transpose(1, 2) / scale[:, None, None]
    theta = torch.cat([inverse, -(inverse @ shift[:, :, None])], 2)
    image = fn.grid_sample(
        image,
        fn.affine_grid(theta, list(image.shape), align_corners=False),
        padding_mode="border",
        align_corners=False,
    )
    context = context.clone()
    context[:, 2:4] -= turn[:, None] / 90.0
    if kind == "frontal":
        context[:, 4:6] -= turn[:, None] / 10.0
        angles = angles + torch.stack([-turn, turn], 1)
    else:
        context[:, 4:6] *= scale[:, None]
        angles = angles + turn[:, None]
    return image, points, angles, context


def _recoloured(image: Tensor, generator: torch.Generator) -> Tensor:
    count = len(image)
    image = image * (1 + _randn(generator, count, 1, 1, 1) * 0.15) + _randn(generator, count, 3, 1, 1) * 0.06
    grey = (_rand(generator, count, 1, 1, 1) < 0.1).expand_as(image)
    image = torch.where(grey, image.mean(1, keepdim=True).expand_as(image), image)
    noisy = (_rand(generator, count, 1, 1, 1) < 0.3) * _rand(generator, count, 1, 1, 1) * 0.05
    image = image + _randn(generator, *image.shape) * noisy
    return _patched(image, generator).clamp(0, 1.2)


def _patched(image: Tensor, generator: torch.Generator, share: float = 0.25) -> Tensor:
    """Cover a rectangle of some pictures with one colour."""
    count, _, height, width = image.shape
    ends = []
    for side in (height, width):
        long = side * (0.07 + 0.28 * _rand(generator, count, 1))
        start = (side - 8) * _rand(generator, count, 1)
        at = torch.arange(side, device=image.device)
        ends.append((at >= start) & (at < start + long))
    chosen = (_rand(generator, count) < share).view(-1, 1, 1, 1)
    covered = chosen & ends[0][:, None, :, None] & ends[1][:, None, None, :]
    return torch.where(covered, _rand(generator, count, 3, 1, 1), image)
