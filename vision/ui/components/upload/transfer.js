// One file on its way: in pieces, taken up again where a broken connection left it.

const PIECE = 8 * 1024 * 1024;
const LARGEST = 2 * 1024 ** 3;
const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15000, 30000];
const TRIES = 20;

/** An answer of the server that trying again does not change. */
class Refused extends Error {}

class Transfer {
  constructor(file, options, address, tell) {
    Object.assign(this, { file, options, address, tell });
    this.id = null;
    this.sent = 0;
    this.state = "waiting";
    this.problem = "";
    this.setId = null;
    this.gone = new AbortController();
    if (file.size === 0) this.refuse("This file is empty.");
    else if (file.size > LARGEST) this.refuse("This file is larger than 2 GB. Cut the clip and try again.");
  }

  refuse(problem) {
    this.state = "failed";
    this.problem = problem;
  }

  get open() {
    return ["waiting", "sending", "broken", "checking"].includes(this.state);
  }

  become(state, problem = "") {
    if (this.gone.signal.aborted) return;
    Object.assign(this, { state, problem });
    this.tell(this);
  }

  /** Sends it all; ends in the state done, failed or cancelled, never with an error. */
  async run() {
    try {
      if (this.id !== null) await this.resume();
      if (this.id === null) await this.begin();
      await this.send();
      this.become("checking");
      const answer = await this.steadily(() => this.ask("POST", "/done", JSON.stringify(this.options)));
      this.setId = typeof answer.set_id === "string" ? answer.set_id : null;
      if (!this.setId) throw new Refused("Plumbline gave no sensible answer. Try again.");
      this.become("done");
    } catch (error) {
      if (this.gone.signal.aborted) return;
      this.become("failed", error instanceof Refused ? error.message : "This file cannot be read any more.");
    }
  }

  async begin() {
    const { name, size } = this.file;
    this.become("sending");
    const answer = await this.steadily(() => this.ask("POST", "", JSON.stringify({ name, size })));
    if (typeof answer.id !== "string") throw new Refused("Plumbline gave no sensible answer. Try again.");
    this.id = answer.id;
    this.piece = Number.isInteger(answer.chunk) && answer.chunk > 0 ? answer.chunk : PIECE;
  }

  /** Asks where a stopped upload stands; one that the server forgot begins anew. */
  async resume() {
    this.become("sending");
    try {
      this.sent = (await this.steadily(() => this.ask("GET", ""))).at;
    } catch (error) {
      if (this.id !== null || !(error instanceof Refused)) throw error;
      this.sent = 0;
    }
  }

  async send() {
    this.became = { at: performance.now(), sent: this.sent };
    this.become("sending");
    while (this.sent < this.file.size) {
      const part = await this.file.slice(this.sent, this.sent + this.piece).arrayBuffer();
      const answer = await this.steadily(
        () => this.ask("PUT", `?at=${this.sent}`, part),
        () => this.ask("GET", ""),
      );
      if (!Number.isInteger(answer.at) || answer.at < 0 || answer.at > this.file.size) {
        throw new Refused("Plumbline gave no sensible answer. Try again.");
      }
      this.sent = answer.at;
      this.become("sending");
    }
  }

  /** Does `what` until it is answered; after a broken connection `resume`, if given, comes in its place. */
  async steadily(what, resume = what) {
    let next = what;
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await next();
        if (this.state === "broken") this.become("sending");
        return answer;
      } catch (error) {
        if (error instanceof Refused || this.gone.signal.aborted) throw error;
        if (tries >= TRIES) throw new Refused("The connection is lost. What was sent so far is kept for now: try again.");
        this.become("broken");
        await this.pause(WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]);
        next = resume;
      }
    }
  }

  /** Waits, but not longer than the computer is off the net. */
  pause(milliseconds) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        window.removeEventListener("online", end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      window.addEventListener("online", end);
      this.gone.signal.addEventListener("abort", end);
    });
  }

  /** One request; a busy or broken server is a lost connection, a refusal carries the server's words. */
  async ask(method, rest, body) {
    const base = this.address().replace(/\/+$/, "");
    const url = this.id === null ? base : `${base}/${encodeURIComponent(this.id)}${rest}`;
    const headers = typeof body === "string" ? { "Content-Type": "application/json" } : {};
    const answer = await fetch(url, { method, body, headers, signal: this.gone.signal });
    if (answer.ok) return answer.json();
    if (answer.status === 409 && method === "PUT") return this.ask("GET", "");
    const said = await answer.json().catch(() => null);
    const words = typeof said?.problem === "string" ? said.problem : "";
    const busy = answer.status >= 500 || answer.status === 408 || answer.status === 429;
    if (busy && words === "") throw new Error("no answer that can be told");
    if (answer.status === 404) {
      const known = this.id !== null;
      this.id = null;
      throw new Refused(known ? refusal(404) : "This page has been open for too long. Reload it and choose the file again.");
    }
    throw new Refused(words || refusal(answer.status));
  }

  /** Waits for its turn once more, with what is chosen on the page now. */
  again(options) {
    this.gone = new AbortController();
    this.options = options;
    if (this.id === null) this.sent = 0;
    this.state = "waiting";
    this.problem = "";
    this.tell(this);
  }

  cancel() {
    const { id } = this;
    this.become("cancelled");
    this.gone.abort();
    if (id !== null) {
      const url = `${this.address().replace(/\/+$/, "")}/${encodeURIComponent(id)}`;
      fetch(url, { method: "DELETE", keepalive: true }).catch(() => {});
    }
  }
}

function refusal(status) {
  if (status === 404) return "Plumbline no longer knows this upload. Try again.";
  if (status === 413) return "This file is too large: 2 GB at most.";
  return `Plumbline refused this file (answer ${status}).`;
}
