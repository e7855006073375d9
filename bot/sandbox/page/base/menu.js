/** A menu of things to do, opened by a button. */

import { h, set } from "./dom.js";
import { Popup } from "./popup.js";

/** @typedef {{label: string, mark?: Node, act: () => void} | {heading: string}} Entry */

/**
 * Make a button open a menu; the entries are asked for each time it opens.
 *
 * @param {HTMLButtonElement} button
 * @param {string} label
 * @param {() => Entry[]} entries
 */
export function attachMenu(button, label, entries) {
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label });
  const popup = new Popup(button, menu, {
    align: "end",
    fit: false,
    toggled: (isOpen) => set(button, { "aria-expanded": String(isOpen) }),
  });
  set(button, { "aria-haspopup": "menu", "aria-expanded": "false" });
  const items = () =>
    /** @type {HTMLElement[]} */ ([...menu.querySelectorAll('[role="menuitem"]')]);
  const open = () => {
    menu.replaceChildren(...entries().map((entry) => row(entry)));
    popup.open();
    items()[0]?.focus();
  };
  /** @param {Entry} entry */
  const row = (entry) => {
    if ("heading" in entry)
      return h("div", { class: "listbox-group", role: "presentation" }, entry.heading);
    const act = () => {
      popup.close();
      button.focus();
      entry.act();
    };
    return h(
      "button",
      { type: "button", class: "menu-item", role: "menuitem", tabindex: "-1", onclick: act },
      entry.mark,
      entry.label,
    );
  };
  button.addEventListener("click", () => (popup.isOpen ? popup.close() : open()));
  menu.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = {
      ArrowDown: (at + 1) % all.length,
      ArrowUp: (at - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to]?.focus();
    } else if (event.key === "Tab") {
      popup.close();
    }
  });
}
