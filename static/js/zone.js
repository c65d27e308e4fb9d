// Drawing the zone. The form sends `points`, `[[x, y], …]` in pixels of the working image, as
// projects/forms.py reads it; while that is empty, the table of corners counts.

import { CornerTable } from "./corner_table.js";
import { Drawing } from "./drawing.js";
import { followKeys } from "./keys.js";
import { followPointer } from "./pointer.js";
import { Polygon } from "./polygon.js";

// In percent, as DEFAULT_CORNERS of projects/forms.py.
const SHAPE = [[30, 58], [70, 58], [82, 88], [18, 88]];

const editor = document.querySelector("[data-editor]");
const svg = editor.querySelector("svg");
const state = document.querySelector("[data-state]");
const tools = document.querySelector("[data-tools]");
const input = document.querySelector("input[name=points]");
const size = { width: Number(editor.dataset.width), height: Number(editor.dataset.height) };

const polygon = new Polygon(show);
const drawing = new Drawing(svg, size);
const table = new CornerTable(size, (corners) => polygon.replace(corners));
const cross = followKeys(editor, size, drawing, polygon, show);

const ACTIONS = {
  undo: () => polygon.undo(),
  clear: () => polygon.clear(),
  close: () => polygon.close(),
  shape: () => polygon.replace(SHAPE.map(inPixels)),
};

followPointer(svg, drawing, polygon);
tools.hidden = false;
tools.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tool]");
  if (button) ACTIONS[button.dataset.tool]();
});
new ResizeObserver(show).observe(editor);
// After "Back" the browser may bring back what was drawn.
addEventListener("pageshow", () => polygon.corners.length || restore(drawn()));
begin();

/** What was refused comes back; else nothing is drawn, and the table must not say otherwise. */
function begin() {
  if ("restore" in editor.dataset) restore(drawn() ?? table.read());
  show();
}

function restore(corners) {
  if (corners?.length) polygon.restore(corners);
}

function drawn() {
  try {
    const corners = JSON.parse(input.value);
    return corners.every(isCorner) ? corners.map((corner) => drawing.inside(corner)) : null;
  } catch {
    return null; // empty, or not ours
  }
}

function isCorner(corner) {
  return Array.isArray(corner) && corner.length === 2 && corner.every(Number.isFinite);
}

function inPixels([left, top]) {
  return drawing.inside([(left * size.width) / 100, (top * size.height) / 100]);
}

function show() {
  const { corners } = polygon;
  drawing.paint(polygon, cross.seen && cross.at);
  table.write(corners);
  input.value = corners.length ? JSON.stringify(corners) : "";
  tell(corners.length);
  allow("undo", polygon.canUndo);
  allow("clear", corners.length > 0);
  allow("close", polygon.canClose);
}

function tell(count) {
  const { none, open, more, closed } = state.dataset;
  const enough = polygon.closed ? closed : more;
  const text = count === 0 ? none : count < 3 ? open : enough;
  state.textContent = text.replace("#", count);
}

/** Not `disabled`, which would take the focus of the button that was just pressed. */
function allow(tool, can) {
  tools.querySelector(`[data-tool=${tool}]`).setAttribute("aria-disabled", String(!can));
}
