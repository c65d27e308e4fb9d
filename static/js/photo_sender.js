// A photo on its way to the server while the hand draws. It goes on trying until there is an answer:
// the form's id makes it one project however often it arrives (projects/views/create.py).

const AGAIN_MS = [1000, 2000, 4000, 8000];

/** The answer to the form, as an object; throws a Refused with what the server says of it. Nothing
 * more is sent, or told, once `signal` says that another photo was chosen. */
export async function sendPhoto(form, photo, told, signal) {
  const body = new FormData(form);
  body.set("photo", photo, photo.name);
  for (let tries = 0; ; tries++) {
    signal.throwIfAborted();
    const answer = await post(form.action, body, (share) => told({ share }), signal);
    if (answer.status === 201) return JSON.parse(answer.text);
    if (answer.status && answer.status < 500 && answer.status !== 429) throw refusalOf(answer);
    told({ waits: true });
    await soon(AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]);
  }
}

export class Refused extends Error {}

/** fetch() says nothing of how far an upload is. */
function post(url, body, progress, signal) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    signal.addEventListener("abort", () => request.abort());
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total));
    request.addEventListener("loadend", () => {
      resolve({ status: request.status, text: request.responseText }); // 0 without a connection
    });
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  });
}

function refusalOf({ text }) {
  try {
    return new Refused(JSON.parse(text).problem);
  } catch {
    return new Refused(""); // signed out, for example: the page itself will say it
  }
}

function soon(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    addEventListener("online", resolve, { once: true });
  });
}
