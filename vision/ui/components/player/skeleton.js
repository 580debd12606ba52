// The skeleton over the picture. Left is solid and blue, right is dashed and yellow, the rest is
// pale: the same signs as on the annotated film. Units are px of the film.

const SIDE_COLOUR = { left: "#56B4E9", right: "#F0E442" };
const MIDDLE_COLOUR = "#E2E6EA";
const DARK = "#111418";
const DASH = [6.5, 4.5];

/** Row of the track for a frame, or -1 where nobody was seen. */
function rowsByFrame(track) {
  return new Map((track?.frames ?? []).map((frame, row) => [frame, row]));
}

function seen(point) {
  return Array.isArray(point) && Number.isFinite(point[0]) && Number.isFinite(point[1]);
}

/** Draws one row of the track; `unit` is the width of a thin line. */
function drawSkeleton(pen, skeleton, points, unit) {
  if (!points) return;
  pen.save();
  pen.lineCap = "round";
  skeleton.edges.forEach(([from, to], edge) => {
    const [a, b] = [points[from], points[to]];
    if (!seen(a) || !seen(b)) return;
    const side = skeleton.side[edge];
    const dash = side === "right" ? DASH.map((part) => part * unit) : [];
    strokeLine(pen, a, b, DARK, 4 * unit, []);
    strokeLine(pen, a, b, SIDE_COLOUR[side] ?? MIDDLE_COLOUR, 2.2 * unit, dash);
  });
  pen.restore();
}

function strokeLine(pen, a, b, colour, width, dash) {
  pen.setLineDash(dash);
  pen.lineCap = dash.length ? "butt" : "round";
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(a[0], a[1]);
  pen.lineTo(b[0], b[1]);
  pen.stroke();
}

/** Middle of the two hips and length of the trunk in px, or null where they were not seen. */
function trunkAt(data, frame) {
  const row = rowsByFrame(data.track).get(frame);
  if (row === undefined) return null;
  const points = data.track.xy[row];
  const middle = (part) => {
    const pair = ["left", "right"].map((side) => points[data.skeleton.names.indexOf(`${side}_${part}`)]);
    return pair.every(seen) ? [(pair[0][0] + pair[1][0]) / 2, (pair[0][1] + pair[1][1]) / 2] : null;
  };
  const [hip, shoulder] = [middle("hip"), middle("shoulder")];
  if (!hip || !shoulder) return null;
  const length = Math.hypot(hip[0] - shoulder[0], hip[1] - shoulder[1]);
  return length > 1 ? { hip, length } : null;
}
