// The table of corners, in percent: another hand on the same zone as the drawing.

export class CornerTable {
  #body;
  #width;
  #height;
  #typed;
  #known = "[]";

  /** `typed` is told of corners that were not there before. */
  constructor(details, { width, height }, typed) {
    this.#body = details.querySelector("tbody");
    this.#width = width;
    this.#height = height;
    this.#typed = typed;
    this.#body.addEventListener("change", () => this.tell());
    const button = details.querySelector("[data-add-row]");
    button.hidden = false;
    button.addEventListener("click", () => focusFirst(this.#addRow()));
  }

  tell() {
    const corners = this.read();
    if (this.#learn(corners)) this.#typed(corners);
  }

  /** The rows that are complete, in pixels. */
  read() {
    return this.#rows()
      .map((row) => inputsOf(row))
      .filter((inputs) => inputs.every((input) => input.value !== "" && input.validity.valid))
      .map(([left, top]) => [pixels(left, this.#width), pixels(top, this.#height)]);
  }

  write(corners) {
    if (JSON.stringify(corners) === this.#known) return; // leave a row that is half typed
    while (this.#rows().length < corners.length) this.#addRow();
    this.#rows().forEach((row, index) => this.#fill(inputsOf(row), corners[index]));
    this.#learn(this.read());
  }

  #learn(corners) {
    const before = this.#known;
    this.#known = JSON.stringify(corners);
    return this.#known !== before;
  }

  #fill([left, top], corner) {
    left.value = corner ? percent(corner[0], this.#width) : "";
    top.value = corner ? percent(corner[1], this.#height) : "";
  }

  #rows() {
    return [...this.#body.rows];
  }

  #addRow() {
    const last = this.#rows().at(-1);
    const row = last.cloneNode(true);
    const number = this.#rows().length + 1;
    row.querySelector("th").textContent = number;
    for (const input of inputsOf(row)) {
      input.value = "";
      input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/\d+/, number));
    }
    last.after(row);
    return row;
  }
}

function inputsOf(row) {
  return [...row.querySelectorAll("input")];
}

function focusFirst(row) {
  inputsOf(row)[0].focus();
}

function pixels(input, size) {
  return Math.round((Number(input.value) * size) / 10) / 10;
}

function percent(value, size) {
  return String(Number(((100 * value) / size).toFixed(2)));
}
