/** A window over the page: titled, closed by Escape, giving the focus back where it came from. */

import { h, uid } from "./dom.js";
import { icon } from "./icons.js";

/**
 * Open a dialog.
 *
 * @param {string} title
 * @param {any} content
 * @param {{name?: string, actions?: HTMLElement[], closed?: () => void, subtitle?: any}} [options]
 * @returns {HTMLDialogElement}
 */
export function openDialog(
  title,
  content,
  { name = "", actions = [], closed = () => {}, subtitle = null } = {},
) {
  const id = uid("title");
  const before = document.activeElement;
  const dialog = h(
    "dialog",
    { class: `dialog ${name}`, "aria-labelledby": id },
    h(
      "header",
      { class: "dialog-head" },
      h(
        "div",
        {},
        h("h2", { id }, title),
        subtitle && h("p", { class: "dialog-subtitle" }, subtitle),
      ),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Close",
          onclick: () => dialog.close(),
        },
        icon("close"),
      ),
    ),
    content,
    actions.length ? h("footer", { class: "dialog-foot" }, actions) : null,
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) {
      // Chromium gives the focus back by itself, but leaves a text box without its caret.
      before.blur();
      before.focus();
    }
    closed();
  });
  dialog.addEventListener("mousedown", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
