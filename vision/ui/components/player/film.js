// One film, frame by frame. `shown` is the frame on screen as the browser reports it, `wanted` the
// one asked for. A seek goes to the middle of a frame's interval, never to its edge, where rounding
// would decide which frame comes.

const RATES = [1, 1 / 2, 1 / 4, 1 / 10];
const ROUNDING_S = 1e-4;

class Film {
  constructor(video, signal) {
    this.video = video;
    this.times = [];
    this.shown = 0;
    this.wanted = 0;
    this.problem = "";
    this.ready = false;
    this.onframe = () => {};
    this.onstate = () => {};
    this.signal = signal;
    this.url = "";
    this.retried = false;
    this.busy = false;
    this.running = false;
    const listen = (name, what) => video.addEventListener(name, what, { signal });
    listen("loadeddata", () => this.loaded());
    listen("seeked", () => this.arrived());
    listen("error", () => this.failed());
    listen("ended", () => this.over());
    for (const name of ["play", "pause", "waiting", "playing", "ended"]) listen(name, () => this.onstate());
    this.watch();
  }

  /** Loads `url`; the same film under a newer ticket is left alone until the old one fails. */
  load(url, times) {
    this.times = times;
    const same = this.url !== "" && named(url) === named(this.url);
    this.url = url;
    if (same && !this.problem) return;
    this.ready = false;
    this.retried = false;
    this.problem = "";
    this.start();
  }

  start() {
    this.busy = false;
    this.video.src = this.url;
    this.video.load();
    this.onstate();
  }

  loaded() {
    this.ready = true;
    this.problem = "";
    this.go(this.wanted);
    this.onstate();
  }

  failed() {
    this.ready = false;
    this.busy = false;
    if (!this.retried && !this.video.src.endsWith(this.url)) {
      this.retried = true;
      this.start();
      return;
    }
    this.problem =
      this.video.error?.code === 2
        ? "The film stopped loading: the connection to Plumbline is lost."
        : "The film cannot be shown. Reload the page; if that does not help, analyse the clip again.";
    this.onstate();
  }

  /** The end of a run. Chromium says so after a seek to the last frame, too: that is none. */
  over() {
    if (!this.running) return;
    this.running = false;
    this.go(this.last);
  }

  get last() {
    return Math.max(0, this.times.length - 1);
  }

  get playing() {
    return !this.video.paused && !this.video.ended;
  }

  get waiting() {
    return !this.problem && (!this.ready || (this.playing && this.video.readyState < 3));
  }

  /** The frame that stands on screen at `seconds` of the film. */
  at(seconds) {
    let low = 0;
    let high = this.last;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle] <= seconds + ROUNDING_S) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The middle of the time that `frame` stands on screen. */
  middle(frame) {
    const t = this.times;
    const before = frame > 0 ? t[frame] - t[frame - 1] : 0.04;
    let end = frame < this.last ? t[frame + 1] : t[frame] + before;
    const whole = this.video.duration;
    if (frame === this.last && Number.isFinite(whole)) end = Math.max(t[frame], Math.min(end, whole));
    return (t[frame] + end) / 2;
  }

  go(frame) {
    this.wanted = clamp(Math.round(frame), 0, this.last);
    if (!this.ready) return;
    // One seek at a time: a held key shows the frames it passes instead of starving the decoder.
    if (!this.busy) this.seek();
  }

  seek() {
    this.busy = true;
    this.aim = this.wanted;
    this.video.currentTime = this.middle(this.wanted);
  }

  arrived() {
    this.busy = false;
    if (this.aim !== this.wanted && !this.playing) this.seek();
    this.onstate();
  }

  step(frames) {
    this.pause();
    this.go(this.wanted + frames);
  }

  pause() {
    this.running = false;
    if (!this.video.paused) {
      this.video.pause();
      this.wanted = this.shown;
    }
  }

  async play() {
    if (!this.ready) return;
    if (this.video.ended || this.wanted >= this.last) {
      this.wanted = 0;
      this.seek();
    }
    this.running = true;
    try {
      await this.video.play();
    } catch (error) {
      if (error.name !== "AbortError") this.problem = "The browser does not play this film.";
      this.onstate();
    }
  }

  toggle() {
    if (this.playing) {
      this.pause();
      this.go(this.wanted);
    } else this.play();
  }

  set rate(rate) {
    this.video.defaultPlaybackRate = rate;
    this.video.playbackRate = rate;
  }

  /** Asks to be told of each frame that reaches the screen, until the player is taken away. */
  watch() {
    this.video.requestVideoFrameCallback((now, frame) => {
      if (this.signal.aborted) return;
      this.watch();
      if (this.times.length === 0) return;
      this.shown = this.at(frame.mediaTime);
      if (this.playing && !this.busy) this.wanted = this.shown;
      this.onframe();
    });
  }

  /** Takes the film away so that the browser stops loading it. */
  close() {
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
  }
}
