// One of the two films with its picture, skeleton and the words beside it.

class Side {
  constructor(root, signal) {
    Object.assign(this, { root, signal, phases: [], data: null, problem: "" });
    this.film = new Film(root.querySelector("video"), signal);
    this.over = root.querySelector("canvas");
    this.count = root.querySelector(".count");
    this.stage = root.querySelector(".stage");
    this.sign = root.querySelector(".cover");
  }

  get times() {
    return this.data?.times_s ?? [];
  }

  /** Takes over what the page gives; `ready` is called once new measurements are there. */
  async update(given, ready) {
    say(this.root.querySelector(".name"), given.label);
    this.phases = given.phases;
    const name = `${named(given.data_url)} ${named(given.film_url)}`;
    if (name === this.name) {
      if (this.data) this.film.load(given.film_url, this.times);
      return;
    }
    Object.assign(this, { name, data: null, problem: "" });
    try {
      const data = await fetchData(given.data_url, this.signal);
      if (name !== this.name) return;
      this.take(data, given.film_url);
    } catch (error) {
      if (this.signal.aborted) return;
      this.name = "";
      this.problem = `${error.message} Reload the page to try again.`;
    }
    ready();
  }

  take(data, url) {
    this.data = data;
    this.rows = rowsByFrame(data.track);
    const [width, height] = data.size_wh;
    Object.assign(this.over, { width, height });
    this.root.style.setProperty("--ratio", width / height);
    this.film.load(url, data.times_s);
  }

  paint(bones) {
    if (!this.data) return;
    const { film, over } = this;
    const pen = over.getContext("2d");
    pen.clearRect(0, 0, over.width, over.height);
    const points = this.data.track.xy[this.rows.get(film.shown)];
    const unit = over.width / (over.clientWidth || over.width);
    if (bones && film.ready) drawSkeleton(pen, this.data.skeleton, points, unit);
    const seconds = film.times[film.shown] * this.data.capture_scale;
    say(this.count, `frame ${film.shown} of ${film.last} · ${secondsText(seconds)}`);
    this.root.dataset.frame = film.shown;
  }

  /** Says over the picture what keeps it from being seen. */
  cover() {
    const broken = this.problem || this.film.problem;
    say(this.sign, broken || (this.film.waiting ? "Loading the film …" : ""));
    this.sign.hidden = this.sign.textContent === "";
    return broken ? "broken" : this.film.waiting ? "loading" : "still";
  }
}
