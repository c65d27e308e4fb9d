// The buttons of the editor. One of a toolbar is reached by Tab, the others by the arrows.

const STEP = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function showTools(root, editor, drawShape) {
  const bars = [...root.querySelectorAll("[data-tools]")];
  const size = root.querySelector("[data-size]");
  const slider = size.querySelector("input");
  const zoom = root.querySelector("[data-zoom]");
  const whole = zoom.textContent; // 100 %, as the page's language writes it
  const hint = root.querySelector("[data-hint]");
  const fill = root.querySelector("[data-act=fill]");
  const more = root.querySelector("[data-more]");

  const acts = {
    undo: () => editor.undo(),
    redo: () => editor.redo(),
    clear: () => editor.clear(),
    invert: () => editor.invert(),
    closer: () => editor.view.zoomBy(1.5),
    farther: () => editor.view.zoomBy(1 / 1.5),
    fit: () => editor.view.fit(),
    shape: drawShape,
    fill: () => editor.add({ t: "f", p: editor.operations.list.at(-1).p }),
  };

  bars.forEach((bar) => {
    bar.hidden = false;
    bar.addEventListener("click", (event) => press(event.target.closest("button")));
    bar.addEventListener("keydown", (event) => STEP[event.key] && rove(bar, event));
    rest(bar, buttonsOf(bar)[0]);
  });
  more.hidden = false;
  more.open = matchMedia("(min-width: 900px)").matches; // where there is room
  fill.addEventListener("click", acts.fill);
  slider.addEventListener("input", () => {
    editor.brush = slider.value / 100;
    editor.hover([editor.clientWidth / 2, editor.clientHeight / 2]);
  });
  editor.addEventListener("tool", showTool);
  editor.addEventListener("view", showZoom);
  editor.addEventListener("change", showHistory);
  editor.addEventListener("hint", ({ detail }) => (fill.hidden = detail.about !== "fill"));
  showTool();
  showZoom();
  showHistory();

  function press(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    if (button.dataset.tool) editor.choose(button.dataset.tool);
    else acts[button.dataset.act]?.();
  }

  function showTool() {
    bars.flatMap(buttonsOf).forEach((button) => {
      if (button.dataset.tool) {
        button.setAttribute("aria-pressed", String(button.dataset.tool === editor.toolName));
      }
    });
    hint.textContent = hint.dataset[editor.toolName];
    size.hidden = !["brush", "eraser"].includes(editor.toolName);
    slider.value = Math.round(100 * editor.brush);
  }

  function showZoom() {
    zoom.textContent = whole.replace("100", Math.round(100 * editor.view.zoom));
  }

  function showHistory() {
    fill.hidden = true;
    allow("undo", editor.operations.canUndo);
    allow("redo", editor.operations.canRedo);
    allow("clear", editor.operations.list.length > 0);
  }

  /** Not `disabled`, which would take the focus of the button that was just pressed. */
  function allow(act, can) {
    root.querySelector(`[data-act=${act}]`).setAttribute("aria-disabled", String(!can));
  }
}

function rove(bar, event) {
  const buttons = buttonsOf(bar).filter((button) => button.checkVisibility());
  const next = buttons.indexOf(document.activeElement) + STEP[event.key];
  const button = buttons.at(next % buttons.length);
  event.preventDefault();
  rest(bar, button);
  button.focus();
}

function rest(bar, chosen) {
  buttonsOf(bar).forEach((button) => (button.tabIndex = button === chosen ? 0 : -1));
}

function buttonsOf(bar) {
  return [...bar.querySelectorAll("button")];
}
