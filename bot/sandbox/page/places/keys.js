/** The keys of the whole page, and the list that explains them. */

import { h, isTyping } from "../base/dom.js";
import { openDialog } from "../base/dialog.js";

/** @type {[string, string][]} */
const KEYS = [
  ["/", "Pick a command"],
  ["↑ ↓", "Move in a list, and among the messages"],
  ["↑", "In an empty message box, edit your last message; where you wrote none, go to the newest"],
  ["Tab", "Take what is marked, go on to the next option"],
  ["Enter", "Take what is marked; otherwise send"],
  ["Esc", "Close, or leave a command, a reply or an edit; back to the message box"],
  ["Ctrl K", "Go to a channel by name"],
  ["Alt ↑  Alt ↓", "Previous, next channel"],
  ["Ctrl .", "Open or close Backstage"],
  ["?", "These keys"],
];

/**
 * @param {{command: () => void, composer: () => void, switcher: () => void, step: (by: number) => void, panel: () => void}} actions
 */
export function bindKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const withControl = event.ctrlKey || event.metaKey;
    /** @type {(() => void) | null} */
    let action = null;
    if (withControl && event.key.toLowerCase() === "k") action = actions.switcher;
    else if (withControl && event.key === ".") action = actions.panel;
    else if (event.altKey && event.key === "ArrowUp") action = () => actions.step(-1);
    else if (event.altKey && event.key === "ArrowDown") action = () => actions.step(1);
    else if (event.key === "Escape") action = actions.composer;
    else if (!withControl && !event.altKey && !isTyping(event.target)) {
      if (event.key === "/") action = actions.command;
      else if (event.key === "?") action = showKeys;
    }
    if (!action) return;
    event.preventDefault();
    action();
  });
}

export function showKeys() {
  openDialog(
    "Keys",
    h(
      "dl",
      { class: "dialog-body keys" },
      KEYS.map(([keys, meaning]) =>
        h(
          "div",
          {},
          h(
            "dt",
            {},
            keys.split(/\s+/).map((key) => [h("kbd", {}, key), " "]),
          ),
          h("dd", {}, meaning),
        ),
      ),
    ),
  );
}
