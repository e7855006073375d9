/** What an option can be filled with: its own choices, yes and no, people, roles, channels. */

import { CHANNEL } from "../discord.js";
import { avatar, channelIcon } from "../text/names.js";
import { channelsOf, peopleOf, roleDot, rolesOf } from "../messages/select.js";
import { OPTION } from "../discord.js";

/** @typedef {import("../base/listbox.js").Item} Item */
/** @typedef {import("../text/names.js").Names} Names */

/** As many as Discord shows. */
const MOST = 25;

/**
 * The list of an option; null if the option is free text, or its list comes from the bot.
 *
 * @param {import("../types.js").Option} option
 * @param {Names} names
 * @returns {Item[] | null}
 */
export function choicesOf(option, names) {
  if (option.choices?.length)
    return option.choices.map(({ name, value }) => ({
      value: String(value),
      label: name,
      about: value,
    }));
  const people = () =>
    peopleOf(names).map((user) => ({
      value: user.id,
      label: names.person(user),
      hint: user.username,
      mark: avatar(user),
      about: user.id,
    }));
  const roles = () =>
    rolesOf(names).map((role) => ({
      value: role.id,
      label: role.name,
      mark: roleDot(role.color),
      about: role.id,
    }));
  switch (option.type) {
    case OPTION.boolean:
      return [true, false].map((value) => ({
        value: String(value),
        label: value ? "True" : "False",
        about: value,
      }));
    case OPTION.user:
      return people();
    case OPTION.role:
      return roles();
    case OPTION.mentionable:
      return [...people(), ...roles()];
    case OPTION.channel:
      return channelsOf(names, option.channel_types)
        .filter(
          ({ type }) =>
            type !== CHANNEL.category || option.channel_types?.includes(CHANNEL.category),
        )
        .map((channel) => ({
          value: channel.id,
          label: names.place(channel),
          mark: channelIcon(channel),
          about: channel.id,
        }));
    default:
      return null;
  }
}

/**
 * Those that fit what was typed, the ones that begin with it first.
 *
 * @param {Item[]} items
 * @param {string} typed
 */
export function fitting(items, typed) {
  const wanted = typed.trim().toLowerCase().replace(/^[@#]/, "");
  const found = items.filter(({ label, hint }) =>
    `${label} ${hint ?? ""}`.toLowerCase().includes(wanted),
  );
  const begins = (/** @type {Item} */ { label }) => label.toLowerCase().startsWith(wanted);
  return [...found.filter(begins), ...found.filter((item) => !begins(item))].slice(0, MOST);
}
