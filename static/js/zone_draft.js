// What is drawn stays on this device until it was sent: over a reload, a dead battery, a closed tab.
// With the photo's width: the page that draws further may have it in another size. The server keeps
// it too (zone_sync.js), so that another device goes on with it: the newer of the two counts, and the
// other one is offered.

import { parsed, scaled } from "./mask/operations.js";

const LATER_MS = 400;
// Width, when it was changed, when the server's draft was kept that it came from, operations.
const KEPT = /^(\d+):(?:(\d+):(\d+):)?(.*)$/s;

export class Draft {
  #key;
  #width;
  #base; // when the server kept the draft that this page knows; 0 without one
  #list = [];
  #later = 0;
  #sync = null;
  #editor;
  #sent;
  #offer;

  /** `offer` is told of a draft that does not go on: whose it is, and its list. */
  constructor(editor, sent, offer) {
    this.#key = `zone:${editor.dataset.draft}`;
    this.#width = editor.size.width;
    this.#base = Number(editor.dataset.drafted ?? 0);
    this.#editor = editor;
    this.#sent = sent;
    this.#offer = offer;
    // Another tab drew: it keeps its zone at the same place.
    addEventListener("storage", ({ key }) => key === this.#key && this.#elsewhere());
  }

  /** The list to go on with: the one that this device kept, or the one that came with the page. */
  begin(served) {
    const [here, base] = [this.#read(), this.#base];
    const mine = here && isNewer(here, base);
    if (here && base && here.base !== base) this.#tell(mine ? "other" : "here", here.list, served);
    if (mine && here.at !== here.base) this.#send(here.list);
    return (this.#list = mine ? here.list : served);
  }

  write(list) {
    if (list === this.#list || !(list.length || this.#list.length)) return;
    this.#list = list;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      this.#keep(Date.now());
      this.#send(list);
    }, LATER_MS);
  }

  /** The form is on its way: what it holds is about to be no draft. */
  rest() {
    this.#sync?.rest();
  }

  forget() {
    clearTimeout(this.#later);
    this.#try(() => localStorage.removeItem(this.#key));
  }

  /** Loaded when there is something to send: a page that is only looked at does without. */
  async #send(list) {
    const module = await import("./zone_sync.js").catch(() => null);
    if (!module) return addEventListener("online", () => this.#send(this.#list), { once: true });
    this.#sync ??= new module.Sync(this.#editor, this.#sent, (at, kept) => this.#synced(at, kept));
    this.#sync.save(list);
  }

  #tell(whose, here, served) {
    const same = JSON.stringify(here) === JSON.stringify(served);
    if (!same) this.#offer(whose, whose === "here" ? here : served);
  }

  #elsewhere() {
    const here = this.#read();
    if (here) this.#tell("here", here.list, this.#list);
  }

  #synced(at, list) {
    this.#base = at;
    if (list === this.#list) this.#keep(at);
  }

  #read() {
    const kept = this.#try(() => localStorage.getItem(this.#key)?.match(KEPT));
    const [, width, at = 1, base = 0, text] = kept ?? [];
    const list = parsed(text);
    return list && { at: Number(at), base: Number(base), list: scaled(list, this.#width / width) };
  }

  #keep(at) {
    if (!this.#list.length) return this.forget();
    const text = [this.#width, at, this.#base, JSON.stringify(this.#list)].join(":");
    this.#try(() => localStorage.setItem(this.#key, text));
  }

  /** A private window may have no storage, or one that is full: the drawing goes on without. */
  #try(access) {
    try {
      return access();
    } catch (error) {
      console.info("The zone is not kept on this device:", error.name);
      return null;
    }
  }
}

/** Than the server's draft. What the server had, and has no more, was sent or cleared elsewhere. */
function isNewer(here, base) {
  if (here.at === here.base && !base) return false;
  return here.base === base || here.at > base;
}
