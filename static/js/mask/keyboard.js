// The keyboard, while the editor has the focus: a cross goes with the arrows, and does what a
// pointer does. Tab leaves, as everywhere.

import { clamp } from "./geometry.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const TOOLS = {
  l: "lasso", q: "quad", p: "polygon", r: "rectangle", b: "brush", e: "eraser", h: "hand",
};
const SAY_MS = 500; // not each step of a held key

export class Keyboard {
  seen = false;
  #editor;
  #gestures;
  #later = 0;

  constructor(editor, gestures) {
    this.#editor = editor;
    this.#gestures = gestures;
    this.at = [editor.size.width / 2, (editor.size.height * 3) / 4];
    editor.addEventListener("keydown", (event) => this.#down(event));
    editor.addEventListener("keyup", (event) => event.key === " " && (gestures.space = false));
    editor.addEventListener("focus", () => this.#look(!gestures.isDown));
    editor.addEventListener("pointerdown", () => this.#look(false));
    editor.addEventListener("blur", () => this.#look(false));
    this.#look(editor.matches(":focus-visible") && !gestures.isDown);
  }

  #down(event) {
    const act = this.#actionOf(event);
    if (!act) return;
    event.preventDefault();
    act();
    this.#editor.moved();
  }

  #actionOf(event) {
    const { key } = event;
    if (ARROWS[key]) return () => this.#go(ARROWS[key], event);
    if (event.ctrlKey || event.metaKey) return this.#history(key.toLowerCase(), event.shiftKey);
    if (event.altKey) return null;
    if (TOOLS[key.toLowerCase()]) return () => this.#editor.choose(TOOLS[key.toLowerCase()]);
    return this.#plain(event)[key];
  }

  #history(key, shift) {
    if (key === "y" || (key === "z" && shift)) return () => this.#editor.redo();
    return key === "z" && (() => this.#editor.undo());
  }

  #plain(event) {
    const editor = this.#editor;
    return {
      " ": () => this.#space(event),
      Enter: () => editor.tool?.finish(),
      Backspace: () => editor.tool?.back() ?? editor.undo(),
      Escape: () => editor.tool?.cancel(),
      "[": () => editor.grow(-1),
      "]": () => editor.grow(1),
      "+": () => editor.view.zoomBy(1.25, editor.view.toBox(this.at)),
      "-": () => editor.view.zoomBy(0.8, editor.view.toBox(this.at)),
      0: () => editor.view.fit(),
    };
  }

  /** Where no cross is seen the other hand holds a mouse, which then moves the photo. */
  #space(event) {
    if (!this.seen) this.#gestures.space = true;
    else if (!event.repeat) this.#editor.tool?.tap(this.at, { straight: event.shiftKey });
  }

  /** A hundredth of the photo, a twentieth with Shift, a pixel with Alt. */
  #go([right, down], event) {
    const { width, height } = this.#editor.size;
    const part = event.shiftKey ? 20 : 100;
    const [across, along] = event.altKey ? [1, 1] : [width / part, height / part];
    this.at = [clamp(this.at[0] + right * across, 0, width), clamp(this.at[1] + down * along, 0, height)];
    this.#editor.view.reveal(this.at);
    this.#look(true);
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#say(), SAY_MS);
  }

  #look(seen) {
    this.seen = seen;
    this.#editor.toggleAttribute("data-keyboard", seen); // who uses the mouse needs no frame
    this.#editor.tell("cross", { seen });
    this.#editor.moved();
  }

  #say() {
    const { width, height } = this.#editor.size;
    const [left, top] = [this.at[0] / width, this.at[1] / height].map((part) => Math.round(100 * part));
    this.#editor.tell("position", { text: `${left} %, ${top} %` });
  }
}
