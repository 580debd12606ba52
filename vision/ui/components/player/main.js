// The review player: one film with its skeleton, timeline, curves, drawings and notes.

const players = new WeakMap();
const SETTLE_MS = 700;

class Player {
  constructor(root) {
    Object.assign(this, { root, gone: new AbortController(), drawings: new Map(), bones: true });
    this.signal = this.gone.signal;
    const $ = (this.$ = (query) => root.querySelector(query));
    this.film = new Film($("video"), this.signal);
    this.film.onframe = () => this.paint();
    this.film.onstate = () => this.state();
    this.over = $(".over");
    this.timeline = new Timeline($(".reps"), $(".marks"), $(".signs"), (frame) => this.go(frame));
    this.curves = new Curves($(".curves"), $(".chips"));
    this.outbox = new Outbox((event, value) => this.api.setTriggerValue(event, value), (n, m) => this.posted(n, m));
    this.tools = this.makeTools();
    this.notes = new Notes(
      { title: $(".note-title"), text: $("textarea"), save: $(".keep"), items: $(".notes ul") },
      { signal: this.signal, go: (frame) => this.go(frame), post: (note, same) => this.post("noted", note, same) },
    );
    this.wire();
  }

  makeTools() {
    const buttons = Object.fromEntries(Object.keys(HINTS).map((kind) => [kind, this.$(`.tools .${kind}`)]));
    return new Tools(
      { canvas: this.over, input: this.$(".type"), hint: this.$(".hint"), buttons },
      {
        signal: this.signal,
        scale: () => this.unit(),
        repaint: () => this.paint(),
        begin: () => this.hold(),
        finish: (shape) => this.keep([...this.shapes(), shape]),
      },
    );
  }

  wire() {
    const click = (query, what) => this.$(query).addEventListener("click", what, { signal: this.signal });
    const { film } = this;
    click(".back", () => film.step(-1));
    click(".on", () => film.step(1));
    click(".play", () => film.toggle());
    click(".prev", () => this.jump(-1));
    click(".next", () => this.jump(1));
    click(".undo", () => this.keep(this.shapes().slice(0, -1)));
    click(".clear", () => this.keep([]));
    click(".still", () => this.still());
    click(".bones", () => this.flip());
    click(".post button", () => this.outbox.again());
    const speed = this.$(".speed select");
    for (const rate of RATES) speed.append(make("option", { value: rate }, rate === 1 ? "1" : `1/${1 / rate}`));
    speed.addEventListener("change", () => (film.rate = Number(speed.value)), { signal: this.signal });
    listenToKeys(this.root, { film, timeline: this.timeline }, this.signal);
    scrub(this.$(".lanes"), this.signal, (event) => this.scrubTo(event));
    const watcher = new ResizeObserver(() => this.paint());
    watcher.observe(this.over);
    this.signal.addEventListener("abort", () => watcher.disconnect());
  }

  /** Each run of the page: the same film stays as it is, what is new is taken over. */
  update(api) {
    this.api = api;
    const data = api.data;
    this.title = data.title;
    this.root.setAttribute("aria-label", data.title ? `Film: ${data.title}` : "Film, frame by frame");
    if (this.dataName !== named(data.data_url)) this.fetch(data);
    else if (this.data) this.film.load(data.film_url, this.data.times_s);
    this.drawings = this.merged(data.drawings);
    this.notes.fill(data.notes);
    this.outbox.arrived(data);
    this.signs();
    if (data.seek && data.seek[1] !== this.sought) {
      this.sought = data.seek[1];
      this.pending = data.seek[0];
      this.seekPending();
    }
    this.paint();
  }

  async fetch(data) {
    this.dataName = named(data.data_url);
    this.data = null;
    this.trouble("");
    this.state();
    try {
      const found = await fetchData(data.data_url, this.signal);
      if (this.dataName === named(data.data_url)) this.take(found);
    } catch (error) {
      if (this.signal.aborted) return;
      this.dataName = null;
      this.trouble(`${error.message} Reload the page to try again.`);
      this.state();
    }
  }

  take(found) {
    this.data = found;
    const [width, height] = found.size_wh;
    Object.assign(this.over, { width, height });
    this.$(".stage").style.setProperty("--ratio", width / height);
    this.root.classList.toggle("tall", height > width);
    this.rows = rowsByFrame(found.track);
    this.timeline.fill(found);
    this.curves.fill(found);
    this.$(".ruler").setAttribute("aria-valuemax", found.times_s.length - 1);
    for (const way of [".prev", ".next"]) this.$(way).disabled = this.timeline.stops.length === 0;
    this.film.load(this.api.data.film_url, found.times_s);
    this.signs();
    this.seekPending();
    this.paint();
  }

  seekPending() {
    if (this.pending === undefined || !this.data) return;
    this.go(this.pending);
    this.pending = undefined;
  }

  go(frame) {
    this.hold();
    this.film.go(frame);
  }

  hold() {
    if (!this.film.playing) return;
    this.film.pause();
    this.film.go(this.film.wanted);
  }

  jump(way) {
    const frame = this.timeline.stop(this.film.wanted, way);
    if (frame !== undefined) this.go(frame);
  }

  scrubTo(event) {
    if (!this.data) return;
    this.go(this.film.at(timeUnder(event, this.$(".lanes").getBoundingClientRect(), this.film.times)));
  }

  flip() {
    this.bones = !this.bones;
    this.$(".bones").setAttribute("aria-pressed", String(this.bones));
    this.paint();
  }

  shapes() {
    return this.drawings.get(this.film.shown) ?? [];
  }

  /** Keeps `shapes` as the whole drawing of the frame on screen and sends it on its way. */
  keep(shapes) {
    const frame = this.film.shown;
    if (JSON.stringify(shapes) === JSON.stringify(this.shapes())) return;
    if (shapes.length) this.drawings.set(frame, shapes);
    else this.drawings.delete(frame);
    this.post("drawn", { frame, shapes }, (data) => asText(drawn(data.drawings, frame)) === asText(shapes));
    this.signs();
    this.paint();
  }

  post(event, value, same) {
    const about = event === "drawn" ? `drawn ${value.frame}` : `${event} ${token()}`;
    this.outbox.post({ event, value: { ...value, token: token() }, same, about });
  }

  posted(waiting, lost) {
    const line = this.$(".post");
    const words = lost ? "Not saved: Plumbline did not answer." : waiting ? "Saving …" : "";
    say(line.firstElementChild, words);
    line.lastElementChild.hidden = lost === 0;
  }

  /** The library's drawings, but for frames whose newer ones are still on their way there. */
  merged(incoming) {
    const all = new Map(Object.entries(incoming).map(([frame, shapes]) => [Number(frame), shapes]));
    for (const frame of new Set([...all.keys(), ...this.drawings.keys()])) {
      if (!this.outbox.holds(`drawn ${frame}`)) continue;
      const mine = this.drawings.get(frame);
      if (mine) all.set(frame, mine);
      else all.delete(frame);
    }
    return all;
  }

  signs() {
    if (this.data) this.timeline.sign([...this.drawings.keys()], this.notes.frames());
  }

  async still() {
    this.hold();
    try {
      const canvas = stillOf(this.film.video, (pen, unit) => this.paintOver(pen, unit));
      await savePng(canvas, fileName(this.title, this.film.shown));
    } catch (error) {
      this.trouble(error.message);
    }
  }

  /** Film px per px of the page. */
  unit() {
    return this.over.width / (this.over.clientWidth || this.over.width);
  }

  paintOver(pen, unit) {
    const frame = this.film.shown;
    if (this.bones) drawSkeleton(pen, this.data.skeleton, this.data.track.xy[this.rows.get(frame)], unit);
    for (const shape of this.shapes()) drawShape(pen, shape, unit);
  }

  paint() {
    if (!this.data) return;
    const pen = this.over.getContext("2d");
    const frame = this.film.shown;
    pen.clearRect(0, 0, this.over.width, this.over.height);
    if (this.film.ready) this.paintOver(pen, this.unit());
    if (this.tools.draft) drawShape(pen, this.tools.draft, this.unit());
    if (this.told !== frame) this.tell(frame);
    for (const query of [".undo", ".clear"]) this.$(query).disabled = this.shapes().length === 0;
  }

  tell(frame) {
    this.told = frame;
    if (this.tools.draft && !this.film.playing) this.tools.drop();
    const seconds = this.film.times[frame] * this.data.capture_scale;
    const slow = this.data.capture_scale === 1 ? "" : " real time";
    say(this.$(".count"), `frame ${frame} of ${this.film.last} · ${secondsText(seconds)}${slow}`);
    this.root.dataset.frame = frame;
    this.$(".head").style.left = this.timeline.left(frame);
    dress(this.$(".ruler"), { "aria-valuenow": frame, "aria-valuetext": this.$(".count").textContent });
    this.timeline.lit(frame);
    this.curves.show(frame);
    this.notes.show(frame);
    say(this.$(".here"), this.timeline.words(frame, this.film.playing));
    this.settle();
  }

  /** Tells the page of the frame once the film stands still, never while it runs. */
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      if (this.film.playing || this.film.shown === this.reported) return;
      this.reported = this.film.shown;
      this.api.setStateValue("frame", this.reported);
    }, SETTLE_MS);
  }

  trouble(text) {
    const line = this.$(".trouble");
    say(line, text);
    line.hidden = text === "";
  }

  state() {
    const { film } = this;
    say(this.$(".play"), film.playing ? "Pause" : "Play");
    const cover = this.$(".cover");
    const broken = film.problem || this.$(".trouble").textContent;
    say(cover, broken || (film.waiting ? "Loading the film …" : ""));
    cover.hidden = cover.textContent === "";
    this.root.dataset.state = broken ? "broken" : film.waiting ? "loading" : film.playing ? "playing" : "still";
    if (!film.playing && this.data) {
      say(this.$(".here"), this.timeline.words(film.shown, false));
      this.settle();
    }
  }

  close() {
    clearTimeout(this.settling);
    this.outbox.close();
    this.gone.abort();
    this.film.close();
  }
}

function drawn(drawings, frame) {
  return drawings[String(frame)] ?? [];
}

/** A drawing as one text, whatever order its fields came in. */
function asText(shapes) {
  return JSON.stringify(shapes.map((s) => [s.kind, s.colour, s.points, s.text ?? ""]));
}

export default function (api) {
  return mount(players, api, ".player", Player);
}
