/**
 * A slash command being written: what can be picked, what is still wrong with it, what is sent. Pure.
 *
 * @typedef {import("../types.js").Command} Command
 * @typedef {import("../types.js").Option} Option
 *
 * @typedef {object} Use  one way to use a command: a plain command, or a subcommand
 * @property {Command} command
 * @property {string[]} path     names below the command: [] or ["set"] or ["group", "set"]
 * @property {string} name       the full name, "daily set"
 * @property {string} description
 * @property {Option[]} options
 *
 * @typedef {{text: string, value: string | number | boolean | null}} Entry  what stands in an option's field;
 *   `value` is what was chosen from a list, null if it was typed
 */

import { COMMAND, OPTION } from "../discord.js";

/** Discord's own bound for integers: what a double holds exactly. */
const LARGEST = 2 ** 53;

/**
 * Every way to use the commands, subcommands laid flat, in order of name.
 *
 * @param {Command[]} commands
 * @returns {Use[]}
 */
export function usesOf(commands) {
  return commands
    .filter(({ type = COMMAND.slash }) => type === COMMAND.slash)
    .flatMap((command) => usesBelow(command, command, []))
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** @param {Command} command @param {Command | Option} part @param {string[]} path @returns {Use[]} */
function usesBelow(command, part, path) {
  const options = part.options ?? [];
  const inner = options.filter(({ type }) => type === OPTION.subcommand || type === OPTION.group);
  if (inner.length) return inner.flatMap((each) => usesBelow(command, each, [...path, each.name]));
  const ordered = [
    ...options.filter(({ required }) => required),
    ...options.filter(({ required }) => !required),
  ];
  return [
    {
      command,
      path,
      name: [command.name, ...path].join(" "),
      description: part.description,
      options: ordered,
    },
  ];
}

/**
 * The uses that fit what was typed after the slash, the best first.
 *
 * @param {Use[]} uses
 * @param {string} typed
 */
export function search(uses, typed) {
  const wanted = typed.trim().toLowerCase();
  /** @param {Use} use */
  const rank = ({ name, description }) => {
    if (name.startsWith(wanted)) return 0;
    if (name.split(" ").some((word) => word.startsWith(wanted))) return 1;
    if (name.includes(wanted)) return 2;
    return description.toLowerCase().includes(wanted) ? 3 : 4;
  };
  return uses
    .map((use) => ({ use, rank: rank(use) }))
    .filter((each) => each.rank < 4)
    .sort((one, other) => one.rank - other.rank)
    .map(({ use }) => use);
}

/**
 * Read a whole line such as `/ask where was it recorded` or `/daily set time:09:00 channel:general`.
 *
 * Words before the first `name:` are the first option's if it is required; otherwise nobody knows whose they are.
 *
 * @param {string} line
 * @param {Use[]} uses
 * @returns {{use: Use, texts: Record<string, string>, stray: string} | null}
 *   null unless it begins with a command's full name and a space
 */
export function readLine(line, uses) {
  const fitting = uses.filter(
    ({ name }) => `${line} `.startsWith(`/${name} `) && line.length > name.length + 1,
  );
  const use = fitting.sort((one, other) => other.name.length - one.name.length)[0];
  if (!use) return null;
  const { before, texts } = readOptions(line.slice(use.name.length + 2), use.options);
  const [first] = use.options;
  if (!before || !first?.required) return { use, texts, stray: before };
  return { use, texts: { [first.name]: before, ...texts }, stray: "" };
}

/**
 * Tell apart what stands behind each `name:` of an option, and what stands before the first.
 *
 * @param {string} text
 * @param {Option[]} options
 * @returns {{before: string, texts: Record<string, string>}}
 */
export function readOptions(text, options) {
  // A name counts once: a second time it is part of what was written.
  const left = new Set(options.map(({ name }) => name));
  const marks = [...text.matchAll(/(?:^|\s)([^\s:]+):/g)].filter(([, name]) => left.delete(name));
  /** @type {Record<string, string>} */
  const texts = {};
  marks.forEach((mark, at) => {
    texts[mark[1]] = text.slice(mark.index + mark[0].length, marks[at + 1]?.index).trim();
  });
  return { before: text.slice(0, marks[0]?.index).trim(), texts };
}

/**
 * What is wrong with a field, as a sentence; null if nothing is.
 *
 * @param {Option} option
 * @param {Entry} entry
 * @returns {string | null}
 */
export function faultOf(option, entry) {
  if (isEmpty(entry)) return option.required ? "This option is required. Give it a value." : null;
  if (entry.value !== null) return null;
  const { type, choices, min_length: shortest = 0, max_length: longest = 6000 } = option;
  if (choices?.length) return "Choose one of the values in the list.";
  if (type === OPTION.string) {
    const { length } = entry.text;
    if (length < shortest) return `Must be ${shortest} or more characters long.`;
    return length > longest ? `Must be ${longest} or fewer characters long.` : null;
  }
  if (type === OPTION.integer || type === OPTION.number)
    return faultOfNumber(option, entry.text.trim());
  if (type === OPTION.attachment) return "The sandbox cannot take files.";
  return "Choose one of the values in the list.";
}

/** @param {Option} option @param {string} text */
function faultOfNumber({ type, min_value: least = -LARGEST, max_value: most = LARGEST }, text) {
  const number = Number(text);
  if (type === OPTION.integer && !/^[-+]?\d+$/.test(text)) return "Give a whole number.";
  if (!Number.isFinite(number)) return "Give a number.";
  if (number < least) return `Give a number that is ${least} or more.`;
  return number > most ? `Give a number that is ${most} or less.` : null;
}

/** @param {Entry} entry */
export function isEmpty({ text, value }) {
  return value === null && text.trim() === "";
}

/**
 * The options as Discord nests them; empty ones are left out.
 *
 * @param {Use} use
 * @param {Map<string, Entry>} entries  by the option's name
 * @param {string} [focused]  kept even if empty: its suggestions are wanted
 * @returns {object[]}
 */
export function payload({ options, path }, entries, focused) {
  /** @type {object[]} */
  let nested = options.flatMap((option) => {
    const entry = entries.get(option.name) ?? { text: "", value: null };
    return isEmpty(entry) && option.name !== focused
      ? []
      : [{ type: option.type, name: option.name, value: valueOf(option, entry) }];
  });
  for (let at = path.length - 1; at >= 0; at -= 1) {
    nested = [
      {
        type: at === path.length - 1 ? OPTION.subcommand : OPTION.group,
        name: path[at],
        options: nested,
      },
    ];
  }
  return nested;
}

/** @param {Option} option @param {Entry} entry */
function valueOf({ type }, { text, value }) {
  if (value !== null) return value;
  const isNumber = type === OPTION.integer || type === OPTION.number;
  return isNumber && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
