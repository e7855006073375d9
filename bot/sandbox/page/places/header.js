/** The bar above the messages: where one is, whether the bot is there, and the page's own switches. */

import { h, set } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { attachMenu } from "../base/menu.js";
import { CHANNEL } from "../discord.js";
import { channelIcon } from "../text/names.js";
import { Prose } from "../text/prose.js";

const THEME_ICONS = /** @type {const} */ ({ system: "screen", dark: "moon", light: "sun" });

export class Header {
  /**
   * @param {HTMLElement} root
   * @param {import("../store.js").Store} store
   * @param {import("../base/theme.js").Theme} theme
   * @param {import("../text/prose.js").Surroundings} around
   * @param {{channels: () => void, switcher: () => void, help: () => void, panel: () => void}} open
   */
  constructor(root, store, theme, around, open) {
    this.store = store;
    this.theme = theme;
    this.around = around;
    this.place = h("div", { class: "header-place" });
    this.state = h("span", { class: "header-state", role: "status" });
    this.themeButton = h("button", {
      type: "button",
      class: "icon-button",
      id: "theme",
      onclick: () => theme.next(),
    });
    this.panelButton = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        id: "panel-toggle",
        "aria-label": "Backstage",
        "aria-expanded": "false",
        "aria-controls": "panel",
        title: "Backstage: log, faults, clock (Ctrl .)",
        onclick: open.panel,
      },
      icon("backstage"),
    );
    const more = h(
      "button",
      { type: "button", class: "icon-button narrow-only", "aria-label": "More" },
      icon("more"),
    );
    attachMenu(more, "More", () => [
      { label: "Go to a channel", mark: icon("search", 18), act: open.switcher },
      { label: "Keys", mark: icon("help", 18), act: open.help },
    ]);
    root.append(
      h(
        "button",
        {
          type: "button",
          class: "icon-button narrow-only",
          id: "menu",
          "aria-label": "Servers and channels",
          "aria-controls": "sidebar",
          onclick: open.channels,
        },
        icon("menu"),
      ),
      this.place,
      this.state,
      h(
        "button",
        {
          type: "button",
          class: "icon-button wide-only",
          "aria-label": "Go to a channel",
          title: "Go to a channel (Ctrl K)",
          onclick: open.switcher,
        },
        icon("search"),
      ),
      this.themeButton,
      h(
        "button",
        {
          type: "button",
          class: "icon-button wide-only",
          "aria-label": "Keys",
          title: "Keys (?)",
          onclick: open.help,
        },
        icon("help"),
      ),
      this.panelButton,
      more,
    );
    for (const topic of ["world", "place"]) store.on(topic, () => this.#renderPlace());
    store.on("connection", () => this.#renderState());
    theme.addEventListener("change", () => this.#renderTheme());
    this.#renderTheme();
  }

  #renderPlace() {
    const { channel, names, world } = this.store;
    if (!channel || !world) return;
    const name = names.place(channel);
    document.title = `${channel.recipients ? "" : "#"}${name} · ${world.title}`;
    const topic =
      channel.topic && new Prose({ ...this.around, names }).render(channel.topic, "header-topic");
    if (topic) topic.title = channel.topic ?? "";
    this.place.replaceChildren(
      h(
        "span",
        { class: "header-icon" },
        channel.type === CHANNEL.dm ? icon("people") : channelIcon(channel),
      ),
      h("h1", {}, name),
      topic || "",
    );
  }

  #renderState() {
    const { world, line } = this.store;
    if (!world) return;
    const state = line === "open" ? (world.online ? "online" : "offline") : "lost";
    const words = { online: "Bot online", offline: "Bot offline", lost: "Sandbox out of reach" }[
      state
    ];
    if (this.state.dataset.state === state) return;
    this.state.dataset.state = state;
    this.state.title = words;
    this.state.replaceChildren(
      h("span", { class: "dot", "aria-hidden": "true" }),
      h("span", { class: "header-state-words" }, words),
    );
  }

  #renderTheme() {
    const { name } = this.theme;
    set(this.themeButton, {
      "aria-label": `Theme: ${name === "system" ? "as the system has it" : name}`,
      title: `Theme: ${name}`,
    });
    this.themeButton.replaceChildren(icon(THEME_ICONS[name]));
  }
}
