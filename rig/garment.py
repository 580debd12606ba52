"""Whether what is worn hides the pelvis: a linear reading of what a trained network has seen in a crop.

A network that is fooled by a shirt does not doubt itself enough: on rendered squats under loose shirts it was
6 degrees off with a stated deviation of 3. How loose a garment is can be seen better than what is under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from rig.dataset import Crops, read
from rig.net import PelvisNet

LOOSE = 0.25  # looseness from which a garment is one that hides
MOST_CROPS = 9600


class Garment(nn.Module):
    """The share to which a crop shows loose clothes (N,), out of the network's stages."""

    def __init__(self, net: PelvisNet) -> None:
        super().__init__()
        b, c = net.shape.widths[2:]
        self.weigh = nn.Linear(128 + 32 + 2 * c + b, 1)

    def forward(self, seen: Tensor) -> Tensor:
        """From `features` (N, F)."""
        return torch.sigmoid(self.weigh(seen)[:, 0])


def features(net: PelvisNet, stages: Sequence[Tensor], context: Tensor) -> Tensor:
    """What the network has seen (N, F): its summary, what it was told, the coarse stages over all places."""
    _, _, c, d = stages
    return torch.cat([net.look(d), net.told(context), d.mean((2, 3)), d.amax((2, 3)), c.mean((2, 3))], 1)


def fit(net: PelvisNet, folders: Sequence[Path], kind: str, *, rounds: int = 30, seed: int = 0) -> Garment:
    """Learn it on crops of training; `net` stays as it is."""
    torch.manual_seed(seed)
    net.eval()
    crops = read(folders, kind, size=net.shape.size, limit=MOST_CROPS)
    x = torch.from_numpy(_all_features(net, crops))
    y = torch.from_numpy((crops.extra["looseness"] > LOOSE).astype(np.float32))
    middle, spread = x.mean(0), x.std(0) + 1e-3
    head = Garment(net)
    optimiser = torch.optim.AdamW(head.parameters(), 2e-3, weight_decay=0.3)
    for _ in range(rounds):
        for rows in torch.randperm(len(x)).split(256):
            seen = (x[rows] - middle) / spread
            loss = nn.functional.binary_cross_entropy(head(seen), y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():  # the scale of what was seen goes into the weights
        head.weigh.bias -= (head.weigh.weight * middle / spread).sum(1)
        head.weigh.weight /= spread
    return head.eval()


@torch.no_grad()
def _all_features(net: PelvisNet, crops: Crops, batch: int = 128) -> npt.NDArray[np.float32]:
    parts = []
    for i in range(0, len(crops), batch):
        image = torch.from_numpy(crops.image[i : i + batch]).float().div_(255)
        parts.append(features(net, net.stages(image), torch.from_numpy(crops.context[i : i + batch])).numpy())
    return np.concatenate(parts)
