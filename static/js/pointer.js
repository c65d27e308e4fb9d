// Fingers, mice and pens on the drawing: a tap adds or closes, a drag moves a corner.

const STILL = 10; // a finger that goes further than this is not tapping
const REACH = { mouse: 14 };
const FINGER = 24; // half of what a finger needs to hit

/** `touch-action` lets the page scroll and zoom under the photo; only a held corner keeps it. */
export function followPointer(svg, drawing, polygon) {
  let press = null;

  svg.addEventListener("touchstart", keepFromScrolling, { passive: false });
  svg.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary) press = press?.dragging ? press : null; // two fingers: not a tap
    else if (event.button === 0) begin(event);
  });
  svg.addEventListener("pointermove", (event) => press?.id === event.pointerId && drag(event));
  svg.addEventListener("pointerup", (event) => press?.id === event.pointerId && end(event));
  svg.addEventListener("pointercancel", () => (press = null)); // the page scrolls

  function begin(event) {
    press = { id: event.pointerId, corner: cornerAt(event, event.pointerType), from: event };
    if (press.corner >= 0) svg.setPointerCapture(event.pointerId);
  }

  function drag(event) {
    if (press.corner < 0 || (!press.dragging && isStill(event))) return;
    if (!press.dragging) polygon.grab();
    press.dragging = true;
    polygon.move(press.corner, drawing.at(event));
  }

  function end(event) {
    const { corner, dragging } = press;
    const tapped = !dragging && (event.pointerType === "mouse" || isStill(event));
    press = null;
    if (!tapped) return;
    if (corner === 0) polygon.close();
    else if (corner < 0) polygon.add(drawing.at(event));
  }

  function isStill({ clientX, clientY }) {
    return Math.hypot(clientX - press.from.clientX, clientY - press.from.clientY) < STILL;
  }

  function cornerAt(event, type) {
    return drawing.hit(polygon.corners, drawing.at(event), REACH[type] ?? FINGER);
  }

  function keepFromScrolling(event) {
    const [touch, ...more] = event.touches;
    if (!more.length && cornerAt(touch, "touch") >= 0) event.preventDefault();
  }
}
