/** Backstage: what authors and engineers want to see and to turn. Two tabs, the log and the controls. */

import { h, set } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { Controls } from "./controls.js";
import { Log } from "./log.js";

const TABS = /** @type {const} */ ([
  ["log", "Log"],
  ["controls", "Controls"],
]);
const KEY = "sandbox-panel";

export class Panel {
  /**
   * @param {HTMLElement} root
   * @param {import("../store.js").Store} store
   * @param {{api: import("../api.js").Api, become: (key: string) => void, storage: Storage, toggled: (isOpen: boolean) => void}} page
   */
  constructor(root, store, { api, become, storage, toggled }) {
    this.root = root;
    this.storage = storage;
    this.toggled = toggled;
    this.isOpen = false;
    this.log = new Log(store);
    this.controls = new Controls(store, { api, become });
    /** @type {Record<string, HTMLElement>} */
    this.pages = { log: this.log.element, controls: this.controls.element };
    this.tabs = TABS.map(([key, name]) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          class: "tab",
          id: `tab-${key}`,
          "aria-controls": `page-${key}`,
          onclick: () => this.select(key),
        },
        name,
      ),
    );
    const strip = h(
      "div",
      {
        class: "tabs",
        role: "tablist",
        "aria-label": "Backstage",
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      },
      this.tabs,
    );
    for (const [key] of TABS)
      set(this.pages[key], {
        role: "tabpanel",
        id: `page-${key}`,
        "aria-labelledby": `tab-${key}`,
      });
    root.append(
      h(
        "header",
        { class: "panel-head" },
        h("h2", {}, "Backstage"),
        strip,
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Close Backstage",
            onclick: () => this.toggle(false),
          },
          icon("close"),
        ),
      ),
      ...Object.values(this.pages),
    );
    this.select("log");
    this.toggle(storage.getItem(KEY) === "open" && window.innerWidth > 1100);
  }

  /** @param {boolean} [isOpen] */
  toggle(isOpen = !this.isOpen) {
    this.isOpen = isOpen;
    this.root.inert = !isOpen;
    document.body.classList.toggle("panel-open", isOpen);
    this.storage.setItem(KEY, isOpen ? "open" : "closed");
    this.log.isSeen = isOpen;
    if (isOpen) this.log.refresh();
    this.toggled(isOpen);
  }

  /** @param {string} key */
  select(key) {
    TABS.forEach(([each], at) => {
      const isHere = each === key;
      set(this.tabs[at], { "aria-selected": String(isHere), tabindex: isHere ? "0" : "-1" });
      this.pages[each].hidden = !isHere;
    });
  }

  focus() {
    this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true")?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const at = this.tabs.findIndex((tab) => tab === document.activeElement);
    const next = (at + 1) % this.tabs.length;
    this.select(TABS[next][0]);
    this.tabs[next].focus();
  }
}
