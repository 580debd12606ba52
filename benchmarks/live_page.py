"""What training in the browser costs: ``python -m benchmarks.live_page [CLIP] [--seconds N]``.

A clip with a number painted into every picture plays as Chromium's camera. Printed are the pictures a
second that are judged; how old the skeleton on the screen is against the camera's newest picture,
beside a page that only draws on the pictures and sends them back; how long after the end of the
repetition that causes it a cue is heard; and the memory of server and page, every 30 seconds, with the
last minute over the second one where there are as many. Chromium and server share the machine.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
from PIL import Image
from playwright.sync_api import CDPSession, Page

from tests.browser import ROOT, Served, chromium, minimal_server, new_context
from tests.ui import fake_camera
from validation.tables import number, table

SOURCE: Final = Path("videos") / "squat_front_left_knee_caves_from_rep3.mp4"
FROM_S: Final = 6.4
BITS: Final = 12
PX: Final = 40
FPS: Final = 30
SECONDS: Final = 60.0
LOOK_S: Final = 30.0
MINUTE_S: Final = 60.0
MOST_NOTES: Final = 1000
"""Messages that the page keeps for the measuring, so that they do not pass for its own memory."""

READ: Final = f"""
def read(rgb):
    dark = rgb[{PX // 2}::{PX}, {PX // 2}].mean(axis=1) < 128
    return sum(int(bit) << i for i, bit in enumerate(~dark[:{BITS}]))
"""
ROOM: Final = """
import os
os.environ["PLUMBLINE_DATA"] = {data!r}
import streamlit as st
from vision.ui.live import run
from vision.web.guard import middleware
from vision.web.life import lifespan
from vision.web.routes import routes
{read}
seen = {{}}
class Coded(run.LiveSet):
    def push(self, frame):
        seen.update(code=read(frame.rgb), index=frame.index, end=None)
        update = super().push(frame)
        if update.said:
            seen["end"] = frame.t_s - (update.said.t_s - update.reps[update.said.rep - 1].judged.end_s)
        return update
run.LiveSet = Coded
plain = run.words.message
run.words.message = lambda *given: {{**plain(*given), **seen}}
app = st.App({page!r}, routes=routes(), middleware=middleware(), lifespan=lifespan)
"""
DRAWS: Final = """
import av, cv2, streamlit as st
from streamlit_webrtc import webrtc_streamer
def back(frame):
    rgb = frame.to_ndarray(format="rgb24")
    cv2.line(rgb, (200, 100), (400, 300), (0, 255, 0), 5)
    return av.VideoFrame.from_ndarray(rgb, format="rgb24")
webrtc_streamer(key="x", video_frame_callback=back, rtc_configuration={"iceServers": []},
    media_stream_constraints={"video": {"width": 640, "height": 480}, "audio": False},
    video_html_attrs={"autoPlay": True, "muted": True, "style": {"width": "100%"}})
"""
WATCH: Final = f"""
window.notes = [];
const strip = Object.assign(document.createElement("canvas"), {{width: 1, height: {BITS}}});
const pen = strip.getContext("2d", {{willReadFrequently: true}});
window.code = (video) => {{
  if (!video?.videoWidth) return null;
  const at = video.videoWidth / 640, step = {PX} * at;
  for (let i = 0; i < {BITS}; i += 1) pen.drawImage(video, step / 2, step * i + step / 2, 1, 1, 0, i, 1, 1);
  const got = pen.getImageData(0, 0, 1, {BITS}).data;
  return [...Array({BITS}).keys()].reduce((sum, i) => sum + (got[4 * i] >= 128 ? 2 ** i : 0), 0);
}};
const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
if (ask) navigator.mediaDevices.getUserMedia = async (wanted) => {{
  const stream = await ask(wanted);
  const own = document.createElement("video");
  Object.assign(own, {{muted: true, srcObject: new MediaStream(stream.getTracks())}});
  own.play();
  window.top.own = own;
  return stream;
}};
const Plain = window.EventSource;
window.EventSource = class extends Plain {{
  constructor(...given) {{
    super(...given);
    this.addEventListener("message", (event) => {{
      const state = JSON.parse(event.data);
      const wall = performance.now() / 1000;
      window.notes.push({{...state, points: null, wall, now: window.code(window.own)}});
      if (window.notes.length > {MOST_NOTES}) window.notes.shift();
    }});
  }}
}};
"""


def coded(clip: Path, out: Path) -> int:
    """``clip`` as a camera's film whose every picture carries its number at the left; how many."""
    with tempfile.TemporaryDirectory() as name:
        plain = fake_camera.written(clip, Path(name) / "plain.mjpeg", from_s=FROM_S, fps=FPS)
        with av.open(str(plain)) as film, out.open("wb") as file:
            count = 0
            for picture in film.decode(video=0):
                rgb = picture.to_ndarray(format="rgb24")
                for bit in range(BITS):
                    rgb[PX * bit : PX * (bit + 1), :PX] = 255 if count >> bit & 1 else 0
                jpeg = io.BytesIO()
                Image.fromarray(rgb).save(jpeg, "JPEG", quality=88)
                file.write(jpeg.getvalue())
                count += 1
    return count


def _started(page: Page, name: str) -> Any:
    frame = page.frame_locator('iframe[src*="webrtc_streamer"]')
    frame.get_by_role("button", name=name).click()
    return frame


def _ages(pairs: Sequence[tuple[int, int]], count: int) -> list[float]:
    """Ages in seconds of the second of two numbers against the first, over the seam of the loop."""
    return [(new - old) % count / FPS for new, old in pairs if (new - old) % count < 3 * FPS]


def of_drawing(served: Served, page: Page, count: int, seconds: float) -> list[float]:
    """How old the pictures are that a page gets back which only draws on them."""
    page.goto(served)
    _started(page, "Start")
    page.wait_for_function("window.code(frames[0].document.querySelector('video')) !== null", timeout=60_000)
    page.wait_for_timeout(5000)
    pairs = page.evaluate(
        """(ms) => new Promise((done) => {
          const pairs = [], end = performance.now() + ms;
          const look = () => {
            pairs.push([window.code(window.own), window.code(frames[0].document.querySelector("video"))]);
            performance.now() < end ? setTimeout(look, 37) : done(pairs);
          };
          look();
        })""",
        1000 * seconds,
    )
    return _ages([(a, b) for a, b in pairs if a is not None and b is not None], count)


@dataclass(frozen=True, slots=True)
class Memory:
    """What server and page held in MiB, ``t_s`` seconds after the set began; the page's is its JS heap."""

    t_s: float
    server: float
    heap: float


def of_training(served: Served, page: Page, seconds: float) -> tuple[list[dict[str, Any]], list[Memory]]:
    """The last messages that the live page got, with the camera's picture at that moment, and the memory."""
    page.goto(f"{served}/live?movement=squat")
    page.locator(".cues[data-phase=waiting]").wait_for()
    _started(page, "Start the camera")
    page.locator(".cues[data-phase=rest], .cues[data-phase=moving]").wait_for(timeout=120_000)
    asks = page.context.new_cdp_session(page)
    asks.send("Performance.enable")
    began_s = time.monotonic()
    held = [_memory(served, asks, began_s)]
    while (left_s := began_s + seconds - time.monotonic()) > 0:
        page.wait_for_timeout(1000 * min(LOOK_S, left_s))
        held.append(_memory(served, asks, began_s))
    notes: list[dict[str, Any]] = page.evaluate("window.notes")
    return notes, held


def _memory(served: Served, asks: CDPSession, began_s: float) -> Memory:
    """What is held now; the page's rubbish is collected first."""
    asks.send("HeapProfiler.collectGarbage")
    told = {m["name"]: m["value"] for m in asks.send("Performance.getMetrics")["metrics"]}
    status = Path(f"/proc/{served.process.pid}/status").read_text("ascii")
    server = int(status.split("VmRSS:")[1].split()[0]) / 1024
    return Memory(time.monotonic() - began_s, server, told["JSHeapUsedSize"] / 1024**2)


def grown(held: Sequence[Memory], of: Callable[[Memory], float]) -> float | None:
    """The mean over the last minute over that of the second minute; None for less than three minutes."""
    end_s = held[-1].t_s
    if end_s < 3 * MINUTE_S:
        return None
    second = [of(m) for m in held if MINUTE_S <= m.t_s <= 2 * MINUTE_S]
    last = [of(m) for m in held if m.t_s >= end_s - MINUTE_S]
    return statistics.mean(last) / statistics.mean(second)


def _memory_rows(held: Sequence[Memory]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    ways: tuple[tuple[str, Callable[[Memory], float]], ...] = (
        ("the server", lambda m: m.server),
        ("the page's scripts", lambda m: m.heap),
    )
    for name, of in ways:
        rows.append((f"MiB of {name}, every {LOOK_S:.0f} s", " ".join(number(of(m), 0) for m in held)))
        ratio = grown(held, of)
        if ratio is not None:
            rows.append((f"{name}, last minute over the second", number(ratio, 2)))
    return rows


def _row(name: str, ages: Sequence[float]) -> tuple[str, str]:
    return name, f"{number(1000 * statistics.median(ages), 0)} (n = {len(ages)})" if ages else "none"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", nargs="?", type=Path, default=SOURCE)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        camera = Path(name) / "camera.mjpeg"
        count = coded(args.clip, camera)
        page_file = str(ROOT / "vision" / "ui" / "room.py")
        room = ROOM.format(data=str(Path(name) / "data"), page=page_file, read=READ)
        with chromium(*fake_camera.flags(camera)) as browser:
            with minimal_server(DRAWS) as served, new_context(browser) as context:
                context.add_init_script(WATCH)
                draws = of_drawing(served, context.new_page(), count, min(args.seconds, 20))
            with minimal_server(room) as served, new_context(browser) as context:
                context.add_init_script(WATCH)
                notes, held = of_training(served, context.new_page(), args.seconds)
    tell(args.clip.name, draws, notes, count, held)


def tell(
    name: str, draws: list[float], notes: list[dict[str, Any]], count: int, held: Sequence[Memory]
) -> None:
    """Print what was measured."""
    train = [n for n in notes if n.get("phase") in ("rest", "moving") and n.get("now") is not None]
    ages = _ages([(n["now"], n["code"]) for n in train], count)
    spent = train[-1]["wall"] - train[0]["wall"]
    judged = (train[-1]["index"] - train[0]["index"]) / spent
    heard = [n["t"] - n["end"] + age for n, age in zip(train, ages, strict=False) if n["end"] is not None]
    ratio = statistics.median(ages) / statistics.median(draws)
    rows = [
        ("pictures judged a second", number(judged, 1)),
        _row("ms from camera to the drawn line, a page that only draws", draws),
        _row("ms from camera to the drawn skeleton, training", ages),
        ("training over only drawing", number(ratio, 2)),
        _row("ms from a repetition's end to its cue's sound", heard),
        *_memory_rows(held),
        ("load of the machine, 1 min", number(os.getloadavg()[0], 1)),
    ]
    print(table(("what", name), rows))


if __name__ == "__main__":
    main()
