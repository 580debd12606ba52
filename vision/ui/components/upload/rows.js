// How one file's way is told: a name, a bar, words, and what can be done.

const ENDS = { waiting: "Cancel", sending: "Cancel", broken: "Cancel", checking: "Cancel", done: "Hide", failed: "Remove" };

function sizeText(bytes) {
  const mb = bytes / 1e6;
  return mb >= 1000 ? `${(mb / 1000).toFixed(1)} GB` : mb >= 0.1 ? `${mb.toFixed(mb < 10 ? 1 : 0)} MB` : "under 0.1 MB";
}

/** Time left by the pace since this stretch began; nothing until there is a pace. */
function leftText(transfer) {
  const since = transfer.became;
  const sent = since ? transfer.sent - since.sent : 0;
  if (sent <= 0) return "";
  const seconds = ((performance.now() - since.at) / sent) * (transfer.file.size - transfer.sent) / 1000;
  if (seconds < 10) return "a few seconds left";
  if (seconds < 90) return `about ${Math.ceil(seconds / 10) * 10} seconds left`;
  return `about ${Math.ceil(seconds / 60)} minutes left`;
}

function words(transfer) {
  const { state, file, sent, problem } = transfer;
  if (state === "waiting") return `${sizeText(file.size)} · waiting for its turn`;
  if (state === "broken") return "Connection lost. It goes on by itself as soon as Plumbline answers.";
  if (state === "checking") return "All there. Checking that it is a film …";
  if (state === "done") return "Uploaded. Below you see how far its analysis is.";
  if (state === "failed") return problem;
  const percent = Math.floor((100 * sent) / file.size);
  return [`${percent} % of ${sizeText(file.size)}`, leftText(transfer)].filter(Boolean).join(" · ");
}

class Row {
  constructor(transfer, queue) {
    this.transfer = transfer;
    this.bar = make("progress", { max: 1, "aria-label": `Progress of ${transfer.file.name}` });
    this.words = make("span", { class: "words", role: "status" });
    this.end = make("button", { type: "button" });
    this.again = make("button", { type: "button" }, "Try again");
    const line = make("div", { class: "line" }, make("b", { class: "name" }, transfer.file.name), this.again, this.end);
    this.element = make("li", {}, line, this.bar, this.words);
    this.end.addEventListener("click", () => queue.remove(transfer));
    this.again.addEventListener("click", () => queue.again(transfer));
  }

  show() {
    const { transfer } = this;
    const { state, file } = transfer;
    this.element.dataset.state = state;
    say(this.words, words(transfer));
    say(this.end, ENDS[state] ?? "Remove");
    this.end.setAttribute("aria-label", `${this.end.textContent} ${file.name}`);
    this.again.hidden = state !== "failed" || file.size === 0 || file.size > LARGEST;
    this.bar.hidden = state === "failed" || state === "done";
    if (state === "checking") this.bar.removeAttribute("value");
    else this.bar.value = file.size ? transfer.sent / file.size : 0;
  }
}
