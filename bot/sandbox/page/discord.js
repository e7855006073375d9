/**
 * Discord's numbers by name: types and flags as its documentation lists them.
 * https://discord.com/developers/docs/components/reference
 */

export const COMPONENT = {
  actionRow: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  textDisplay: 10,
  thumbnail: 11,
  mediaGallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
};

export const BUTTON = { primary: 1, secondary: 2, success: 3, danger: 4, link: 5, premium: 6 };

export const SPACING = { small: 1, large: 2 };

/** Flags of a message; `thinking` is a deferred reply, `layout` a message of Components V2. */
export const FLAG = { ephemeral: 64, thinking: 128, layout: 32768 };

export const MESSAGE = {
  usual: 0,
  pinned: 6,
  joined: 7,
  threadCreated: 18,
  reply: 19,
  command: 20,
  threadStarter: 21,
  contextMenu: 23,
};

/** Channel types, as Discord numbers them. */
export const CHANNEL = {
  text: 0,
  dm: 1,
  voice: 2,
  group: 3,
  category: 4,
  announcement: 5,
  newsThread: 10,
  thread: 11,
  privateThread: 12,
  stage: 13,
  forum: 15,
};

/** Option types, as Discord numbers them. */
export const OPTION = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
};

export const COMMAND = { slash: 1, user: 2, message: 3 };
