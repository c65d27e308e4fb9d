// A path with fewer points that leaves the first one nowhere by more than `tolerance`
// (Ramer, Douglas and Peucker).

export function simplified(points, tolerance) {
  const kept = new Set([0, points.length - 1]);
  const open = [[0, points.length - 1]];
  while (open.length) {
    const [from, to] = open.pop();
    const [far, distance] = farthest(points, from, to);
    if (distance <= tolerance) continue;
    kept.add(far);
    open.push([from, far], [far, to]);
  }
  return points.filter((_, index) => kept.has(index));
}

function farthest(points, from, to) {
  let best = [from, 0];
  for (let i = from + 1; i < to; i++) {
    const distance = distanceTo(points[i], points[from], points[to]);
    if (distance > best[1]) best = [i, distance];
  }
  return best;
}

/** From a point to a line's piece. */
function distanceTo([x, y], [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const along = length && Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / length, 0), 1);
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}
