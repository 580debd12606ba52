// The live set: its picture, its count, what to change, and the two buttons that end it.

const sets = new WeakMap();
const NO_PICTURE_S = 10;
const PRESS_AGAIN = "No picture reaches Plumbline yet. Press “Camera off”, then “Start the camera” again.";
const UNHEARD = "Plumbline did not answer. Press again, or just stop.";

class LiveSet {
  constructor(root) {
    Object.assign(this, { root, gone: new AbortController(), state: {}, trouble: "" });
    const part = (name) => root.querySelector(name);
    Object.assign(this, { count: part(".count"), large: part(".large"), line: part(".line"), canvas: part("canvas"), video: part("video") });
    this.camera = new Camera(this.video, (trouble) => this.see(trouble));
    this.clock = setInterval(() => say(this.line, this.words()), LOOK_MS);
    const press = (name, what) => part(name).addEventListener("click", what, { signal: this.gone.signal });
    press(".pain", () => this.answer("pain"));
    press(".end", () => this.answer("end"));
    press(".full", () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen().catch(() => {})));
    press(".sound", () => this.listen());
  }

  update(api) {
    this.api = api;
    const { run, url, bones, tunes } = api.data;
    this.bones = bones;
    this.sound ??= new Sound(tunes);
    if (run === this.run) return;
    this.run = run;
    this.url = url;
    this.told?.close();
    Object.assign(this, { heard: null, first: true, isOver: false, state: {} });
    for (const button of this.root.querySelectorAll(".pain, .end")) button.disabled = false;
    this.told = new Line(url, (state) => this.hear(state), () => this.over());
  }

  hear(state) {
    if (state.phase !== "waiting" && this.state.phase === "waiting") this.begin();
    this.state = state;
    const cue = state.cue ?? null;
    if (cue && cue.id !== this.heard) {
      this.heard = cue.id;
      // What was said before this page came is not said again.
      if (!this.first) this.sound.play(cue.kind, cue.text);
      this.root.dataset.heard = cue.text;
    }
    this.first = false;
    this.show();
    if (state.over) this.over();
  }

  show() {
    const { state } = this;
    this.root.dataset.phase = state.phase ?? "waiting";
    say(this.count, String(state.count ?? 0));
    dress(this.count, { "data-sign": state.last || null });
    say(this.large, state.large ?? "");
    dress(this.large, { "data-sign": state.kind || null });
    say(this.line, this.words());
    this.paint();
  }

  words() {
    const { state } = this;
    if (state.over || state.phase === "ended") return state.sentence ?? "";
    if (this.trouble) return this.trouble;
    if (state.phase === "waiting" && this.camera?.shown > NO_PICTURE_S) return PRESS_AGAIN;
    return this.unheard || (state.sentence ?? "");
  }

  see(trouble) {
    this.trouble = trouble;
    if (this.line) say(this.line, this.words());
  }

  paint() {
    const { canvas, state } = this;
    const [wide, high] = state.size ?? [4, 3];
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, wide, high);
    if (state.points?.length) drawSkeleton(pen, this.bones, state.points, Math.max(1, high / 360));
    for (const [x, y] of state.marks ?? []) {
      for (const [colour, thick] of [["#111418", 0.012], ["#ffffff", 0.005]]) {
        pen.beginPath();
        pen.arc(x, y, 0.022 * high, 0, 2 * Math.PI);
        Object.assign(pen, { strokeStyle: colour, lineWidth: thick * high });
        pen.stroke();
      }
    }
  }

  /** The first picture has come: whoever steps back sees all of it. */
  begin() {
    this.root.scrollIntoView({ block: "start" });
    this.listen();
  }

  /** Sound, and a screen that stays lit: nothing is touched during the set. */
  async listen() {
    const heard = await this.sound.wake();
    this.root.querySelector(".sound").hidden = heard;
    this.lit ??= await navigator.wakeLock?.request("screen").catch(() => null);
  }

  async answer(what) {
    if (what === "pain") {
      this.sound.play("stop", "");
      say(this.large, "Stopped");
    }
    try {
      const answer = await fetch(`${this.url}/${what}`, { method: "POST", signal: this.gone.signal });
      if (answer.status === 404) this.over();
      this.unheard = answer.ok || answer.status === 404 ? "" : UNHEARD;
    } catch {
      this.unheard = UNHEARD;
    }
    say(this.line, this.words());
  }

  over() {
    if (this.isOver) return;
    this.isOver = true;
    this.told?.close();
    for (const button of this.root.querySelectorAll(".pain, .end")) button.disabled = true;
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    this.api.setStateValue("over", this.run);
  }

  close() {
    this.gone.abort();
    clearInterval(this.clock);
    this.told?.close();
    this.camera.close();
    this.sound?.close();
    this.lit?.release().catch(() => {});
  }
}

export default function (api) {
  return mount(sets, api, ".cues", LiveSet);
}
