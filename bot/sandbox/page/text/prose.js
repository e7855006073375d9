/** A Markdown tree in, elements out. Everything a person wrote becomes a text node. */

import { h, safeUrl } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { parse } from "./markdown.js";
import { stamp, written } from "./time.js";

/** @typedef {import("./markdown.js").Block} Block */
/** @typedef {import("./markdown.js").Inline} Inline */

/**
 * What the words need to know of the world around them.
 *
 * @typedef {object} Surroundings
 * @property {import("./names.js").Names} names
 * @property {() => number} now
 * @property {string} me                                 id of the reader
 * @property {(channel: string, message?: string) => void} visit
 * @property {(name: string) => void} type               put a command into the composer
 */

/** A link to a message or channel of Discord's. */
const PLACE =
  /^https:\/\/(?:ptb\.|canary\.)?discord(?:app)?\.com\/channels\/(?:\d+|@me)\/(\d+)(?:\/(\d+))?\/?$/;

export class Prose {
  /** @param {Surroundings} around */
  constructor(around) {
    this.around = around;
    /** The level of the text's first heading. */
    this.topLevel = 1;
  }

  /** Read a text and lay it out. @param {string} text @param {string} [extra]  further class names */
  render(text, extra = "") {
    const blocks = parse(text);
    const first = blocks.find(({ type }) => type === "heading");
    this.topLevel = first?.type === "heading" ? first.level : 1;
    return h("div", { class: `prose ${extra}`.trim() }, this.#blocks(blocks));
  }

  /** How a screen reader's announcement calls a mention. @param {Inline} node */
  spoken(node) {
    const { names, now } = this.around;
    if (node.type === "user") return `@${this.#person(node.id)}`;
    if (node.type === "role") return `@${names.role(node.id)?.name ?? "unknown role"}`;
    if (node.type === "channel") return `#${names.channel(node.id)?.name ?? "unknown"}`;
    if (node.type === "command") return `/${node.name}`;
    if (node.type === "time") return stamp(node.seconds * 1000, node.style, now());
    return "";
  }

  /** @param {Block[]} blocks @returns {Node[]} */
  #blocks(blocks) {
    return blocks.map((block) => this.#block(block));
  }

  /** @param {Block} block @returns {HTMLElement} */
  #block(block) {
    switch (block.type) {
      case "paragraph":
        return h("p", {}, this.#inlines(block.children));
      case "subtext":
        return h("p", { class: "subtext" }, this.#inlines(block.children));
      case "heading":
        // The page's own headings are h1 and h2; a text's begin at h3, however small, so that no level is left out.
        return h(
          block.level > this.topLevel ? "h4" : "h3",
          { class: `heading-${block.level}` },
          this.#inlines(block.children),
        );
      case "quote":
        return h("blockquote", {}, this.#blocks(block.blocks));
      case "list": {
        const items = block.items.map((item) => h("li", {}, this.#blocks(item)));
        return block.ordered ? h("ol", { start: block.start }, items) : h("ul", {}, items);
      }
      case "codeblock":
        return h(
          "pre",
          {
            tabindex: "0",
            role: "group",
            "aria-label": block.language ? `Code in ${block.language}` : "Code",
          },
          h("code", {}, block.text),
        );
    }
  }

  /** @param {Inline[]} nodes @returns {(Node | string)[]} */
  #inlines(nodes) {
    return nodes.map((node) => this.#inline(node));
  }

  /** @param {Inline} node @returns {Node | string} */
  #inline(node) {
    switch (node.type) {
      case "text":
        return node.text;
      case "bold":
        return h("strong", {}, this.#inlines(node.children));
      case "italic":
        return h("em", {}, this.#inlines(node.children));
      case "underline":
        return h("u", {}, this.#inlines(node.children));
      case "strike":
        return h("s", {}, this.#inlines(node.children));
      case "spoiler":
        return this.#spoiler(node.children);
      case "code":
        return h("code", {}, node.text);
      case "link":
        return this.#link(node.href, node.title, node.children);
      case "user":
        return h(
          "span",
          { class: `mention${node.id === this.around.me ? " mention-me" : ""}` },
          this.spoken(node),
        );
      case "role":
        return h("span", { class: "mention" }, this.spoken(node));
      case "everyone":
        return h("span", { class: "mention" }, node.text);
      case "channel":
        return this.#channel(node.id);
      case "command":
        return h(
          "button",
          { type: "button", class: "mention", onclick: () => this.around.type(node.name) },
          `/${node.name}`,
        );
      case "emoji":
        return h(
          "span",
          {
            class: "emoji",
            title: "An emoji of Discord's, whose picture the sandbox does not have",
          },
          `:${node.name}:`,
        );
      case "time":
        return this.#time(node.seconds, node.style);
    }
  }

  /** @param {Inline[]} children */
  #spoiler(children) {
    const words = h("span", { class: "spoiler-words", inert: true }, this.#inlines(children));
    const cover = h(
      "button",
      { type: "button", class: "spoiler", "aria-label": "Spoiler: show it" },
      words,
    );
    cover.addEventListener("click", () => {
      words.removeAttribute("inert");
      cover.replaceWith(h("span", { class: "spoiler open", tabindex: "-1" }, words));
      words.parentElement?.focus();
    });
    return cover;
  }

  /** @param {string} href @param {string | null} title @param {Inline[]} children */
  #link(href, title, children) {
    const place = PLACE.exec(href);
    if (place && this.around.names.channel(place[1])) {
      const own = children.some((each) => each.type !== "text" || each.text !== href);
      return this.#channel(place[1], place[2], own ? this.#inlines(children) : null);
    }
    return h(
      "a",
      { href: safeUrl(href), title, target: "_blank", rel: "noopener noreferrer nofollow" },
      this.#inlines(children),
    );
  }

  /** @param {string} id @param {string} [message] @param {(Node | string)[] | null} [words] */
  #channel(id, message, words) {
    const channel = this.around.names.channel(id);
    if (!channel) return h("span", { class: "mention" }, "#unknown");
    const name = `#${this.around.names.place(channel)}`;
    return h(
      "button",
      {
        type: "button",
        class: words ? "text-button" : "mention",
        "aria-label": words ? null : message ? `Go to a message in ${name}` : `Go to ${name}`,
        onclick: () => this.around.visit(id, message),
      },
      words ?? [name, message && [" › ", icon("forum", 14)]],
    );
  }

  /** @param {number} seconds @param {string} style */
  #time(seconds, style) {
    const milliseconds = seconds * 1000;
    const date = new Date(milliseconds);
    if (Number.isNaN(date.getTime())) return h("span", { class: "time" }, "Invalid date");
    const now = this.around.now();
    return h(
      "time",
      {
        class: "time",
        datetime: date.toISOString(),
        title: stamp(milliseconds, "F", now),
        data: { style, seconds },
      },
      stamp(milliseconds, style, now),
    );
  }

  /** @param {string} id */
  #person(id) {
    const user = this.around.names.user(id);
    return user ? this.around.names.person(user) : "unknown-user";
  }
}

/** Bring relative times (`<t:…:R>`) and the days of messages below `root` up to date. @param {ParentNode} root @param {number} now */
export function refreshTimes(root, now) {
  for (const time of /** @type {NodeListOf<HTMLElement>} */ (
    root.querySelectorAll("time[data-written]")
  )) {
    const words = written(Number(time.dataset.written), now);
    if (time.textContent !== words) time.textContent = words;
  }
  for (const time of /** @type {NodeListOf<HTMLElement>} */ (
    root.querySelectorAll('time[data-style="R"]')
  )) {
    time.textContent = stamp(Number(time.dataset.seconds) * 1000, "R", now);
  }
}
