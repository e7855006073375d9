/** A menu of things to do, opened by a button, or where its area is right-clicked. */

import { h, set } from "./dom.js";
import { Popup } from "./popup.js";

/** @typedef {{label: string, mark?: Node, act: () => void} | {heading: string}} Entry */

/**
 * Make a button open a menu; the entries are asked for each time it opens.
 *
 * @param {HTMLButtonElement} button
 * @param {string} label
 * @param {() => Entry[]} entries
 * @param {HTMLElement | null} [area]  opens it too, by a right-click, a long press or the menu key
 */
export function attachMenu(button, label, entries, area = null) {
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label });
  const popup = new Popup(button, menu, {
    align: "end",
    fit: false,
    toggled: (isOpen) => set(button, { "aria-expanded": String(isOpen) }),
  });
  set(button, { "aria-haspopup": "menu", "aria-expanded": "false" });
  const items = () =>
    /** @type {HTMLElement[]} */ ([...menu.querySelectorAll('[role="menuitem"]')]);
  /** @param {{x: number, y: number} | null} [point] */
  const open = (point = null) => {
    menu.replaceChildren(...entries().map((entry) => row(entry)));
    popup.open(point);
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
  area?.addEventListener("contextmenu", (event) => {
    if (isForBrowser(event, menu)) return;
    event.preventDefault();
    open({ x: event.clientX, y: event.clientY });
  });
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

/**
 * Whether the browser's own menu is wanted: for a link, a picture, a field, or text that is selected.
 *
 * @param {MouseEvent} event
 * @param {HTMLElement} menu
 */
function isForBrowser(event, menu) {
  const at = /** @type {Element} */ (event.target);
  return (
    menu.contains(at) ||
    at.closest("a, img, video, audio, input, textarea, select") !== null ||
    getSelection()?.isCollapsed === false
  );
}
