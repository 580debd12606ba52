// The drop zone and the list of files below it.

const zones = new WeakMap();
const LATEST_MS = 1000;

class Zone {
  constructor(root) {
    Object.assign(this, { root, gone: new AbortController(), rows: new Map() });
    const zone = root.querySelector(".zone");
    const input = root.querySelector("input");
    this.files = root.querySelector(".files");
    const listen = (target, name, what) => target.addEventListener(name, what, { signal: this.gone.signal });
    listen(root.querySelector(".pick"), "click", () => input.click());
    listen(input, "change", () => {
      this.queue.add(input.files);
      input.value = "";
    });
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
      listen(zone, name, (event) => {
        event.preventDefault();
        event.stopPropagation();
        zone.classList.toggle("over", name === "dragenter" || name === "dragover");
        if (name === "drop" && event.dataTransfer) this.queue.add(event.dataTransfer.files);
      });
    }
    // A clip dropped beside the zone would make the browser leave the page for the film.
    for (const name of ["dragover", "drop"]) listen(window, name, (event) => event.preventDefault());
    this.mine = () => this.show();
    // The time left is told anew even while a slow piece is on its way.
    this.clock = setInterval(() => this.show(), LATEST_MS);
  }

  update(api) {
    const { key, url, options } = api.data;
    this.queue = queueOf(key);
    Object.assign(this.queue, { url, options });
    this.queue.tell = this.mine;
    this.queue.finish = (finished) => api.setStateValue("finished", finished);
    if (!this.met) {
      this.met = true;
      this.queue.told = "[]";
      this.queue.changed();
    }
  }

  show() {
    if (!this.queue) return;
    const items = this.queue.items;
    for (const [item, row] of this.rows) {
      if (items.includes(item)) continue;
      row.element.remove();
      this.rows.delete(item);
    }
    for (const item of items) {
      if (!this.rows.has(item)) {
        this.rows.set(item, new Row(item, this.queue));
        this.files.append(this.rows.get(item).element);
      }
      this.rows.get(item).show();
    }
  }

  /** Another page is looked at: the files stay on their way, nobody is told until this one is back. */
  close() {
    clearInterval(this.clock);
    this.gone.abort();
    if (this.queue?.tell !== this.mine) return;
    this.queue.tell = () => {};
    this.queue.finish = () => {};
  }
}

export default function (api) {
  return mount(zones, api, ".upload", Zone);
}
