// The zone as an exact mask: a PNG of 8-bit grey in the size of the working image, 255 where the
// zone is and 0 elsewhere. Painted in strips, so that no canvas is too large for a phone.

import { paint } from "./paint.js";

const STRIP = 4_000_000; // pixels
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const GREY_8 = [8, 0, 0, 0, 0]; // bits, grey, deflate, adaptive filters, not interlaced
const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

export async function maskPng(list, size) {
  if (!globalThis.CompressionStream) return coarsePng(list, size);
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, size.width);
  view.setUint32(4, size.height);
  head.set(GREY_8, 8);
  const body = new Uint8Array(await new Response(deflated(list, size)).arrayBuffer());
  const parts = [chunk("IHDR", head), chunk("IDAT", body), chunk("IEND", new Uint8Array())];
  return new Blob([new Uint8Array(SIGNATURE), ...parts], { type: "image/png" });
}

/** Of browsers before 2023, by the canvas itself: in colour, which the server makes grey. */
function coarsePng(list, { width, height }) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.fillStyle = context.strokeStyle = "#fff";
  paint(context, list, { width, height });
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = "#000";
  context.fillRect(0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function deflated(list, size) {
  const strips = stripsOf(list, size);
  const source = new ReadableStream({
    pull(controller) {
      const { value, done } = strips.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return source.pipeThrough(new CompressionStream("deflate"));
}

/** Rows of the image, each with the byte of its filter before it: none. */
function* stripsOf(list, size) {
  const { width, height } = size;
  const most = Math.max(1, Math.floor(STRIP / width));
  const canvas = Object.assign(document.createElement("canvas"), { width });
  for (let top = 0; top < height; top += most) {
    canvas.height = Math.min(most, height - top); // clears it, and its transform
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.translate(0, -top);
    paint(context, list, size);
    yield rowsOf(context.getImageData(0, 0, width, canvas.height));
  }
}

function rowsOf({ data, width, height }) {
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0, from = 3, to = 1; y < height; y++, to++) {
    for (let x = 0; x < width; x++, from += 4) rows[to++] = data[from] < 128 ? 0 : 255;
  }
  return rows;
}

function chunk(type, data) {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc(bytes.subarray(4, data.length + 8)));
  return bytes;
}

function crc(bytes) {
  let value = ~0;
  for (const byte of bytes) value = CRC[(value ^ byte) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}
