// Points are [x, y] in pixels of the image.

export const TAP = 8; // CSS pixels: a shorter way is a tap

export function distance([x0, y0], [x1, y1]) {
  return Math.hypot(x1 - x0, y1 - y0);
}

export function lengthOf(points) {
  return points.slice(1).reduce((sum, point, i) => sum + distance(point, points[i]), 0);
}

export function middle([x0, y0], [x1, y1]) {
  return [(x0 + x1) / 2, (y0 + y1) / 2];
}

export function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
