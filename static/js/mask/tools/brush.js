import { distance, lengthOf } from "../geometry.js";
import { stroke } from "../operations.js";
import { simplified } from "../simplify.js";

const NEARLY_CLOSED = 0.15; // of its length: then the inside may be meant

/** A round brush; with Shift a straight line from where the last stroke ended. */
export class Brush {
  #points = [];
  #last = null;

  constructor(desk, erases = false) {
    this.desk = desk;
    this.erases = erases;
  }

  down(point, { straight }) {
    this.#points = straight && this.#last ? [this.#last, point] : [point];
  }

  move(points) {
    this.#points.push(...points);
  }

  up({ erases }) {
    if (!this.#points.length) return;
    const away = this.erases || erases;
    const points = simplified(this.#points, 0.5 / this.desk.view.scale);
    this.#last = points.at(-1);
    this.#points = [];
    this.desk.add(stroke(points, this.desk.radius, away ? { x: 1 } : {}));
    if (!away && isNearlyClosed(points, this.desk.radius)) this.desk.hint("fill");
  }

  drop() {
    this.#points = [];
  }

  cancel() {
    this.drop();
  }

  tap(point, { straight }) {
    this.down(point, { straight });
    this.up({});
  }

  finish() {}

  back() {}

  preview(pen) {
    pen.stroke(this.#points, this.desk.radius, this.erases);
  }
}

function isNearlyClosed(points, radius) {
  const way = lengthOf(points);
  const gap = distance(points[0], points.at(-1));
  return way > 8 * radius && gap < Math.max(NEARLY_CLOSED * way, 2 * radius);
}
