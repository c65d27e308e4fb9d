import { TAP, lengthOf } from "../geometry.js";
import { filled } from "../operations.js";
import { simplified } from "../simplify.js";
import { Corners } from "./corners.js";

/** Round the zone: where it ends it is closed, and filled. With the keyboard a polygon. */
export class Lasso {
  #points = [];

  constructor(desk) {
    this.desk = desk;
    this.corners = new Corners(desk);
  }

  down(point) {
    this.#points = [point];
  }

  move(points) {
    this.#points.push(...points);
  }

  up({ erases }) {
    const points = simplified(this.#points, 1 / this.desk.view.scale);
    this.#points = [];
    if (lengthOf(points) * this.desk.view.scale < TAP) this.desk.hint("lasso");
    else this.desk.add(filled(points, erases ? { x: 1 } : {}));
  }

  drop() {
    this.#points = [];
  }

  cancel() {
    this.drop();
    this.corners.cancel();
  }

  tap(point) {
    this.corners.tap(point);
  }

  finish() {
    this.corners.finish();
  }

  back() {
    return this.corners.back();
  }

  preview(pen) {
    pen.line(this.#points);
    if (this.corners.count) this.corners.preview(pen);
  }
}
