import { TAP, distance } from "../geometry.js";
import { filled } from "../operations.js";

/** From corner to corner, by a drag or by two taps. */
export class Rectangle {
  #from = null;
  #to = null;
  #isOpen = false; // its first corner was a tap

  constructor(desk) {
    this.desk = desk;
  }

  down(point) {
    if (!this.#isOpen) this.#from = point;
    this.#to = point;
  }

  move(points) {
    this.#to = points.at(-1);
  }

  up({ point }) {
    this.#to = point;
    if (distance(this.#from, point) * this.desk.view.scale < TAP) this.#isOpen = true;
    else this.finish();
  }

  drop() {
    if (!this.#isOpen) this.cancel();
    this.#to = this.#from;
  }

  cancel() {
    this.#from = this.#to = null;
    this.#isOpen = false;
  }

  tap(point) {
    this.down(point);
    this.up({ point });
  }

  finish() {
    if (this.#from && this.#to) this.desk.add(filled(box(this.#from, this.#to)));
    this.cancel();
  }

  back() {
    const was = this.#from;
    this.cancel();
    return was;
  }

  preview(pen) {
    if (!this.#from) return;
    const corners = box(this.#from, this.#to);
    pen.line([...corners, corners[0]]);
    pen.handles([this.#from]);
  }
}

function box([x0, y0], [x1, y1]) {
  return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
}
