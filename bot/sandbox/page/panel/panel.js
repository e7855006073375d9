/** Backstage: what authors and engineers want to see and to turn. Its tabs: log, controls, workbench. */

import { h, set } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { Controls } from "./controls.js";
import { Log } from "./log.js";
import { Workbench } from "./workbench.js";

const TABS = /** @type {const} */ ([
  ["log", "Log"],
  ["controls", "Controls"],
  ["workbench", "Workbench"],
]);
const KEY = "sandbox-panel";
const TAB_KEY = "sandbox-tab";

export class Panel {
  /**
   * @param {HTMLElement} root
   * @param {import("../store.js").Store} store
   * @param {object} page
   * @param {import("../api.js").Api} page.api
   * @param {import("../base/announcer.js").Announcer} page.announcer
   * @param {(key: string) => void} page.become
   * @param {Storage} page.storage
   * @param {(isOpen: boolean) => void} page.toggled
   */
  constructor(root, store, { api, announcer, become, storage, toggled }) {
    this.store = store;
    this.root = root;
    this.storage = storage;
    this.toggled = toggled;
    this.isOpen = false;
    this.log = new Log(store);
    this.controls = new Controls(store, { api, become });
    this.workbench = new Workbench(store, { api, announcer });
    /** @type {Record<string, HTMLElement>} */
    this.pages = {
      log: this.log.element,
      controls: this.controls.element,
      workbench: this.workbench.element,
    };
    this.selected = "log";
    this.tabs = TABS.map(([key, name]) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          class: "tab",
          id: `tab-${key}`,
          "aria-controls": `page-${key}`,
          onclick: () => this.#choose(key),
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
    this.wanted = storage.getItem(TAB_KEY) ?? "log";
    for (const topic of ["world", "workbench"]) store.on(topic, () => this.#renderTabs());
    this.#renderTabs();
  }

  /** Open at a tab, as soon as that tab is there. @param {string} key */
  show(key) {
    this.wanted = key;
    this.toggle(true);
    this.#renderTabs();
  }

  /** Only a host program that has packs gives their author a tab. */
  #renderTabs() {
    const hasWorkbench = this.store.world?.workbench ?? false;
    this.tabs[TABS.findIndex(([key]) => key === "workbench")].hidden = !hasWorkbench;
    if (!this.store.world) return;
    if (this.wanted in this.pages && (hasWorkbench || this.wanted !== "workbench"))
      this.select(this.wanted);
  }

  /** @param {boolean} [isOpen] */
  toggle(isOpen = !this.isOpen) {
    this.isOpen = isOpen;
    this.root.inert = !isOpen;
    document.body.classList.toggle("panel-open", isOpen);
    this.storage.setItem(KEY, isOpen ? "open" : "closed");
    this.log.isSeen = isOpen;
    if (isOpen) this.log.refresh();
    this.workbench.see(isOpen && this.selected === "workbench");
    this.toggled(isOpen);
  }

  /** @param {string} key */
  select(key) {
    this.selected = key;
    document.body.classList.toggle("panel-wide", key === "workbench");
    TABS.forEach(([each], at) => {
      const isHere = each === key;
      set(this.tabs[at], { "aria-selected": String(isHere), tabindex: isHere ? "0" : "-1" });
      this.pages[each].hidden = !isHere;
    });
    this.workbench.see(this.isOpen && key === "workbench");
  }

  /** Select a tab, and come back to it with the page. @param {string} key */
  #choose(key) {
    this.wanted = key;
    this.storage.setItem(TAB_KEY, key);
    this.select(key);
  }

  focus() {
    this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true")?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const shown = this.tabs.filter(({ hidden }) => !hidden);
    const at = shown.findIndex((tab) => tab === document.activeElement);
    const step = event.key === "ArrowRight" ? 1 : -1;
    const next = shown[(at + step + shown.length) % shown.length];
    this.#choose(TABS[this.tabs.indexOf(next)][0]);
    next.focus();
  }
}
