// The strip under the film: repetitions, faults, and signs where something was drawn or noted. A
// place on it is a time of the film, the same for the curves below it.

const SIGNS = { fault: "▲", caution: "◆", good: "●", unknown: "○" };

const PENCIL = "M3 13 L12 4 L14 6 L5 15 L2.5 15.5 Z";
const BUBBLE = "M2 3 H14 V11 H8 L5 14 V11 H2 Z";

/** A small picture of one line, for signs that not every font has. */
function sketch(path) {
  const picture = draw("svg", { viewBox: "0 0 16 17", "aria-hidden": "true" });
  picture.append(draw("path", { d: path }));
  return picture;
}

/** The share (0-1) of the film's width at which `frame` begins. */
function share(times, frame) {
  const whole = times[times.length - 1] - times[0];
  return whole > 0 ? (times[clamp(frame, 0, times.length - 1)] - times[0]) / whole : 0;
}

/** Share of the width under the pointer, as a time of the film. */
function timeUnder(event, box, times) {
  const part = clamp((event.clientX - box.left) / box.width, 0, 1);
  return times[0] + part * (times[times.length - 1] - times[0]);
}

function cycleWords(cycle) {
  const parts = [cycle.name || `${cycle.kind} ${cycle.index + 1}`];
  if (Number.isFinite(cycle.score)) parts.push(`score ${cycle.score}`);
  parts.push(...(cycle.faults ?? []));
  return parts.join(", ");
}

class Timeline {
  constructor(reps, marks, signs, go) {
    Object.assign(this, { reps, marks, signs, go });
  }

  /** Lays out what the analysis found. */
  fill(data) {
    this.data = data;
    this.stops = [...new Set((data.markers ?? []).map((m) => m.frame))].sort((a, b) => a - b);
    this.reps.replaceChildren(...(data.cycles ?? []).map((cycle) => this.rep(cycle)));
    this.marks.replaceChildren(...(data.markers ?? []).map((marker) => this.marker(marker)));
    this.reps.hidden = !data.cycles?.length;
    this.marks.hidden = !data.markers?.length;
  }

  left(frame) {
    return `${(100 * share(this.data.times_s, frame)).toFixed(3)}%`;
  }

  button(kind, frame, words, text) {
    const button = make("button", { type: "button", class: kind, title: words, "aria-label": words }, text);
    button.dataset.frame = frame;
    button.style.left = this.left(frame);
    button.addEventListener("click", () => this.go(frame));
    return button;
  }

  rep(cycle) {
    const words = `${cycleWords(cycle)}: go to frame ${cycle.start}`;
    const span = this.button(`rep v-${cycle.verdict}`, cycle.start, words, String(cycle.index + 1));
    const times = this.data.times_s;
    span.style.width = `${(100 * (share(times, cycle.end) - share(times, cycle.start))).toFixed(3)}%`;
    return span;
  }

  marker(marker) {
    const words = `${marker.words}: go to frame ${marker.frame}`;
    return this.button(`mark v-${marker.verdict}`, marker.frame, words, SIGNS[marker.verdict] ?? "○");
  }

  /** Small signs where there are drawings (frames) and notes. */
  sign(drawn, noted) {
    const one = (kind, path, words) => (frame) =>
      this.button(kind, frame, `${words} frame ${frame}`, sketch(path));
    const marks = [
      ...drawn.map(one("sign", PENCIL, "Drawing on")),
      ...noted.map(one("sign noted", BUBBLE, "Note on")),
    ];
    this.signs.replaceChildren(...marks);
    this.signs.hidden = marks.length === 0;
  }

  /** The next marker after `frame` (`way` 1) or the one before it (-1); undefined where there is none. */
  stop(frame, way) {
    const stops = this.stops ?? [];
    return way > 0 ? stops.find((stop) => stop > frame) : stops.filter((stop) => stop < frame).at(-1);
  }

  /** What the analysis says about the moment on screen; a running film is told by its repetitions only. */
  words(frame, running) {
    const cycle = (this.data.cycles ?? []).find((c) => c.start <= frame && frame < c.end);
    const here = running ? [] : (this.data.markers ?? []).filter((m) => m.frame === frame);
    const where = cycle ? [cycle.name || `${cycle.kind} ${cycle.index + 1}`] : [];
    return [...where, ...here.map((m) => `${SIGNS[m.verdict] ?? ""} ${m.words}`)].join(" · ");
  }

  /** Lights up the repetition that `frame` belongs to. */
  lit(frame) {
    (this.data.cycles ?? []).forEach((cycle, i) => {
      this.reps.children[i].classList.toggle("now", cycle.start <= frame && frame < cycle.end);
    });
  }
}
