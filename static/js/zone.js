// A zone being drawn: the editor, its tools, the table of corners, and what is sent. The form sends
// `operations` as the editor keeps them, and `mask`, the PNG made of them; without JavaScript or a
// drawing the table of corners counts (projects/forms.py).

import "./mask/editor.js";
import { cornersOf, parsed } from "./mask/operations.js";
import { Draft } from "./zone_draft.js";
import { sendWithMask } from "./zone_send.js";
import { showTools } from "./zone_tools.js";

// In percent, as DEFAULT_CORNERS of projects/forms.py.
const SHAPE = [[32, 68], [68, 68], [82, 92], [18, 92]];

/** `sent` is the promise of a photo that is still on its way: of the project's addresses and size. */
export function startZone(root, sent = null) {
  const editor = root.querySelector("mask-editor");
  const offer = (whose, list) => offerDraft(root, editor, whose, list);
  const draft = new Draft(editor, sent, offer);
  const table = new Corners(root.querySelector("[data-corners]"), editor);
  const state = root.querySelector("[data-state]");
  const zone = new Zone({ editor, draft, table, state });
  const inPixels = ([left, top]) => [(left * editor.size.width) / 100, (top * editor.size.height) / 100];

  showTools(root, editor, () => editor.replace(SHAPE.map(inPixels)));
  sendWithMask(editor.closest("form"), editor, draft, sent);
  tellPosition(root, editor);
  zone.begin();
}

/** The table of corners, loaded when it is opened: few type where they can draw. */
class Corners {
  #details;
  #editor;
  #table = null;
  #known = null;

  constructor(details, editor) {
    this.#details = details;
    this.#editor = editor;
    details.addEventListener("toggle", () => this.load());
  }

  /** A table that is closed is empty: what it holds without JavaScript is not what was drawn. */
  write(corners) {
    this.#known = corners;
    if (this.#table) this.#table.write(corners);
    else this.#details.querySelectorAll("input").forEach((input) => (input.value = ""));
  }

  /** What was typed before it was there, or came with the page that was refused, is the zone. */
  async load() {
    const module = await import("./corner_table.js").catch(() => null);
    if (!module || this.#table) return; // without a connection its rows are only rows
    const typed = (corners) => corners.length > 2 && this.#editor.replace(corners);
    this.#table = new module.CornerTable(this.#details, this.#editor.size, typed);
    this.#table.tell();
    if (this.#known?.length) this.#table.write(this.#known);
  }
}

class Zone {
  #measuring = 0;

  constructor({ editor, draft, table, state }) {
    Object.assign(this, { editor, draft, table, state });
    this.input = editor.closest("form").elements.operations;
    editor.addEventListener("change", () => this.#changed());
    editor.addEventListener("hint", ({ detail }) => this.#say(state.dataset[detail.about]));
  }

  /** What was refused, else what is kept on a device, else the zone of an earlier picture. */
  async begin() {
    const [sent, refused] = [parsed(this.input.value) ?? [], "restore" in this.editor.dataset];
    const list = refused ? sent : this.draft.begin(sent);
    if (list.length) this.editor.operations.restore(list);
    if (refused && !list.length) await this.table.load();
    if (!this.editor.operations.list.length) this.#changed();
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
    this.#say(percent ? covered.replace("#", percent.toFixed(percent < 1 ? 1 : 0)) : none);
  }

  #say(text) {
    if (text && this.state.textContent !== text) this.state.textContent = text;
  }
}

/** The draft that does not go on, in one tap, and back in another. */
function offerDraft(root, editor, whose, list) {
  for (const button of root.querySelectorAll("[data-draft-of]")) {
    button.hidden = button.dataset.draftOf !== whose;
    button.onclick = () => {
      const before = editor.operations.list;
      editor.operations.restore(list);
      offerDraft(root, editor, whose === "here" ? "other" : "here", before);
    };
  }
}

function tellPosition(root, editor) {
  const position = root.querySelector("[data-position]");
  const help = root.querySelector("[data-keys]");
  editor.addEventListener("position", ({ detail }) => (position.textContent = detail.text));
  // It stays: what is below would slip away from under the mouse that takes the focus away.
  const show = (seen) => seen && (help.hidden = false);
  editor.addEventListener("cross", ({ detail }) => show(detail.seen));
  show(editor.hasAttribute("data-keyboard")); // who was there before this script
}
