// What is seen of the photo: zoom and place. The box is as large as the whole photo at zoom 1, so
// that there is never a gap beside it. Points of the box are in CSS pixels from its corner.

import { clamp } from "./geometry.js";

const MOST = 8; // pixels of the screen for one of the image

export class View {
  zoom = 1;
  #left = 0;
  #top = 0;
  #box = { width: 1, height: 1 };
  #size;
  #changed;

  constructor(size, changed) {
    this.#size = size;
    this.#changed = changed;
  }

  /** CSS pixels for one of the image. */
  get scale() {
    return (this.zoom * this.#box.width) / this.#size.width;
  }

  resize({ width, height }) {
    const ratio = width / this.#box.width;
    this.#left *= ratio;
    this.#top *= ratio;
    this.#box = { width, height };
    this.#settle();
  }

  toImage([x, y]) {
    const { width, height } = this.#size;
    const [across, down] = [(x - this.#left) / this.scale, (y - this.#top) / this.scale];
    return [clamp(across, 0, width), clamp(down, 0, height)];
  }

  toBox([x, y]) {
    return [x * this.scale + this.#left, y * this.scale + this.#top];
  }

  /** What is at `at`, a point of the box, stays there. */
  zoomBy(factor, at = this.#centre()) {
    const before = this.zoom;
    const most = Math.max(1, (MOST * this.#size.width) / this.#box.width);
    this.zoom = clamp(before * factor, 1, most);
    const ratio = this.zoom / before;
    this.#left = at[0] - (at[0] - this.#left) * ratio;
    this.#top = at[1] - (at[1] - this.#top) * ratio;
    this.#settle();
  }

  pan(right, down) {
    this.#left += right;
    this.#top += down;
    this.#settle();
  }

  fit() {
    this.zoom = 1;
    this.#settle();
  }

  /** So that a point of the image is inside, as a cross that goes with the arrows. */
  reveal(point) {
    const [x, y] = this.toBox(point);
    const { width, height } = this.#box;
    this.pan(clamp(x, 0, width) - x, clamp(y, 0, height) - y);
  }

  /** From pixels of the image to those of a canvas with so many pixels for one of CSS. */
  prepare(context, density) {
    const scale = this.scale * density;
    context.setTransform(scale, 0, 0, scale, this.#left * density, this.#top * density);
  }

  get css() {
    return `translate(${this.#left}px, ${this.#top}px) scale(${this.zoom})`;
  }

  #centre() {
    return [this.#box.width / 2, this.#box.height / 2];
  }

  #settle() {
    const { width, height } = this.#box;
    this.#left = clamp(this.#left, width * (1 - this.zoom), 0);
    this.#top = clamp(this.#top, height * (1 - this.zoom), 0);
    this.#changed();
  }
}
