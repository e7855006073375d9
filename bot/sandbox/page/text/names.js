/** What people, roles and channels are called, and how they are pictured, in a given world. */

import { CHANNEL } from "../discord.js";
import { css, h } from "../base/dom.js";
import { icon } from "../base/icons.js";

/** @typedef {import("../types.js").World} World */
/** @typedef {import("../types.js").User} User */
/** @typedef {import("../types.js").Guild} Guild */
/** @typedef {import("../types.js").Channel} Channel */

export class Names {
  /** @param {World | null} world @param {Guild | null} guild  where the names are read */
  constructor(world, guild) {
    this.world = world;
    this.guild = guild;
  }

  /** A person's name here: nickname, display name, user name. @param {User} user */
  person(user) {
    const nick = this.guild?.members.find((member) => member.user.id === user.id)?.nick;
    return nick || user.global_name || user.username;
  }

  /** @param {string} id @returns {User | null} */
  user(id) {
    for (const guild of [this.guild, ...(this.world?.guilds ?? [])]) {
      const member = guild?.members.find(({ user }) => user.id === id);
      if (member) return member.user;
    }
    const others = [
      ...(this.world?.actors ?? []).map(({ user }) => user),
      ...(this.world?.dms ?? []).flatMap(({ recipients }) => recipients ?? []),
      ...(this.world ? [this.world.application.bot] : []),
    ];
    return others.find((user) => user.id === id) ?? null;
  }

  /** @param {string} id */
  role(id) {
    return this.guild?.roles.find((role) => role.id === id) ?? null;
  }

  /** @param {string} id @returns {Channel | null} */
  channel(id) {
    const all = [
      ...(this.world?.guilds ?? []).flatMap(({ channels }) => channels),
      ...(this.world?.dms ?? []),
    ];
    return all.find((channel) => channel.id === id) ?? null;
  }

  /** The colour of a person's highest coloured role, or null. @param {User} user */
  color(user) {
    const worn = this.guild?.members.find((member) => member.user.id === user.id)?.roles ?? [];
    const colored = (this.guild?.roles ?? [])
      .filter((role) => role.color && worn.includes(role.id))
      .sort((one, other) => other.position - one.position);
    return colored.length ? css(colored[0].color) : null;
  }

  /** What a channel is called: its name, or the people of a DM. @param {Channel} channel */
  place(channel) {
    return (
      channel.name ||
      (channel.recipients ?? []).map((user) => user.global_name || user.username).join(", ") ||
      "Direct message"
    );
  }
}

/** The icon of a channel's kind. @param {Channel} channel @param {number} [size] */
export function channelIcon(channel, size = 20) {
  const kinds = {
    [CHANNEL.voice]: "speaker",
    [CHANNEL.stage]: "speaker",
    [CHANNEL.announcement]: "megaphone",
    [CHANNEL.thread]: "thread",
    [CHANNEL.newsThread]: "thread",
    [CHANNEL.privateThread]: "thread",
    [CHANNEL.forum]: "forum",
  };
  return icon(/** @type {any} */ (kinds[channel.type] ?? "hash"), size);
}

/** A round picture: the person's own, a bot's sign, or initials. @param {User} user @param {string} [name] */
export function avatar(user, name = user.global_name || user.username) {
  if (user.avatar && /^(https:|data:image\/)/.test(user.avatar)) {
    return h("img", { class: "avatar", src: user.avatar, alt: "", loading: "lazy" });
  }
  const hue = Number(BigInt(/^\d+$/.test(user.id) ? user.id : 0) % 7n);
  return h(
    "span",
    { class: "avatar", "aria-hidden": "true", data: { hue: user.bot ? "bot" : hue } },
    user.bot ? disc() : initials(name),
  );
}

/** The letters that stand for a name. @param {string} name */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}

/** A record, the sign of a bot here. */
function disc() {
  return h("span", { class: "disc" });
}
