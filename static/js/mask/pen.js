// What a tool shows before it is done, in CSS pixels of the box: light lines with a dark edge, that
// are seen on any photo.

const LINES = [["#111", 5], ["#fff", 2.5]];
const HANDLE = 9;
const CROSS = 14;

export class Pen {
  hasDrawn = false;
  #context;
  #view;
  #colour;

  constructor(context, view, colour) {
    this.#context = context;
    this.#view = view;
    this.#colour = colour;
    Object.assign(context, { lineCap: "round", lineJoin: "round" });
  }

  line(points) {
    if (points.length < 2) return;
    this.#outlined(this.#path(points));
  }

  /** Corners that can be dragged; the first of an open shape, which closes it, is hollow. */
  handles(points, closed) {
    points.forEach((point, index) => {
      const hollow = !closed && index === 0;
      this.#disc(point, HANDLE, hollow ? "#fff" : this.#colour, hollow ? this.#colour : "#fff");
    });
  }

  stroke(points, radius, erases) {
    if (!points.length) return;
    this.hasDrawn = true;
    const context = this.#context;
    Object.assign(context, { globalAlpha: 0.5, lineWidth: 2 * radius * this.#view.scale });
    context.strokeStyle = context.fillStyle = erases ? "#fff" : this.#colour;
    if (points.length > 1) context.stroke(this.#path(points));
    else context.fill(this.#circle(points[0], radius * this.#view.scale));
    context.globalAlpha = 1;
  }

  /** The size of the brush, where it would paint. */
  ring(point, radius) {
    this.#outlined(this.#circle(point, radius * this.#view.scale), 0.5);
  }

  cross(point) {
    const [x, y] = this.#view.toBox(point);
    this.#outlined(new Path2D(`M${x - CROSS} ${y}h${2 * CROSS}M${x} ${y - CROSS}v${2 * CROSS}`));
  }

  #disc(point, radius, fill, edge) {
    this.hasDrawn = true;
    const circle = this.#circle(point, radius);
    Object.assign(this.#context, { fillStyle: fill, strokeStyle: edge, lineWidth: 3 });
    this.#context.fill(circle);
    this.#context.stroke(circle);
  }

  #outlined(path, weight = 1) {
    this.hasDrawn = true;
    for (const [ink, width] of LINES) {
      Object.assign(this.#context, { strokeStyle: ink, lineWidth: width * weight });
      this.#context.stroke(path);
    }
  }

  #circle(point, radius) {
    const path = new Path2D();
    path.arc(...this.#view.toBox(point), radius, 0, 2 * Math.PI);
    return path;
  }

  #path(points) {
    const path = new Path2D();
    points.forEach((point) => path.lineTo(...this.#view.toBox(point)));
    return path;
  }
}
