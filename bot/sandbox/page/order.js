/** The order of ids and of channels. */

import { CHANNEL } from "./discord.js";

/** @typedef {import("./types.js").Channel} Channel */

/** Snowflakes in order of time: they do not fit into a number. @param {string} one @param {string} other */
export function compareIds(one, other) {
  return one.length - other.length || (one < other ? -1 : Number(one > other));
}

/** Whether it holds messages that can be read. @param {Channel} channel */
export function isOpenable(channel) {
  return ![CHANNEL.voice, CHANNEL.category, CHANNEL.stage].includes(channel.type);
}

/**
 * Channels in the order in which Discord lists them: each category followed by its channels, each of those by its threads.
 *
 * @param {Channel[]} channels
 * @returns {Channel[]}
 */
export function listed(channels) {
  const byPosition = [...channels].sort(
    (one, other) => (one.position ?? 0) - (other.position ?? 0) || compareIds(one.id, other.id),
  );
  const ids = new Set(channels.map(({ id }) => id));
  /** @param {Channel} channel @returns {Channel[]} */
  const withChildren = (channel) => [
    channel,
    ...byPosition.filter(({ parent_id }) => parent_id === channel.id).flatMap(withChildren),
  ];
  const roots = byPosition.filter(({ parent_id }) => !parent_id || !ids.has(parent_id));
  return [
    ...roots.filter(({ type }) => type !== CHANNEL.category),
    ...roots.filter(({ type }) => type === CHANNEL.category),
  ].flatMap(withChildren);
}
