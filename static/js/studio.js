// New project, on one page: the photo travels while its zone is drawn. Without this script the photo
// is sent first, and the zone has a page of its own.

import { Refused, sendPhoto } from "./photo_sender.js";
import { shrunk } from "./shrink.js";
import { complain } from "./upload.js";
import { startZone } from "./zone.js";

const form = document.querySelector("[data-photo-form]");
const template = document.querySelector("template[data-studio]");
const progress = document.querySelector("[data-progress]");
const words = progress.dataset;
let current = new AbortController(); // of the photo that was chosen last

document.addEventListener("photo", ({ detail }) => begin(detail));

/** With the photo of this device at once; with the server's, if only it can read the file. */
async function begin(file) {
  current.abort();
  const { signal } = (current = new AbortController());
  form.elements.project_id.value = newId(); // another photo is another project
  tell({ share: 0 }); // from the start: a line that came later would move what is drawn on
  form.dataset.sent = ""; // and so would the frame, if the photo were large in it first
  document.querySelector("[data-drawing]")?.remove();
  const local = await readable(file);
  const sent = send(file, local ?? {}, signal);
  const shown = local ?? ofServer(await sent);
  if (!signal.aborted) open(shown, sent);
}

/** What the server says of the photo; never, when nothing more comes of it. */
async function send(file, size, signal) {
  const told = (news) => signal.aborted || tell(news);
  try {
    const project = await sendPhoto(form, await shrunk(file, size), told, signal);
    told({ done: true });
    return project;
  } catch (error) {
    if (!(error instanceof Refused) && error.name !== "AbortError") throw error;
    if (!signal.aborted) refuse(error.message);
    return new Promise(() => {});
  }
}

function open({ url, width, height }, sent) {
  const drawing = template.content.cloneNode(true).firstElementChild;
  const [editor, image] = [drawing.querySelector("mask-editor"), drawing.querySelector("mask-editor img")];
  Object.assign(editor.dataset, { width, height, draft: form.elements.project_id.value });
  Object.assign(image, { src: url, width, height });
  form.after(drawing);
  startZone(drawing, sent);
  drawing.querySelector("h2").scrollIntoView({ block: "start" });
}

function refuse(text) {
  document.querySelector("[data-drawing]")?.remove();
  delete form.dataset.sent;
  progress.hidden = true;
  complain(text || words.refused);
}

/** In steps of five: each change of the words lays the page out anew, and is read aloud. */
function tell({ share, waits, done }) {
  progress.hidden = false;
  const percent = 5 * Math.floor(20 * share);
  const text = done ? words.done : waits ? words.waits : words.sending.replace("#", percent);
  if (progress.textContent !== text) progress.textContent = text;
}

/** Upright, as every browser shows it. */
async function readable(file) {
  const image = Object.assign(new Image(), { src: URL.createObjectURL(file) });
  try {
    await image.decode();
    return { url: image.src, width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    URL.revokeObjectURL(image.src); // HEIC, in most browsers, or no picture: the server will say
    return null;
  }
}

function ofServer({ photo, width, height }) {
  return { url: photo, width, height };
}

/** As crypto.randomUUID(), which a plain http address in an office's network does not have. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
