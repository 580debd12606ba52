// The keyboard, wherever in the player the focus is, except while a text is being typed.

const FAR = 10;

function typing(event) {
  const target = event.composedPath()[0];
  return target instanceof Element && target.matches("input, textarea, select");
}

/** What a key does, or undefined where it is none of ours. */
function meaning(event, { film, timeline }) {
  const step = event.shiftKey ? FAR : 1;
  const jump = (way) => () => {
    const frame = timeline.stop(film.wanted, way);
    if (frame !== undefined) film.step(frame - film.wanted);
  };
  return {
    " ": () => film.toggle(),
    ArrowLeft: () => film.step(-step),
    ArrowRight: () => film.step(step),
    Home: () => film.step(-film.wanted),
    End: () => film.step(film.last - film.wanted),
    j: jump(-1),
    k: jump(1),
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
}

/** Listens on `root`; a button that holds the focus keeps its own space bar, but for the transport's. */
function listenToKeys(root, parts, signal) {
  root.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
      const target = event.composedPath()[0];
      const button = target instanceof Element && target.closest("button, summary");
      if (event.key === " " && button && !button.closest(".transport")) return;
      const act = meaning(event, parts);
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    },
    { signal },
  );
  // A click by mouse or finger leaves the focus with the player, so that the keys go on working; a
  // field that has it keeps it (the text box opens under the very tap that asks for it).
  root.addEventListener(
    "click",
    (event) => {
      const fields = "input, textarea, select, summary";
      const target = event.composedPath()[0];
      const holder = root.getRootNode().activeElement;
      if (event.detail === 0 || holder?.matches(fields) || target.closest?.(fields)) return;
      root.focus({ preventScroll: true });
    },
    { signal },
  );
}
