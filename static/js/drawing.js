// The zone as it is seen: an SVG over the photo, in the pixels of the working image.

const SVG = "http://www.w3.org/2000/svg";
const CORNER = 10; // radius, in pixels of the screen
const CROSS = 14;

export class Drawing {
  #svg;
  #width;
  #height;

  constructor(svg, { width, height }) {
    this.#svg = svg;
    this.#width = width;
    this.#height = height;
    svg.removeAttribute("hidden");
  }

  paint({ corners, closed }, cross) {
    const outline = points(closed ? [...corners, corners[0]] : corners);
    this.#svg.replaceChildren(
      make("polygon", { points: points(corners) }),
      make("polyline", { points: outline, class: "under" }),
      make("polyline", { points: outline, class: "over" }),
      ...corners.map((corner, index) => this.#corner(corner, !index && !closed)),
      ...(cross ? this.#cross(cross) : []),
    );
  }

  /** Where an event of the pointer is, kept inside of the photo. */
  at({ clientX, clientY }) {
    const box = this.#svg.getBoundingClientRect();
    return this.inside([
      ((clientX - box.left) / box.width) * this.#width,
      ((clientY - box.top) / box.height) * this.#height,
    ]);
  }

  inside([x, y]) {
    return [tenth(x, this.#width), tenth(y, this.#height)];
  }

  /** The corner under a pointer that hits as far as `reach` pixels of the screen, or -1. */
  hit(corners, point, reach) {
    const far = corners.map((corner) => Math.hypot(corner[0] - point[0], corner[1] - point[1]));
    const nearest = Math.min(...far);
    return nearest <= reach * this.#scale() ? far.indexOf(nearest) : -1;
  }

  /** Pixels of the image in one of the screen. */
  #scale() {
    return this.#width / (this.#svg.getBoundingClientRect().width || this.#width);
  }

  #corner([cx, cy], isFirst) {
    return make("circle", { cx, cy, r: CORNER * this.#scale(), class: isFirst ? "first" : "" });
  }

  #cross([x, y]) {
    const arm = CROSS * this.#scale();
    const d = `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`;
    return [make("path", { d, class: "under" }), make("path", { d, class: "over" })];
  }
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

function points(corners) {
  return corners.filter(Boolean).join(" ");
}

function tenth(value, most) {
  return Math.round(Math.min(Math.max(value, 0), most) * 10) / 10;
}
