/**
 * The words of a paragraph: emphasis, code, links, mentions, times. Pure, like text/markdown.js.
 *
 * @typedef {{type: "text" | "code", text: string}
 *   | {type: "bold" | "italic" | "underline" | "strike" | "spoiler", children: Inline[]}
 *   | {type: "link", href: string, title: string | null, children: Inline[]}
 *   | {type: "user" | "role" | "channel", id: string}
 *   | {type: "command", id: string, name: string}
 *   | {type: "emoji", id: string, name: string}
 *   | {type: "time", seconds: number, style: string}
 *   | {type: "everyone", text: string}} Inline
 */

/** Deeper than any honest text nests; what lies below stays as it was typed. */
export const DEEPEST = 12;

/**
 * Each rule is tried where its first character stands; `make` may return null to leave the text alone.
 *
 * @type {{starts: string, pattern: RegExp, make: (found: RegExpExecArray, depth: number) => Inline | null}[]}
 */
const RULES = [
  {
    starts: "\\",
    pattern: /\\([^A-Za-z0-9\s])/y,
    make: (found) => ({ type: "text", text: found[1] }),
  },
  {
    starts: "`",
    pattern: /(`+)([^]*?[^`])\1(?!`)/y,
    make: (found) => ({ type: "code", text: found[2].replace(/^ (.*`.*) $/, "$1") }),
  },
  { starts: "<", pattern: /<@!?(\d{1,20})>/y, make: (found) => ({ type: "user", id: found[1] }) },
  { starts: "<", pattern: /<@&(\d{1,20})>/y, make: (found) => ({ type: "role", id: found[1] }) },
  { starts: "<", pattern: /<#(\d{1,20})>/y, make: (found) => ({ type: "channel", id: found[1] }) },
  {
    starts: "<",
    pattern: /<\/([^:<>\n]{1,100}):(\d{1,20})>/y,
    make: (found) => ({ type: "command", name: found[1], id: found[2] }),
  },
  {
    starts: "<",
    pattern: /<a?:(\w{1,32}):(\d{1,20})>/y,
    make: (found) => ({ type: "emoji", name: found[1], id: found[2] }),
  },
  {
    starts: "<",
    pattern: /<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>/y,
    make: (found) => ({ type: "time", seconds: Number(found[1]), style: found[2] ?? "f" }),
  },
  {
    starts: "<",
    pattern: /<(https?:\/\/[^\s<>]+)>/y,
    make: (found) => link(found[1], [{ type: "text", text: found[1] }]),
  },
  {
    starts: "[",
    pattern:
      /\[((?:\\.|\[[^[\]\n]*\]|[^[\]\\])+)\]\(\s*(?:<([^<>\s]*)>|([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*))(?:\s+"([^"]*)")?\s*\)/y,
    make: masked,
  },
  {
    starts: "h",
    pattern: /https?:\/\/(?:[^\s<()\]]|\([^\s<()]*\))*(?:[^\s<.,:;"'\]|*_~()]|\([^\s<()]*\))/y,
    make: (found) => link(found[0], [{ type: "text", text: found[0] }]),
  },
  {
    starts: "@",
    pattern: /@(?:everyone|here)\b/y,
    make: (found) => ({ type: "everyone", text: found[0] }),
  },
  {
    starts: "*",
    pattern: /\*\*((?:\\[^]|[^\\])+?)\*\*(?!\*)/y,
    make: (found, depth) => ({ type: "bold", children: inline(found[1], depth + 1) }),
  },
  {
    starts: "_",
    pattern: /__((?:\\[^]|[^\\])+?)__(?!_)/y,
    make: (found, depth) => ({ type: "underline", children: inline(found[1], depth + 1) }),
  },
  {
    starts: "*",
    pattern: /\*(?=\S)((?:\*\*|\\[^]|\s+(?:\\[^]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/y,
    make: (found, depth) => ({ type: "italic", children: inline(found[1], depth + 1) }),
  },
  {
    starts: "_",
    pattern: /\b_((?:__|\\[^]|[^\\_])+?)_\b/y,
    make: (found, depth) => ({ type: "italic", children: inline(found[1], depth + 1) }),
  },
  {
    starts: "~",
    pattern: /~~((?:\\[^]|[^\\])+?)~~/y,
    make: (found, depth) => ({ type: "strike", children: inline(found[1], depth + 1) }),
  },
  {
    starts: "|",
    pattern: /\|\|([^]+?)\|\|/y,
    make: (found, depth) => ({ type: "spoiler", children: inline(found[1], depth + 1) }),
  },
];

const SPECIAL = new Set(RULES.map((rule) => rule.starts));

/**
 * Read the words of a line or paragraph.
 *
 * @param {string} text
 * @param {number} depth  of what stands around them
 * @returns {Inline[]}
 */
export function inline(text, depth) {
  if (depth >= DEEPEST) return [{ type: "text", text }];
  /** @type {Inline[]} */
  const nodes = [];
  let words = "";
  let at = 0;
  const flush = () => {
    if (words) nodes.push({ type: "text", text: words });
    words = "";
  };
  while (at < text.length) {
    const found = SPECIAL.has(text[at]) ? match(text, at, depth) : null;
    if (!found) {
      words += text[at];
      at += 1;
    } else if (found.node.type === "text") {
      words += found.node.text;
      at = found.end;
    } else {
      flush();
      nodes.push(found.node);
      at = found.end;
    }
  }
  flush();
  return nodes;
}

/** @param {string} text @param {number} at @param {number} depth */
function match(text, at, depth) {
  for (const { starts, pattern, make } of RULES) {
    if (starts !== text[at]) continue;
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    const end = pattern.lastIndex;
    const node = found && make(found, depth);
    if (node) return { node, end };
  }
  return null;
}

/**
 * `[words](address)`. Words that look like an address are refused, as Discord does: they could lie.
 *
 * @param {RegExpExecArray} found
 * @param {number} depth
 * @returns {Inline | null}
 */
function masked(found, depth) {
  const [, words, bracketed, bare, title] = found;
  if (/https?:\/\//i.test(words)) return null;
  return link(bracketed ?? bare, inline(words, depth + 1), title ?? null);
}

/**
 * @param {string} address
 * @param {Inline[]} children
 * @param {string | null} [title]
 * @returns {Inline | null}
 */
function link(address, children, title = null) {
  try {
    const { protocol, href } = new URL(address);
    return protocol === "https:" || protocol === "http:"
      ? { type: "link", href, title, children }
      : null;
  } catch {
    return null;
  }
}
