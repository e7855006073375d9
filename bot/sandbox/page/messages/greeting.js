/** What stands above the first message of a channel: where one is, and what to do here. */

import { h } from "../base/dom.js";
import { CHANNEL, COMMAND, OPTION } from "../discord.js";
import { channelIcon } from "../text/names.js";

/** As many commands as a greeting shows. */
const MOST_CARDS = 6;

export class Greeting {
  /**
   * @param {import("../store.js").Store} store
   * @param {object} page
   * @param {(command: string) => void} page.type  put a command into the box
   * @param {(line: string) => void} page.run      run a whole command
   * @param {(key: string) => void} page.become    act as somebody else
   * @param {(channel: string) => void} page.visit
   */
  constructor(store, page) {
    this.store = store;
    this.page = page;
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
            act: () => this.page.visit(post.id),
          }))
        : commands.slice(0, MOST_CARDS).map((command) => ({
            name: `/${firstPath(command)}`,
            words: command.description,
            act: () => this.page.type(firstPath(command)),
          }));
    this.element.replaceChildren(
      h("span", { class: "intro-sign" }, channelIcon(channel, 34)),
      h("h2", {}, channel.type === CHANNEL.dm ? name : `Welcome to #${name}`),
      this.#introduction(),
      commands.length > 0 ? this.#questions() : "",
      h("p", {}, this.#invitation(commands.length)),
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

  /** What this page is, who one is on it, and how to become the other of fan and admin. */
  #introduction() {
    const { world } = this.store;
    if (!world) return "";
    const { actor, actors, welcome } = world;
    const wanted = actor.key === "admin" ? "fan" : "admin";
    const other = actors.find(({ key }) => key === wanted);
    return h(
      "div",
      { class: "intro-words" },
      h("p", {}, `This page stands in for Discord, on this machine alone. ${welcome.text}`.trim()),
      h(
        "p",
        {},
        `You act as ${nameOf(actor)} here. `,
        other &&
          h(
            "button",
            { type: "button", class: "text-button", onclick: () => this.page.become(other.key) },
            `Act as ${nameOf(other)}`,
          ),
      ),
    );
  }

  /** Whole commands to press. */
  #questions() {
    const lines = this.store.world?.welcome.lines ?? [];
    if (!lines.length) return "";
    return h(
      "ul",
      { class: "intro-lines", "aria-label": "Questions to press" },
      lines.map((line) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", class: "button secondary", onclick: () => this.page.run(line) },
            line,
          ),
        ),
      ),
    );
  }

  /** @param {number} commands */
  #invitation(commands) {
    const { channel, world } = this.store;
    if (channel?.type === CHANNEL.forum)
      return "A forum holds posts. Open one to read and write in it.";
    if (commands) return "Type / to use a command, or pick one:";
    return world?.online
      ? "There are no commands for you here."
      : "The bot is not connected yet. Its commands appear here as soon as it is.";
  }
}

/** @param {import("../types.js").Actor} actor */
function nameOf({ key, user }) {
  return `${user.global_name || user.username} (${key})`;
}

/** The whole name of a command's first use: `daily set` of a group. @param {import("../types.js").Option | import("../types.js").Command} command @returns {string} */
function firstPath(command) {
  const inner = command.options?.find(
    ({ type }) => type === OPTION.subcommand || type === OPTION.group,
  );
  return inner ? `${command.name} ${firstPath(inner)}` : command.name;
}
