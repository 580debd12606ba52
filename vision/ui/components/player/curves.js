// Angle curves under the film. A curve whose numbers mean nothing by themselves (`absolute` false)
// shows its course only; a value is never written without its error.

const CURVE_HIGH = 64;
const OPEN_AT_FIRST = 2;
const ROOM = 0.08;

/** Curves of one measure together: left and right share a picture and a scale. */
function grouped(curves) {
  const groups = new Map();
  for (const curve of curves ?? []) {
    const key = `${curve.name}|${curve.title}|${curve.unit}`;
    if (!groups.has(key)) groups.set(key, { key, title: curve.title, unit: curve.unit, curves: [] });
    groups.get(key).curves.push(curve);
  }
  return [...groups.values()].filter((group) => group.curves.some((c) => c.values.some(Number.isFinite)));
}

/** Lowest and highest value of a group, its error band included. */
function extent(group) {
  let [low, high] = [Infinity, -Infinity];
  for (const curve of group.curves) {
    const error = Number.isFinite(curve.error95) ? curve.error95 : 0;
    for (const value of curve.values) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value - error);
      high = Math.max(high, value + error);
    }
  }
  const room = Math.max((high - low) * ROOM, 1e-6);
  return [low - room, high + room];
}

/** Runs of rows without a gap: what was not seen stays empty. */
function runs(values) {
  const found = [];
  let run = [];
  values.forEach((value, row) => {
    if (Number.isFinite(value)) run.push(row);
    else if (run.length) found.push(run.splice(0));
  });
  if (run.length) found.push(run);
  return found;
}

function unitText(unit) {
  return { deg: "°", "°": "°", pct: " %", "%": " %", ratio: "", "": "" }[unit] ?? ` ${unit}`;
}

/** Value and error with the decimals that the error leaves worth writing. */
function withError(value, error, unit) {
  const digits = clamp(-Math.floor(Math.log10(error / 2)), 0, 3);
  const text = value.toFixed(digits).replace("-", "−");
  return `${text}${unitText(unit)} ± ${error.toFixed(digits)}${unitText(unit)}`;
}

function hasNumbers(curve) {
  return curve.absolute !== false && Number.isFinite(curve.error95) && curve.error95 > 0;
}

const SIDE_NAME = { left: "left", right: "right" };

class Curves {
  constructor(box, chips) {
    Object.assign(this, { box, chips });
    this.open = null;
  }

  fill(data) {
    this.data = data;
    this.rows = rowsByFrame(data.track);
    this.x = (data.track?.frames ?? []).map((frame) => 1000 * share(data.times_s, frame));
    this.groups = grouped(data.curves);
    this.open ??= new Set(this.groups.slice(0, OPEN_AT_FIRST).map((group) => group.key));
    this.chips.replaceChildren(...(this.groups.length > 1 ? this.groups.map((g) => this.chip(g)) : []));
    this.lay();
  }

  chip(group) {
    const chip = make("button", { type: "button", class: "chip" }, group.title);
    chip.setAttribute("aria-pressed", String(this.open.has(group.key)));
    chip.addEventListener("click", () => {
      if (!this.open.delete(group.key)) this.open.add(group.key);
      chip.setAttribute("aria-pressed", String(this.open.has(group.key)));
      this.lay();
      this.show(this.frame ?? 0);
    });
    return chip;
  }

  lay() {
    this.readouts = [];
    this.box.replaceChildren(
      ...this.groups.filter((group) => this.open.has(group.key)).map((group) => this.plot(group)),
    );
  }

  plot(group) {
    const values = make("span", { class: "values" });
    this.readouts.push({ group, values });
    const head = make("div", { class: "curve-head" }, make("b", {}, group.title), values);
    const high = { viewBox: `0 0 1000 ${CURVE_HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" };
    const picture = draw("svg", { class: "curve", ...high });
    const [low, top] = extent(group);
    const y = (value) => CURVE_HIGH * (1 - (value - low) / (top - low));
    for (const curve of group.curves) this.line(picture, curve, y);
    const bare = group.curves.some((curve) => !hasNumbers(curve));
    const why = bare ? "Only how it moves is known here, not how many degrees it is." : null;
    return make("div", { class: "plot", title: why }, head, picture);
  }

  line(picture, curve, y) {
    const colour = SIDE_COLOUR[curve.side] ?? MIDDLE_COLOUR;
    const at = (row, value) => `${this.x[row].toFixed(1)} ${y(value).toFixed(1)}`;
    for (const run of runs(curve.values)) {
      if (Number.isFinite(curve.error95)) {
        const edge = (sign) => run.map((row) => at(row, curve.values[row] + sign * curve.error95));
        const band = [...edge(1), ...edge(-1).reverse()].join(" L");
        picture.append(draw("path", { class: "band", d: `M${band} Z`, fill: colour }));
      }
      const course = `M${run.map((row) => at(row, curve.values[row])).join(" L")}`;
      const dash = curve.side === "right" ? "7 4" : null;
      picture.append(draw("path", { class: "line", d: course, stroke: colour, "stroke-dasharray": dash }));
    }
  }

  /** Writes what each open curve reads at `frame`. */
  show(frame) {
    this.frame = frame;
    const row = this.rows.get(frame);
    for (const { group, values } of this.readouts) {
      const parts = group.curves.map((curve) => this.reading(curve, row));
      if (values.dataset.said === parts.join("|")) continue;
      values.dataset.said = parts.join("|");
      values.replaceChildren(
        ...parts.map((text, i) => make("span", { class: `side-${group.curves[i].side ?? "none"}` }, text)),
      );
    }
  }

  reading(curve, row) {
    const side = SIDE_NAME[curve.side] ? `${SIDE_NAME[curve.side]} ` : "";
    if (!hasNumbers(curve)) return `${side}course only`;
    const value = row === undefined ? null : curve.values[row];
    return Number.isFinite(value) ? side + withError(value, curve.error95, curve.unit) : `${side}not seen`;
  }
}
