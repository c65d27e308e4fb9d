// Every page: a form is sent once, a refusal is read first, and what a field lacks is said in the
// language of the page, where the browser would say it in its own.

const BUSY = "aria-busy";
const told = new Set(); // fields that hold our words

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("form[data-once]")) return;
  if (isBusy(event.target)) event.preventDefault();
  else hold(event.target, event.submitter);
});

// Also after "Back", when the browser shows the page as it was left.
addEventListener("pageshow", () => {
  document.querySelectorAll(`form[${BUSY}]`).forEach(release);
});

// They hold the form back: gone before it is looked at again, and before the field's own listeners.
document.addEventListener("invalid", ({ target }) => tell(target), true);
document.addEventListener("input", untell, true);
document.addEventListener("click", untell, true);

focusRefusal();

export function isBusy(form) {
  return form.hasAttribute(BUSY);
}

/** The form is on its way: its buttons wait, the pressed one says so. */
export function hold(form, submitter) {
  form.setAttribute(BUSY, "true");
  // Later: a button that is disabled already when the form is read does not send its value.
  setTimeout(() => buttonsOf(form).forEach((button) => disable(button, button === submitter)));
}

function disable(button, pressed) {
  button.disabled = true;
  button.dataset.held = "";
  // Firefox would keep it disabled over a reload.
  button.setAttribute("autocomplete", "off");
  if (pressed && button.dataset.busy) {
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.busy;
  }
}

export function release(form) {
  form.removeAttribute(BUSY);
  form.querySelectorAll("button[data-held]").forEach(enable);
}

function enable(button) {
  button.disabled = false;
  delete button.dataset.held;
  if ("label" in button.dataset) button.textContent = button.dataset.label;
  delete button.dataset.label;
}

/** The ones that send; a button that the server disabled stays as it is. */
function buttonsOf(form) {
  return [...form.elements].filter((element) => element.type === "submit" && !element.disabled);
}

/** The words are those of the nearest `data-valuemissing`, or what else its `validity` complains of. */
function tell(field) {
  field.closest("details")?.setAttribute("open", ""); // nothing is said of a field that is folded up
  for (const fault in field.validity) {
    const name = `data-${fault}`;
    const words = field.validity[fault] && field.closest(`[${name}]`)?.getAttribute(name);
    if (!words) continue;
    field.setCustomValidity(words);
    told.add(field);
  }
}

function untell() {
  for (const field of told) field.setCustomValidity("");
  told.clear();
}

function focusRefusal() {
  // `autofocus` alone is passed over when the address has a fragment.
  document.querySelector(".refusal[tabindex]")?.focus();
}
