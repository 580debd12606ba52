// One picture of a clip, on which each sticker is clicked once. The page finds the centre of what was
// clicked; it comes back as `found` and is drawn here to a part of a pixel.

const pictures = new WeakMap();
const NEAR_PX = 6;
const CROSS_STEP = 1 / 400;

class Picture {
  constructor(root) {
    const part = (name) => root.querySelector(name);
    Object.assign(this, { root, gone: new AbortController(), chosen: null, cross: null, sent: {} });
    Object.assign(this, { names: part(".names"), stage: part(".stage"), image: part("img"), lines: part("svg"), line: part(".line"), near: part(".near") });
    const listen = (element, event, heard) => element.addEventListener(event, heard, { signal: this.gone.signal });
    listen(this.stage, "click", (event) => this.click(event));
    listen(this.stage, "keydown", (event) => this.key(event));
    listen(this.image, "load", () => this.show());
  }

  update(api) {
    this.api = api;
    this.data = api.data;
    const { names, image, set } = api.data;
    if (set !== this.set) Object.assign(this, { set, chosen: names[0]?.name ?? null, cross: null, sent: {} });
    dress(this.root, { "data-set": set });
    if (api.data.done) dress(this.stage, { "aria-label": "The picture. Click in it, or move the cross with the arrow keys and press Enter." });
    if (this.image.src !== image) this.image.src = image;
    for (const one of names) if (one.token && one.token === this.sent[one.name]) delete this.sent[one.name];
    if (this.find(this.chosen)?.found && !this.kept) this.next();
    this.kept = false;
    this.chosen = names.find((one) => one.trouble)?.name ?? this.chosen;
    this.show();
  }

  find(name) {
    return this.data.names.find((one) => one.name === name);
  }

  next() {
    this.chosen = this.data.names.find((one) => !one.found && !this.sent[one.name])?.name ?? this.chosen;
  }

  click(event) {
    const box = this.image.getBoundingClientRect();
    this.place((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  /** The arrow keys move a cross, Enter is a click where it stands. */
  key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = steps[event.key];
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    this.cross ??= [0.5, 0.5];
    if (event.key === "Enter") {
      this.place(...this.cross);
      return;
    }
    const far = event.shiftKey ? 10 : 1;
    this.cross = this.cross.map((value, i) => clamp(value + step[i] * far * CROSS_STEP, 0, 1));
    this.show();
  }

  place(x, y) {
    if (!this.chosen || x < 0 || y < 0 || x > 1 || y > 1) return;
    const said = { name: this.chosen, x, y, set: this.set, token: token() };
    this.sent[said.name] = said.token;
    this.api.setStateValue("click", said);
    this.next();
    this.show();
  }

  show() {
    this.buttons();
    this.rings();
    say(this.line, this.words());
    this.enlarged();
  }

  words() {
    const trouble = this.data.names.find((one) => one.trouble);
    if (trouble) return `${trouble.words}: ${trouble.trouble}`;
    if (this.data.done) return this.find(this.chosen)?.found ? this.data.done : (this.find(this.chosen)?.where ?? "");
    if (Object.keys(this.sent).length) return "Looking for the middle of the sticker …";
    const open = this.find(this.chosen);
    if (open && !open.found) return `Click the middle of the sticker “${open.words}”: ${open.where}.`;
    return this.data.names.every((one) => one.found) ? "All found. Is each cross in the middle of its sticker?" : "";
  }

  buttons() {
    this.names.replaceChildren(
      ...this.data.names.map((one) => {
        const button = make("button", { type: "button", "aria-pressed": String(one.name === this.chosen), "data-name": one.name, "data-found": Boolean(one.found) }, one.words);
        button.addEventListener("click", () => {
          this.chosen = one.name;
          this.kept = true;
          this.show();
        });
        return button;
      }),
    );
  }

  rings() {
    const { width, height } = this.data;
    dress(this.lines, { viewBox: `0 0 ${width} ${height}` });
    const parts = [];
    const all = this.data.names.filter((one) => one.found);
    const middle = all.reduce((sum, one) => sum + one.found.x, 0) / all.length;
    for (const { found, words } of all) {
      // Beside the ring and away from the others: two stickers may be nearer than their names are long.
      const way = found.x < middle ? -1 : 1;
      parts.push(draw("circle", { class: "ring", cx: found.x + 0.5, cy: found.y + 0.5, r: found.r + 3 }));
      const label = draw("text", {
        x: found.x + way * (found.r + 0.012 * height),
        y: found.y + 0.009 * height,
        "font-size": 0.026 * height,
        "text-anchor": way < 0 ? "end" : "start",
      });
      label.textContent = words;
      parts.push(label);
    }
    if (this.cross) {
      const [x, y] = [this.cross[0] * width, this.cross[1] * height];
      const arm = 0.03 * height;
      parts.push(draw("line", { class: "cursor", x1: x - arm, x2: x + arm, y1: y, y2: y }));
      parts.push(draw("line", { class: "cursor", x1: x, x2: x, y1: y - arm, y2: y + arm }));
    }
    this.lines.replaceChildren(...parts);
  }

  /** Each sticker enlarged, with a cross at the centre that was found. */
  enlarged() {
    if (this.data.done) {
      this.near.replaceChildren();
      return;
    }
    if (!this.image.complete || !this.image.naturalWidth) return;
    const found = this.data.names.filter((one) => one.found);
    this.near.replaceChildren(
      ...found.map(({ words, found: { x, y, sd, r } }) => {
        const canvas = make("canvas", { width: 288, height: 288 });
        const pen = canvas.getContext("2d");
        const reach = 2 * r + NEAR_PX;
        const scale = 144 / reach;
        pen.imageSmoothingEnabled = false;
        // A pixel's middle is its number: the picture begins half a pixel before 0.
        pen.setTransform(scale, 0, 0, scale, 144 - scale * x, 144 - scale * y);
        pen.drawImage(this.image, -0.5, -0.5);
        pen.resetTransform();
        for (const [colour, wide] of [["#111418", 5], ["#ffffff", 2]]) {
          strokeLine(pen, [124, 144], [164, 144], colour, wide, []);
          strokeLine(pen, [144, 124], [144, 164], colour, wide, []);
        }
        const told = `${words}: ${x.toFixed(2)}, ${y.toFixed(2)} px ± ${(1.96 * sd).toFixed(2)}`;
        return make("figure", {}, canvas, make("figcaption", {}, told));
      }),
    );
  }

  close() {
    this.gone.abort();
  }
}

export default function (api) {
  return mount(pictures, api, ".stickers", Picture);
}
