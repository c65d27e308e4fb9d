// Two canvases over the photo: the zone, painted anew when it or the view changes, and above it
// what the hand is about to do, painted anew in each frame in which it moves.

import { paint } from "./paint.js";

const DENSEST = 2; // pixels of a canvas for one of CSS: more costs memory, and nobody sees it
const OUTLINES = [["#111", 3], ["#fff", 1.5]];
const RING = [[-1, -1], [0, -1], [1, -1], [-1, 0], [1, 0], [-1, 1], [0, 1], [1, 1]];
const SAMPLE = 256; // columns, to measure how much is covered

export class Surface {
  #size;
  #view;
  #zone;
  #hand;
  #shape = document.createElement("canvas");
  #sheet = document.createElement("canvas");
  #wanted = new Set();

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
    for (const canvas of [this.#zone, this.#hand, this.#shape, this.#sheet]) {
      canvas.width = Math.round(width * this.density);
      canvas.height = Math.round(height * this.density);
    }
  }

  /** In the next frame, once: `what` is a function that paints one of the two. */
  soon(what) {
    if (!this.#wanted.size) requestAnimationFrame(() => this.#frame());
    this.#wanted.add(what);
  }

  /** The zone, hatched for eyes to which its colour says nothing, in a double outline. */
  paintZone(list, colour) {
    this.#paintShape(list);
    const context = this.#clean(this.#zone);
    OUTLINES.forEach(([ink, far]) => this.#paintRing(context, ink, far));
    const inside = this.#inked(colour);
    inside.globalCompositeOperation = "source-atop";
    this.#hatch(inside);
    context.globalAlpha = 0.42;
    context.drawImage(inside.canvas, 0, 0);
    context.globalAlpha = 1;
  }

  /** `draw` gets a context in CSS pixels of the box. */
  paintHand(draw) {
    const context = this.#clean(this.#hand);
    context.scale(this.density, this.density);
    draw(context);
  }

  #frame() {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    wanted.forEach((what) => what());
  }

  #paintShape(list) {
    const context = this.#clean(this.#shape);
    this.#view.prepare(context, this.density);
    paint(context, list, this.#size);
  }

  /** What lies around the shape: the shape eight times beside itself, less the shape. */
  #paintRing(context, ink, far) {
    const step = far * this.density;
    const ring = this.#inked(ink, RING.map(([x, y]) => [x * step, y * step]));
    ring.globalCompositeOperation = "destination-out";
    ring.drawImage(this.#shape, 0, 0);
    context.drawImage(ring.canvas, 0, 0);
  }

  /** The sheet, with the shape on it at each of the places, in one colour. */
  #inked(ink, places = [[0, 0]]) {
    const sheet = this.#clean(this.#sheet);
    places.forEach(([x, y]) => sheet.drawImage(this.#shape, x, y));
    sheet.globalCompositeOperation = "source-in";
    sheet.fillStyle = ink;
    sheet.fillRect(0, 0, sheet.canvas.width, sheet.canvas.height);
    return sheet;
  }

  #hatch(context) {
    const { width, height } = context.canvas;
    const step = 14 * this.density;
    context.beginPath();
    for (let x = -height; x < width; x += step) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
    context.lineWidth = 2 * this.density;
    context.strokeStyle = "#fff";
    context.stroke();
  }

  #clean(canvas) {
    const context = canvas.getContext("2d");
    context.resetTransform();
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.globalCompositeOperation = "source-over";
    return context;
  }
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
