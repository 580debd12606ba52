// The camera's picture, taken over from the camera's own frame on this page and shown as in a mirror.

const LOOK_MS = 250;

class Camera {
  /** `tell` is called with what the camera's frame complains about, "" when all is well. */
  constructor(video, tell) {
    Object.assign(this, { video, tell, since: null, gone: new AbortController() });
    this.clock = setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  look() {
    const frame = this.frame();
    const stream = frame?.querySelector("video")?.srcObject ?? null;
    if (stream !== this.stream) this.take(stream);
    const trouble = frame?.querySelector('[role="alert"]')?.innerText.trim() ?? "";
    const ended = stream?.getVideoTracks().every((track) => track.readyState === "ended") ?? false;
    this.tell(ended ? "The camera is gone: plug it in, then start it again." : stream ? "" : trouble);
  }

  /** The page within the frame that holds the camera; it is of this server, so it may be looked at. */
  frame() {
    for (const frame of document.querySelectorAll('iframe[src*="webrtc_streamer"]')) {
      if (frame.contentDocument?.querySelector("#root")) return frame.contentDocument;
    }
    return null;
  }

  take(stream) {
    this.stream = stream;
    this.since = stream ? performance.now() : null;
    this.video.srcObject = stream ? new MediaStream(stream.getVideoTracks()) : null;
    if (stream) this.video.play().catch(() => {});
  }

  /** Seconds since there is a picture; 0 where there is none. */
  get shown() {
    return this.since === null ? 0 : (performance.now() - this.since) / 1000;
  }

  close() {
    clearInterval(this.clock);
    this.take(null);
  }
}
