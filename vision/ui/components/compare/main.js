// Two films side by side or one as a ghost over the other; the left one leads.

const pairs = new WeakMap();
const FAR_OFF_S = 0.15;
const PULL = 4;
const RATE_LIMITS = [0.0625, 16];
const SETTLE_MS = 700;

class Pair {
  constructor(root) {
    Object.assign(this, { root, gone: new AbortController(), bones: true, clock: [], rate: 1 });
    this.signal = this.gone.signal;
    const $ = (this.$ = (query) => root.querySelector(query));
    this.left = new Side($(".side.left"), this.signal);
    this.right = new Side($(".side.right"), this.signal);
    this.left.film.onframe = () => this.led();
    this.right.film.onframe = () => this.right.paint(this.bones);
    for (const side of [this.left, this.right]) side.film.onstate = () => this.state();
    this.wire();
  }

  wire() {
    const click = (query, what) => this.$(query).addEventListener("click", what, { signal: this.signal });
    click(".back", () => this.step(-1));
    click(".on", () => this.step(1));
    click(".play", () => this.toggle());
    click(".prev", () => this.jump(-1));
    click(".next", () => this.jump(1));
    click(".beside", () => this.lay(false));
    click(".ghost", () => this.lay(true));
    click(".bones", () => {
      this.bones = !this.bones;
      this.$(".bones").setAttribute("aria-pressed", String(this.bones));
      this.paint();
    });
    const speed = this.$(".speed select");
    for (const rate of RATES) speed.append(make("option", { value: rate }, rate === 1 ? "1" : `1/${1 / rate}`));
    speed.addEventListener("change", () => this.speed(Number(speed.value)), { signal: this.signal });
    const strength = this.$(".opacity input");
    const fade = () => this.root.style.setProperty("--ghost", strength.value / 100);
    strength.addEventListener("input", fade, { signal: this.signal });
    fade();
    // The keys drive both films through this one face, as they drive a single one in the player.
    const film = { step: (n) => this.step(n), toggle: () => this.toggle() };
    Object.defineProperty(film, "wanted", { get: () => this.left.film.wanted });
    Object.defineProperty(film, "last", { get: () => this.left.film.last });
    listenToKeys(this.root, { film, timeline: this }, this.signal);
    scrub(this.$(".lanes"), this.signal, (event) => {
      if (!this.both()) return;
      const box = this.$(".lanes").getBoundingClientRect();
      this.go(this.left.film.at(timeUnder(event, box, this.left.times)));
    });
    const watcher = new ResizeObserver(() => this.paint());
    watcher.observe(this.left.over);
    this.signal.addEventListener("abort", () => watcher.disconnect());
  }

  update(api) {
    this.api = api;
    const { left, right, mode, seek } = api.data;
    const ready = () => this.align();
    this.left.update(left, ready);
    this.right.update(right, ready);
    if (this.mode !== mode) {
      this.mode = mode;
      this.lay(mode === "ghost");
    }
    if (seek && seek[1] !== this.sought) {
      this.sought = seek[1];
      this.pending = seek[0];
    }
    this.align();
  }

  both() {
    return this.left.data && this.right.data;
  }

  /** Sets the common clock anew and brings the right film to where the left one is. */
  align() {
    this.state();
    if (!this.both()) return;
    const before = JSON.stringify(this.clock);
    this.clock = anchors(this.left, this.right);
    this.$(".ruler").setAttribute("aria-valuemax", this.left.film.last);
    this.signs();
    this.lay(this.ghost);
    const start = this.pending ?? (this.begun ? null : (this.stops()[0] ?? 0));
    this.begun = true;
    this.pending = undefined;
    if (start !== null) this.go(start);
    else if (before !== JSON.stringify(this.clock)) this.go(this.left.film.wanted);
    this.paint();
  }

  stops() {
    return this.left.phases.filter((frame) => frame <= this.left.film.last);
  }

  stop(frame, way) {
    const stops = this.stops();
    return way > 0 ? stops.find((stop) => stop > frame) : stops.filter((stop) => stop < frame).at(-1);
  }

  signs() {
    this.$(".phases").replaceChildren(
      ...this.stops().map((frame, i) => {
        const words = `Phase ${i + 1}: go to frame ${frame}`;
        const button = make("button", { type: "button", title: words, "aria-label": words }, "◆");
        button.style.left = `${100 * share(this.left.times, frame)}%`;
        button.addEventListener("click", () => this.go(frame));
        return button;
      }),
    );
  }

  go(frame) {
    this.hold();
    this.left.film.go(frame);
    this.follow();
  }

  step(frames) {
    this.go(this.left.film.wanted + frames);
  }

  jump(way) {
    const frame = this.stop(this.left.film.wanted, way);
    if (frame !== undefined) this.go(frame);
  }

  /** Where the right film belongs while the left one shows `frame`. */
  partnerOf(frame) {
    return partner(this.clock, this.left.times[frame]);
  }

  follow() {
    if (!this.both()) return;
    this.right.film.go(this.right.film.at(this.partnerOf(this.left.film.wanted).t));
  }

  hold() {
    this.left.film.pause();
    this.right.film.pause();
  }

  toggle() {
    if (!this.both()) return;
    if (this.left.film.playing) this.go(this.left.film.shown);
    else this.left.film.play();
  }

  speed(rate) {
    this.rate = rate;
    this.left.film.rate = rate;
  }

  /** After each frame of the left film: keep the right one beside it. */
  led() {
    this.paint();
    const { film } = this.left;
    if (!this.both() || !film.playing) return;
    const { t, pace } = partner(this.clock, film.video.currentTime);
    const other = this.right.film;
    const end = other.times[other.last];
    if (t < other.times[0] || t >= end) {
      other.pause();
      other.go(t < end ? 0 : other.last);
      return;
    }
    const off = t - other.video.currentTime;
    if (Math.abs(off) > FAR_OFF_S) {
      if (!other.video.seeking) other.video.currentTime = t;
    }
    const pull = clamp(off * PULL, -0.3, 0.3);
    other.rate = clamp(this.rate * pace * (1 + pull), ...RATE_LIMITS);
    if (other.video.paused) other.video.play().catch(() => {});
  }

  lay(ghost) {
    this.ghost = ghost;
    this.root.classList.toggle("overlaid", ghost);
    this.$(".beside").setAttribute("aria-pressed", String(!ghost));
    this.$(".ghost").setAttribute("aria-pressed", String(ghost));
    this.$(".opacity").hidden = !ghost;
    const { stage, root } = this.right;
    const place = ghost && this.both() ? ghostPlace(this.left, this.right) : null;
    const home = place ? this.left.stage : root;
    if (stage.parentElement !== home) home.append(stage);
    for (const part of ["left", "top", "width", "height"]) stage.style[part] = place?.[part] ?? "";
    this.explain(place);
    this.paint();
  }

  explain(place) {
    const aligned = this.clock.length > 1 ? "Both films show the same phase at the same moment." : "";
    const fitted = place?.fitted ? "The ghost is laid hip on hip, with the trunk as long." : "";
    const loose = place && !place.fitted ? "The ghost could not be fitted: the trunk was not seen." : "";
    say(this.$(".how"), [aligned, fitted, loose].filter(Boolean).join(" "));
  }

  paint() {
    this.left.paint(this.bones);
    this.right.paint(this.bones && !this.ghost);
    if (!this.left.data) return;
    const { film } = this.left;
    this.$(".head").style.left = `${100 * share(film.times, film.shown)}%`;
    dress(this.$(".ruler"), { "aria-valuenow": film.shown, "aria-valuetext": this.left.count.textContent });
    this.settle();
  }

  /** Tells the page of both frames once the films stand still. */
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      const frames = [this.left.film.shown, this.right.film.shown];
      if (!this.both() || this.left.film.playing || String(frames) === String(this.reported)) return;
      this.reported = frames;
      this.api.setStateValue("frames", frames);
    }, SETTLE_MS);
  }

  state() {
    const states = [this.left.cover(), this.right.cover()];
    const { film } = this.left;
    if (!film.playing && this.right.film.playing) {
      this.right.film.pause();
      this.follow();
    }
    say(this.$(".play"), film.playing ? "Pause" : "Play");
    const worst = ["broken", "loading"].find((state) => states.includes(state));
    this.root.dataset.state = worst ?? (film.playing ? "playing" : "still");
  }

  close() {
    clearTimeout(this.settling);
    this.gone.abort();
    this.left.film.close();
    this.right.film.close();
  }
}

export default function (api) {
  return mount(pairs, api, ".compare", Pair);
}
