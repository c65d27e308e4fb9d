// The colour picker beside the field: each follows the other. What is typed is judged by the server.
const field = document.querySelector("[data-accent] #id_accent");
const picker = document.querySelector("[data-accent] [type=color]");
const COLOUR = /^#[0-9a-f]{6}$/i;

function follow() {
  const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
  picker.value = [field.value.trim(), accent].find((one) => COLOUR.test(one)) ?? "#000000";
}

picker.hidden = false;
follow();
field.addEventListener("input", follow);
picker.addEventListener("input", () => { field.value = picker.value; });
