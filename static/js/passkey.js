// Passkeys: a form with `data-passkey` ("make" or "use") is sent with what the browser's own dialog
// gave. Its button is there where the browser and the address know passkeys: an address of digits
// does not.

const NUMERIC = /^[\d.]+$|^\[/;
const forms = document.querySelectorAll("form[data-passkey]");

if (window.PublicKeyCredential && !NUMERIC.test(location.hostname)) forms.forEach(offer);

function offer(form) {
  for (const hidden of document.querySelectorAll("[data-with-passkeys]")) hidden.hidden = false;
  for (const shown of document.querySelectorAll("[data-without-passkeys]")) shown.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}

async function ask(form) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  say(form, "");
  try {
    const asked = form.dataset.passkey === "make" ? make : use;
    form.elements.credential.value = JSON.stringify(await asked(await optionsOf(form)));
    form.submit();
  } catch (error) {
    say(form, wordsFor(form, error));
  } finally {
    form.ariaBusy = null;
  }
}

/** In the page; for whoever is not signed in, from the server. */
async function optionsOf(form) {
  const inPage = document.getElementById("js_data");
  if (inPage) return Object.values(JSON.parse(inPage.textContent))[0].publicKey;
  const answer = await fetch(form.action, { headers: { accept: "application/json", "x-requested-with": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options.publicKey;
}

async function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials),
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  };
  const made = await navigator.credentials.create({ publicKey });
  return described(made, ["clientDataJSON", "attestationObject"]);
}

async function use(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: listed(options.allowCredentials),
  };
  const used = await navigator.credentials.get({ publicKey });
  return described(used, ["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
}

function listed(credentials = []) {
  return credentials.map((each) => ({ ...each, id: bytes(each.id) }));
}

function described(credential, names) {
  const given = names.filter((name) => credential.response[name]);
  const response = given.map((name) => [name, text(credential.response[name])]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(response),
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function say(form, words) {
  const line = form.querySelector("[role=alert]");
  line.textContent = words;
  line.hidden = !words;
}

/** NotAllowedError is also what a browser says of a dialog that was closed. */
function wordsFor(form, error) {
  const { twice, stopped } = form.dataset;
  return error.name === "InvalidStateError" && twice ? twice : stopped;
}

function bytes(base64url) {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
