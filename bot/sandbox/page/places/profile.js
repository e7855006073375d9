/** Who one is here, and becoming somebody else. */

import { h, set } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { Listbox } from "../base/listbox.js";
import { Popup } from "../base/popup.js";
import { avatar } from "../text/names.js";

export class Profile {
  /** @param {HTMLElement} root @param {import("../store.js").Store} store @param {(key: string) => void} become */
  constructor(root, store, become) {
    this.store = store;
    this.button = h("button", {
      type: "button",
      class: "profile",
      id: "act-as",
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
    });
    this.list = new Listbox({
      label: "Act as",
      owner: this.button,
      choose: ({ value }) => {
        this.popup.close();
        become(value);
      },
    });
    this.popup = new Popup(this.button, this.list.element, {
      toggled: (isOpen) => this.#toggled(isOpen),
    });
    set(this.button, { "aria-controls": this.list.element.id });
    this.button.addEventListener("click", () => this.popup.toggle());
    this.button.addEventListener("keydown", (event) => this.#key(event));
    root.append(this.button);
    for (const topic of ["world", "place"]) store.on(topic, () => this.render());
  }

  render() {
    const { world, names } = this.store;
    if (!world) return;
    const { user, key } = world.actor;
    set(this.button, {
      "aria-label": `Acting as ${names.person(user)}, ${key}. Act as somebody else`,
    });
    this.button.replaceChildren(
      avatar(user),
      h(
        "span",
        { class: "profile-words" },
        h("span", { class: "profile-name" }, names.person(user)),
        h("span", { class: "profile-key" }, `acting as ${key}`),
      ),
      icon("chevron", 18),
    );
  }

  /** @param {boolean} isOpen */
  #toggled(isOpen) {
    set(this.button, { "aria-expanded": String(isOpen) });
    const { world } = this.store;
    if (!isOpen || !world) {
      set(this.button, { "aria-activedescendant": null });
      return;
    }
    const items = world.actors.map(({ key, user, note }) => ({
      value: key,
      label: user.global_name || user.username,
      description: note,
      hint: key,
      mark: avatar(user),
      selected: key === world.actor.key,
    }));
    this.list.show(items, { active: items.findIndex(({ selected }) => selected) });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.popup.isOpen && this.list.key(event)) return;
    if (!this.popup.isOpen && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      this.popup.open();
    }
  }
}
