// What is drawn stays on this device until it was sent: over a reload, a dead battery, a closed tab.
// With the photo's width: the page that draws further may have it in another size.

import { parsed, scaled } from "./mask/operations.js";

const LATER_MS = 400;

export class Draft {
  #key;
  #width;
  #later = 0;

  constructor(name, { width }) {
    this.#key = `zone:${name}`;
    this.#width = width;
  }

  read() {
    const [width, text] = this.#try(() => localStorage.getItem(this.#key)?.split(/:(.*)/s)) ?? [];
    const list = parsed(text);
    return list && scaled(list, this.#width / Number(width));
  }

  write(list) {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#keep(list), LATER_MS);
  }

  forget() {
    clearTimeout(this.#later);
    this.#try(() => localStorage.removeItem(this.#key));
  }

  #keep(list) {
    if (!list.length) return this.forget();
    this.#try(() => localStorage.setItem(this.#key, `${this.#width}:${JSON.stringify(list)}`));
  }

  /** A private window may have no storage, or one that is full: the drawing goes on without. */
  #try(access) {
    try {
      return access();
    } catch (error) {
      console.info("The zone is not kept on this device:", error.name);
      return null;
    }
  }
}
