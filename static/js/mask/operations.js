// The zone as a list of operations, with its history. An operation is one gesture, in pixels of the
// working image (x right, y down, a pixel's centre at .5); projects/zones.py reads the same list:
//
//   {t: "f", p: [x, y, …]}          a filled path; crossing itself leaves no hole (nonzero)
//   {t: "s", r: radius, p: [x, y, …]}  a round stroke; one point is a disc
//   {t: "c"}                        clear all
//   {t: "i"}                        invert
//
// `x: 1` takes away instead of adding; `a: 1` clears before, so that a shape stands alone.

const MOST = { operations: 500, numbers: 400_000 };

export class Operations {
  #list = [];
  #undone = [];
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  get list() {
    return this.#list;
  }

  get canUndo() {
    return this.#list.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** Whether there was room for it. */
  add(operation) {
    const list = [...this.#list, operation];
    if (list.length > MOST.operations || numbers(list) > MOST.numbers) return false;
    this.#become(list, []);
    return true;
  }

  /** The newest once more, as a corner of it is dragged: no step of the history. */
  amend(operation) {
    this.#become([...this.#list.slice(0, -1), operation], []);
  }

  undo() {
    if (this.canUndo) this.#become(this.#list.slice(0, -1), [...this.#undone, this.#list.at(-1)]);
  }

  redo() {
    if (this.canRedo) this.#become([...this.#list, this.#undone.at(-1)], this.#undone.slice(0, -1));
  }

  /** What was drawn before, for example on this page before a reload. */
  restore(list) {
    this.#become(list, []);
  }

  #become(list, undone) {
    this.#list = list;
    this.#undone = undone;
    this.#changed();
  }
}

export function filled(points, options = {}) {
  return { t: "f", p: flat(points), ...options };
}

export function stroke(points, radius, options = {}) {
  return { t: "s", r: tenth(radius), p: flat(points), ...options };
}

/** The same zone on a photo of another size. */
export function scaled(list, factor) {
  if (factor === 1) return list;
  return list.map(({ p, r, ...rest }) => ({
    ...rest,
    ...(r && { r: tenth(r * factor) }),
    ...(p && { p: p.map((value) => tenth(value * factor)) }),
  }));
}

/** The corners of a zone that is one filled shape and nothing else, or none. */
export function cornersOf(list) {
  const last = list.at(-1);
  const alone = last?.t === "f" && !last.x && (last.a || list.length === 1);
  return alone ? pairs(last.p) : [];
}

export function pairs(numbers) {
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
}

/** A list that was kept somewhere, or null if it is none. */
export function parsed(text) {
  try {
    const list = JSON.parse(text);
    return Array.isArray(list) && list.every(isOperation) ? list : null;
  } catch {
    return null; // empty, or not ours
  }
}

function isOperation({ t, p = [], r = 1 }) {
  const isShape = "fs".includes(t) ? p.length > 0 && p.length % 2 === 0 : "ci".includes(t);
  return isShape && Array.isArray(p) && [...p, r].every(Number.isFinite);
}

function flat(points) {
  return points.flat().map(tenth);
}

function tenth(value) {
  return Math.round(value * 10) / 10;
}

function numbers(list) {
  return list.reduce((sum, { p = [] }) => sum + p.length, 0);
}
