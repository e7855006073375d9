/** A picked command with the chips of its options, their lists and their faults. */

import { h, uid } from "../base/dom.js";
import { choicesOf, fitting } from "./choices.js";
import { isEmpty, payload, readOptions } from "./command.js";
import { EndInput } from "./end.js";
import { Field } from "./field.js";
import { Suggestions } from "./suggestions.js";

/** @typedef {import("./command.js").Use} Use */

/** How long typing has to rest before the bot is asked for suggestions. */
const REST = 150;
/** How long an answer may take before the person is told that it is awaited. */
const PATIENCE = 450;

export class CommandLine {
  /**
   * @param {Use} use
   * @param {object} page
   * @param {() => import("../text/names.js").Names} page.names
   * @param {(question: {id: string, options: object[], focused: string}) => Promise<{choices: {name: string, value: string | number}[], failed: boolean}>} page.complete
   * @param {() => void} page.leave   the person has gone back before the command's beginning
   * @param {() => void} page.send
   * @param {HTMLElement} page.popup  where the list is shown
   */
  constructor(use, page) {
    this.use = use;
    this.page = page;
    this.asked = 0;
    /** @type {number | undefined} */
    this.timer = undefined;
    this.hint = h("div", { class: "hint", id: uid("hint") });
    this.suggestions = new Suggestions(page.popup, (item) => this.#take(item));
    this.chips = h("span", { class: "chips" });
    this.more = h("span", { class: "more" });
    this.end = new EndInput(use.name, this.suggestions, this.hint.id, {
      entered: () => this.#explain(null),
      typed: () => this.#typedAtEnd(),
      offered: () => this.#left(),
      send: page.send,
      back: (isLeaving) => this.#back(isLeaving),
      leave: page.leave,
    });
    this.element = h(
      "div",
      { class: "command-line" },
      h("span", { class: "command-name" }, `/${use.name}`),
      this.chips,
      this.end.input,
      this.more,
    );
    /** @type {Field[]} */
    this.fields = [];
    for (const option of use.options) if (option.required) this.#add(option.name);
    this.#renderMore();
    this.#explain(null);
  }

  /** @param {Record<string, string>} texts  by the option's name @param {string} [stray]  what belongs to none */
  fill(texts, stray = "") {
    for (const [name, text] of Object.entries(texts)) {
      const field = this.fields.find(({ option }) => option.name === name) ?? this.#add(name);
      const only = fitting(choicesOf(field.option, this.page.names()) ?? [], text).find(
        ({ label, value }) => label.toLowerCase() === text.toLowerCase() || value === text,
      );
      field.fill(only?.label ?? text, only ? only.about : null);
    }
    this.end.input.value = stray;
    this.#renderMore();
  }

  /** Go to the first field that wants something, otherwise to the last, otherwise behind the command. */
  focus() {
    const field =
      this.fields.find((each) => each.fault) ?? (this.end.text ? null : this.fields.at(-1));
    (field?.input ?? this.end.input).focus();
  }

  /** The options to send; null if something is wrong, which is then shown. */
  check() {
    for (const field of this.fields) {
      field.wasLeft = true;
      field.judge();
    }
    const wrong = this.fields.find((field) => field.fault);
    const stray = wrong ? null : this.#strayFault();
    if (!wrong && !stray) return payload(this.use, this.#entries());
    (wrong?.input ?? this.end.input).focus();
    this.suggestions.close();
    this.#explain(wrong ?? null, stray);
    return null;
  }

  /** What is wrong with words that belong to no option; null if there are none. */
  #strayFault() {
    const { text } = this.end;
    const left = this.#left();
    const [next] = left;
    if (!text) return null;
    const named = /^([^\s:]+):/.exec(text)?.[1];
    if (named && next && !this.use.options.some(({ name }) => name === named))
      return `There is no option “${named}”. You can fill in: ${left.map(({ name }) => name).join(", ")}.`;
    return next
      ? `“${text}” belongs to no option. Write the option’s name before it, as in ${next.name}:${text}`
      : `“${text}” belongs to no option, and every option is there. Take it away.`;
  }

  /** Show what the sandbox found wrong. @param {{field: string, message: string}[]} faults @returns {boolean}  whether a field was named */
  refuse(faults) {
    for (const { field: name, message } of faults) {
      const field =
        this.fields.find(({ option }) => option.name === name) ??
        (this.use.options.some((option) => option.name === name) ? this.#add(name) : null);
      if (field) field.refused = message;
    }
    return faults.length > 0 && this.check() === null;
  }

  close() {
    window.clearTimeout(this.timer);
    this.asked += 1;
    this.suggestions.close();
  }

  /** Back from the end to the last chip; where there is none, out of the command. @param {boolean} isLeaving */
  #back(isLeaving) {
    const last = this.fields.at(-1);
    if (last) last.input.focus();
    else if (isLeaving) this.page.leave();
  }

  #entries() {
    return new Map(this.fields.map((field) => [field.option.name, field.entry]));
  }

  /** @param {string} name @returns {Field} */
  #add(name) {
    const option = /** @type {import("../types.js").Option} */ (
      this.use.options.find((each) => each.name === name)
    );
    const field = new Field(option, { listId: this.suggestions.id, hintId: this.hint.id });
    const { input } = field;
    input.addEventListener("focus", () => this.#entered(field));
    input.addEventListener("input", () => {
      if (this.#splitOff(field)) return;
      field.judge();
      this.#explain(field);
      this.#offer(field);
    });
    input.addEventListener("blur", () => this.#quit(field));
    input.addEventListener("keydown", (event) => this.#key(event, field));
    this.fields.push(field);
    this.chips.append(field.element);
    this.#renderMore();
    return field;
  }

  /** Make chips of each `name:` that was typed into a field. @param {Field} field @returns {boolean}  whether there was one */
  #splitOff(field) {
    const { value } = field.input;
    const isOwn = value.startsWith(`${field.option.name}:`);
    const { before, texts } = readOptions(value, [
      ...this.#unfilled().filter((option) => option !== field.option),
      ...(isOwn ? [field.option] : []),
    ]);
    const names = Object.keys(texts);
    if (!names.length) return false;
    field.fill(before, null);
    this.#goOn(texts);
    return true;
  }

  /** Make chips of each `name:` that was typed behind the chips. @returns {boolean}  whether there was one */
  #typedAtEnd() {
    const { before, texts } = readOptions(this.end.input.value, this.#unfilled());
    this.#explain(null);
    if (!Object.keys(texts).length) return false;
    this.#goOn(texts, before);
    return true;
  }

  /** Fill options in and go on writing in the last of them. @param {Record<string, string>} texts @param {string} [stray] */
  #goOn(texts, stray = this.end.text) {
    this.fill(texts, stray);
    const last = Object.keys(texts).at(-1);
    const { input } = /** @type {Field} */ (this.fields.find(({ option }) => option.name === last));
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  }

  /** @param {Field} field */
  #remove(field) {
    const at = this.fields.indexOf(field);
    this.fields.splice(at, 1);
    this.#renderMore();
    (this.fields[at - 1]?.input ?? this.end.input).focus();
    field.element.remove();
  }

  /** The options that have no chip yet. */
  #left() {
    return this.use.options.filter(
      ({ name }) => !this.fields.some(({ option }) => option.name === name),
    );
  }

  /** The options that have no chip yet, or an empty one. */
  #unfilled() {
    return this.use.options.filter(({ name }) =>
      this.fields.every(({ option, entry }) => option.name !== name || isEmpty(entry)),
    );
  }

  #renderMore() {
    const left = this.#left();
    this.more.replaceChildren(
      ...left.map((option) =>
        h(
          "button",
          {
            type: "button",
            class: "chip-add",
            title: option.description,
            "aria-label": `Add the option ${option.name}: ${option.description}`,
            onclick: () => this.#add(option.name).input.focus(),
          },
          `+ ${option.name}`,
        ),
      ),
    );
  }

  /** @param {Field} field */
  #entered(field) {
    this.suggestions.list.owner = field.input;
    this.#explain(field);
    this.#offer(field);
  }

  /** @param {Field} field */
  #quit(field) {
    field.wasLeft =
      !(field.option.required && field.input.value === "" && field.value === null) || field.wasLeft;
    this.#settle(field);
    field.judge();
    this.suggestions.close();
  }

  /** Typed words that name exactly one choice are that choice. @param {Field} field @returns {boolean}  whether they do */
  #settle(field) {
    if (field.value !== null || !field.input.value.trim()) return false;
    const typed = field.input.value.trim().toLowerCase().replace(/^[@#]/, "");
    const same = (choicesOf(field.option, this.page.names()) ?? []).filter(
      ({ label }) => label.toLowerCase() === typed,
    );
    if (same.length === 1) field.fill(same[0].label, same[0].about);
    return same.length === 1;
  }

  /** Say what the option is for, or what is wrong with it. @param {Field | null} field @param {string | null} [stray]  what is wrong behind the chips */
  #explain(field, stray = null) {
    const fault = field?.wasLeft ? field.fault : stray;
    this.hint.classList.toggle("wrong", fault !== null);
    this.hint.replaceChildren(
      h("strong", {}, field ? field.option.name : `/${this.use.name}`),
      " ",
      h(
        "span",
        { role: fault ? "alert" : null },
        fault ?? (field ? field.option.description : this.use.description),
      ),
      field && !field.option.required ? h("span", { class: "hint-optional" }, "optional") : "",
    );
  }

  /** Show the list of a field. @param {Field} field */
  #offer(field) {
    window.clearTimeout(this.timer);
    this.asked += 1;
    const local = choicesOf(field.option, this.page.names());
    if (local)
      this.suggestions.show(
        field.option.name,
        fitting(local, field.value === null ? field.input.value : ""),
        { nothing: "Nothing fits." },
      );
    else if (field.option.autocomplete) this.#ask(field);
    else this.suggestions.close();
  }

  /** @param {Field} field */
  #ask(field) {
    const mine = this.asked;
    // Answers mostly come at once: no need to flash a note before each.
    window.setTimeout(
      () =>
        mine === this.asked &&
        document.activeElement === field.input &&
        !this.suggestions.isShowing &&
        this.suggestions.say(field.option.name, "Loading options…"),
      PATIENCE,
    );
    this.timer = window.setTimeout(async () => {
      const { name } = field.option;
      const answer = await this.page
        .complete({
          id: this.use.command.id,
          options: payload(this.use, this.#entries(), name),
          focused: name,
        })
        .catch(() => ({ choices: [], failed: true }));
      // A later question makes this answer history.
      if (mine !== this.asked || document.activeElement !== field.input) return;
      this.asked += 1;
      if (answer.failed) this.suggestions.say(name, "Loading options failed.");
      else
        this.suggestions.show(
          name,
          answer.choices.map((choice) => ({
            value: String(choice.value),
            label: choice.name,
            about: choice.value,
          })),
          { active: -1, nothing: "No suggestions. What you type is sent as it is." },
        );
    }, REST);
  }

  /** @param {import("../base/listbox.js").Item} item */
  #take(item) {
    if (document.activeElement === this.end.input) {
      this.end.input.value = "";
      this.#add(item.value).input.focus();
      return;
    }
    const field = this.fields.find(({ input }) => input === document.activeElement);
    if (!field) return;
    this.asked += 1;
    window.clearTimeout(this.timer);
    field.fill(item.label, item.about);
    field.judge();
    this.suggestions.close();
    if (!this.#askNext(field)) this.#explain(field);
  }

  /** Go to the next option that must be given. @param {Field} field @returns {boolean}  whether there is one */
  #askNext(field) {
    const next = this.fields.find((each) => each !== field && each.option.required && each.fault);
    next?.input.focus();
    return next !== undefined;
  }

  /** @param {KeyboardEvent} event @param {Field} field */
  #key(event, field) {
    if (event.isComposing) return;
    if (event.key === "Enter" && this.#settle(field)) {
      event.preventDefault();
      this.suggestions.close();
      if (!this.#askNext(field)) this.page.send();
      return;
    }
    if (this.suggestions.key(event)) return;
    const at = this.fields.indexOf(field);
    const { selectionStart, selectionEnd, value } = field.input;
    const isAtStart = selectionStart === 0 && selectionEnd === 0;
    if (event.key === "Enter") {
      event.preventDefault();
      this.page.send();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.page.leave();
    } else if (event.key === "Backspace" && value === "" && (!field.option.required || at === 0)) {
      event.preventDefault();
      if (field.option.required) this.page.leave();
      else this.#remove(field);
    } else if (event.key === "ArrowLeft" && isAtStart && at > 0) {
      event.preventDefault();
      this.fields[at - 1].input.focus();
    } else if (event.key === "ArrowRight" && selectionStart === value.length) {
      event.preventDefault();
      const next = this.fields[at + 1]?.input ?? this.end.input;
      next.focus();
      next.setSelectionRange(0, 0);
    }
  }
}
