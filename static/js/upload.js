// New project: the photo is seen, or at least named, before it is sent. Tells the document of each
// photo that may be sent (`photo`).

const MAX_BYTES = 40 * 2 ** 20; // integrations/doors/images.py refuses more

const drop = document.querySelector("[data-drop]");
const input = drop.querySelector("input[type=file]");
const preview = drop.querySelector("[data-preview]");
const name = drop.querySelector("[data-name]");
const problem = document.querySelector("[data-problem]");
const empty = { picture: preview.src, text: name.textContent };

drop.classList.add("on"); // from here on the photo's name is ours to show
input.addEventListener("change", show);
addEventListener("pageshow", () => input.files.length && show()); // kept over a reload
preview.addEventListener("error", forgetPreview); // HEIC, in most browsers

// On the whole page: a photo that misses the frame would replace the page.
document.addEventListener("dragover", over);
document.addEventListener("dragleave", (event) => event.relatedTarget || mark(false));
document.addEventListener("drop", dropped);
document.addEventListener("paste", (event) => take(event.clipboardData.files, event));

function over(event) {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  mark(true);
}

function dropped(event) {
  mark(false);
  take(event.dataTransfer.files, event);
}

function mark(isOver) {
  drop.classList.toggle("over", isOver);
}

/** Puts the first file into the field: a field for one file would send all that it is given. */
function take(files, event) {
  if (!files.length) return;
  event.preventDefault();
  const one = new DataTransfer();
  one.items.add(files[0]);
  input.files = one.files;
  show();
}

function show() {
  const [file] = input.files;
  forgetPreview();
  forgetRefusal();
  name.textContent = file ? `${file.name} · ${size(file.size)}` : empty.text;
  if (file && file.size <= MAX_BYTES) preview.src = URL.createObjectURL(file);
  const tooBig = file && file.size > MAX_BYTES;
  complain(tooBig ? problem.dataset.tooBig : "");
  if (file && !tooBig) document.dispatchEvent(new CustomEvent("photo", { detail: file }));
}

function forgetPreview() {
  if (preview.src.startsWith("blob:")) URL.revokeObjectURL(preview.src);
  if (preview.src !== empty.picture) preview.src = empty.picture;
}

/** What the server said of the photo before this one. */
function forgetRefusal() {
  const field = drop.closest(".field");
  field.querySelectorAll(".errorlist:not([data-problem])").forEach((list) => list.remove());
}

export function complain(text) {
  problem.textContent = text;
  input.setCustomValidity(text);
  drop.closest(".field").classList.toggle("wrong", Boolean(text));
}

function size(bytes) {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : [bytes / 1e6, "megabyte"];
  const format = { style: "unit", unit, maximumFractionDigits: unit === "megabyte" ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(value);
}
