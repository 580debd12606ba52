// What is heard: short tones made here, and a voice where this computer has one of its own.

const LOUD = 0.6;
const EDGE_S = 0.012;

class Sound {
  constructor(tunes) {
    this.tunes = tunes;
  }

  /** Readies the sound; browsers allow it once something on the page was pressed. True when it can be heard. */
  async wake() {
    try {
      this.air ??= new AudioContext();
      if (this.air.state === "suspended") await Promise.race([this.air.resume(), new Promise((go) => setTimeout(go, 300))]);
    } catch {
      return false;
    }
    return this.air.state === "running";
  }

  /** Plays the tune of `kind` now, then says `text`. */
  play(kind, text) {
    const end = this.tone(this.tunes[kind] ?? []);
    this.speak(text, end);
  }

  tone(tune) {
    if (this.air?.state !== "running") return 0;
    let at = this.air.currentTime;
    const began = at;
    for (const [pitch, seconds] of tune) {
      if (pitch > 0) this.note(pitch, at, seconds);
      at += seconds;
    }
    return at - began;
  }

  note(pitch, at, seconds) {
    const [pipe, loud] = [this.air.createOscillator(), this.air.createGain()];
    pipe.frequency.value = pitch;
    loud.gain.setValueAtTime(0, at);
    loud.gain.linearRampToValueAtTime(LOUD, at + EDGE_S);
    loud.gain.setValueAtTime(LOUD, at + seconds - EDGE_S);
    loud.gain.linearRampToValueAtTime(0, at + seconds);
    pipe.connect(loud).connect(this.air.destination);
    pipe.start(at);
    pipe.stop(at + seconds);
  }

  /** Only voices that live on this computer: others would send the words elsewhere. */
  speak(text, wait) {
    const voices = globalThis.speechSynthesis?.getVoices().filter((v) => v.localService && v.lang.startsWith("en")) ?? [];
    if (!voices.length || !text) return;
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voices[0];
    clearTimeout(this.said);
    this.said = setTimeout(() => {
      speechSynthesis.cancel();
      speechSynthesis.speak(words);
    }, 1000 * wait);
  }

  close() {
    clearTimeout(this.said);
    this.air?.close().catch(() => {});
  }
}
