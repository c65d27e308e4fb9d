// Two canvases over the photo: the zone, painted anew when it or the view changes, and above it
// what the hand is about to do, painted anew in each frame in which it moves.

import { extent, paint } from "./paint.js";

const DENSEST = 1.5; // pixels of a canvas for one of CSS: more costs time, and nobody sees it
const OUTLINES = { dark: 2.7, light: 1.4 }; // pixels of CSS
const MARGIN = 4; // of CSS, for the outlines around the zone
const SAMPLE = 256; // columns, to measure how much is covered

export class Surface {
  #size;
  #view;
  #zone;
  #hand;
  #outside = document.createElement("canvas");
  #sheet = document.createElement("canvas");
  #wanted = new Set();
  #mayWait = false;
  #part; // of the canvas, that a zone is painted in: [left, top, width, height]
  #tile = null;
  #handIsEmpty = true;

  constructor(element, size, view) {
    this.#size = size;
    this.#view = view;
    this.#zone = element.querySelector("canvas");
    this.#hand = this.#zone.cloneNode();
    this.#zone.after(this.#hand);
  }

  get density() {
    return Math.min(devicePixelRatio || 1, DENSEST);
  }

  resize({ width, height }) {
    for (const canvas of [this.#zone, this.#hand, this.#outside, this.#sheet]) {
      canvas.width = Math.round(width * this.density);
      canvas.height = Math.round(height * this.density);
    }
    this.#handIsEmpty = true;
  }

  /** In the next frame, once: `what` is a function that paints one of the two. */
  soon(what) {
    if (!this.#wanted.size) requestAnimationFrame(() => this.#frame());
    this.#wanted.add(what);
  }

  /** After the next frame, which answers the tap and shows what it showed: a zone takes longer. */
  later(what) {
    this.#mayWait = true;
    this.soon(what);
  }

  /** The zone, hatched for eyes to which its colour says nothing, in a double outline. */
  paintZone(list, colour) {
    const context = this.#clean(this.#zone);
    this.#part = this.#partOf(list);
    if (!this.#part) return;
    this.#paintOutside(list);
    this.#only(context);
    this.#paintAround(context, this.#sheet, OUTLINES.dark); // black, as it was painted
    this.#paintAround(context, this.#cut("#fff"), OUTLINES.light);
    const inside = this.#cut(this.#hatched(context, colour));
    context.globalCompositeOperation = "destination-out";
    context.drawImage(inside, 0, 0);
    context.globalCompositeOperation = "source-over";
    context.globalAlpha = 0.42;
    context.drawImage(inside, 0, 0);
  }

  /** `draw` gets a context in CSS pixels of the box, and says whether it drew. A canvas that was
   * empty and stays so is left alone: the browser would copy it to the screen again. */
  paintHand(draw) {
    const context = this.#handIsEmpty ? this.#hand.getContext("2d") : this.#clean(this.#hand);
    context.setTransform(this.density, 0, 0, this.density, 0, 0);
    this.#handIsEmpty = !draw(context);
  }

  #frame() {
    if (this.#mayWait) {
      this.#mayWait = false;
      return setTimeout(() => this.#frame());
    }
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    wanted.forEach((what) => what());
  }

  /** Where the zone is, in whole pixels: to paint the whole canvas takes several times as long. */
  #partOf(list) {
    const [left, top, right, bottom] = extent(list, this.#size);
    if (left > right) return null; // nothing is covered
    const [x, y] = this.#view.toBox([left, top]).map((at) => Math.floor((at - MARGIN) * this.density));
    const [to, below] = this.#view.toBox([right, bottom]).map((at) => Math.ceil((at + MARGIN) * this.density));
    return [x, y, to - x, below - y];
  }

  #only(context) {
    context.beginPath();
    context.rect(...this.#part);
    context.clip();
    return context;
  }

  /** All but the zone. It is what others are cut with: of the ways to give a shape a colour the one
   * that takes away is the quickest by far, and this is painted whenever a hand is lifted. */
  #paintOutside(list) {
    const shape = this.#only(this.#clean(this.#sheet));
    this.#view.prepare(shape, this.density);
    paint(shape, list, this.#size);
    this.#without(this.#outside, "#000", this.#sheet);
  }

  /** The zone four times beside itself, by whole pixels: parts of one cost ten times as much. */
  #paintAround(context, shape, far) {
    const step = Math.round(far * this.density);
    for (const x of [-step, step]) {
      for (const y of [-step, step]) context.drawImage(shape, x, y);
    }
  }

  /** The zone in a colour or pattern. */
  #cut(style) {
    return this.#without(this.#sheet, style, this.#outside);
  }

  #without(canvas, style, hole) {
    const context = this.#only(this.#clean(canvas));
    context.fillStyle = style;
    context.fillRect(...this.#part);
    context.globalCompositeOperation = "destination-out";
    context.drawImage(hole, 0, 0);
    return canvas;
  }

  /** By a tile, drawn once: lines that were drawn one by one would take most of the time. */
  #hatched(context, colour) {
    const side = Math.round(14 * this.density);
    if (this.#tile?.colour !== colour || this.#tile.side !== side) {
      this.#tile = { colour, side, canvas: hatching(side, colour, 2 * this.density) };
    }
    return context.createPattern(this.#tile.canvas, "repeat");
  }

  #clean(canvas) {
    const context = canvas.getContext("2d");
    context.restore(); // of what it was painted with before
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.save();
    return context;
  }
}

/** White lines across a colour, in a tile that repeats without a seam. */
function hatching(side, colour, lineWidth) {
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const context = canvas.getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, side, side);
  for (const x of [-side, 0, side]) {
    context.moveTo(x - side, 2 * side);
    context.lineTo(x + 2 * side, -side);
  }
  Object.assign(context, { lineWidth, strokeStyle: "#fff" }).stroke();
  return canvas;
}

/** Which part of the image is covered, from 0 to 1. */
export function coverage(list, size) {
  const height = Math.max(1, Math.round((SAMPLE * size.height) / size.width));
  const context = Object.assign(document.createElement("canvas"), { width: SAMPLE, height })
    .getContext("2d", { willReadFrequently: true });
  context.scale(SAMPLE / size.width, height / size.height);
  paint(context, list, size);
  const { data } = context.getImageData(0, 0, SAMPLE, height);
  let sum = 0;
  for (let i = 3; i < data.length; i += 4) sum += data[i];
  return sum / 255 / (SAMPLE * height);
}
