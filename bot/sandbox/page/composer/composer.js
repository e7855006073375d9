/** Where one writes: messages, and commands once a slash is typed. */

import { Refusal } from "../api.js";
import { h, set } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { Listbox } from "../base/listbox.js";
import { CHANNEL } from "../discord.js";
import { avatar } from "../text/names.js";
import { CommandLine } from "./command_line.js";
import { readLine, search, usesOf } from "./command.js";

/** @typedef {import("./command.js").Use} Use */
/** @typedef {import("../types.js").Message} Message */

/**
 * What is being written in a channel.
 *
 * @typedef {object} Draft
 * @property {string} text
 * @property {CommandLine | null} line
 * @property {Message | null} answered  the message that the text replies to
 */

export class Composer {
  /**
   * @param {HTMLElement} root
   * @param {import("../store.js").Store} store
   * @param {import("../session.js").Session} session
   * @param {{up: () => void, sent: () => void, last: () => Message | null}} page
   *   `up`: go to the messages; `sent`: show the newest; `last`: one's own last message here
   */
  constructor(root, store, session, page) {
    this.store = store;
    this.session = session;
    this.page = page;
    /** @type {CommandLine | null} */
    this.line = null;
    /** @type {Message | null} one's own message that the text is to replace */
    this.edited = null;
    /** What stood in the box before a message was edited in it. */
    this.kept = "";
    /** @type {Message | null} the message that the text replies to */
    this.answered = null;
    /** @type {string | null} where what stands in the box was written */
    this.placeId = null;
    /** @type {Map<string, Draft>} by channel */
    this.drafts = new Map();
    this.isSending = false;
    this.text = h("textarea", {
      class: "composer-text",
      rows: "1",
      id: "message",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      autocomplete: "off",
      enterkeyhint: "send",
      spellcheck: "true",
    });
    this.picker = new Listbox({
      label: "Commands",
      owner: this.text,
      choose: (item) => this.pick(item.about),
    });
    set(this.text, { "aria-controls": this.picker.element.id });
    // It scrolls, so it can be reached; the keys are the text box's.
    this.picker.element.tabIndex = 0;
    this.popup = h("div", { class: "composer-popup", hidden: true });
    this.hint = h("div", { class: "composer-hint" });
    this.aside = h("div", { class: "composer-aside" });
    this.error = h("p", { class: "composer-error", role: "alert" });
    this.body = h("div", { class: "composer-body" }, this.text);
    this.slash = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Pick a command",
        title: "Pick a command (/)",
        onclick: () => this.startCommand(),
      },
      icon("slash"),
    );
    this.sendButton = h(
      "button",
      { type: "submit", class: "send icon-button", "aria-label": "Send" },
      icon("send"),
    );
    this.form = h(
      "form",
      {
        class: "composer",
        "aria-label": "Write",
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.send();
        },
      },
      this.popup,
      this.error,
      this.aside,
      this.hint,
      h("div", { class: "composer-box" }, this.slash, this.body, this.sendButton),
    );
    root.append(this.form);
    this.#listen();
  }

  #listen() {
    const { store, text } = this;
    text.addEventListener("input", () => this.#typed());
    text.addEventListener("keydown", (event) => this.#key(event));
    text.addEventListener("blur", () => this.#closePicker());
    text.addEventListener("focus", () => this.#typed());
    store.on("place", () => this.#change());
    store.on("world", () => this.#render());
    store.on("commands", () => {
      const stale =
        this.line &&
        !this.#uses().some(
          ({ name, command }) =>
            name === this.line?.use.name && command.id === this.line.use.command.id,
        );
      if (stale) this.leave();
      if (document.activeElement === text) this.#typed();
    });
  }

  focus() {
    if (this.line) this.line.focus();
    else this.text.focus();
  }

  /** Put what was written away with its channel, and take out what was written in the one that is open now. */
  #change() {
    const { channelId } = this.store;
    if (channelId === this.placeId) return;
    if (this.placeId) this.drafts.set(this.placeId, this.#draft());
    this.leave({ keepFocus: false });
    this.#aside({});
    this.placeId = channelId;
    const draft = this.drafts.get(channelId ?? "");
    this.text.value = draft?.text ?? "";
    if (draft?.line) this.#show(draft.line);
    this.#aside({ answered: draft?.answered });
    this.#typed();
    this.#render();
  }

  /** @returns {Draft} */
  #draft() {
    const { line, answered } = this;
    return { text: this.edited ? this.kept : this.text.value, line, answered };
  }

  /** Write an answer to a message. @param {Message} message */
  reply(message) {
    this.#dropAside();
    this.leave({ keepFocus: false });
    this.#aside({ answered: message });
    this.text.focus();
  }

  /** Write one's own message anew. @param {Message} message */
  edit(message) {
    this.#dropAside();
    this.leave({ keepFocus: false });
    this.kept = this.text.value;
    this.#aside({ edited: message });
    this.text.value = message.content;
    this.text.focus();
    this.text.setSelectionRange(message.content.length, message.content.length);
    this.#typed();
  }

  /** Say above the box what the text is for. @param {{edited?: Message | null, answered?: Message | null}} aim  neither: for a message of its own */
  #aside({ edited = null, answered = null }) {
    this.edited = edited;
    this.answered = answered;
    const message = edited ?? answered;
    this.aside.replaceChildren(
      ...(message
        ? [
            h(
              "span",
              { role: "status" },
              edited
                ? "Editing your message. Enter saves it, Escape leaves it as it was."
                : `Replying to ${this.store.names.person(message.author)}`,
            ),
            h(
              "button",
              {
                type: "button",
                class: "icon-button",
                "aria-label": edited ? "Leave the message as it was" : "Do not reply",
                onclick: () => this.#dropAside(),
              },
              icon("close", 16),
            ),
          ]
        : []),
    );
  }

  /** Write a message of its own again: what was to replace another goes, what stood there before comes back. */
  #dropAside() {
    if (this.edited) this.text.value = this.kept;
    this.#aside({});
    this.text.focus();
    this.#typed();
  }

  /** Begin a command, as if a slash had been typed. */
  startCommand() {
    this.leave();
    this.#dropAside();
    this.text.value = "/";
    this.text.focus();
    this.#typed();
  }

  /** Put a command into the box by its full name. @param {string} name */
  type(name) {
    const use =
      this.#uses().find((each) => each.name === name) ??
      this.#uses().find((each) => each.name.startsWith(`${name} `));
    if (use) this.pick(use);
    else this.complain(`There is no command /${name} for you here.`);
  }

  /** @param {Use} use @param {Record<string, string>} [texts] @param {string} [stray]  what belongs to no option */
  pick(use, texts = {}, stray = "") {
    this.complain("");
    this.line?.close();
    this.#closePicker();
    this.#aside({});
    this.text.value = "";
    const line = new CommandLine(use, {
      names: () => this.store.names,
      complete: (question) => this.session.complete(question),
      leave: () => this.leave(),
      send: () => this.send(),
      popup: this.popup,
    });
    line.fill(texts, stray);
    this.#show(line);
    line.focus();
  }

  /** @param {CommandLine} line */
  #show(line) {
    this.line = line;
    this.body.replaceChildren(line.element);
    this.hint.replaceChildren(line.hint);
    this.form.classList.add("commanding");
  }

  /** Run a whole line such as `/ask question:Why?`, as if it had been typed and sent. @param {string} line */
  run(line) {
    const read = readLine(line, this.#uses());
    if (!read) {
      this.type(line.slice(1).split(" ")[0]);
      return;
    }
    this.pick(read.use, read.texts, read.stray);
    this.send();
  }

  /** Go back to plain writing. @param {{keepFocus?: boolean}} [options] */
  leave({ keepFocus = true } = {}) {
    this.complain("");
    if (!this.line) return;
    this.line.close();
    this.line = null;
    this.hint.replaceChildren();
    this.body.replaceChildren(this.text);
    this.form.classList.remove("commanding");
    if (keepFocus) this.text.focus();
  }

  async send() {
    if (this.isSending) return;
    this.isSending = true;
    try {
      if (this.line) await this.#run(this.line);
      else await this.#say();
    } finally {
      this.isSending = false;
    }
  }

  /** @param {CommandLine} line */
  async #run(line) {
    const options = line.check();
    if (!options) return;
    try {
      const { command, name } = line.use;
      this.page.sent();
      await this.session.run({ id: command.id, name, options });
      this.leave();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!line.refuse(error.faults)) this.complain(error.message);
    }
  }

  async #say() {
    const content = this.text.value.trim();
    if (!content) return;
    if (content.startsWith("/") && !this.popup.hidden) return;
    try {
      if (this.edited) {
        await this.session.edit(this.edited, content);
        this.#dropAside();
        return;
      }
      this.page.sent();
      await this.session.say(content, this.answered?.id);
      this.text.value = "";
      this.#aside({});
      this.#typed();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.complain(error.message);
    }
  }

  #uses() {
    return usesOf(this.store.commands.get(this.store.channelId ?? "") ?? []);
  }

  #typed() {
    const { value } = this.text;
    this.complain("");
    this.text.style.setProperty("height", "auto");
    this.text.style.setProperty("height", `${Math.min(this.text.scrollHeight, 240)}px`);
    const isCommand = value.startsWith("/") && !value.includes("\n") && !this.edited;
    if (!isCommand || document.activeElement !== this.text) {
      this.#closePicker();
      return;
    }
    const uses = this.#uses();
    const read = readLine(value, uses);
    if (read) this.pick(read.use, read.texts, read.stray);
    else this.#offer(search(uses, value.slice(1)), uses.length);
  }

  /** @param {Use[]} uses @param {number} all */
  #offer(uses, all) {
    const { world } = this.store;
    if (!world) return;
    if (!uses.length) {
      this.picker.show([]);
      const sentence = all
        ? "No command is called so. Enter sends it as a message."
        : world.online
          ? "There are no commands for you here."
          : "The bot is not connected, so it has no commands yet.";
      this.popup.replaceChildren(h("p", { class: "popup-note", role: "status" }, sentence));
      this.popup.hidden = all > 0 && this.text.value.includes(" ");
      return;
    }
    const items = uses.map((use) => ({
      value: use.name,
      label: `/${use.name}`,
      description: use.description,
      about: use,
      hint: world.application.name,
      mark: avatar(world.application.bot),
      rich: h(
        "span",
        { class: "listbox-label" },
        `/${use.name}`,
        use.options.map((option) => [
          " ",
          h("span", { class: option.required ? "parameter" : "parameter optional" }, option.name),
        ]),
      ),
    }));
    this.popup.replaceChildren(
      h(
        "div",
        { class: "popup-title" },
        "Commands",
        h("span", {}, "↑ ↓ to move · Enter to choose"),
      ),
      this.picker.element,
    );
    this.popup.hidden = false;
    this.picker.show(items);
  }

  #closePicker() {
    if (this.line) return;
    this.popup.hidden = true;
    this.popup.replaceChildren();
    this.picker.show([], { active: -1 });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    if (!this.popup.hidden && this.picker.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (this.text.value.startsWith("/")) this.popup.hidden = true;
      this.send();
    } else if (event.key === "Escape" && this.text.value.startsWith("/")) {
      event.preventDefault();
      this.text.value = "";
      this.#closePicker();
    } else if (event.key === "Escape" && (this.edited || this.answered)) {
      event.preventDefault();
      this.#dropAside();
    } else if (event.key === "ArrowUp" && !event.altKey && this.text.value === "") {
      event.preventDefault();
      const last = this.page.last();
      if (last) this.edit(last);
      else this.page.up();
    }
  }

  #render() {
    const { channel, names } = this.store;
    if (!channel) return;
    const name = names.place(channel);
    const isForum = channel.type === CHANNEL.forum;
    const mayWrite = (channel.can_send || channel.can_use_commands) && !isForum;
    const words = channel.can_send
      ? `Message ${channel.recipients ? "@" : "#"}${name}`
      : channel.can_use_commands
        ? "You can only use commands here: type /"
        : isForum
          ? "Open a post to write in it."
          : "You do not have permission to send messages in this channel.";
    this.text.placeholder = words;
    this.text.disabled = !mayWrite;
    this.slash.disabled = !channel.can_use_commands;
    this.sendButton.disabled = !mayWrite;
    set(this.text, { "aria-label": words });
  }

  /** Say what went wrong. @param {string} sentence */
  complain(sentence) {
    if (this.error.textContent !== sentence) this.error.textContent = sentence;
  }
}
