// Notes tied to frames: a box for the frame on screen, and the list of all that were written.

class Notes {
  constructor(parts, { signal, go, post }) {
    Object.assign(this, parts, { go, post });
    this.notes = [];
    this.unsaved = [];
    const listen = (target, name, what) => target.addEventListener(name, what, { signal });
    listen(this.save, "click", () => this.write());
    listen(this.text, "input", () => this.typing());
    listen(this.text, "keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.write();
    });
  }

  fill(notes) {
    this.notes = notes;
    this.unsaved = this.unsaved.filter((mine) => !notes.some((note) => this.same(note, mine)));
    this.list();
  }

  same(note, mine) {
    return note.frame === mine.frame && note.text === mine.text;
  }

  /** A note belongs to the frame that was on screen when its writing began. */
  typing() {
    if (this.text.value === "") this.at = null;
    else this.at ??= this.frame;
    this.name();
  }

  show(frame) {
    this.frame = frame;
    this.name();
  }

  name() {
    const frame = this.at ?? this.frame ?? 0;
    say(this.title, `Note on frame ${frame}`);
    this.save.disabled = this.text.value.trim() === "";
  }

  write() {
    // As the library keeps it, or what comes back would look like another note.
    const text = this.text.value.normalize("NFC").trim();
    if (text === "") return;
    const mine = { frame: this.at ?? this.frame, text };
    // The same words on the same frame once more would look saved at once; they are, after all.
    if (!this.all().some((note) => this.same(note, mine))) {
      this.unsaved.push(mine);
      this.post(mine, (data) => data.notes.some((note) => this.same(note, mine)));
    }
    this.text.value = "";
    this.at = null;
    this.name();
    this.list();
  }

  all() {
    return [...this.notes, ...this.unsaved].sort((a, b) => a.frame - b.frame);
  }

  frames() {
    return [...new Set(this.all().map((note) => note.frame))];
  }

  list() {
    this.items.replaceChildren(
      ...this.all().map((note) => {
        const jump = make("button", { type: "button", class: "jump" }, `frame ${note.frame}`);
        jump.addEventListener("click", () => this.go(note.frame));
        return make("li", {}, jump, make("span", {}, note.text));
      }),
    );
  }
}
