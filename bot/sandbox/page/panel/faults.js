/** Scripted faults: what may go wrong next, added and taken away. */

import { h, uid } from "../base/dom.js";
import { icon } from "../base/icons.js";

/** @typedef {import("../types.js").Fault} Fault */

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} meaning
 * @property {[string, string, number][]} numbers  field, label, what it is at first
 */

/** @type {Record<string, Kind>} */
const KINDS = {
  slow: {
    name: "Slow",
    meaning: "Requests take longer. Over 3 seconds, interactions fail.",
    numbers: [["seconds", "Seconds", 2]],
  },
  error: {
    name: "Error",
    meaning: "Requests are refused with a status.",
    numbers: [
      ["status", "Status", 500],
      ["times", "Times", 3],
    ],
  },
  ratelimit: {
    name: "Too many requests",
    meaning: "Requests are refused with 429 and a time to wait.",
    numbers: [
      ["retry_after", "Seconds to wait", 1.5],
      ["times", "Times", 2],
    ],
  },
  lost_reply: {
    name: "Lost reply",
    meaning: "The request is carried out, then the line is cut: the bot cannot know.",
    numbers: [["times", "Times", 1]],
  },
  outage: {
    name: "Outage",
    meaning: "Gateway and requests are down, then come back.",
    numbers: [["seconds", "Seconds", 10]],
  },
};

export class Faults {
  /** @param {import("../store.js").Store} store @param {(faults: Fault[]) => void} put */
  constructor(store, put) {
    this.store = store;
    this.put = put;
    this.active = h("ul", { class: "faults" });
    this.kind = h(
      "select",
      { class: "field", id: uid("kind"), onchange: () => this.#renderNumbers() },
      Object.entries(KINDS).map(([key, { name }]) => h("option", { value: key }, name)),
    );
    this.numbers = h("div", { class: "fault-numbers" });
    this.meaning = h("p", { class: "note" });
    this.path = h("input", {
      type: "text",
      class: "field",
      id: uid("path"),
      placeholder: "/interactions/*",
      spellcheck: "false",
      autocomplete: "off",
    });
    this.element = h(
      "div",
      {},
      this.active,
      h(
        "form",
        {
          class: "fault-form",
          "aria-label": "Add a fault",
          onsubmit: (/** @type {Event} */ event) => {
            event.preventDefault();
            this.#add();
          },
        },
        h("div", { class: "fault-field" }, h("label", { for: this.kind.id }, "Kind"), this.kind),
        this.meaning,
        this.numbers,
        h(
          "div",
          { class: "fault-field" },
          h("label", { for: this.path.id }, "Only for paths like"),
          this.path,
        ),
        h("button", { type: "submit", class: "button primary small" }, "Add the fault"),
      ),
    );
    this.#renderNumbers();
    store.on("faults", () => this.#renderActive());
  }

  #renderNumbers() {
    const { meaning, numbers } = KINDS[this.kind.value];
    this.meaning.textContent = meaning;
    this.numbers.replaceChildren(
      ...numbers.map(([field, label, value]) => {
        const id = uid("number");
        return h(
          "div",
          { class: "fault-field" },
          h("label", { for: id }, label),
          h("input", {
            type: "number",
            class: "field",
            id,
            name: field,
            value: String(value),
            min: "0",
            step: "any",
          }),
        );
      }),
    );
  }

  #renderActive() {
    const faults = this.store.world?.faults ?? [];
    this.active.hidden = faults.length === 0;
    this.active.replaceChildren(
      ...faults.map((fault) =>
        h(
          "li",
          {},
          icon("warning", 16),
          h("span", {}, describe(fault)),
          h(
            "button",
            {
              type: "button",
              class: "icon-button",
              "aria-label": `Remove: ${describe(fault)}`,
              onclick: () => this.put(faults.filter((each) => each !== fault)),
            },
            icon("close", 16),
          ),
        ),
      ),
    );
  }

  #add() {
    /** @type {Record<string, any>} */
    const fault = { kind: this.kind.value };
    for (const input of this.numbers.querySelectorAll("input"))
      if (input.value !== "") fault[input.name] = Number(input.value);
    if (this.path.value.trim()) fault.path = this.path.value.trim();
    this.put([...(this.store.world?.faults ?? []), /** @type {Fault} */ (fault)]);
  }
}

/** @param {Fault} fault */
function describe({ kind, seconds, status, times, retry_after: wait, method, path }) {
  const parts = [
    KINDS[kind]?.name ?? kind,
    seconds && `${seconds} s`,
    status && `status ${status}`,
    wait && `wait ${wait} s`,
    times && `${times} more`,
    method,
    path,
  ];
  return parts.filter(Boolean).join(" · ");
}
