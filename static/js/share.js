// A share page, and the agency's page of links: nothing is sent twice, addresses are copied.

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-send]")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
// After "Back" the page may be as it was left.
addEventListener("pageshow", () => {
  document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.querySelectorAll("details.act").forEach((act) =>
  act.addEventListener("toggle", () => act.open && act.querySelector("input")?.focus()),
);
document.querySelector("[autofocus]")?.focus();

document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => copy(button, addressBeside(button)));
});

// The phone's own share sheet; where there is none, copying is what remains.
document.querySelectorAll("[data-share-sheet]").forEach((button) => {
  if (!navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => share(button));
});

async function share(button) {
  const { title, text } = button.dataset;
  try {
    await navigator.share({ title, text, url: addressBeside(button).value });
  } catch (refusal) {
    if (refusal.name !== "AbortError") throw refusal; // closed without choosing anybody
  }
}

async function copy(button, field) {
  field.select();
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
  else document.execCommand("copy"); // a page without TLS, in a local network
  const label = button.textContent;
  button.textContent = button.dataset.copy;
  setTimeout(() => (button.textContent = label), 2000);
}

function addressBeside(button) {
  return button.closest(".copy").querySelector("input");
}
