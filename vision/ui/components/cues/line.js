// The line on which the set tells how it stands; every message is the whole state.

class Line {
  constructor(url, hear, over) {
    this.source = new EventSource(`${url}/events`);
    this.source.onmessage = (event) => hear(JSON.parse(event.data));
    // A broken line is taken up again by the browser; a refused one means that the set is no more.
    this.source.onerror = () => {
      if (this.source.readyState === EventSource.CLOSED) over();
    };
  }

  close() {
    this.source.close();
  }
}
