// Dragging along the timeline and the curves.

/** Calls `to` while a pointer is held down and moved on `lanes`, but not for the buttons on it. */
function scrub(lanes, signal, to) {
  let held = null;
  const listen = (name, what) => lanes.addEventListener(name, what, { signal });
  listen("pointerdown", (event) => {
    if (event.button !== 0 || event.composedPath()[0].closest("button")) return;
    held = event.pointerId;
    lanes.setPointerCapture(held);
    to(event);
  });
  listen("pointermove", (event) => event.pointerId === held && to(event));
  for (const name of ["pointerup", "pointercancel"]) listen(name, () => (held = null));
}
