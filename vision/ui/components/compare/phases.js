// Two films on one clock: the same phase (the bottom, a contact) at the same moment. Between two
// phases time runs evenly; before the first and after the last at the film's own pace.

/** Pairs of film times, strictly growing on both sides; with none, both begin together. */
function anchors(left, right) {
  const inside = (side, frame) => Number.isInteger(frame) && frame >= 0 && frame < side.times.length;
  const pairs = [];
  for (let i = 0; i < Math.min(left.phases.length, right.phases.length); i += 1) {
    if (!inside(left, left.phases[i]) || !inside(right, right.phases[i])) continue;
    const pair = [left.times[left.phases[i]], right.times[right.phases[i]]];
    const before = pairs.at(-1);
    if (!before || (pair[0] > before[0] && pair[1] > before[1])) pairs.push(pair);
  }
  return pairs.length ? pairs : [[left.times[0], right.times[0]]];
}

/** Time of the right film that belongs to `t` of the left one, and how fast it runs against it. */
function partner(pairs, t) {
  const next = pairs.findIndex(([at]) => at > t);
  if (next > 0) {
    const [[a, b], [c, d]] = [pairs[next - 1], pairs[next]];
    const pace = (d - b) / (c - a);
    return { t: b + (t - a) * pace, pace };
  }
  const [a, b] = next === 0 ? pairs[0] : pairs.at(-1);
  return { t: b + (t - a), pace: 1 };
}

/** Where the right film lies over the left one: hip on hip, trunk as long; percent of the left picture. */
function ghostPlace(left, right) {
  const [one, two] = [left, right].map((side) => firstTrunk(side.data, side.phases[0] ?? 0));
  const [[w, h], [rw, rh]] = [left.data.size_wh, right.data.size_wh];
  const scale = one && two ? one.length / two.length : h / rh;
  const x = one && two ? one.hip[0] - two.hip[0] * scale : (w - rw * scale) / 2;
  const y = one && two ? one.hip[1] - two.hip[1] * scale : 0;
  const percent = (value, whole) => `${((100 * value) / whole).toFixed(3)}%`;
  return {
    left: percent(x, w),
    top: percent(y, h),
    width: percent(rw * scale, w),
    height: percent(rh * scale, h),
    fitted: Boolean(one && two),
  };
}

/** The trunk at `frame` or at the next frame on which it was seen. */
function firstTrunk(data, frame) {
  for (const at of data.track?.frames ?? []) {
    const trunk = at >= frame ? trunkAt(data, at) : null;
    if (trunk) return trunk;
  }
  return null;
}
