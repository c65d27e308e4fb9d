// The form with its mask, sent until it arrives: its id makes it one picture however often it is
// sent (projects/views/zone.py). What the server refuses is sent once more as the browser does it, so
// that the page with the refusal is shown.

import { hold, isBusy, release } from "./forms.js";
import { scaled } from "./mask/operations.js";

const AGAIN_MS = 3000;
const SCRIPT = { Accept: "application/json" }; // of what is accepted the page is not sent twice
const WORTH_REPEATING = [429, 502, 503, 504];

export function sendWithMask(form, editor, draft, sent) {
  const notice = form.querySelector("[data-offline]");
  let asBrowsersDo = false;

  addEventListener("pageshow", () => (asBrowsersDo = false));
  form.addEventListener("submit", async (event) => {
    if (asBrowsersDo) return;
    event.preventDefault();
    if (isBusy(form)) return;
    hold(form, event.submitter);
    draft.rest();
    const project = await sent;
    if (project) form.action = project.zone;
    if (!editor.operations.list.length) return sendPlainly(); // the table's zone, or a refusal
    const mask = await maskOf(project ?? editor.size);
    const answer = await arrived(form, mask, notice);
    if (answer.status === 201) accepted(answer.headers.get("Location"));
    // Who was signed out meanwhile is led to the sign-in, and finds the drawing again after it.
    else if (answer.ok) location.assign(answer.url);
    else sendPlainly(mask);
  });
  editor.addEventListener("change", () => import("./mask/png.js").catch(() => {}), { once: true });

  /** In the size that the photo has at the server. */
  async function maskOf(size) {
    const list = scaled(editor.operations.list, size.width / editor.size.width);
    form.elements.operations.value = JSON.stringify(list);
    const { maskPng } = await press(notice);
    return new File([await maskPng(list, size)], "zone.png", { type: "image/png" });
  }

  function accepted(project) {
    draft.forget();
    location.assign(project);
  }

  function sendPlainly(...masks) {
    const files = new DataTransfer();
    masks.forEach((mask) => files.items.add(mask));
    form.elements.mask.files = files.files;
    asBrowsersDo = true;
    // Later: a form that is asked to send itself while it tells of being sent does nothing.
    setTimeout(() => {
      release(form);
      form.requestSubmit();
    });
  }
}

/** What makes the mask is here since the first gesture; else it comes with the connection. */
async function press(notice) {
  for (;;) {
    const module = await import("./mask/png.js").catch(() => null);
    if (module) return module;
    notice.hidden = false;
    await soon();
  }
}

async function arrived(form, mask, notice) {
  const body = new FormData(form);
  body.set("mask", mask);
  for (;;) {
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: SCRIPT });
      if (!WORTH_REPEATING.includes(answer.status)) return answer;
    } catch {
      // No connection: it is told, and tried again.
    }
    notice.hidden = false;
    await soon();
  }
}

function soon() {
  return new Promise((resolve) => {
    setTimeout(resolve, AGAIN_MS);
    addEventListener("online", resolve, { once: true });
  });
}
