// Without a connection a form or a link would lead to the browser's own page, where nothing can be
// tapped: the page stays, and says so.

const told = document.querySelector("[data-offline]");

// Before all other listeners: a form that is not sent is not busy either.
document.addEventListener("submit", stay, true);
document.addEventListener("click", (event) => leads(event.target) && stay(event), true);
addEventListener("online", () => (told.hidden = true));

function leads(element) {
  return element.closest("a[href]:not([href^='#'])");
}

function stay(event) {
  if (navigator.onLine) return;
  event.preventDefault();
  told.hidden = false;
}
