/** A select menu of any kind: options of its own, people, roles, channels. */

import { h, set } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { Listbox } from "../base/listbox.js";
import { Popup } from "../base/popup.js";
import { avatar, channelIcon } from "../text/names.js";

/** @typedef {import("../types.js").Component} Component */
/** @typedef {import("../text/names.js").Names} Names */
/** @typedef {import("../base/listbox.js").Item} Item */

/** Component types of selects, as Discord numbers them. */
export const SELECT = { string: 3, user: 5, role: 6, mentionable: 7, channel: 8 };
const NOUNS = {
  [SELECT.string]: "an option",
  [SELECT.user]: "a person",
  [SELECT.role]: "a role",
  [SELECT.mentionable]: "a person or role",
  [SELECT.channel]: "a channel",
};

export class Select {
  /**
   * @param {Component} component
   * @param {Names} names
   * @param {{label?: string | null, changed: (values: string[]) => void, labelId?: string}} options
   *   `changed` hears of a choice when the menu closes
   */
  constructor(component, names, { label = null, changed, labelId }) {
    this.component = component;
    this.changed = changed;
    this.label = label || component.placeholder || `Choose ${NOUNS[component.type]}`;
    this.items = itemsOf(component, names);
    this.least = component.min_values ?? 1;
    this.most = component.max_values ?? 1;
    /** @type {string[]} */
    this.values = this.items.filter(({ selected }) => selected).map(({ value }) => value);
    this.before = this.values;
    this.typed = "";
    this.typedAt = 0;
    this.button = h("button", {
      type: "button",
      class: "select-button",
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      disabled: component.disabled,
      "aria-describedby": labelId,
      data: { customId: component.custom_id },
    });
    this.list = new Listbox({
      label: this.label,
      owner: this.button,
      choose: (item) => this.#choose(item),
      multiple: this.most > 1,
    });
    set(this.button, { "aria-controls": this.list.element.id });
    this.popup = new Popup(this.button, this.list.element, {
      toggled: (isOpen) => this.#toggled(isOpen),
    });
    this.button.addEventListener(
      "click",
      () => this.button.getAttribute("aria-disabled") !== "true" && this.popup.toggle(),
    );
    this.button.addEventListener("keydown", (event) => this.#key(event));
    // Kept in the document while closed: what names it by id always finds it.
    this.element = h("div", { class: "select" }, this.button, this.list.element);
    this.#write();
  }

  /** @param {boolean} isOpen */
  #toggled(isOpen) {
    set(this.button, { "aria-expanded": String(isOpen) });
    if (isOpen) {
      this.before = this.values;
      this.#fill(
        Math.max(
          0,
          this.items.findIndex(({ value }) => this.values.includes(value)),
        ),
      );
      return;
    }
    set(this.button, { "aria-activedescendant": null });
    const isSame =
      this.values.length === this.before.length &&
      this.values.every((value) => this.before.includes(value));
    if (this.values.length < this.least) this.values = this.before;
    else if (!isSame) this.changed(this.values);
    this.#write();
  }

  /** @param {number} active */
  #fill(active) {
    const isFull = this.most > 1 && this.values.length >= this.most;
    this.list.show(
      this.items.map((item) => ({
        ...item,
        selected: this.values.includes(item.value),
        disabled: isFull && !this.values.includes(item.value),
      })),
      { active },
    );
  }

  /** @param {Item} item */
  #choose({ value }) {
    if (this.most > 1) {
      this.values = this.values.includes(value)
        ? this.values.filter((each) => each !== value)
        : [...this.values, value];
      this.#fill(this.list.active);
      this.#write();
      return;
    }
    this.values = this.least === 0 && this.values.includes(value) ? [] : [value];
    this.popup.close();
    this.button.focus();
  }

  #write() {
    const chosen = this.values.map(
      (value) => this.items.find((item) => item.value === value)?.label ?? value,
    );
    this.button.replaceChildren(
      h(
        "span",
        { class: chosen.length ? "select-value" : "select-placeholder" },
        chosen.join(", ") || this.component.placeholder || `Choose ${NOUNS[this.component.type]}`,
      ),
      icon("chevron", 18),
    );
    set(this.button, { "aria-label": `${this.label}: ${chosen.join(", ") || "nothing chosen"}` });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.popup.isOpen) {
      if (event.key === " ") {
        event.preventDefault();
        this.list.take(this.list.active);
      } else if (event.key === "Tab") {
        this.popup.close();
      } else if (!this.list.key(event)) {
        this.#seek(event);
      }
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.button.click();
    }
  }

  /** Go to the item whose name begins as typed. @param {KeyboardEvent} event */
  #seek(event) {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    this.typed = event.timeStamp - this.typedAt > 800 ? event.key : this.typed + event.key;
    this.typedAt = event.timeStamp;
    const at = this.items.findIndex(({ label }) =>
      label.toLowerCase().startsWith(this.typed.toLowerCase()),
    );
    if (at >= 0) this.list.activate(at);
  }
}

/** @param {Component} component @param {Names} names @returns {Item[]} */
function itemsOf(component, names) {
  const preset = (component.default_values ?? []).map(({ id }) => String(id));
  const people = () =>
    peopleOf(names).map((user) => ({
      value: user.id,
      label: names.person(user),
      description: user.username,
      mark: avatar(user),
    }));
  const roles = () =>
    rolesOf(names).map((role) => ({ value: role.id, label: role.name, mark: roleDot(role.color) }));
  const channels = () =>
    channelsOf(names, component.channel_types).map((channel) => ({
      value: channel.id,
      label: names.place(channel),
      mark: channelIcon(channel),
    }));
  const options = () =>
    (component.options ?? []).map((option) => ({
      value: option.value,
      label: option.label,
      description: option.description ?? undefined,
      mark: option.emoji?.name && !option.emoji.id ? h("span", {}, option.emoji.name) : null,
      selected: option.default,
    }));
  /** @type {Record<number, () => Item[]>} */
  const kinds = {
    [SELECT.string]: options,
    [SELECT.user]: people,
    [SELECT.role]: roles,
    [SELECT.channel]: channels,
    [SELECT.mentionable]: () => [
      ...people().map((item) => ({ ...item, group: "People" })),
      ...roles().map((item) => ({ ...item, group: "Roles" })),
    ],
  };
  return kinds[component.type]().map((item) => ({
    ...item,
    selected: item.selected || preset.includes(item.value),
  }));
}

/** The people who can be chosen here. @param {Names} names */
export function peopleOf(names) {
  if (names.guild) return names.guild.members.map(({ user }) => user);
  const { actor, application } = /** @type {import("../types.js").World} */ (names.world);
  return [actor.user, application.bot];
}

/** @param {Names} names */
export function rolesOf(names) {
  return [...(names.guild?.roles ?? [])].sort((one, other) => other.position - one.position);
}

/** @param {Names} names @param {number[]} [types]  the kinds asked for; none given means all */
export function channelsOf(names, types = []) {
  return (names.guild?.channels ?? []).filter(({ type }) => !types.length || types.includes(type));
}

/** @param {number} color */
export function roleDot(color) {
  const dot = h("span", { class: "role-dot" });
  if (color) dot.style.setProperty("--role", `#${color.toString(16).padStart(6, "0")}`);
  return dot;
}
