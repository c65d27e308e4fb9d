// Every page: a form is sent once, and a refusal is read first.

const BUSY = "aria-busy";

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("form[data-once]")) return;
  if (isBusy(event.target)) event.preventDefault();
  else hold(event.target, event.submitter);
});

// Also after "Back", when the browser shows the page as it was left.
addEventListener("pageshow", () => {
  document.querySelectorAll(`form[${BUSY}]`).forEach(release);
});

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

function focusRefusal() {
  // `autofocus` alone is passed over when the address has a fragment.
  document.querySelector(".refusal[tabindex]")?.focus();
}
