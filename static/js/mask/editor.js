// <mask-editor data-width data-height>: a zone drawn on a photo. Inside are the photo (<img>) and a
// <canvas>. It fires `change` (the zone), `tool`, `view`, and `hint` for the page to tell;
// `operations.list` is the zone, `toPng()` its mask. Knows nothing of the page around it.

import { clamp } from "./geometry.js";
import { Gestures } from "./gestures.js";
import { Operations, filled } from "./operations.js";
import { Pen } from "./pen.js";
import { Surface, coverage } from "./surface.js";
import { makeTools } from "./tools/index.js";
import { View } from "./view.js";

// Of the long edge.
const RADIUS = { least: 0.002, most: 0.16, usual: 0.025 };
const STEP = 1.2;
const PINK = "#ff2d9b", PINK_HUE = 327;
const CYAN = "#00c8dc"; // where the garden is full of roses

export class MaskEditor extends HTMLElement {
  toolName = "lasso";
  #colour = PINK;
  #hover = null;
  #paintZone = () => this.#surface.paintZone(this.operations.list, this.#colour);
  #paintHand = () => this.#surface.paintHand((context) => this.#preview(context));
  #surface;
  #photo;

  connectedCallback() {
    this.size = { width: Number(this.dataset.width), height: Number(this.dataset.height) };
    this.radius = RADIUS.usual * this.#longEdge;
    this.operations = new Operations(() => this.#changed());
    this.view = new View(this.size, () => this.#viewed());
    this.#surface = new Surface(this, this.size, this.view);
    this.tools = makeTools(this);
    this.#photo = this.querySelector("img");
    this.#awaitKeys(new Gestures(this));
    Object.assign(this, { tabIndex: 0, role: "application" }); // its keys are ours from here on
    new ResizeObserver(() => this.#resize()).observe(this);
    this.#photo.decode().then(() => this.#chooseColour(), () => {});
  }

  get tool() {
    return this.tools[this.toolName]; // none: the hand, which moves the photo
  }

  get coverage() {
    return coverage(this.operations.list, this.size);
  }

  /** From 0 to 1, each step as much larger than the one before. */
  get brush() {
    const { least, most } = RADIUS;
    return Math.log(this.radius / this.#longEdge / least) / Math.log(most / least);
  }

  set brush(share) {
    const { least, most } = RADIUS;
    this.radius = this.#longEdge * least * (most / least) ** clamp(share, 0, 1);
    this.tell("tool");
    this.moved();
  }

  choose(name) {
    this.tool?.cancel();
    this.toolName = name;
    this.tell("tool");
    this.moved();
  }

  add(operation) {
    if (!this.operations.add(operation)) this.hint("full");
  }

  /** A shape that stands alone, as one step of the history. */
  replace(points) {
    this.tool?.cancel();
    this.add(filled(points, { a: 1 }));
  }

  undo() {
    this.operations.undo();
  }

  redo() {
    this.operations.redo();
  }

  clear() {
    this.tool?.cancel();
    if (this.operations.list.length) this.add({ t: "c" });
  }

  invert() {
    this.add({ t: "i" });
  }

  grow(direction) {
    this.brush += (direction * Math.log(STEP)) / Math.log(RADIUS.most / RADIUS.least);
  }

  hint(about) {
    this.tell("hint", { about });
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** A hand moved: what it is about to do is painted anew. */
  moved() {
    this.#surface.soon(this.#paintHand);
  }

  hover(at) {
    this.#hover = at;
    this.moved();
  }

  async toPng() {
    const { maskPng } = await import("./png.js");
    return maskPng(this.operations.list, this.size);
  }

  get #longEdge() {
    return Math.max(this.size.width, this.size.height);
  }

  #preview(context) {
    const pen = new Pen(context, this.view, this.#colour);
    this.tool?.preview(pen);
    const paints = this.toolName === "brush" || this.toolName === "eraser";
    if (paints && this.#hover) pen.ring(this.view.toImage(this.#hover), this.radius);
    if (this.keyboard?.seen) pen.cross(this.keyboard.at);
    return pen.hasDrawn;
  }

  /** Who draws with a finger needs no keyboard, and does not wait for it. */
  #awaitKeys(gestures) {
    const load = async () => {
      const module = await import("./keyboard.js").catch(() => null);
      if (module) this.keyboard ??= new module.Keyboard(this, gestures);
    };
    this.addEventListener("focus", () => this.matches(":focus-visible") && load());
    this.addEventListener("pointerdown", ({ pointerType }) => pointerType !== "touch" && load());
  }

  #changed() {
    this.#surface.later(this.#paintZone);
    this.moved();
    this.tell("change");
  }

  #viewed() {
    this.#photo.style.transform = this.view.css;
    this.#surface.soon(this.#paintZone);
    this.moved();
    this.tell("view");
  }

  #resize() {
    const box = { width: this.clientWidth, height: this.clientHeight };
    if (!box.width) return; // not shown
    this.#surface.resize(box);
    this.view.resize(box);
  }

  #chooseColour() {
    const { hue, chroma } = meanColour(this.#photo);
    if (chroma > 40 && Math.abs(hue - PINK_HUE) < 40) this.#colour = CYAN;
    this.#surface.soon(this.#paintZone);
  }
}

/** The hue in degrees, the chroma up to 255. */
function meanColour(image) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  const hue = (Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b) * 180) / Math.PI;
  return { hue: (hue + 360) % 360, chroma: Math.max(r, g, b) - Math.min(r, g, b) };
}

customElements.define("mask-editor", MaskEditor);
