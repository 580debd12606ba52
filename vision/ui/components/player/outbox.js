// Carries drawings and notes to the library, one at a time, and knows whether they arrived: what
// was sent has to come back with the page's next data. Until then it is shown as "saving".

const PATIENCE_MS = 6000;
const TRIES = 4;

class Outbox {
  constructor(send, tell) {
    this.send = send;
    this.tell = tell;
    this.queue = [];
    this.lost = [];
    this.timer = 0;
  }

  /** `letter`: {event, value, same(data), about}; a newer letter about the same thing replaces it. */
  post(letter) {
    const old = this.queue.findIndex((l, i) => i > 0 && l.about === letter.about);
    if (old > 0) this.queue.splice(old, 1);
    this.lost = this.lost.filter((l) => l.about !== letter.about);
    this.queue.push({ tries: 0, ...letter });
    if (this.queue.length === 1) this.carry();
    this.report();
  }

  carry() {
    clearTimeout(this.timer);
    const letter = this.queue[0];
    if (!letter) return;
    letter.tries += 1;
    this.send(letter.event, letter.value);
    this.timer = setTimeout(() => this.late(), PATIENCE_MS * letter.tries);
  }

  late() {
    if (this.queue[0].tries >= TRIES) this.lost.push(this.queue.shift());
    this.carry();
    this.report();
  }

  /** Called with each new data: what came back is saved. */
  arrived(data) {
    this.lost = this.lost.filter((letter) => !letter.same(data));
    while (this.queue.length && this.queue[0].tries > 0 && this.queue[0].same(data)) {
      clearTimeout(this.timer);
      this.queue.shift();
      this.carry();
    }
    this.report();
  }

  again() {
    const letters = this.lost.splice(0);
    for (const letter of letters) this.post({ ...letter, tries: 0, value: { ...letter.value, token: token() } });
  }

  holds(about) {
    return [...this.queue, ...this.lost].some((letter) => letter.about === about);
  }

  report() {
    this.tell(this.queue.length, this.lost.length);
  }

  close() {
    clearTimeout(this.timer);
  }
}
