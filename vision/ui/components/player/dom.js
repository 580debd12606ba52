// Small helpers for pages: elements made in code, texts only ever as text.

const SVG = "http://www.w3.org/2000/svg";

/** Sets attributes; `null`, `undefined` and `false` take one away. */
function dress(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  return element;
}

/** A new element with attributes; children are elements or plain texts. */
function make(tag, attributes = {}, ...children) {
  const element = dress(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

/** The same for pictures made of lines. */
function draw(tag, attributes = {}) {
  return dress(document.createElementNS(SVG, tag), attributes);
}

/** Writes a text only where it differs, so that nothing is announced or laid out twice. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

/** A name for one happening that nobody else gives. */
function token() {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `${Date.now().toString(36)}-${random[0].toString(36)}${random[1].toString(36)}`;
}

/** What an address names: the ticket in it changes from run to run, its last two parts do not. */
function named(url) {
  return String(url).split("/").slice(-2).join("/");
}

/** Seconds with three decimals; real seconds where the film is slow motion. */
function secondsText(seconds) {
  return `${seconds.toFixed(3)} s`;
}

/** The rows of player.json, or a sentence that says why they did not come. */
async function fetchData(url, signal) {
  let answer;
  try {
    answer = await fetch(url, { signal, credentials: "same-origin" });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error("The measurements did not arrive: the connection to Plumbline is lost.");
  }
  if (!answer.ok) throw new Error("The measurements of this clip are not there (any more).");
  const data = await answer.json().catch(() => null);
  if (data?.version !== 1 || !Array.isArray(data.times_s) || data.times_s.length === 0) {
    throw new Error("The measurements of this clip cannot be read. Analyse it again.");
  }
  return data;
}
