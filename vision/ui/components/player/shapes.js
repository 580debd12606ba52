// What a coach draws: line, angle, freehand and text, in px of the film so that a drawing stays on
// its place at every size.

const INK = "#FF8AD8";
const HANDLE = 4;

/** Degrees between the two arms of an angle (0-180), as they lie in the picture. */
function angleBetween([end, corner, other]) {
  const one = Math.atan2(end[1] - corner[1], end[0] - corner[0]);
  const two = Math.atan2(other[1] - corner[1], other[0] - corner[0]);
  const turn = (Math.abs(one - two) * 180) / Math.PI;
  return turn > 180 ? 360 - turn : turn;
}

function angleText(points) {
  return `${Math.round(angleBetween(points))}° angle in the picture`;
}

/** Draws one shape; an unfinished one is drawn as far as it goes. */
function drawShape(pen, shape, unit) {
  const colour = shape.colour || INK;
  pen.save();
  pen.lineJoin = "round";
  if (shape.kind === "text") label(pen, shape.text, shape.points[0], unit, colour);
  else {
    for (const [width, ink] of [[5, DARK], [2.6, colour]]) path(pen, shape.points, width * unit, ink);
    if (shape.kind !== "free") for (const point of shape.points) dot(pen, point, HANDLE * unit, colour);
    if (shape.kind === "angle" && shape.points.length === 3) drawAngle(pen, shape.points, unit, colour);
  }
  pen.restore();
}

function path(pen, points, width, colour) {
  pen.setLineDash([]);
  pen.lineCap = "round";
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

function dot(pen, [x, y], radius, colour) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
}

function drawAngle(pen, points, unit, colour) {
  const [end, corner, other] = points;
  const from = Math.atan2(end[1] - corner[1], end[0] - corner[0]);
  const to = Math.atan2(other[1] - corner[1], other[0] - corner[0]);
  const turn = ((to - from + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
  const arms = [end, other].map((p) => Math.hypot(p[0] - corner[0], p[1] - corner[1]));
  pen.beginPath();
  pen.arc(corner[0], corner[1], Math.min(26 * unit, ...arms), from, from + turn, turn < 0);
  pen.strokeStyle = colour;
  pen.lineWidth = 2 * unit;
  pen.stroke();
  label(pen, angleText(points), [corner[0] + 14 * unit, corner[1]], unit, colour);
}

/** A text on a dark plate beside `at`, kept inside the picture. */
function label(pen, text, at, unit, colour) {
  const size = 15 * unit;
  const pad = 5 * unit;
  pen.font = `600 ${size}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  const wide = pen.measureText(text).width + 2 * pad;
  const { width, height } = pen.canvas;
  const x = clamp(at[0], 0, Math.max(0, width - wide));
  const y = clamp(at[1] - size / 2 - pad, 0, Math.max(0, height - size - 2 * pad));
  pen.fillStyle = "rgba(17, 20, 24, 0.85)";
  pen.beginPath();
  pen.roundRect(x, y, wide, size + 2 * pad, 4 * unit);
  pen.fill();
  pen.fillStyle = colour;
  pen.fillText(text, x + pad, y + size / 2 + pad);
}

/** Whether a shape says something: taps without a drag leave lines of no length behind. */
function worthKeeping(shape, unit) {
  if (shape.kind === "text") return shape.text.trim() !== "";
  const [x, y] = shape.points[0];
  const far = Math.max(...shape.points.map((p) => Math.hypot(p[0] - x, p[1] - y)));
  const enough = { line: 2, angle: 3, free: 2 }[shape.kind];
  return shape.points.length >= enough && far > 4 * unit;
}
