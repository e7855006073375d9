/** A list to choose from. Focus stays with its owner (an input or a button), which passes the keys on. */

import { h, set, uid } from "./dom.js";

/**
 * @typedef {object} Item
 * @property {string} value
 * @property {string} label
 * @property {string} [description]
 * @property {string} [hint]            small print at the end of the line
 * @property {Node | null} [mark]       icon or avatar before the words
 * @property {string} [group]           heading under which it stands
 * @property {boolean} [selected]
 * @property {boolean} [disabled]
 * @property {Node | null} [rich]       stands in for the label on screen
 * @property {any} [about]              whatever the owner wants to find again
 */

export class Listbox {
  /**
   * @param {object} settings
   * @param {string} settings.label
   * @param {HTMLElement} settings.owner    element that keeps the focus and names the active item
   * @param {(item: Item) => void} settings.choose
   * @param {boolean} [settings.multiple]
   */
  constructor({ label, owner, choose, multiple = false }) {
    this.owner = owner;
    this.choose = choose;
    this.multiple = multiple;
    /** @type {Item[]} */
    this.items = [];
    this.active = -1;
    this.element = h("div", {
      class: "listbox",
      role: "listbox",
      id: uid("list"),
      "aria-label": label,
      "aria-multiselectable": multiple ? "true" : null,
    });
    // Keeps the owner's focus: a mouse press would take it away.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
  }

  /** @param {Item[]} items @param {{active?: number}} [options]  no item is active at -1 */
  show(items, { active = 0 } = {}) {
    this.items = items;
    const groups = new Map();
    items.forEach((item, index) => {
      const key = item.group ?? "";
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(this.#row(item, index));
    });
    this.element.replaceChildren(
      ...[...groups].flatMap(([name, rows]) => (name ? [this.#group(name, rows)] : rows)),
    );
    this.activate(Math.min(active, items.length - 1));
  }

  /** Mark the item at `index` as the one Enter would choose. @param {number} index */
  activate(index) {
    this.active = index;
    const rows = this.rows();
    rows.forEach((row, at) => row.classList.toggle("active", at === index));
    const row = rows[index];
    if (this.owner.isConnected || row) set(this.owner, { "aria-activedescendant": row?.id });
    row?.scrollIntoView({ block: "nearest" });
  }

  rows() {
    return /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll('[role="option"]')]);
  }

  /**
   * Take a key that the owner received.
   *
   * @param {KeyboardEvent} event
   * @returns {boolean}  whether the key was for the list
   */
  key(event) {
    const last = this.items.length - 1;
    if (last < 0 || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === "ArrowDown") this.activate(this.active >= last ? 0 : this.active + 1);
    else if (event.key === "ArrowUp") this.activate(this.active <= 0 ? last : this.active - 1);
    else if (event.key === "PageDown") this.activate(Math.min(last, this.active + 8));
    else if (event.key === "PageUp") this.activate(Math.max(0, this.active - 8));
    else if (
      (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) &&
      this.active >= 0
    )
      this.take(this.active);
    else return false;
    event.preventDefault();
    return true;
  }

  /** @param {number} index */
  take(index) {
    const item = this.items[index];
    if (item && !item.disabled) this.choose(item);
  }

  /** @param {string} name @param {HTMLElement[]} rows */
  #group(name, rows) {
    const id = uid("group");
    return h(
      "div",
      { role: "group", "aria-labelledby": id },
      h("div", { class: "listbox-group", id, role: "presentation" }, name),
      rows,
    );
  }

  /** @param {Item} item @param {number} index */
  #row(item, index) {
    return h(
      "div",
      {
        class: "listbox-row",
        role: "option",
        id: uid("option"),
        "aria-selected": item.selected ? "true" : "false",
        "aria-disabled": item.disabled ? "true" : null,
        data: { value: item.value },
        onmousemove: () => this.active !== index && this.activate(index),
        onclick: () => this.take(index),
      },
      this.multiple && h("span", { class: "tick", "aria-hidden": "true" }),
      item.mark && h("span", { class: "listbox-mark" }, item.mark),
      h(
        "span",
        { class: "listbox-words" },
        item.rich ?? h("span", { class: "listbox-label" }, item.label),
        item.description && h("span", { class: "listbox-description" }, item.description),
      ),
      item.hint && h("span", { class: "listbox-hint" }, item.hint),
    );
  }
}
