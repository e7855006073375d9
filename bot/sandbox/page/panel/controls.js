/** The controls: who acts, what time it is, how the connection fares, which faults are scripted. */

import { h, set, uid } from "../base/dom.js";
import { avatar } from "../text/names.js";
import { stamp } from "../text/time.js";
import { Faults } from "./faults.js";

const HOUR = 3600;
/** @type {[string, number][]} */
const STEPS = [
  ["+ 1 minute", 60],
  ["+ 1 hour", HOUR],
  ["+ 1 day", 24 * HOUR],
];
/** @type {[string, string, string][]} */
const DROPS = [
  ["close", "Cut the line", "The bot resumes and is sent what it missed."],
  ["reconnect", "Ask to reconnect", "Discord does so now and then (op 7)."],
  ["invalid_session", "Void the session", "The bot must identify anew (op 9)."],
];

/** The languages that this page offers, by Discord's names. @type {[string, string][]} */
const LANGUAGES = [
  ["en-US", "English"],
  ["es-ES", "Español"],
  ["es-419", "Español (Latinoamérica)"],
  ["pt-BR", "Português do Brasil"],
  ["de", "Deutsch"],
  ["fr", "Français"],
  ["ja", "日本語"],
];

export class Controls {
  /**
   * @param {import("../store.js").Store} store
   * @param {{api: import("../api.js").Api, become: (key: string) => void}} page
   */
  constructor(store, { api, become }) {
    this.store = store;
    this.api = api;
    this.become = become;
    this.people = h("fieldset", { class: "people" });
    this.language = h(
      "select",
      { class: "field", "aria-label": "Language of your Discord", onchange: () => this.#speak() },
      LANGUAGES.map(([locale, name]) => h("option", { value: locale }, name)),
    );
    this.clock = h("time", { class: "clock-now" });
    this.clockTools = h("div", { class: "clock-tools" });
    this.clockError = h("p", { class: "form-error", role: "alert", id: uid("error") });
    /** @type {boolean | null} whether the tools drawn move the clock; null before any are drawn */
    this.isMovable = null;
    this.ratelimits = h("input", {
      type: "checkbox",
      role: "switch",
      class: "switch",
      id: uid("switch"),
      onchange: () => this.#do(api.put("ratelimits", { enabled: this.ratelimits.checked })),
    });
    this.error = h("p", { class: "form-error", role: "alert" });
    this.faults = new Faults(store, (faults) => this.#do(api.put("faults", { faults })));
    this.element = h(
      "section",
      { class: "panel-page controls" },
      this.error,
      this.people,
      group("Language", this.language),
      group("Clock", this.clock, this.clockTools, this.clockError),
      group(
        "Connection",
        h(
          "div",
          { class: "drops" },
          DROPS.map(([how, name, meaning]) => this.#dropButton(how, name, meaning)),
        ),
      ),
      group(
        "Rate limits",
        h(
          "div",
          { class: "switch-row" },
          this.ratelimits,
          h(
            "label",
            { for: this.ratelimits.id },
            "Count requests and refuse too many (429), as Discord does",
          ),
        ),
      ),
      group("Faults", this.faults.element),
    );
    store.on("world", () => this.#renderPeople());
    store.on("world", () => this.#renderClock());
    store.on("world", () => {
      const locale = store.world?.actor.locale ?? "";
      const known = LANGUAGES.some(([each]) => each === locale);
      this.language.value = known ? locale : "en-US";
    });
    store.on("clock", () => this.#tick());
    store.on("faults", () => {
      this.ratelimits.checked = store.world?.ratelimits.enabled ?? false;
    });
    window.setInterval(() => this.#tick(), 1000);
  }

  /** Set the language that the person's Discord is in, and draw the commands anew. */
  #speak() {
    const key = this.store.world?.actor.key ?? "";
    const spoken = this.api.put("language", { as: key, locale: this.language.value });
    this.#do(spoken.then(() => this.become(key)));
  }

  #renderPeople() {
    const { world } = this.store;
    if (!world) return;
    const held = /** @type {HTMLInputElement | null} */ (document.activeElement);
    const hadFocus = held !== null && this.people.contains(held);
    this.people.replaceChildren(
      h("legend", {}, "Act as"),
      ...world.actors.map(({ key, user, note }) =>
        h(
          "label",
          { class: "person" },
          h("input", {
            type: "radio",
            name: "actor",
            value: key,
            checked: key === world.actor.key,
            onchange: () => this.become(key),
          }),
          avatar(user),
          h(
            "span",
            { class: "person-words" },
            h("strong", {}, user.global_name || user.username),
            " ",
            h("span", { class: "person-key" }, key),
            h("small", {}, note),
          ),
        ),
      ),
    );
    if (hadFocus)
      /** @type {HTMLElement | null} */ (this.people.querySelector("input:checked"))?.focus();
  }

  #renderClock() {
    const isMovable = this.store.world?.clock.movable ?? false;
    // Drawn once: what is typed and what has the focus stay.
    if (isMovable === this.isMovable) return;
    this.isMovable = isMovable;
    const target = h("input", {
      type: "datetime-local",
      class: "field",
      "aria-label": "Move the clock to",
      "aria-describedby": this.clockError.id,
      step: "60",
    });
    const moveThere = () => {
      if (target.value) this.#moveClock({ to: new Date(target.value).toISOString() });
      else this.clockError.textContent = "Choose a day and a time first.";
    };
    this.clockTools.replaceChildren(
      ...(isMovable
        ? [
            ...STEPS.map(([name, seconds]) =>
              h(
                "button",
                {
                  type: "button",
                  class: "button secondary small",
                  onclick: () => this.#moveClock({ advance: seconds }),
                },
                name,
              ),
            ),
            h(
              "div",
              { class: "clock-to" },
              target,
              h(
                "button",
                {
                  type: "button",
                  class: "button secondary small",
                  onclick: moveThere,
                },
                "Move there",
              ),
            ),
          ]
        : [
            h(
              "p",
              { class: "note" },
              "This sandbox runs on the real clock, which cannot be moved.",
            ),
          ]),
    );
  }

  #tick() {
    const now = this.store.now();
    this.clock.textContent = `${stamp(now, "D", now)}, ${stamp(now, "T", now)}`;
    set(this.clock, { datetime: new Date(now).toISOString() });
  }

  /** @param {string} how @param {string} name @param {string} meaning */
  #dropButton(how, name, meaning) {
    const id = uid("drop");
    return h(
      "div",
      {},
      h(
        "button",
        {
          type: "button",
          class: "button secondary small",
          "aria-describedby": id,
          onclick: () => this.#do(this.api.post("gateway/drop", { how })),
        },
        name,
      ),
      h("small", { id }, meaning),
    );
  }

  /** @param {{advance?: number, to?: string}} how */
  #moveClock(how) {
    return this.#do(this.api.post("clock", how), this.clockError);
  }

  /** Call, and say what went wrong. @param {Promise<any>} call @param {HTMLElement} [place]  beside what was pressed */
  async #do(call, place = this.error) {
    this.error.textContent = "";
    place.textContent = "";
    await call.catch((error) => {
      place.textContent = error.message;
    });
  }
}

/** @param {string} title @param {...any} content */
function group(title, ...content) {
  const id = uid("group");
  return h(
    "section",
    { class: "control-group", "aria-labelledby": id },
    h("h3", { id }, title),
    content,
  );
}
