"""What the components' tests do with a page: open it, tap on it, read a frame's number from its pixels."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator, Page, expect

from tests.ui import coded_film

LONG_S = 90

expect.set_options(timeout=LONG_S * 1000)


def eventually(what: Callable[[], object], wanted: object) -> None:
    """Wait until ``what()`` gives ``wanted``, for what the browser shows but does not announce."""
    until = time.monotonic() + LONG_S
    while (found := what()) != wanted and time.monotonic() < until:
        time.sleep(0.05)
    assert found == wanted


def opened(page: Page, address: str) -> Locator:
    page.goto(address)
    root = page.locator(".player")
    expect(root).to_have_attribute("data-state", "still")
    return root


def on_screen(stage: Locator) -> int:
    return coded_film.number_on(stage.screenshot())


def shows(page: Page, frame: int) -> None:
    """The player names ``frame``, and its pixels are that frame's."""
    expect(page.locator(".player")).to_have_attribute("data-frame", str(frame))
    eventually(lambda: on_screen(page.locator(".stage")), frame)


def tap(page: Page, element: Locator, *places: tuple[float, float]) -> None:
    """Click at shares of an element's width and height."""
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    assert box is not None
    for x, y in places:
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def drag(page: Page, element: Locator, *places: tuple[float, float]) -> None:
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def painted(page: Page) -> int:
    """How many pixels of the layer over the film are not empty."""
    script = """canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
        .data.filter((v, i) => i % 4 === 3 && v > 0).length"""
    return int(page.locator(".over").evaluate(script))


def near(pixels: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(pixels - np.array(colour)).max(axis=-1) < 25).any())
