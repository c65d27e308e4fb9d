// While a picture is made: ask for the part of the page that changes, at the server's pace.

const region = document.querySelector("[data-live]");
const announcer = document.querySelector("[data-announce]");
const page = document.title;
const LONGEST = 64; // seconds between two tries when nothing answers
const HIDDEN = 20; // a tab in the background asks for its title only
const HIDDEN_FOR = 10 * 60;

let etag = region.dataset.etag;
let pace = 2;
let failures = 0;
let stopped = false;
let leaving = false;
let timer = 0;
let hiddenSince = 0;

addEventListener("online", pollNow);
addEventListener("pageshow", () => (leaving = false));
// A swap now would give back, with a new id, the button that was just pressed.
document.addEventListener("submit", (event) => (leaving = !event.defaultPrevented));
document.addEventListener("visibilitychange", () => {
  hiddenSince = document.hidden ? Date.now() : 0;
  if (!document.hidden) pollNow();
});

startClocks();
setInterval(tick, 1000);
schedule(pace);

function schedule(seconds) {
  clearTimeout(timer);
  if (stopped || tooLongHidden()) return;
  const wait = document.hidden ? Math.max(seconds, HIDDEN) : seconds;
  timer = setTimeout(poll, wait * 1000 * (0.85 + 0.3 * Math.random())); // not all at once
}

function tooLongHidden() {
  return hiddenSince > 0 && Date.now() - hiddenSince > HIDDEN_FOR * 1000;
}

function pollNow() {
  leaving = false;
  if (!stopped) schedule(0);
}

async function poll() {
  if (leaving) return schedule(pace);
  const answer = await ask();
  if (!answer || answer.status === 429 || answer.status >= 500) return backOff(answer);
  failures = 0;
  receive(answer);
  schedule(pace);
}

/** The answer with its text; null without a network, or when it took too long. */
async function ask() {
  const headers = { "If-None-Match": etag };
  const options = { headers, cache: "no-store", signal: AbortSignal.timeout(8000) };
  try {
    const answer = await fetch(region.dataset.live, options);
    return Object.assign(answer, { html: await answer.text() });
  } catch {
    return null;
  }
}

function backOff(answer) {
  failures += 1;
  const asked = Number(answer?.headers.get("Retry-After")) || 0;
  schedule(Math.max(asked, Math.min(LONGEST, 2 ** failures)));
}

function receive(answer) {
  pace = Number(answer.headers.get("X-Poll-After")) || pace;
  if (answer.status === 304 || leaving) return;
  // Signed out, or no longer ours to see: the page itself says so.
  if (answer.redirected || !answer.ok) return reload();
  // Asked again at the same pace, with the old tag: a swap would take what somebody is writing.
  if (isWriting()) return;
  etag = answer.headers.get("ETag") ?? "";
  swap(answer.html);
  stopped ||= answer.headers.has("X-Poll-Stop");
}

function reload() {
  stopped = true;
  location.reload();
}

function swap(html) {
  const before = { said: said(), ready: ready(), focus: keyOf(document.activeElement) };
  const open = openIds();
  region.innerHTML = html;
  showQuota();
  open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  startClocks();
  document.dispatchEvent(new Event("live:swapped"));
  refocus(before.focus);
  const news = said().filter((text) => !before.said.includes(text));
  if (news.length) announcer.textContent = news.join(". ");
  if (ready() > before.ready) document.title = `✓ ${region.dataset.ready} · ${page}`;
}

/** The header is outside of what was swapped: its photos came behind that. */
function showQuota() {
  const template = region.querySelector("template");
  if (!template) return; // a server of the release before
  template.remove();
  document.querySelector(".quota").replaceWith(template.content);
}

function isWriting() {
  const fields = [...region.querySelectorAll("textarea")];
  return fields.some((field) => field.value !== field.defaultValue);
}

function openIds() {
  return [...region.querySelectorAll("details[open][id]")].map((details) => details.id);
}

function said() {
  return [...region.querySelectorAll("[data-say]")].map(({ dataset }) => dataset.say);
}

function ready() {
  return region.querySelectorAll(".chip.ready").length;
}

/** What tells a control from the others, before and after a swap. */
function keyOf(element) {
  if (!region.contains(element)) return "";
  const { id, dataset, value } = element;
  return id || dataset.share || value || element.getAttribute("href") || "";
}

function refocus(key) {
  if (!key) return;
  const controls = [...region.querySelectorAll("a, button, input, textarea, select")];
  controls.find((control) => keyOf(control) === key)?.focus({ preventScroll: true });
}

/** Counts on from the server's own words: the clock of this machine may be wrong. */
function startClocks() {
  for (const time of region.querySelectorAll("[data-since]")) {
    const [seconds, minutes = 0] = time.textContent.match(/\d+/g).map(Number).reverse();
    time.dataset.since = Date.now() - 1000 * (60 * minutes + seconds);
  }
}

function tick() {
  for (const time of region.querySelectorAll("[data-since]")) {
    const gone = Math.max(0, Math.floor((Date.now() - time.dataset.since) / 1000));
    const [minutes, seconds] = [Math.floor(gone / 60), gone % 60];
    time.textContent = minutes
      ? `${minutes} min ${String(seconds).padStart(2, "0")} s`
      : `${seconds} s`;
    tellLate(time.closest("[data-late]"), gone);
  }
}

/** Most pictures were ready by now. */
function tellLate(job, gone) {
  if (!job) return;
  const late = gone >= Number(job.dataset.late);
  job.querySelectorAll("[data-in-time]").forEach((text) => (text.hidden = late));
  job.querySelectorAll("[data-overdue]").forEach((text) => (text.hidden = !late));
}
