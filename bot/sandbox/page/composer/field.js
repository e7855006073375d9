/** The chip of one option: its name and an input that grows with what is typed. */

import { h, set, uid } from "../base/dom.js";
import { faultOf } from "./command.js";

/** @typedef {import("../types.js").Option} Option */
/** @typedef {import("./command.js").Entry} Entry */

export class Field {
  /**
   * @param {Option} option
   * @param {{listId: string, hintId: string}} ids  of the list and of the line that explains, both of the composer
   */
  constructor(option, { listId, hintId }) {
    this.option = option;
    /** @type {Entry["value"]} */
    this.value = null;
    /** @type {string | null} a fault that only the sandbox could find */
    this.refused = null;
    this.wasLeft = false;
    const id = uid("option");
    this.input = h("input", {
      type: "text",
      id,
      class: "chip-input",
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": listId,
      "aria-describedby": hintId,
      "aria-required": option.required ? "true" : null,
      autocomplete: "off",
      spellcheck: "true",
      autocapitalize: "off",
      enterkeyhint: "send",
      data: { option: option.name },
    });
    this.element = h(
      "span",
      { class: "chip" },
      h("label", { class: "chip-name", for: id }, option.name),
      this.input,
    );
    this.input.addEventListener("input", () => {
      this.value = null;
      this.refused = null;
      this.grow();
    });
    this.grow();
  }

  /** @returns {Entry} */
  get entry() {
    return { text: this.input.value, value: this.value };
  }

  get fault() {
    return this.refused ?? faultOf(this.option, this.entry);
  }

  /** @param {string} text @param {Entry["value"]} value  null if it was typed rather than chosen */
  fill(text, value) {
    this.input.value = text;
    this.value = value;
    this.refused = null;
    this.grow();
  }

  grow() {
    this.input.size = Math.max(3, Math.min(48, this.input.value.length + 1));
  }

  /** Show whether something is wrong: once it was left, or once sending was tried. */
  judge() {
    const isWrong = this.wasLeft && this.fault !== null;
    this.element.classList.toggle("wrong", isWrong);
    set(this.input, { "aria-invalid": isWrong ? "true" : null });
  }
}
