/** Trying a question: how it was understood, which facts ran for it, and why one answers or none. */

import { h, uid } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { chooseFact, choosePack, openBelonging } from "./belonging.js";
import { placeButton } from "./excerpt.js";

/** @typedef {import("./workbench.js").Bench} Bench */
/** @typedef {import("../types.js").Trial} TrialResult */

const LONGEST = 300; // characters, as many as people can type into /ask

const OUTCOMES = /** @type {const} */ ({
  found: ["Answered", "check"],
  unsure: ["Not sure", "help"],
  unknown: ["No answer", "close"],
});

export class Trial {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.question = "";
    this.runs = 0;
    this.input = h("input", {
      type: "text",
      class: "field",
      id: uid("question"),
      oninput: () => this.#tellLength(),
      autocomplete: "off",
      placeholder: "As a fan would ask",
    });
    this.pack = h("select", { class: "field", "aria-label": "Packs to ask" });
    this.error = h("p", { class: "form-error", role: "alert" });
    this.result = h("div", { class: "trial" });
    this.element = h(
      "section",
      { class: "bench-try", "aria-label": "Try a question" },
      h(
        "form",
        {
          onsubmit: (/** @type {Event} */ event) => {
            event.preventDefault();
            this.run();
          },
        },
        h("label", { for: this.input.id }, "Try a question"),
        h(
          "div",
          { class: "try-line" },
          this.input,
          h("button", { type: "submit", class: "button primary" }, "Try it"),
        ),
        this.pack,
      ),
      this.error,
      this.result,
    );
  }

  /** Take over the packs that there are. */
  refresh() {
    const { packs } = this.bench;
    const chosen = this.pack.value;
    this.pack.hidden = packs.length < 2;
    this.pack.replaceChildren(
      h("option", { value: "" }, "All packs"),
      ...packs.map(({ id, title }) => h("option", { value: id }, title)),
    );
    this.pack.value = packs.some(({ id }) => id === chosen) ? chosen : "";
  }

  /** Try these words. @param {string} question */
  try(question) {
    this.input.value = question;
    // Not `scrollIntoView`, which would scroll the page around it as well.
    this.element.parentElement?.scrollTo(0, 0);
    this.run();
  }

  /** Try the same question once more, as the packs have changed. */
  again() {
    if (this.question) this.#run(this.question, { isAgain: true });
  }

  run() {
    const question = this.input.value.trim();
    if (this.#tellLength()) return;
    if (question) this.#run(question, { isAgain: false });
    else this.error.textContent = "Type a question first.";
  }

  /** Say that a question is too long, and return whether it is. */
  #tellLength() {
    const { length } = [...this.input.value.trim()];
    const isLong = length > LONGEST;
    this.error.textContent = isLong
      ? `This has ${length.toLocaleString("en")} characters, and a question ${LONGEST} at most. Shorten it.`
      : "";
    return isLong;
  }

  /** @param {string} question @param {{isAgain: boolean}} how */
  async #run(question, { isAgain }) {
    const run = (this.runs += 1);
    this.error.textContent = "";
    try {
      const pack = this.pack.value || undefined;
      const result = await this.bench.api.post("workbench/ask", { question, pack });
      if (run !== this.runs) return;
      this.question = question;
      this.bench.keepFocus(this.result, () => this.#show(result));
      if (!isAgain) this.bench.announcer.say(`${verdict(result)} ${result.reasons.join(" ")}`);
    } catch (error) {
      if (!isAgain) this.error.textContent = /** @type {Error} */ (error).message;
    }
  }

  #putAway() {
    this.question = "";
    this.runs += 1;
    this.result.replaceChildren();
    this.input.focus();
  }

  /** @param {TrialResult} result */
  #show(result) {
    const { question } = this;
    const belong = (/** @type {string} */ pack, /** @type {string | null} */ fact) => {
      // Of one that nothing answers, the fact that came first is the one not to be taken for it.
      const near = fact ? null : result.candidates.find((each) => each.pack === pack)?.fact;
      openBelonging(this.bench, { question, pack, fact, near });
    };
    const [name, sign] = OUTCOMES[result.outcome];
    this.result.replaceChildren(
      h(
        "div",
        { class: "verdict", data: { outcome: result.outcome } },
        icon(sign, 18),
        h(
          "div",
          {},
          h("strong", {}, name, ": ", h("span", { class: "verdict-text" }, result.text)),
          result.reasons.map((reason) => h("p", {}, reason)),
        ),
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Put the result away",
            data: { key: "away" },
            onclick: () => this.#putAway(),
          },
          icon("close", 18),
        ),
      ),
      h("h3", {}, "How it was understood"),
      this.#understood(result),
      h("h3", {}, result.candidates.length ? "Facts that ran for it" : "No fact ran for it"),
      h(
        "ol",
        { class: "candidates" },
        result.candidates.map((candidate) => this.#candidate(candidate, belong)),
      ),
      ...this.#belonging(belong),
    );
  }

  /** Where else it may belong. @param {(pack: string, fact: string | null) => void} belong */
  #belonging(belong) {
    const { packs } = this.bench;
    if (!packs.length) return [];
    // Another may have been chosen since the question was tried.
    const asked = () => (packs.length === 1 ? packs[0].id : this.pack.value);
    const button = (
      /** @type {string} */ key,
      /** @type {string} */ words,
      /** @type {() => void} */ onclick,
    ) =>
      h(
        "button",
        { type: "button", class: "button secondary small", data: { key }, onclick },
        words,
      );
    return [
      h("h3", {}, "Where does it belong?"),
      h(
        "div",
        { class: "bench-actions" },
        button("another", "To another fact …", () => chooseFact(this.bench, asked(), belong)),
        button("nothing", "Nothing answers this", () =>
          asked() ? belong(asked(), null) : choosePack(this.bench, (pack) => belong(pack, null)),
        ),
      ),
    ];
  }

  /** @param {TrialResult} result */
  #understood({ understood: { kinds, names, words, asks_for: asksFor } }) {
    /** @type {[string, string][]} */
    const rows = [
      ["Kind", kinds.join(", ") || "none told"],
      [
        "Names",
        names
          .map(({ text, stands_for: ids }) => `${text} (${ids.map(shortId).join(" or ")})`)
          .join(", ") || "none",
      ],
      [
        "Words",
        [...words]
          .sort((one, other) => other.weight - one.weight)
          .map(({ text }) => text)
          .join(", ") || "none",
      ],
      ["Asks about", asksFor.join(", and ") || "nothing that notes seldom tell"],
    ];
    return h(
      "dl",
      { class: "understood" },
      rows.map(([term, words]) => h("div", {}, h("dt", {}, term), h("dd", {}, words))),
    );
  }

  /**
   * @param {TrialResult["candidates"][number]} candidate
   * @param {(pack: string, fact: string) => void} belong
   */
  #candidate({ pack, fact, statement, confidence, nearest, similarity, remarks, place }, belong) {
    const share = `${Math.round(confidence * 100)}%`;
    const { packs } = this.bench;
    const title = packs.length > 1 ? packs.find(({ id }) => id === pack)?.title : "";
    return h(
      "li",
      { class: "candidate" },
      h(
        "div",
        { class: "candidate-head" },
        h("code", {}, fact),
        title && h("span", { class: "note" }, title),
        h("span", { class: "share" }, h("span", { class: "unseen" }, "Confidence "), share),
      ),
      h("div", { class: "bar", "aria-hidden": "true", style: { "--share": share } }),
      statement && h("p", {}, statement),
      nearest &&
        h(
          "p",
          { class: "note" },
          `Nearest way of asking: “${nearest}”, ${Math.round(similarity * 100)}% alike.`,
        ),
      remarks.map((remark) => h("p", { class: "note" }, remark)),
      h(
        "div",
        { class: "bench-actions" },
        h(
          "button",
          {
            type: "button",
            class: "button secondary small",
            "aria-label": `It belongs to ${fact}${title ? ` in ${title}` : ""}`,
            data: { key: `belongs ${pack} ${fact}` },
            onclick: () => belong(pack, fact),
          },
          "It belongs here",
        ),
        place && placeButton(this.bench, place),
      ),
    );
  }
}

/** @param {TrialResult} result */
function verdict({ outcome, text }) {
  return `${OUTCOMES[outcome][0]}: ${text}`;
}

/** The id alone of `pack/id`. @param {string} id */
function shortId(id) {
  return id.slice(id.indexOf("/") + 1);
}
