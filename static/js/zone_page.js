// The page of a project's zone. Its photo comes as large as the screen shows it; who zooms in gets
// more of it.

import { startZone } from "./zone.js";

const editor = document.querySelector("mask-editor");
const photo = editor.querySelector("img");

editor.addEventListener("view", () => {
  const sizes = `${Math.ceil(editor.view.zoom)}00vw`;
  if (editor.view.zoom > 1 && photo.sizes !== sizes) photo.sizes = sizes;
});

startZone(document);
