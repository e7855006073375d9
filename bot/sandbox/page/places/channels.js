/** The channels of the open server, or the direct messages. */

import { h } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { CHANNEL } from "../discord.js";
import { avatar, channelIcon } from "../text/names.js";
import { isOpenable, listed } from "../order.js";

/** @typedef {import("../types.js").Channel} Channel */

const THREADS = [CHANNEL.newsThread, CHANNEL.thread, CHANNEL.privateThread];

export class Channels {
  /** @param {HTMLElement} root @param {import("../store.js").Store} store @param {(channel: string) => void} open */
  constructor(root, store, open) {
    this.root = root;
    this.store = store;
    this.open = open;
    for (const topic of ["world", "place", "unread"]) store.on(topic, () => this.render());
  }

  render() {
    const { world, guild } = this.store;
    if (!world) return;
    const held = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.channel;
    const channels = guild ? listed(guild.channels) : world.dms;
    this.root.replaceChildren(
      h("h2", { class: "sidebar-title" }, guild?.name ?? "Direct messages"),
      guild && !guild.bot_present
        ? h(
            "p",
            { class: "sidebar-note" },
            "The bot is not a member here. Its commands come from a user install.",
          )
        : "",
      h(
        "nav",
        { class: "channels", "aria-label": "Channels" },
        h(
          "ul",
          {},
          channels.map((channel) => this.#entry(channel)),
        ),
      ),
    );
    if (held)
      /** @type {HTMLElement | null} */ (
        this.root.querySelector(`[data-channel="${held}"]`)
      )?.focus();
  }

  /** @param {Channel} channel */
  #entry(channel) {
    const name = this.store.names.place(channel);
    if (channel.type === CHANNEL.category) return h("li", { class: "category" }, name);
    const news = this.store.unread.get(channel.id) ?? 0;
    return h(
      "li",
      { class: THREADS.includes(channel.type) ? "is-thread" : null },
      h(
        "button",
        {
          type: "button",
          class: "channel-button",
          disabled: !isOpenable(channel),
          data: { channel: channel.id, news: news ? "yes" : "" },
          "aria-current": channel.id === this.store.channelId ? "page" : null,
          "aria-label": this.#spoken(channel, name, news),
          onclick: () => this.open(channel.id),
        },
        channel.recipients?.length ? avatar(channel.recipients[0]) : channelIcon(channel),
        h("span", { class: "channel-name" }, name),
        !channel.bot_can_see &&
          isOpenable(channel) &&
          h(
            "span",
            { class: "channel-flag", title: "The bot cannot see this channel" },
            icon("eye", 16),
          ),
        news > 0 && h("span", { class: "badge", "aria-hidden": "true" }, news),
      ),
    );
  }

  /** @param {Channel} channel @param {string} name @param {number} news */
  #spoken(channel, name, news) {
    const kind = channel.recipients
      ? "direct message"
      : THREADS.includes(channel.type)
        ? "thread"
        : channel.type === CHANNEL.forum
          ? "forum"
          : channel.type === CHANNEL.voice
            ? "voice channel, not part of the sandbox"
            : "channel";
    return [
      `${name}, ${kind}`,
      !channel.bot_can_see && isOpenable(channel) && "the bot cannot see it",
      news && `${news} new`,
    ]
      .filter(Boolean)
      .join(", ");
  }
}
