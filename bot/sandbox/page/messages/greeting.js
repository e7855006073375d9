/** What stands above the first message of a channel: where one is, and what to do here. */

import { h } from "../base/dom.js";
import { CHANNEL, COMMAND, OPTION } from "../discord.js";
import { channelIcon } from "../text/names.js";

/** As many commands as a greeting shows. */
const MOST_CARDS = 6;

export class Greeting {
  /**
   * @param {import("../store.js").Store} store
   * @param {{type: (command: string) => void, visit: (channel: string) => void}} page
   */
  constructor(store, { type, visit }) {
    this.store = store;
    this.type = type;
    this.visit = visit;
    this.element = h("div", { class: "intro" });
  }

  render() {
    const { channel, names, channelId, world } = this.store;
    if (!channel || !channelId || !world) return;
    this.element.hidden = !this.store.in(channelId).isComplete;
    const name = names.place(channel);
    const commands = (this.store.commands.get(channelId) ?? []).filter(
      ({ type = COMMAND.slash }) => type === COMMAND.slash,
    );
    const posts =
      channel.type === CHANNEL.forum
        ? (this.store.guild?.channels ?? []).filter(({ parent_id: parent }) => parent === channelId)
        : [];
    const cards =
      channel.type === CHANNEL.forum
        ? posts.map((post) => ({
            name: names.place(post),
            words: "Open the post",
            act: () => this.visit(post.id),
          }))
        : commands.slice(0, MOST_CARDS).map((command) => ({
            name: `/${firstPath(command)}`,
            words: command.description,
            act: () => this.type(firstPath(command)),
          }));
    this.element.replaceChildren(
      h("span", { class: "intro-sign" }, channelIcon(channel, 34)),
      h("h2", {}, channel.type === CHANNEL.dm ? name : `Welcome to #${name}`),
      h("p", {}, this.#welcome(name, commands.length)),
      cards.length === 0
        ? ""
        : h(
            "ul",
            { class: "intro-cards" },
            cards.map(({ name: title, words, act }) =>
              h(
                "li",
                {},
                h(
                  "button",
                  { type: "button", onclick: act },
                  h("strong", {}, title),
                  h("span", {}, words),
                ),
              ),
            ),
          ),
    );
  }

  /** @param {string} name @param {number} commands */
  #welcome(name, commands) {
    const { channel, world } = this.store;
    if (channel?.type === CHANNEL.forum)
      return "A forum holds posts. Open one to read and write in it.";
    if (!commands)
      return world?.online
        ? "There are no commands for you here."
        : "The bot is not connected yet. Its commands appear here as soon as it is.";
    const where =
      channel?.type === CHANNEL.dm
        ? `This is the beginning of your conversation with ${name}.`
        : `This is the beginning of #${name}.`;
    return `${where} Type / to use a command, or pick one:`;
  }
}

/** The whole name of a command's first use: `daily set` of a group. @param {import("../types.js").Option | import("../types.js").Command} command @returns {string} */
function firstPath(command) {
  const inner = command.options?.find(
    ({ type }) => type === OPTION.subcommand || type === OPTION.group,
  );
  return inner ? `${command.name} ${firstPath(inner)}` : command.name;
}
