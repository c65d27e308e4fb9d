// A polygon while it is drawn, with its history. Knows nothing of the page.

const MOST = 200; // projects/forms.py: MAX_CORNERS

export class Polygon {
  corners = [];
  closed = false;
  #history = [];
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  get canClose() {
    return !this.closed && this.corners.length >= 3;
  }

  get canUndo() {
    return this.#history.length > 0;
  }

  add(corner) {
    if (this.closed || this.corners.length >= MOST) return;
    this.#become([...this.corners, corner], false);
  }

  close() {
    if (this.canClose) this.#become(this.corners, true);
  }

  clear() {
    if (this.corners.length) this.#become([], false);
  }

  /** All corners at once; three or more are a zone. */
  replace(corners) {
    this.#become(corners.slice(0, MOST), corners.length >= 3);
  }

  /** What was drawn on this page before; there is nothing to undo. */
  restore(corners) {
    this.replace(corners);
    this.#history = [];
    this.#changed();
  }

  /** A drag is one step of the history: `grab` once, then `move` as often as the pointer does. */
  grab() {
    this.#remember();
  }

  move(index, corner) {
    this.corners = this.corners.with(index, corner);
    this.#changed();
  }

  undo() {
    if (!this.canUndo) return;
    Object.assign(this, this.#history.pop());
    this.#changed();
  }

  #become(corners, closed) {
    this.#remember();
    Object.assign(this, { corners, closed });
    this.#changed();
  }

  #remember() {
    this.#history.push({ corners: this.corners, closed: this.closed });
  }
}
