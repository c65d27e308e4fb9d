// Fingers, mice and pens. One draws; two zoom and pan, always. What a first finger painted before
// the second came is dropped if it was the beginning of a pinch, and kept if it was a stroke.

import { distance, middle } from "./geometry.js";

const PINCH_MS = 250; // fingers of a pinch land within it
const PINCH_SAMPLES = 8; // or before a stroke has so many points
const STILL = 10; // CSS pixels
const MIDDLE = 1, RIGHT = 2; // buttons
const REACH = { mouse: 14 }; // CSS pixels
const FINGER = 24; // half of what a finger needs to hit

export class Gestures {
  #editor;
  #pointers = new Map();
  #gesture = null;
  #hasPen = false;
  space = false;

  constructor(editor) {
    this.#editor = editor;
    editor.addEventListener("pointerdown", (event) => this.#down(event));
    editor.addEventListener("pointermove", (event) => this.#move(event));
    editor.addEventListener("pointerup", (event) => this.#up(event));
    // A call, or the system's own gesture: what is painted stays.
    editor.addEventListener("pointercancel", (event) => this.#up(event));
    editor.addEventListener("pointerleave", () => editor.hover(null));
    editor.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    editor.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  get isDown() {
    return this.#pointers.size > 0;
  }

  #down(event) {
    event.preventDefault();
    this.#hasPen ||= event.pointerType === "pen";
    this.#pointers.set(event.pointerId, this.#at(event));
    this.#editor.setPointerCapture(event.pointerId);
    this.#editor.focus({ preventScroll: true });
    if (this.#pointers.size === 2) this.#pinch();
    else if (this.#pointers.size === 1) this.#begin(event);
  }

  #begin(event) {
    const at = this.#at(event);
    const draws = !this.#pans(event);
    this.#gesture = { draws, since: event.timeStamp, samples: 1, erases: event.button === RIGHT };
    if (draws) this.#editor.tool.down(this.#editor.view.toImage(at), this.#options(event));
    this.#editor.moved();
  }

  /** Once there is a pen, a finger is a palm, or means to move the photo. */
  #pans(event) {
    const finger = event.pointerType === "touch" && this.#hasPen;
    return finger || event.button === MIDDLE || this.space || !this.#editor.tool;
  }

  #options(event) {
    return {
      reach: REACH[event.pointerType] ?? FINGER,
      straight: event.shiftKey,
      erases: this.#gesture.erases,
      point: this.#editor.view.toImage(this.#at(event)),
    };
  }

  #pinch() {
    const { draws, since, samples } = this.#gesture ?? {};
    if (draws && (performance.now() - since < PINCH_MS || samples < PINCH_SAMPLES)) {
      this.#editor.tool.drop();
    } else if (draws) {
      this.#editor.tool.up({ erases: this.#gesture.erases, point: this.#lastPoint() });
    }
    this.#gesture = { pinches: true, since: since ?? performance.now(), way: 0 };
    this.#editor.moved();
  }

  #lastPoint() {
    return this.#editor.view.toImage([...this.#pointers.values()][0]);
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return this.#editor.hover(this.#at(event));
    const at = this.#at(event);
    if (this.#gesture?.pinches) this.#zoom(event.pointerId, before, at);
    else if (this.#gesture?.draws) this.#draw(event);
    else if (this.#gesture) this.#editor.view.pan(at[0] - before[0], at[1] - before[1]);
    this.#pointers.set(event.pointerId, at);
    this.#editor.hover(at);
  }

  #draw(event) {
    const events = event.getCoalescedEvents?.() ?? [];
    const points = (events.length ? events : [event]).map((e) => this.#editor.view.toImage(this.#at(e)));
    this.#gesture.samples += points.length;
    this.#editor.tool.move(points);
    this.#editor.moved();
  }

  #zoom(id, before, at) {
    const others = [...this.#pointers].filter(([other]) => other !== id);
    if (!others.length) return; // one of the two is up: the other no longer means anything
    const other = others[0][1];
    const ratio = distance(at, other) / Math.max(distance(before, other), 1);
    this.#gesture.way += distance(before, at);
    this.#editor.view.pan((at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
    this.#editor.view.zoomBy(ratio, middle(at, other));
  }

  #up(event) {
    if (!this.#pointers.has(event.pointerId)) return;
    const gesture = this.#gesture;
    if (gesture?.draws) this.#editor.tool.up(this.#options(event));
    if (gesture?.pinches && this.#isTap(event)) this.#editor.undo();
    this.#pointers.delete(event.pointerId);
    this.#gesture = this.#pointers.size && gesture?.pinches ? { ...gesture, way: Infinity } : null;
    this.#editor.moved();
  }

  #isTap(event) {
    const { since, way } = this.#gesture;
    return event.type === "pointerup" && event.timeStamp - since < PINCH_MS && way < STILL;
  }

  #wheel(event) {
    event.preventDefault();
    if (event.altKey) this.#editor.grow(event.deltaY < 0 ? 1 : -1);
    else this.#editor.view.zoomBy(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), this.#at(event));
  }

  #at({ clientX, clientY }) {
    const box = this.#editor.getBoundingClientRect();
    return [clientX - box.left, clientY - box.top];
  }
}
