/** The list above the composer: what can be chosen for the option that is being filled in. */

import { h, set } from "../base/dom.js";
import { Listbox } from "../base/listbox.js";

/** @typedef {import("../base/listbox.js").Item} Item */

export class Suggestions {
  /** @param {HTMLElement} popup  where it is shown @param {(item: Item) => void} choose */
  constructor(popup, choose) {
    this.popup = popup;
    this.list = new Listbox({ label: "Suggestions", owner: h("span"), choose });
  }

  get id() {
    return this.list.element.id;
  }

  /** Whether there is anything: a list or a note. */
  get isOpen() {
    return !this.popup.hidden;
  }

  /** Whether there is a list. */
  get isShowing() {
    return this.list.element.isConnected;
  }

  /**
   * @param {string} title
   * @param {Item[]} items
   * @param {{active?: number, nothing?: string}} [options]
   *   with `active` -1 nothing is marked, so Enter sends what was typed; `nothing` is said of an empty list
   */
  show(title, items, { active = 0, nothing = "" } = {}) {
    if (!items.length) {
      if (nothing) this.say(title, nothing);
      else this.close();
      return;
    }
    const keys =
      active < 0 ? "↓ to choose · Enter sends what you typed" : "↑ ↓ to move · Enter to choose";
    this.popup.replaceChildren(
      h("div", { class: "popup-title" }, title, h("span", {}, keys)),
      this.list.element,
    );
    this.popup.hidden = false;
    set(this.list.owner, { "aria-expanded": "true" });
    this.list.show(items, { active });
  }

  /** Say something in the list's place. @param {string} title @param {string} sentence */
  say(title, sentence) {
    this.list.show([], { active: -1 });
    set(this.list.owner, { "aria-expanded": "false" });
    this.popup.replaceChildren(
      h("div", { class: "popup-title" }, title),
      h("p", { class: "popup-note", role: "status" }, sentence),
    );
    this.popup.hidden = false;
  }

  close() {
    this.popup.hidden = true;
    this.popup.replaceChildren();
    this.list.show([], { active: -1 });
    set(this.list.owner, { "aria-expanded": "false", "aria-activedescendant": null });
  }

  /** Take a key, if it is for the list. @param {KeyboardEvent} event */
  key(event) {
    return this.isOpen && this.list.key(event);
  }
}
