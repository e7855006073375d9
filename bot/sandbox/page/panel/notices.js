/** What the host program has to say, such as the faults of a pack: above the messages, until it no longer holds. */

import { h } from "../base/dom.js";
import { icon } from "../base/icons.js";

/** @typedef {import("../types.js").Notice} Notice */

/** A place in a file: `kendall.yaml:41:` */
const PLACE = /^(\S+?\.\w+:\d+(?::\d+)?):?\s+(.*)$/;

export class Notices {
  /** @param {HTMLElement} root @param {import("../store.js").Store} store @param {import("../base/announcer.js").Announcer} announcer */
  constructor(root, store, announcer) {
    this.root = root;
    this.store = store;
    /** @type {Set<string>} those put away, with moment and text: one that is put anew comes back */
    this.hidden = new Set();
    store.on("notices", (/** @type {Notice | undefined} */ fresh) => {
      if (fresh) announcer.say(`${fresh.title}. ${fresh.text}`);
      this.render();
    });
  }

  render() {
    this.root.replaceChildren(
      ...this.store.notices
        .filter((notice) => !this.hidden.has(keyOf(notice)))
        .map((notice) => this.#one(notice)),
    );
  }

  /** @param {Notice} notice */
  #one(notice) {
    return h(
      "section",
      { class: "notice", data: { level: notice.level }, "aria-label": notice.title },
      icon(notice.level === "info" ? "bell" : "warning"),
      h(
        "div",
        { class: "notice-words" },
        h("strong", {}, notice.title),
        h(
          "div",
          { class: "notice-text", tabindex: "0", role: "group", "aria-label": "Details" },
          notice.text.split("\n").filter(Boolean).map(line),
        ),
      ),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": `Put away: ${notice.title}`,
          onclick: () => {
            this.hidden.add(keyOf(notice));
            this.render();
          },
        },
        icon("close", 18),
      ),
    );
  }
}

/** @param {string} text */
function line(text) {
  const found = PLACE.exec(text);
  return h("p", {}, found ? [h("code", {}, found[1]), " ", found[2]] : text);
}

/** @param {Notice} notice */
function keyOf({ id, at, text }) {
  return `${id}\n${at}\n${text}`;
}
