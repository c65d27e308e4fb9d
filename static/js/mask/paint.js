// Operations on a canvas: the same hand for the screen and for the file that is sent. The caller's
// transform leads from pixels of the working image to the canvas. What is painted is opaque.

const paths = new WeakMap(); // an operation never changes

export function paint(context, list, size) {
  for (const operation of list) apply(context, operation, size);
  context.globalCompositeOperation = "source-over";
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
