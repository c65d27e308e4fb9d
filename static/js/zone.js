// A zone being drawn: the editor, its tools, the table of corners, and what is sent. The form sends
// `operations` as the editor keeps them, and `mask`, the PNG made of them; without JavaScript or a
// drawing the table of corners counts (projects/forms.py).

import "./mask/editor.js";
import { CornerTable } from "./corner_table.js";
import { cornersOf, parsed } from "./mask/operations.js";
import { Draft } from "./zone_draft.js";
import { sendWithMask } from "./zone_send.js";
import { showTools } from "./zone_tools.js";

// In percent, as DEFAULT_CORNERS of projects/forms.py.
const SHAPE = [[30, 58], [70, 58], [82, 88], [18, 88]];

/** `sent` is the promise of a photo that is still on its way: of the project's addresses and size. */
export function startZone(root, sent = null) {
  const editor = root.querySelector("mask-editor");
  const draft = new Draft(editor.dataset.draft, editor.size);
  const table = new CornerTable(root.querySelector("[data-corners]"), editor.size, (corners) => {
    if (corners.length > 2) editor.replace(corners);
  });
  const state = root.querySelector("[data-state]");
  const zone = new Zone({ editor, draft, table, state });
  const inPixels = ([left, top]) => [(left * editor.size.width) / 100, (top * editor.size.height) / 100];

  showTools(root, editor, () => editor.replace(SHAPE.map(inPixels)));
  sendWithMask(editor.closest("form"), editor, draft, sent);
  tellPosition(root, editor);
  zone.begin();
}

class Zone {
  #measuring = 0;

  constructor({ editor, draft, table, state }) {
    Object.assign(this, { editor, draft, table, state });
    this.input = editor.closest("form").elements.operations;
    editor.addEventListener("change", () => this.#changed());
    editor.addEventListener("hint", ({ detail }) => this.#say(state.dataset[detail.about]));
  }

  /** What was refused, else what is kept on this device, else the zone of an earlier picture. */
  begin() {
    const [sent, refused] = [parsed(this.input.value), "restore" in this.editor.dataset];
    const list = refused ? sent : (this.draft.read() ?? sent);
    if (list) this.editor.operations.restore(list);
    else if (refused && this.table.read().length > 2) this.editor.replace(this.table.read());
    else this.#changed();
  }

  #changed() {
    const { list } = this.editor.operations;
    this.input.value = list.length ? JSON.stringify(list) : "";
    this.table.write(cornersOf(list));
    this.draft.write(list);
    clearTimeout(this.#measuring);
    this.#measuring = setTimeout(() => this.#measure(), 50);
  }

  #measure() {
    const { none, covered } = this.state.dataset;
    const percent = 100 * this.editor.coverage;
    const shown = percent < 1 ? percent.toFixed(1) : String(Math.round(percent));
    this.#say(percent ? covered.replace("#", shown) : none);
  }

  #say(text) {
    if (text && this.state.textContent !== text) this.state.textContent = text;
  }
}

function tellPosition(root, editor) {
  const position = root.querySelector("[data-position]");
  const help = root.querySelector("[data-keys]");
  editor.addEventListener("position", ({ detail }) => (position.textContent = detail.text));
  // It stays: what is below would slip away from under the mouse that takes the focus away.
  editor.addEventListener("cross", ({ detail }) => detail.seen && (help.hidden = false));
}
