"""Training: seeded, logged, and resumable from its last checkpoint, on a GPU where there is one."""

from __future__ import annotations

import json
import logging
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rig.augment import augmented
from rig.dataset import Crops, Pool, read
from rig.net import PelvisNet, Shape

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """What to train, on what, and for how long.

    With `minutes` the clock and not `steps` ends it, and with `follow` shards that are rendered
    meanwhile join in; then a run depends on the machine's speed and not on its seed alone.
    """

    kind: str
    train: tuple[Path, ...]
    test: tuple[Path, ...]
    out: Path
    steps: int = 20000
    batch: int = 32
    rate: float = 2.5e-3
    seed: int = 0
    threads: int = 2
    limit: int | None = None
    size: int = 128
    save_every: int = 500
    minutes: float | None = None
    follow: bool = False


def train(plan: Plan) -> None:
    """Train to the plan's end; leaves `last.pt`, `best.pt` and `log.jsonl` in its folder."""
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    torch.backends.cudnn.benchmark = True
    device = "cuda" if torch.cuda.is_available() else "cpu"
    pool = Pool(plan.train, plan.kind, size=plan.size, limit=plan.limit, device=device)
    judge = read(plan.test, plan.kind, size=plan.size)
    net = PelvisNet(Shape(size=plan.size)).to(device)
    net = net.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    run = _Run(net, plan, device)
    run.resume()
    weights = sum(p.numel() for p in net.parameters())
    log.info("%s: %d crops, %d to judge, %d weights, %s", plan.kind, len(pool), len(judge), weights, device)
    begun = run.step
    while run.done < 1:
        loss = run.learn(pool)
        if run.step % plan.save_every == 0 or run.done >= 1:
            speed = (run.step - begun) * plan.batch / (time.monotonic() - run.start)
            line = {"step": run.step, "crops": len(pool), "loss": round(float(loss), 4)}
            run.record(judge, line | {"crops_per_s": round(speed, 1)})
            if plan.follow:
                pool.grow()


class _Run:
    """A training run's state."""

    def __init__(self, net: PelvisNet, plan: Plan, device: str) -> None:
        self.net, self.plan, self.device, self.step, self.best = net, plan, device, 0, math.inf
        self.mean = {k: v.detach().clone() for k, v in net.state_dict().items()}
        self.optimiser = torch.optim.AdamW(
            net.parameters(), plan.rate, weight_decay=0.02, fused=device == "cuda"
        )
        self.start = time.monotonic()

    @property
    def done(self) -> float:
        """Share of the run that is behind it."""
        if self.plan.minutes is not None:
            return (time.monotonic() - self.start) / (60 * self.plan.minutes)
        return self.step / self.plan.steps

    def learn(self, pool: Pool) -> Tensor:
        """One step on a random batch that depends on the seed and the step alone."""
        plan = self.plan
        generator = torch.Generator(self.device).manual_seed(plan.seed * 1_000_003 + self.step)
        rows = torch.randint(len(pool), (plan.batch,), generator=generator, device=self.device)
        image, points, angles, context = augmented(pool.batch(rows), plan.kind, generator)
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        self.net.train()
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):  # slow on many CPUs
            out = self.net.with_maps(image.contiguous(memory_format=torch.channels_last), context)
        loss = loss_of(tuple(t.float() for t in out), points, angles)
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimiser.step()
        self.step += 1
        self._average()
        return loss.detach()

    def _rate(self) -> float:
        warm = min(1.0, (self.step + 1) / 200)
        return self.plan.rate * warm * 0.5 * (1 + math.cos(math.pi * min(self.done, 1.0))) + 1e-5

    def _average(self) -> None:
        """A running mean of the weights, which is what is judged and exported."""
        if self.step % 4:
            return
        keep = min(0.998, self.step / (self.step + 20)) ** 4
        for name, value in self.net.state_dict().items():
            if value.dtype.is_floating_point:
                self.mean[name].mul_(keep).add_(value.detach(), alpha=1 - keep)
            else:
                self.mean[name] = value.detach().clone()

    def record(self, judge: Crops, line: dict[str, Any]) -> None:
        """Judge, log, and save whole or not at all."""
        net = PelvisNet(self.net.shape).to(self.device)
        net.load_state_dict(self.mean)
        line |= scores(net, judge, self.device)
        self.plan.out.mkdir(parents=True, exist_ok=True)
        with (self.plan.out / "log.jsonl").open("a", encoding="utf-8") as f:
            f.write(json.dumps(line) + "\n")
        log.info("%s", json.dumps(line))
        state = {
            "step": self.step,
            "best": self.best,
            "net": self.net.state_dict(),
            "mean": self.mean,
            "optimiser": self.optimiser.state_dict(),
            "shape": self.net.shape.as_dict(),
            "kind": self.plan.kind,
            "scores": line,
        }
        mark = sum(line["rmse"])
        if mark < self.best:
            self.best = state["best"] = mark
            _save(state, self.plan.out / "best.pt")
        _save(state, self.plan.out / "last.pt")

    def resume(self) -> None:
        """Go on from the last checkpoint, if there is one."""
        path = self.plan.out / "last.pt"
        if not path.exists():
            return
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["kind"] != self.plan.kind:
            raise ValueError(
                f"{path} was trained on {state['kind']} crops, expected {self.plan.kind}: take another folder"
            )
        self.net.load_state_dict(state["net"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.mean, self.step, self.best = state["mean"], state["step"], state["best"]


def _save(state: dict[str, Any], path: Path) -> None:
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def loss_of(out: tuple[Tensor, ...], points: Tensor, angles: Tensor) -> Tensor:
    """How far off, plus how wrong its own doubts are; doubts learn from the error but do not excuse it."""
    found, doubt, guessed, unsure, heat = out
    inside = ((points > -0.05) & (points < 1.05)).all(-1).float()
    off = ((found - points).abs().sum(-1) * inside).sum() / inside.sum().clamp_min(1)
    doubt, unsure = doubt.clamp(-12, 2), unsure.clamp(-2, 7)
    squared = ((found.detach() - points) ** 2).mean(-1)
    doubt_off = ((squared * torch.exp(-doubt) + doubt) * inside).mean()
    wrong = guessed - angles
    angle_off = torch.nn.functional.smooth_l1_loss(guessed, angles, beta=2.0)
    unsure_off = (wrong.detach() ** 2 * torch.exp(-unsure) + unsure).mean()
    return 6 * off + 0.02 * doubt_off + 0.15 * angle_off + 0.05 * unsure_off + 0.25 * _map_off(heat, points)


def _map_off(heat: Tensor, points: Tensor, spread: float = 0.035) -> Tensor:
    """How far the heat maps are from small round spots on the landmarks: cross entropy, less its least."""
    side = heat.shape[-1]
    grid = (torch.arange(side, device=heat.device) + 0.5) / side
    across = torch.exp(-0.5 * ((grid - points[..., :1]) / spread) ** 2)
    down = torch.exp(-0.5 * ((grid - points[..., 1:]) / spread) ** 2)
    target = (down[..., :, None] * across[..., None, :]).flatten(2)
    total = target.sum(-1, keepdim=True)
    target = target / total.clamp_min(1e-6)
    inside = (total[..., 0] > 1.0).float()
    off = (target * (target.clamp_min(1e-9).log() - heat.flatten(2).log_softmax(-1))).sum(-1)
    return (off * inside).sum() / inside.sum().clamp_min(1)


@torch.no_grad()
def predictions(
    net: PelvisNet, crops: Crops, device: str = "cpu", batch: int = 256
) -> tuple[np.ndarray, ...]:
    """Points, their log variance, angles, theirs, for every crop."""
    net.eval()
    parts = []
    for i in range(0, len(crops), batch):
        image = torch.from_numpy(crops.image[i : i + batch]).float().div_(255).to(device)
        out = net(image, torch.from_numpy(crops.context[i : i + batch]).to(device))
        parts.append([t.float().cpu().numpy() for t in out])
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def scores(net: PelvisNet, crops: Crops, device: str = "cpu") -> dict[str, Any]:
    """Figures of both angles: error, correlation, slope, coverage of 1.96 sigma; and of the landmarks."""
    points, _, angles, unsure = predictions(net, crops, device)
    error = angles - crops.angles
    sd = np.exp(0.5 * np.clip(unsure, -2, 7))
    inside = ((crops.points > 0) & (crops.points < 1)).all(-1)
    fitted = crops.extra["clothing"] <= 1
    far = np.linalg.norm(points - crops.points, axis=-1)[inside]
    return {
        "rmse": _rounded(np.sqrt((error**2).mean(0))),
        "rmse_fitted": _rounded(np.sqrt((error[fitted] ** 2).mean(0))),
        "mae": _rounded(np.abs(error).mean(0)),
        "r": _rounded(np.array([np.corrcoef(angles[:, k], crops.angles[:, k])[0, 1] for k in range(2)])),
        "slope": _rounded(np.array([np.polyfit(crops.angles[:, k], angles[:, k], 1)[0] for k in range(2)])),
        "within_95": _rounded((np.abs(error) < 1.96 * sd).mean(0)),
        "sd_of_truth": _rounded(crops.angles.std(0)),
        "points_pct": round(100 * float(far.mean()), 2),
    }  # fmt: skip


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(x), 3) for x in values]
