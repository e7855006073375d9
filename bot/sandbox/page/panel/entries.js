/** The entries of the packs by subject, with their ways of asking. */

import { h, set } from "../base/dom.js";
import { placeButton } from "./excerpt.js";

/** @typedef {import("./workbench.js").Bench} Bench */
/** @typedef {import("../types.js").BenchEntry} BenchEntry */

export class Entries {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {Set<string>} the keys of those that are open */
    this.open = new Set();
    this.filter = h("input", {
      type: "search",
      class: "field",
      placeholder: "Filter",
      "aria-label": "Filter the entries",
      spellcheck: "false",
      oninput: () => this.draw(),
    });
    this.list = h("div", { class: "bench-subjects" });
    this.element = h("div", { class: "bench-entries" }, this.filter, this.list);
  }

  draw() {
    const words = this.filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const isFiltered = words.length > 0;
    const { packs, isChecked } = this.bench;
    const drawn = packs.flatMap((pack) => {
      const subjects = pack.subjects
        .map(({ id, name, entries }) => ({
          key: `${pack.id}/${id}`,
          name,
          entries: entries.filter((entry) => fits(entry, words)),
        }))
        .filter(({ entries }) => entries.length > 0)
        .map((subject) => this.#subject(subject, isFiltered));
      const title = packs.length > 1 && h("h3", {}, pack.title);
      return subjects.length ? [title, ...subjects] : [];
    });
    const empty = isChecked ? "No pack is sound yet." : "Reading the packs …";
    const none = isFiltered ? "No entry has these words." : empty;
    this.bench.keepFocus(this.list, () =>
      this.list.replaceChildren(
        ...(drawn.length
          ? drawn.filter((each) => each !== false)
          : [h("p", { class: "note" }, none)]),
      ),
    );
  }

  /** @param {{key: string, name: string, entries: BenchEntry[]}} subject @param {boolean} isFiltered */
  #subject({ key, name, entries }, isFiltered) {
    return this.#fold(
      { key, className: "bench-subject", isOpen: isFiltered },
      [h("span", { class: "subject-name" }, name), h("span", { class: "count" }, entries.length)],
      () => [
        h(
          "ul",
          {},
          entries.map((entry) => this.#entry(`${key}/${entry.kind}/${entry.id}`, entry)),
        ),
      ],
    );
  }

  /** @param {string} key @param {BenchEntry} entry */
  #entry(key, { kind, id, text, withdrawn, place, asked }) {
    const noun = kind === "quote" ? "theme" : "way of asking";
    const count = asked.length === 1 ? `1 ${noun}` : `${asked.length} ${plural(noun)}`;
    return h(
      "li",
      { class: "bench-entry" },
      h(
        "div",
        { class: "entry-head" },
        h("span", { class: "entry-kind" }, kind),
        h("code", {}, id),
        placeButton(this.bench, place),
      ),
      h("p", {}, kind === "quote" ? `“${text}”` : text),
      withdrawn && h("p", { class: "note" }, `Withdrawn: ${withdrawn}`),
      asked.length > 0 &&
        this.#fold({ key, className: "bench-asked", isOpen: false }, [count], () => [
          h(
            "ul",
            {},
            asked.map((each) =>
              h(
                "li",
                {},
                kind === "fact"
                  ? h(
                      "button",
                      {
                        type: "button",
                        class: "text-button",
                        "aria-label": `Try: ${each.text}`,
                        data: { key: `try ${key} ${each.text}` },
                        onclick: () => this.bench.try(each.text),
                      },
                      each.text,
                    )
                  : h("span", {}, each.text),
                placeButton(this.bench, each.place, place.file),
              ),
            ),
          ),
        ]),
    );
  }

  /**
   * Something that unfolds; its content is only made when it does, and stays open when drawn anew.
   *
   * @param {{key: string, className: string, isOpen: boolean}} about
   * @param {any[]} summary
   * @param {() => HTMLElement[]} content
   */
  #fold({ key, className, isOpen }, summary, content) {
    const fold = h(
      "details",
      { class: className },
      h("summary", { data: { key: `fold ${key}` } }, summary),
    );
    const fill = () => {
      if (fold.open && fold.childElementCount === 1) fold.append(...content());
    };
    if (isOpen || this.open.has(key)) {
      set(fold, { open: true });
      fill();
    }
    fold.addEventListener("toggle", () => {
      if (fold.open) this.open.add(key);
      else this.open.delete(key);
      fill();
    });
    return fold;
  }
}

/** @param {BenchEntry} entry @param {string[]} words */
function fits({ id, text, asked }, words) {
  if (!words.length) return true;
  const whole = [id, text, ...asked.map((each) => each.text)].join("\n").toLowerCase();
  return words.every((word) => whole.includes(word));
}

/** @param {string} noun */
function plural(noun) {
  return noun === "theme" ? "themes" : "ways of asking";
}
