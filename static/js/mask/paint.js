// Operations on a canvas: the same hand for the screen and for the file that is sent. The caller's
// transform leads from pixels of the working image to the canvas. What is painted is opaque.

const [paths, boxes] = [new WeakMap(), new WeakMap()]; // an operation never changes
const NOTHING = [Infinity, Infinity, -Infinity, -Infinity];

export function paint(context, list, size) {
  for (const operation of list) apply(context, operation, size);
  context.globalCompositeOperation = "source-over";
}

/** [left, top, right, bottom] of all that may be covered, in pixels of the working image. */
export function extent(list, { width, height }) {
  return list.reduce((box, operation) => {
    const before = operation.t === "c" || operation.a ? NOTHING : box;
    if (operation.t === "i") return [0, 0, width, height];
    return operation.p && !operation.x ? around(before, boxOf(operation)) : before;
  }, NOTHING);
}

function apply(context, operation, size) {
  if (operation.t === "c" || operation.a) clear(context);
  if (operation.t === "i") invert(context, size);
  context.globalCompositeOperation = operation.x ? "destination-out" : "source-over";
  if (operation.t === "f") context.fill(pathOf(operation));
  if (operation.t === "s") drawStroke(context, operation);
}

function drawStroke(context, operation) {
  // A stroke of no length paints nothing in Chromium, though its ends are round: a disc instead.
  if (operation.p.length === 2) return context.fill(pathOf(operation));
  Object.assign(context, { lineWidth: 2 * operation.r, lineCap: "round", lineJoin: "round" });
  context.stroke(pathOf(operation));
}

function pathOf(operation) {
  if (!paths.has(operation)) paths.set(operation, makePath(operation));
  return paths.get(operation);
}

function boxOf(operation) {
  if (!boxes.has(operation)) boxes.set(operation, makeBox(operation));
  return boxes.get(operation);
}

function makeBox({ p, r = 0 }) {
  let box = NOTHING;
  for (let i = 0; i < p.length; i += 2) box = around(box, [p[i], p[i + 1], p[i], p[i + 1]]);
  return [box[0] - r, box[1] - r, box[2] + r, box[3] + r];
}

function around(a, b) {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

function makePath({ t, p, r }) {
  const path = new Path2D();
  if (t === "s" && p.length === 2) path.arc(p[0], p[1], r, 0, 2 * Math.PI);
  else for (let i = 0; i < p.length; i += 2) path.lineTo(p[i], p[i + 1]);
  if (t === "f") path.closePath();
  return path;
}

function clear(context) {
  context.save();
  context.resetTransform();
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
}

function invert(context, { width, height }) {
  context.globalCompositeOperation = "xor";
  context.fillRect(0, 0, width, height);
}
