/** The rail of servers, and above them the direct messages. */

import { h } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { initials } from "../text/names.js";
import { isOpenable, listed } from "../order.js";

/** @typedef {import("../types.js").Channel} Channel */

export class Servers {
  /** @param {HTMLElement} root @param {import("../store.js").Store} store @param {(channel: string) => void} open */
  constructor(root, store, open) {
    this.root = root;
    this.store = store;
    this.open = open;
    for (const topic of ["world", "place", "unread"]) store.on(topic, () => this.render());
  }

  render() {
    const { world, guild, channelId } = this.store;
    if (!world) return;
    const held = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.server;
    this.root.replaceChildren(
      h(
        "ul",
        { class: "rail" },
        this.#entry(
          "dms",
          "Direct messages",
          icon("people", 22),
          world.dms,
          Boolean(channelId) && !guild,
        ),
        world.guilds.map((each) =>
          this.#entry(
            each.id,
            each.name + (each.bot_present ? "" : ", without the bot"),
            h("span", {}, initials(each.name)),
            listed(each.channels).filter(isOpenable),
            each === guild,
          ),
        ),
      ),
    );
    if (held)
      /** @type {HTMLElement | null} */ (
        this.root.querySelector(`[data-server="${held}"]`)
      )?.focus();
  }

  /** @param {string} id @param {string} name @param {Node} picture @param {Channel[]} channels @param {boolean} isHere */
  #entry(id, name, picture, channels, isHere) {
    const news = channels.reduce(
      (sum, channel) => sum + (this.store.unread.get(channel.id) ?? 0),
      0,
    );
    const first = channels.find((channel) => channel.can_use_commands) ?? channels[0];
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: "rail-button",
          title: name,
          "aria-label": news ? `${name}, ${news} new` : name,
          "aria-current": isHere ? "true" : null,
          disabled: !first,
          data: { server: id, news: news ? "yes" : "" },
          onclick: () => this.open(first.id),
        },
        picture,
      ),
    );
  }
}
