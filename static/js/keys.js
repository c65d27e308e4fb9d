// The keyboard on the drawing: a cross that goes with the arrows, and what a pointer can do.

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function followKeys(editor, size, drawing, polygon, show) {
  const cross = { at: [size.width / 2, (size.height * 3) / 4], seen: false };
  const help = document.querySelector("[data-keys]");
  const position = document.querySelector("[data-position]");
  let later = 0;

  const actions = {
    " ": () => polygon.add(cross.at),
    Enter: () => polygon.close(),
    Backspace: () => polygon.undo(),
  };

  // From here on its arrows are ours, which assistive technology must know.
  editor.tabIndex = 0;
  editor.setAttribute("role", "application");
  editor.addEventListener("focus", () => look(editor.matches(":focus-visible")));
  editor.addEventListener("blur", () => look(false));
  editor.addEventListener("keydown", (event) => {
    const act = KEYS[event.key] ? () => go(KEYS[event.key], event) : actionOf(event);
    if (!act) return;
    event.preventDefault();
    look(true);
    act();
  });
  return cross;

  function actionOf(event) {
    if (event.ctrlKey || event.metaKey) return event.key === "z" && actions.Backspace;
    return event.altKey ? null : actions[event.key];
  }

  function look(seen) {
    cross.seen = seen;
    // It stays: what is below would slip away from under the mouse that takes the focus away.
    if (seen) help.hidden = false;
    show();
  }

  /** One hundredth of the photo, five with Shift, one pixel with Alt. */
  function go([right, down], event) {
    const part = event.shiftKey ? 20 : 100;
    const [across, along] = event.altKey ? [1, 1] : [size.width / part, size.height / part];
    cross.at = drawing.inside([cross.at[0] + right * across, cross.at[1] + down * along]);
    show();
    clearTimeout(later);
    later = setTimeout(say, 500); // not each step of a held key
  }

  function say() {
    const [left, top] = cross.at.map((value, i) => value / [size.width, size.height][i]);
    position.textContent = `${Math.round(100 * left)} %, ${Math.round(100 * top)} %`;
  }
}
