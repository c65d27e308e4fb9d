// A photo that is larger than the server keeps is made smaller before it travels: a garden has
// little reception. What cannot be read here (HEIC, in most browsers) goes as it is.

const EDGE = 4096; // WORKING_IMAGE_MAX_EDGE
const PIXELS = 16.7e6;
const BYTES = 8e6;
const QUALITY = 0.92;

export async function shrunk(file, { width, height }) {
  if (!width || (width * height <= PIXELS && file.size <= BYTES)) return file;
  const factor = Math.min(1, EDGE / Math.max(width, height));
  try {
    const small = await jpeg(file, Math.round(width * factor), Math.round(height * factor));
    return small.size < file.size ? new File([small], file.name, { type: small.type }) : file;
  } catch (error) {
    console.info("The photo is sent as it is:", error.name);
    return file;
  }
}

async function jpeg(file, width, height) {
  const bitmap = await createImageBitmap(file, {
    resizeWidth: width, resizeHeight: height, resizeQuality: "high",
  });
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no room"))), "image/jpeg", QUALITY);
  });
}
