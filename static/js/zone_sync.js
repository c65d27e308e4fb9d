// The zone that is being drawn, at the server (projects/drafts.py). A try that fails says nothing: the
// zone is kept on this device, and the next try is soon.

import { scaled } from "./mask/operations.js";

const EVERY_MS = 5000;
const MOST_ON_LEAVING = 60_000; // browsers send 64 kB for a page that is left

export class Sync {
  #form;
  #width;
  #sent;
  #saved;
  #wanted = null;
  #isRunning = false;

  /** `saved` is told of what the server keeps: since when, and the list. */
  constructor(editor, sent, saved) {
    this.#form = editor.closest("form");
    this.#width = editor.size.width;
    this.#sent = sent;
    this.#saved = saved;
  }

  save(list) {
    this.#wanted = list;
    if (!this.#isRunning) this.#run();
  }

  rest() {
    this.#wanted = null;
  }

  async #run() {
    this.#isRunning = true;
    while (this.#wanted) {
      const list = this.#wanted;
      const isDone = navigator.onLine && (await this.#put(list));
      if (isDone && this.#wanted === list) this.#wanted = null;
      await soon();
    }
    this.#isRunning = false;
  }

  /** Whether there is no more to it; a refusal would come again. */
  async #put(list) {
    const { zone, width } = (await this.#sent) ?? { zone: location.pathname, width: this.#width };
    const { form_id: id, csrfmiddlewaretoken: token } = this.#form.elements;
    const body = JSON.stringify({ form_id: id.value, operations: scaled(list, width / this.#width) });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token.value };
    const keepalive = document.hidden && body.length < MOST_ON_LEAVING;
    const options = { method: "PUT", headers, body, keepalive, redirect: "manual" };
    try {
      const answer = await fetch(`${zone}/brouillon`, options);
      if (answer.ok) this.#saved((await answer.json()).saved_at, list);
      return answer.status !== 429 && answer.status < 500;
    } catch {
      return false; // no connection: it is tried again
    }
  }
}

/** Also when the page is left: the rest of the zone may be drawn elsewhere. */
function soon() {
  return new Promise((resolve) => {
    setTimeout(resolve, EVERY_MS);
    document.addEventListener("visibilitychange", resolve, { once: true });
  });
}
