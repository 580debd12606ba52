"""What happens to a picture outside geometry.

Flat backgrounds, things in the way, blur, light, noise, compression.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

cv2.setNumThreads(1)
Picture = npt.NDArray[np.float32]  # (H, W, 3) from 0 to 255


def flat_background(rng: np.random.Generator, size: int) -> Picture:
    """A background that is no room at all: gradients, coarse noise, patches and edges."""
    style = rng.random()
    if style < 0.35:
        cells = int(rng.integers(2, 9))
        small = rng.uniform(0, 255, (cells, cells, 1)) + rng.normal(0, 35, (cells, cells, 3))
        small = np.clip(small, 0, 255).astype(np.float32)
        how = cv2.INTER_CUBIC if rng.random() < 0.6 else cv2.INTER_NEAREST
        image = cv2.resize(small, (size, size), interpolation=how)
    else:
        colour = rng.uniform(10, 245, 3).astype(np.float32)
        waves = rng.normal(0, rng.uniform(4, 40), (5, 5, 3)).astype(np.float32)
        image = (colour + cv2.resize(waves, (size, size), interpolation=cv2.INTER_CUBIC)).astype(np.float32)
    if rng.random() < 0.6:
        image = np.ascontiguousarray(image, np.float32)
        for _ in range(int(rng.integers(1, 10))):
            _patch(rng, image)
    if rng.random() < 0.5:
        image = image + _texture(rng, size)
    return image.astype(np.float32)


def _texture(rng: np.random.Generator, size: int) -> Picture:
    """Noise of several grain sizes, as leaves, gravel or a carpet have."""
    total = np.zeros((size, size, 1), np.float32)
    for cells in (8, 20, 60):
        grain = rng.normal(0, rng.uniform(2, 18), (cells, cells)).astype(np.float32)
        total += cv2.resize(grain, (size, size), interpolation=cv2.INTER_LINEAR)[..., None]
    return total


def _patch(rng: np.random.Generator, image: Picture) -> None:
    """One patch of colour: a rectangle at any turn, a limb-like bar or an ellipse."""
    size = image.shape[0]
    colour = tuple(float(x) for x in np.clip(rng.uniform(0, 255) + rng.normal(0, 30, 3), 0, 255))
    centre = tuple(float(x) for x in rng.uniform(-0.1 * size, 1.1 * size, 2))
    extent = tuple(float(x) for x in rng.uniform(0.03 * size, 0.7 * size, 2))
    turn = float(rng.choice((0.0, 90.0, rng.uniform(0, 180))))
    if rng.random() < 0.25:
        cv2.ellipse(image, (centre, extent, turn), colour, -1, cv2.LINE_AA)
        return
    corners = cv2.boxPoints((centre, extent, turn)).astype(np.int32)
    cv2.fillPoly(image, [corners], colour, cv2.LINE_AA)


def in_front(rng: np.random.Generator, image: Picture) -> Picture:
    """Something in front of the lens side of the person: a post, a bag, someone's arm."""
    out = np.ascontiguousarray(image)
    for _ in range(int(rng.integers(1, 3))):
        size = out.shape[0]
        centre = tuple(float(x) for x in rng.uniform(0, size, 2))
        extent = (float(rng.uniform(0.05, 0.5) * size), float(rng.uniform(0.04, 0.18) * size))
        corners = cv2.boxPoints((centre, extent, float(rng.uniform(0, 180)))).astype(np.int32)
        cv2.fillPoly(out, [corners], tuple(float(x) for x in rng.uniform(0, 255, 3)), cv2.LINE_AA)
    return out


def over(
    rgb: Picture, cover: npt.NDArray[np.float32], background: Picture, rng: np.random.Generator
) -> Picture:
    """The drawn person over a background, with an edge as soft as a lens makes it."""
    soft = cv2.GaussianBlur(cover, (0, 0), float(rng.uniform(0.3, 1.1)))[..., None]
    solid = rgb + (1 - cover[..., None]) * cv2.blur(rgb, (5, 5)) * 1.5
    return np.asarray(solid * soft + background * (1 - soft), np.float32)


def motion_blur(rng: np.random.Generator, image: Picture) -> Picture:
    """A straight smear."""
    length, angle = float(rng.uniform(2, 11)) * image.shape[0] / 256, rng.uniform(0, np.pi)
    half = max(1, int(np.ceil(length / 2)))
    kernel = np.zeros((2 * half + 1,) * 2, np.float32)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    a, b = (half - reach).round().astype(int), (half + reach).round().astype(int)
    cv2.line(kernel, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), 1.0)
    return cv2.filter2D(image, -1, kernel / max(float(kernel.sum()), 1.0)).astype(np.float32)


def finished(rng: np.random.Generator, image: Picture, size: int) -> npt.NDArray[np.uint8]:
    """The crop as a phone's video would give it: resolution, exposure, colour cast, noise and compression."""
    if rng.random() < 0.25:
        image = motion_blur(rng, image)
    if rng.random() < 0.4:
        low = int(rng.uniform(0.35, 0.95) * size)
        image = cv2.resize(image, (low, low), interpolation=cv2.INTER_AREA).astype(np.float32)
    how = cv2.INTER_AREA if image.shape[0] > size else cv2.INTER_LINEAR
    image = cv2.resize(image, (size, size), interpolation=how).astype(np.float32)
    if rng.random() < 0.15:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.3))).astype(np.float32)
    gamma = np.exp(rng.normal(0, 0.25))
    image = 255 * np.clip(image / 255, 0, 1).astype(np.float32) ** np.float32(gamma)
    shift = 128 + rng.normal(0, 10) + rng.normal(0, 6, 3)
    image = ((image - 128) * rng.uniform(0.65, 1.25) + shift).astype(np.float32)
    dark = rng.random() < 0.06
    if dark:
        image = (image * rng.uniform(0.25, 0.6)).astype(np.float32)
    noise = rng.uniform(2, 12) if dark else rng.uniform(0, 6)
    shape = image.shape[:2] + (1 if rng.random() < 0.5 else 3,)
    noisy = image + rng.standard_normal(shape, np.float32) * np.float32(noise)
    out = np.clip(noisy, 0, 255).astype(np.uint8)
    return compressed(out, int(rng.uniform(22, 92))) if rng.random() < 0.65 else out


def compressed(image: npt.NDArray[np.uint8], quality: int) -> npt.NDArray[np.uint8]:
    """Through JPEG and back."""
    _, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    back: Any = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(back[..., ::-1])
