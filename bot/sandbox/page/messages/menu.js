/** What can be done with a message: copy it, look at it, run an app's command on it. */

import { h } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { openDialog } from "../base/dialog.js";
import { attachMenu } from "../base/menu.js";
import { FLAG } from "../discord.js";
import { jsonView } from "../panel/json.js";

const USER_COMMAND = 2;
const MESSAGE_COMMAND = 3;

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} item  of the message
 * @param {import("../types.js").Message} message
 * @param {import("./message.js").Doings} doings
 * @param {import("../text/prose.js").Surroundings} around
 */
export function attachMessageMenu(button, item, message, doings, around) {
  const entries = () => {
    const menus = doings
      .commands()
      .filter(({ type }) => type === USER_COMMAND || type === MESSAGE_COMMAND);
    const apps = menus.map((command) => ({
      label:
        command.type === USER_COMMAND
          ? `${command.name} (${around.names.person(message.author)})`
          : command.name,
      mark: icon("bot", 18),
      act: () =>
        doings.runMenu(command, command.type === USER_COMMAND ? message.author.id : message.id),
    }));
    const isPrivate = Boolean(message.flags & FLAG.ephemeral);
    const own = doings.isOwn(message)
      ? [
          { label: "Edit", mark: icon("pencil", 18), act: () => doings.edit(message) },
          { label: "Delete", mark: icon("trash", 18), act: () => doings.remove(message) },
        ]
      : [];
    return [
      ...(doings.mayWrite && !isPrivate
        ? [{ label: "Reply", mark: icon("reply", 18), act: () => doings.reply(message) }]
        : []),
      ...own,
      { label: "Copy text", mark: icon("copy", 18), act: () => copy(message.content) },
      {
        label: "Copy link",
        mark: icon("link", 18),
        act: () =>
          copy(
            `https://discord.com/channels/${doings.guildId ?? "@me"}/${message.channel_id}/${message.id}`,
          ),
      },
      { label: "Copy id", mark: icon("hash", 18), act: () => copy(message.id) },
      {
        label: "Show as JSON",
        mark: icon("search", 18),
        act: () =>
          openDialog("Message as JSON", h("div", { class: "dialog-body" }, jsonView(message)), {
            name: "wide",
          }),
      },
      ...(apps.length ? [{ heading: "Apps" }, ...apps] : []),
    ];
  };
  attachMenu(button, "Message", entries, item);
}

/** @param {string} text */
function copy(text) {
  navigator.clipboard?.writeText(text).catch(() => {});
}
