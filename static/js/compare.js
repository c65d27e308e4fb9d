// Before and after on top of each other, parted by a handle. Without this, one under the other.

// By what is compared: the page is swapped while another picture is made, and the handle stays.
const shares = new Map();

document.addEventListener("live:swapped", startAll);
startAll();

function startAll() {
  document.querySelectorAll("[data-compare]:not(.on)").forEach(start);
}

function start(figure) {
  const pair = figure.querySelector(".pair");
  if (!pair) return; // the photo is gone: there is nothing to compare with
  const range = figure.querySelector("input[type=range]");
  const compared = [...pair.querySelectorAll("img")].map((image) => image.src).join(" ");
  const show = (share) => {
    shares.set(compared, share);
    paint(figure, range, share);
  };
  figure.classList.add("on");
  figure.querySelectorAll("[hidden]").forEach((part) => (part.hidden = false));
  range.addEventListener("input", () => show(Number(range.value)));
  buttonsOf(figure).forEach((button) =>
    button.addEventListener("click", () => show(Number(button.dataset.share))),
  );
  followPointer(pair, range, show);
  show(shares.get(compared) ?? Number(range.value));
}

/** `share` is what is seen of the picture after; it lies on the right. */
function paint(figure, range, share) {
  const rounded = Math.round(share);
  range.value = rounded;
  range.setAttribute("aria-valuetext", range.dataset.text.replace("#", rounded));
  range.parentElement.style.setProperty("--share", `${100 - share}%`);
  buttonsOf(figure).forEach((button) =>
    button.setAttribute("aria-pressed", String(Number(button.dataset.share) === rounded)),
  );
}

function buttonsOf(figure) {
  return figure.querySelectorAll("[data-share]");
}

/** The whole picture is the slider; a vertical swipe stays the page's (touch-action: pan-y). */
function followPointer(pair, range, show) {
  let press = null;
  const move = (event) => {
    const box = pair.getBoundingClientRect();
    show(100 - Math.min(100, Math.max(0, (100 * (event.clientX - box.left)) / box.width)));
  };
  pair.addEventListener("mousedown", (event) => event.preventDefault()); // no dragging of images
  pair.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    press = { from: event, sideways: event.pointerType === "mouse" };
    pair.setPointerCapture(event.pointerId);
    range.focus({ preventScroll: true });
    if (press.sideways) move(event);
  });
  pair.addEventListener("pointermove", (event) => {
    if (!press || !event.isPrimary) return;
    press.sideways ||= isSideways(press.from, event);
    if (press.sideways) move(event);
  });
  pair.addEventListener("pointerup", (event) => {
    if (press && event.isPrimary) move(event); // a tap as well
    press = null;
  });
  pair.addEventListener("pointercancel", () => (press = null)); // the page scrolls
}

/** A finger that goes up or down is about to scroll. */
function isSideways(from, { clientX, clientY }) {
  const [across, along] = [Math.abs(clientX - from.clientX), Math.abs(clientY - from.clientY)];
  return across > 4 && across > along;
}
