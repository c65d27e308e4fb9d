import { TAP, distance } from "../geometry.js";
import { filled, pairs } from "../operations.js";

/** Corner by corner: four of them are a quadrilateral; else the first one again closes it. */
export class Corners {
  #corners = [];
  #grabbed = -1;
  #from = null;

  constructor(desk, most = Infinity) {
    this.desk = desk;
    this.most = most;
  }

  get count() {
    return this.#corners.length;
  }

  down(point, { reach }) {
    this.#from = point;
    this.#grabbed = this.#hit(point, reach);
  }

  move(points) {
    if (this.#grabbed < 0 || !this.#isDrag(points.at(-1))) return;
    this.#from = null; // from here on it is no tap
    this.#put(this.#grabbed, points.at(-1));
  }

  up({ point }) {
    const tapped = this.#from && (this.#grabbed >= 0 || !this.#isDrag(point));
    if (tapped) this.#tapped(point);
    this.#grabbed = -1;
  }

  drop() {
    this.#from = null;
    this.#grabbed = -1;
  }

  cancel() {
    this.drop();
    this.#corners = [];
  }

  tap(point) {
    this.#corners.push(point);
    if (this.#corners.length >= this.most) this.finish();
  }

  finish() {
    if (this.#corners.length >= 3) this.desk.add(filled(this.#corners));
    this.#corners = [];
  }

  back() {
    return this.#corners.pop();
  }

  preview(pen) {
    const closed = this.#closed();
    pen.line(this.#corners);
    pen.handles(this.#corners.length ? this.#corners : closed, !this.#corners.length);
  }

  #tapped(point) {
    if (!this.#corners.length && this.#grabbed >= 0) return; // a corner of what is finished
    const isLast = this.#grabbed > 0 && this.#grabbed === this.#corners.length - 1;
    if (this.#grabbed === 0 || isLast) this.finish(); // the last one again: a double tap
    else if (this.#grabbed < 0) this.tap(point);
  }

  /** Corners of the newest shape can be dragged until something else is drawn. */
  #closed() {
    const last = this.desk.operations.list.at(-1);
    const mine = last?.t === "f" && !last.x && last.p.length <= 2 * Math.min(this.most, 40);
    return mine ? pairs(last.p) : [];
  }

  #put(index, point) {
    if (this.#corners.length) this.#corners[index] = point;
    else this.desk.operations.amend(filled(this.#closed().with(index, point), this.#options()));
  }

  #options() {
    const { t, p, ...options } = this.desk.operations.list.at(-1);
    return options;
  }

  #hit(point, reach) {
    const corners = this.#corners.length ? this.#corners : this.#closed();
    const far = corners.map((corner) => distance(corner, point) * this.desk.view.scale);
    const nearest = Math.min(...far);
    return nearest <= reach ? far.indexOf(nearest) : -1;
  }

  #isDrag(point) {
    return !this.#from || distance(this.#from, point) * this.desk.view.scale >= TAP;
  }
}
