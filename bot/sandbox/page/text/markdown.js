/**
 * Discord's Markdown in, a tree out. Pure: no document, no addresses that a browser must not follow.
 *
 * @typedef {import("./inline.js").Inline} Inline
 *
 * @typedef {{type: "paragraph" | "subtext", children: Inline[]}
 *   | {type: "heading", level: number, children: Inline[]}
 *   | {type: "quote", blocks: Block[]}
 *   | {type: "list", ordered: boolean, start: number, items: Block[][]}
 *   | {type: "codeblock", language: string, text: string}} Block
 */

import { DEEPEST, inline } from "./inline.js";

/**
 * Read a text.
 *
 * @param {string} source
 * @param {number} [depth]
 * @returns {Block[]}
 */
export function parse(source, depth = 0) {
  const reader = new BlockReader(source.replaceAll("\r\n", "\n").split("\n"), depth);
  return reader.read();
}

/**
 * The words alone, as a screen reader says them.
 *
 * @param {Block[]} blocks
 * @param {(node: Inline) => string} [name]  how to call a mention or a time
 * @returns {string}
 */
export function plain(blocks, name = () => "") {
  /** @param {Inline[]} children @returns {string} */
  const words = (children) =>
    children
      .map((node) => {
        if ("text" in node) return node.text;
        if ("children" in node) return node.type === "spoiler" ? "spoiler" : words(node.children);
        return node.type === "emoji" ? `:${node.name}:` : name(node);
      })
      .join("");
  return blocks
    .map((block) => {
      if (block.type === "codeblock") return block.text;
      if (block.type === "quote") return plain(block.blocks, name);
      if (block.type === "list") return block.items.map((item) => plain(item, name)).join("; ");
      return words(block.children);
    })
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}

const FENCE = /(?<!\\)```(?:([a-z0-9_+\-.#]+)\n)?\n*([^\n][^]*?)\n*```/i;
const QUOTE = /^>(\s|$)/;
const REST = /^>>>\s/;
const HEADING = /^(#{1,3})\s+(\S.*)$/;
const SUBTEXT = /^-#\s+(\S.*)$/;
const BULLET = /^(\s*)(?:[-*]|(\d{1,9})\.)\s+(\S.*)$/;

class BlockReader {
  /** @param {string[]} lines @param {number} depth */
  constructor(lines, depth) {
    this.lines = lines;
    this.depth = depth;
    this.at = 0;
    /** @type {Block[]} */
    this.blocks = [];
    /** @type {string[]} */
    this.words = [];
  }

  read() {
    while (this.at < this.lines.length) {
      if (!(this.#fence() || this.#quote() || this.#heading() || this.#subtext() || this.#list())) {
        this.words.push(this.lines[this.at]);
        this.at += 1;
      }
    }
    this.#flush();
    return this.blocks;
  }

  /** A block ends the paragraph before it. @param {Block} block */
  #put(block) {
    this.#flush();
    this.blocks.push(block);
  }

  #flush() {
    const text = this.words.join("\n");
    this.words = [];
    if (text.trim()) this.blocks.push({ type: "paragraph", children: inline(text, this.depth) });
  }

  #fence() {
    if (!this.lines[this.at].includes("```")) return false;
    const rest = this.lines.slice(this.at).join("\n");
    const found = FENCE.exec(rest);
    if (!found || found.index > this.lines[this.at].length) return false;
    const before = rest.slice(0, found.index);
    // A quote or a heading that holds the fence reads its own line first.
    if (/^(>|#|-#)/.test(before)) return false;
    if (before) this.words.push(before);
    this.#put({ type: "codeblock", language: found[1] ?? "", text: found[2] });
    const after = rest.slice(found.index + found[0].length).replace(/^\n/, "");
    this.lines = after ? after.split("\n") : [];
    this.at = 0;
    return true;
  }

  #quote() {
    if (this.depth >= DEEPEST) return false;
    /** @type {string[]} */
    let inner = [];
    if (REST.test(this.lines[this.at])) {
      inner = [this.lines[this.at].slice(4), ...this.lines.slice(this.at + 1)];
      this.at = this.lines.length;
    }
    while (this.at < this.lines.length && QUOTE.test(this.lines[this.at])) {
      inner.push(this.lines[this.at].slice(2));
      this.at += 1;
    }
    if (!inner.length) return false;
    this.#put({ type: "quote", blocks: parse(inner.join("\n"), this.depth + 1) });
    return true;
  }

  #heading() {
    const found = HEADING.exec(this.lines[this.at]);
    if (!found) return false;
    this.at += 1;
    this.#put({ type: "heading", level: found[1].length, children: inline(found[2], this.depth) });
    return true;
  }

  #subtext() {
    const found = SUBTEXT.exec(this.lines[this.at]);
    if (!found) return false;
    this.at += 1;
    this.#put({ type: "subtext", children: inline(found[1], this.depth) });
    return true;
  }

  #list() {
    if (!BULLET.test(this.lines[this.at])) return false;
    this.#put(this.#items(0));
    return true;
  }

  /**
   * The items from here on that stand as deep as the first; deeper ones become lists of their own.
   *
   * @param {number} level
   * @returns {Block}
   */
  #items(level) {
    const first = /** @type {RegExpExecArray} */ (BULLET.exec(this.lines[this.at]));
    const indent = first[1].length;
    /** @type {Block[][]} */
    const items = [];
    while (this.at < this.lines.length) {
      const found = BULLET.exec(this.lines[this.at]);
      if (!found || found[1].length < indent) break;
      const isDeeper = found[1].length >= indent + 2 && items.length > 0 && level < DEEPEST;
      if (!isDeeper && (found[2] === undefined) !== (first[2] === undefined)) break;
      if (isDeeper) {
        items[items.length - 1].push(this.#items(level + 1));
      } else {
        this.at += 1;
        const words = [found[3], ...this.#continued(indent)].join("\n");
        items.push([{ type: "paragraph", children: inline(words, this.depth) }]);
      }
    }
    return { type: "list", ordered: first[2] !== undefined, start: Number(first[2] ?? 1), items };
  }

  /**
   * The lines from here on that go on with an item: indented, and no items themselves.
   *
   * @param {number} indent
   * @returns {string[]}
   */
  #continued(indent) {
    const lines = [];
    while (this.at < this.lines.length) {
      const line = this.lines[this.at];
      const depth = line.length - line.trimStart().length;
      if (depth < indent + 2 || !line.trim() || BULLET.test(line)) break;
      lines.push(line.trim());
      this.at += 1;
    }
    return lines;
  }
}
