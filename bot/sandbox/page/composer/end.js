/** The place behind the chips: Enter sends, typing looks for a further option. */

import { h } from "../base/dom.js";

/** @typedef {import("../types.js").Option} Option */

export class EndInput {
  /**
   * @param {string} command
   * @param {import("./suggestions.js").Suggestions} suggestions
   * @param {string} hintId
   * @param {object} line
   * @param {() => void} line.entered
   * @param {() => boolean} line.typed     says whether what was typed became a chip
   * @param {() => Option[]} line.offered  the options that can still be added
   * @param {() => void} line.send
   * @param {(isLeaving: boolean) => void} line.back
   * @param {() => void} line.leave
   */
  constructor(command, suggestions, hintId, line) {
    this.suggestions = suggestions;
    this.line = line;
    this.input = h("input", {
      type: "text",
      class: "command-end",
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-label": `End of /${command}. Enter sends; type the name of an option to add it`,
      "aria-controls": suggestions.id,
      "aria-describedby": hintId,
      autocomplete: "off",
      spellcheck: "false",
      enterkeyhint: "send",
    });
    this.input.addEventListener("focus", () => {
      suggestions.list.owner = this.input;
      line.entered();
    });
    this.input.addEventListener("input", () => line.typed() || this.#offer());
    this.input.addEventListener("blur", () => suggestions.close());
    this.input.addEventListener("keydown", (event) => this.#key(event));
  }

  /** What was typed behind the chips. */
  get text() {
    return this.input.value.trim();
  }

  #offer() {
    const wanted = this.input.value.trim().toLowerCase().replace(/:$/, "");
    const fitting = this.line.offered().filter(({ name }) => name.includes(wanted));
    this.suggestions.show(
      "Options",
      fitting.map(({ name, description }) => ({ value: name, label: name, description })),
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || this.suggestions.key(event)) return;
    const isEmpty = this.input.value === "";
    /** @type {Record<string, (() => void) | false>} */
    const actions = {
      Enter: () => this.line.send(),
      ArrowDown: () => this.#offer(),
      Escape: () => this.line.leave(),
      Backspace: isEmpty && (() => this.line.back(true)),
      ArrowLeft: isEmpty && (() => this.line.back(false)),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}
