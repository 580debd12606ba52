// The camera's picture, shown as in a mirror. The camera itself belongs to a frame on this page, which
// asks the browser for it and sends it to Plumbline; what the browser answers there is listened to here.

const LOOK_MS = 250;
const REFUSALS = {
  NotAllowedError:
    "The browser does not allow the camera here. Press the sign beside the address, allow the camera, reload the page.",
  NotFoundError: "No camera was found. Plug one in, then press “Start the camera” again.",
  NotReadableError: "The camera does not answer: another program may be using it. Close that, then start it again.",
  OverconstrainedError: "This camera cannot be used. Choose another one.",
};
const REFUSED = "The browser gives no camera. Reload the page and try again.";
const UNPLUGGED = "The camera is gone. Plug it in, then press “Start the camera” again.";
const INSECURE = "The browser gives this page no camera: it needs the address 127.0.0.1, or one with https.";

class Camera {
  /** `tell` is called with what is the matter, "" when all is well. */
  constructor(video, tell) {
    Object.assign(this, { video, tell, stream: null, since: null, heard: new WeakSet(), gone: new AbortController() });
    this.clock = setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  look() {
    for (const frame of document.querySelectorAll('iframe[src*="webrtc_streamer"]')) {
      const inside = frame.contentWindow;
      if (inside && frame.contentDocument?.readyState !== "loading" && !this.heard.has(inside.navigator)) this.listen(inside);
    }
    if (this.stream?.getVideoTracks().every((track) => track.readyState === "ended")) this.take(null);
  }

  /** Hears every answer to the frame's asking for a camera. */
  listen(inside) {
    this.heard.add(inside.navigator);
    const devices = inside.navigator.mediaDevices;
    if (!devices?.getUserMedia) {
      this.tell(INSECURE);
      return;
    }
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wanted) => {
      try {
        const stream = await ask(wanted);
        this.take(stream);
        return stream;
      } catch (error) {
        this.tell(REFUSALS[error?.name] ?? REFUSED);
        throw error;
      }
    };
  }

  take(stream) {
    if (this.gone.signal.aborted && stream) return;
    this.stream = stream;
    this.since = stream ? performance.now() : null;
    this.video.srcObject = stream ? new MediaStream(stream.getVideoTracks()) : null;
    if (!stream) return;
    this.tell("");
    const lost = () => stream === this.stream && this.tell(UNPLUGGED);
    for (const track of stream.getVideoTracks()) track.addEventListener("ended", lost, { signal: this.gone.signal });
    this.video.play().catch(() => {});
  }

  /** Seconds since there is a picture; 0 where there is none. */
  get shown() {
    return this.since === null ? 0 : (performance.now() - this.since) / 1000;
  }

  close() {
    clearInterval(this.clock);
    this.gone.abort();
    this.take(null);
  }
}
