// The drawing tools on the picture: pointer in, finished shapes out.

const HINTS = {
  line: "Line: drag from one end to the other.",
  angle: "Angle: tap one end, the corner, the other end.",
  free: "Freehand: draw on the picture.",
  text: "Text: tap the place, type, press Enter.",
};

class Tools {
  /** `parts`: canvas, input, hint, buttons by kind; `begin()` stops the film, `finish(shape)` keeps one. */
  constructor(parts, { signal, scale, repaint, begin, finish }) {
    Object.assign(this, parts, { scale, repaint, begin, finish });
    this.kind = null;
    this.draft = null;
    const listen = (target, name, what) => target.addEventListener(name, what, { signal });
    listen(this.canvas, "pointerdown", (event) => this.down(event));
    listen(this.canvas, "pointermove", (event) => this.move(event));
    listen(this.canvas, "pointerup", (event) => this.up(event));
    listen(this.canvas, "pointercancel", () => this.drop());
    // The text box keeps the focus that it is given when the place for it is tapped.
    listen(this.canvas, "mousedown", (event) => this.kind && event.preventDefault());
    listen(this.input, "keydown", (event) => this.typed(event));
    listen(this.input, "blur", () => this.keepText());
    for (const [kind, button] of Object.entries(this.buttons)) {
      listen(button, "click", () => this.choose(this.kind === kind ? null : kind));
    }
  }

  choose(kind) {
    this.keepText();
    this.drop();
    this.kind = kind;
    for (const [name, button] of Object.entries(this.buttons)) {
      button.setAttribute("aria-pressed", String(name === kind));
    }
    this.canvas.classList.toggle("drawing", kind !== null);
    say(this.hint, kind ? HINTS[kind] : "");
    if (kind) this.begin();
  }

  drop() {
    this.draft = null;
    this.input.hidden = true;
    this.input.value = "";
    this.repaint();
  }

  /** Where the pointer is, in px of the film with one decimal. */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.canvas.width;
    const y = ((event.clientY - box.top) / box.height) * this.canvas.height;
    const inside = [clamp(x, 0, this.canvas.width), clamp(y, 0, this.canvas.height)];
    return inside.map((value) => Math.round(value * 10) / 10);
  }

  down(event) {
    if (!this.kind || !event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    const at = this.place(event);
    if (this.kind === "text") {
      this.keepText();
      this.ask(at, event);
      return;
    }
    this.canvas.setPointerCapture(event.pointerId);
    if (this.kind === "angle" && this.draft) {
      this.draft.points[this.draft.points.length - 1] = at;
      this.held = true;
    } else {
      this.begin();
      this.held = true;
      this.draft = { kind: this.kind, colour: INK, points: this.kind === "free" ? [at] : [at, at] };
    }
    this.repaint();
  }

  move(event) {
    if (!this.draft || !event.isPrimary) return;
    const at = this.place(event);
    const points = this.draft.points;
    if (this.kind === "free") {
      const before = points[points.length - 1];
      if (Math.hypot(at[0] - before[0], at[1] - before[1]) >= 2 * this.scale()) points.push(at);
    } else points[points.length - 1] = at;
    this.repaint();
  }

  up(event) {
    if (!this.draft || !this.held) return;
    this.held = false;
    if (this.kind === "angle") this.endArm(this.place(event));
    else this.end(this.draft);
  }

  /** An angle is three places; the one after a tap follows the pointer until it is set. */
  endArm(at) {
    const points = this.draft.points;
    points[points.length - 1] = at;
    const near = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) < 4 * this.scale();
    if (points.length === 3) {
      if (near(points[1], at)) return;
      this.end(this.draft);
    } else if (near(points[0], at)) this.repaint();
    else points.push(at);
  }

  end(shape) {
    this.draft = null;
    if (worthKeeping(shape, this.scale())) this.finish(shape);
    this.repaint();
  }

  ask(at, event) {
    this.begin();
    this.draft = { kind: "text", colour: INK, points: [at], text: "" };
    const box = this.canvas.getBoundingClientRect();
    this.input.hidden = false;
    this.input.style.left = `${clamp(event.clientX - box.left, 0, Math.max(0, box.width - 180))}px`;
    this.input.style.top = `${clamp(event.clientY - box.top - 14, 0, box.height - 34)}px`;
    this.input.value = "";
    this.input.focus({ preventScroll: true });
  }

  typed(event) {
    event.stopPropagation();
    if (event.key === "Enter") this.keepText();
    else if (event.key === "Escape") this.drop();
  }

  keepText() {
    const shape = this.draft;
    if (shape?.kind !== "text") return;
    // Hiding the box takes its focus, which asks to keep the text once more: by then nothing is left.
    this.draft = null;
    shape.text = this.input.value.trim();
    this.input.hidden = true;
    this.end(shape);
  }
}
