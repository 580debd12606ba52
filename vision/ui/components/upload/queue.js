// All files of one drop zone. The queue outlives the page it was shown on: uploads go on while
// another page of Plumbline is looked at.

const AT_ONCE = 2;
const queues = new Map();

class Queue {
  constructor() {
    Object.assign(this, { items: [], url: "", options: {}, tell: () => {}, finish: () => {} });
    this.warn = (event) => event.preventDefault();
  }

  add(files) {
    for (const file of files) {
      // What was chosen when the file was dropped belongs to it, whatever is chosen for the next one.
      const options = structuredClone(this.options);
      this.items.push(new Transfer(file, options, () => this.url, () => this.changed()));
    }
    this.changed();
  }

  remove(item) {
    if (item.open) item.cancel();
    this.items = this.items.filter((other) => other !== item);
    this.changed();
  }

  again(item) {
    item.again(structuredClone(this.options));
  }

  get finished() {
    return this.items.filter((i) => i.state === "done").map((i) => ({ set_id: i.setId, name: i.file.name }));
  }

  changed() {
    this.guard();
    this.start();
    this.tell();
    const text = JSON.stringify(this.finished);
    if (text !== this.told) {
      this.told = text;
      this.finish(this.finished);
    }
  }

  start() {
    // A transfer that starts tells of it at once and so leads back here: each is looked for anew.
    for (;;) {
      const item = this.items.find((i) => i.state === "waiting" && !i.running);
      if (!item || this.items.filter((i) => i.running).length >= AT_ONCE) return;
      item.running = true;
      item.run().finally(() => {
        item.running = false;
        this.changed();
      });
    }
  }

  /** The browser asks before it leaves the page for good while something is on its way. */
  guard() {
    const open = this.items.some((item) => item.open);
    if (open) window.addEventListener("beforeunload", this.warn);
    else window.removeEventListener("beforeunload", this.warn);
  }
}

function queueOf(key) {
  if (!queues.has(key)) queues.set(key, new Queue());
  return queues.get(key);
}
