/** The author's workbench: a question to try, and below it faults, advice and entries of the packs. */

import { h, set } from "../base/dom.js";
import { placeButton } from "./excerpt.js";
import { Entries } from "./entries.js";
import { Trial } from "./trial.js";

/** @typedef {import("../types.js").BenchFault} BenchFault */

/**
 * @typedef {object} Bench  what the parts of the workbench share
 * @property {import("../api.js").Api} api
 * @property {import("../base/announcer.js").Announcer} announcer
 * @property {import("../types.js").BenchPack[]} packs
 * @property {boolean} isChecked  whether it is known which packs are sound
 * @property {(file: string) => string} nameOf
 * @property {(question: string) => void} try
 * @property {(name: string) => void} wrote   a sidecar was written
 * @property {(root: HTMLElement, draw: () => void) => void} keepFocus
 */

/** @type {["faults" | "advice" | "entries", string][]} */
const KINDS = [
  ["faults", "Faults"],
  ["advice", "Advice"],
  ["entries", "Entries"],
];

export class Workbench {
  /**
   * @param {import("../store.js").Store} store
   * @param {{api: import("../api.js").Api, announcer: import("../base/announcer.js").Announcer}} page
   */
  constructor(store, { api, announcer }) {
    this.isSeen = false;
    this.isStale = true;
    this.loads = 0;
    /** @type {import("../types.js").BenchView | null} */
    this.view = null;
    /** @type {"faults" | "advice" | "entries"} */
    this.kind = "entries";
    this.isChosen = false;
    /** @type {Bench} */
    this.bench = {
      api,
      announcer,
      packs: [],
      isChecked: false,
      nameOf: (file) => this.view?.files[file] ?? file.split(/[\\/]/).at(-1) ?? file,
      try: (question) => this.trial.try(question),
      wrote: (name) => {
        this.state.textContent = `${name} was written. Reading it …`;
      },
      keepFocus,
    };
    this.trial = new Trial(this.bench);
    this.entries = new Entries(this.bench);
    this.state = h("p", { class: "bench-state note", role: "status" });
    this.pills = KINDS.map(([kind]) =>
      h("button", {
        type: "button",
        class: "pill",
        onclick: () => {
          this.isChosen = true;
          this.#choose(kind);
        },
      }),
    );
    this.list = h("div", { class: "bench-list" });
    this.element = h(
      "section",
      { class: "panel-page workbench" },
      this.trial.element,
      h(
        "section",
        { class: "bench-packs", "aria-label": "The packs" },
        h("div", { class: "bench-kinds", role: "group", "aria-label": "Show" }, this.pills),
        this.state,
        this.list,
      ),
    );
    store.on("workbench", () => {
      this.isStale = true;
      if (this.isSeen) this.#load();
    });
  }

  /** Begin or cease to be looked at. @param {boolean} isSeen */
  see(isSeen) {
    this.isSeen = isSeen;
    if (isSeen && this.isStale) this.#load();
  }

  focus() {
    this.trial.input.focus();
  }

  async #load() {
    const load = (this.loads += 1);
    if (!this.view) this.state.textContent = "Reading the packs …";
    try {
      const view = await this.bench.api.get("workbench");
      if (load !== this.loads) return;
      this.isStale = false;
      this.#take(view);
    } catch (error) {
      this.state.textContent = /** @type {Error} */ (error).message;
    }
  }

  /** @param {import("../types.js").BenchView} view */
  #take(view) {
    this.view = view;
    this.bench.packs = view.packs;
    this.bench.isChecked = view.is_checked;
    this.trial.refresh();
    this.state.textContent = view.failure || told(view);
    if (!this.isChosen) this.kind = view.faults.length ? "faults" : "entries";
    this.#draw();
    this.trial.again();
  }

  /** @param {"faults" | "advice" | "entries"} kind */
  #choose(kind) {
    this.kind = kind;
    this.#draw();
  }

  #draw() {
    const { view } = this;
    if (!view) return;
    const counts = {
      faults: view.faults.length,
      advice: view.advice.length,
      entries: view.packs
        .flatMap(({ subjects }) => subjects)
        .reduce((sum, { entries }) => sum + entries.length, 0),
    };
    KINDS.forEach(([kind, name], at) => {
      set(this.pills[at], { "aria-pressed": String(kind === this.kind) });
      this.pills[at].textContent = `${name} ${counts[kind]}`;
    });
    keepFocus(this.list, () => {
      if (this.kind === "entries") {
        this.entries.draw();
        this.list.replaceChildren(this.entries.element);
      } else {
        const faults = this.kind === "faults" ? view.faults : view.advice;
        const words = this.kind === "faults" ? "There is no fault." : "There is nothing to advise.";
        const list = h(
          "ul",
          { class: "bench-faults", data: { kind: this.kind } },
          faults.map((fault) => this.#fault(fault)),
        );
        const isKnown = this.kind === "faults" ? view.is_checked : view.is_current;
        const empty = h("p", { class: "note" }, isKnown ? words : "Looking …");
        this.list.replaceChildren(faults.length ? list : empty);
      }
    });
  }

  /** @param {BenchFault} fault */
  #fault({ place, what, remedy }) {
    return h(
      "li",
      {},
      placeButton(this.bench, place),
      h("p", {}, what),
      h("p", { class: "note" }, "→ ", remedy),
    );
  }
}

/** @param {import("../types.js").BenchView} view */
function told(view) {
  if (!view.is_checked) return "Looking at the packs …";
  return view.is_current ? summary(view) : `${summary(view)} Looking for advice …`;
}

/** @param {import("../types.js").BenchView} view */
function summary({ faults, advice, packs }) {
  if (faults.length === 1) return "There is one fault.";
  if (faults.length) return `There are ${faults.length} faults.`;
  if (!packs.length) return "There is no pack here.";
  return advice.length ? "There is no fault, but some advice." : "There is no fault.";
}

/**
 * Draw anew, and put the focus back on what has the same key.
 *
 * @param {HTMLElement} root
 * @param {() => void} draw
 */
function keepFocus(root, draw) {
  const held = document.activeElement;
  const key = held instanceof HTMLElement && root.contains(held) ? held.dataset.key : undefined;
  const hadFocus = held !== null && root.contains(held);
  draw();
  if (!hadFocus || (held instanceof HTMLElement && held.isConnected)) return;
  const again = key && root.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const target = again || root.querySelector("button, input, summary, [tabindex]");
  /** @type {HTMLElement | null} */ (target)?.focus({ preventScroll: true });
}
