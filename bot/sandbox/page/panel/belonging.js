/** Saying where a question belongs: choosing a fact, and the line to paste or to write. */

import { openDialog } from "../base/dialog.js";
import { h, set } from "../base/dom.js";
import { Listbox } from "../base/listbox.js";
import { copyButton, placeButton } from "./excerpt.js";

/** @typedef {import("./workbench.js").Bench} Bench */

const MOST_OFFERED = 30;

/**
 * Choose the fact that a question belongs to.
 *
 * @param {Bench} bench
 * @param {string} asked  the only pack that is asked, or nothing
 * @param {(pack: string, fact: string) => void} choose
 */
export function chooseFact(bench, asked, choose) {
  const packs = bench.packs.filter(({ id }) => !asked || id === asked);
  const facts = packs.flatMap((pack) =>
    pack.subjects.flatMap(({ name, entries }) =>
      entries
        .filter(({ kind, withdrawn }) => kind === "fact" && !withdrawn)
        .map(({ id, text }) => ({
          value: `${pack.id}/${id}`,
          label: id,
          description: text,
          hint: name,
          // Two packs may have a fact of the same id and words.
          group: packs.length > 1 ? pack.title : "",
          about: [pack.id, id],
        })),
    ),
  );
  openChoice("Which fact answers it?", "Fact", facts, choose);
}

/**
 * Choose the pack in which nothing answers a question.
 *
 * @param {Bench} bench
 * @param {(pack: string) => void} choose
 */
export function choosePack(bench, choose) {
  const packs = bench.packs.map(({ id, title }) => ({ value: id, label: title, about: [id] }));
  openChoice("Which pack is to know that nothing answers it?", "Pack", packs, choose);
}

/**
 * Choose one of many by a word.
 *
 * @param {string} title
 * @param {"Fact" | "Pack"} kind
 * @param {import("../base/listbox.js").Item[]} items
 * @param {(...about: any[]) => void} choose
 */
function openChoice(title, kind, items, choose) {
  const input = h("input", {
    type: "text",
    role: "combobox",
    class: "field",
    "aria-label": kind,
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    placeholder: `A word of the ${kind.toLowerCase()}`,
    autocomplete: "off",
    spellcheck: "false",
  });
  /** @type {string[] | null} */
  let chosen = null;
  const list = new Listbox({
    label: `${kind}s`,
    owner: input,
    choose: ({ about }) => {
      chosen = about;
      dialog.close();
    },
  });
  set(input, { "aria-controls": list.element.id });
  const more = h("p", { class: "note", role: "status" });
  const show = () => {
    const words = input.value.trim().toLowerCase().split(/\s+/);
    const fitting = items.filter(({ label, description = "", hint = "", group = "" }) => {
      const text = `${label} ${description} ${hint} ${group}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    list.show(fitting.slice(0, MOST_OFFERED));
    const isCut = fitting.length > MOST_OFFERED;
    more.textContent = isCut
      ? `The first ${MOST_OFFERED} of ${fitting.length.toLocaleString("en")} are shown: type a word of the one you mean.`
      : "";
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => list.key(event));
  const dialog = openDialog(title, h("div", { class: "dialog-body" }, input, more, list.element), {
    name: "switcher",
    closed: () => chosen && choose(...chosen),
  });
  show();
  input.focus();
}

/**
 * Show the line that makes a question belong to a fact, or to none, and write it if one says so.
 *
 * @param {Bench} bench
 * @param {{question: string, pack: string, fact: string | null, near?: string | null}} belonging
 */
export async function openBelonging(bench, belonging) {
  const { question, fact, near } = belonging;
  const body = h("div", { class: "dialog-body belonging" });
  const error = h("p", { class: "form-error", role: "alert" });
  const foot = h("footer", { class: "dialog-foot" });
  const title = fact ? "This question belongs to that fact" : "Nothing answers this question";
  const dialog = openDialog(title, [body, foot], { name: "wide" });
  let proposal;
  try {
    proposal = await bench.api.post("workbench/propose", belonging);
  } catch (refusal) {
    error.textContent = /** @type {Error} */ (refusal).message;
    body.append(error);
    return;
  }
  const { text, where, place, sidecar, refusal, objection } = proposal;
  body.append(
    h(
      "p",
      {},
      fact
        ? ["“", h("strong", {}, question), "” becomes a way of asking for ", h("code", {}, fact)]
        : near
          ? [
              "“",
              h("strong", {}, question),
              "” goes under ",
              h("code", {}, "unanswered"),
              " of ",
              h("code", {}, near),
              ", which is then not the answer to it, nor to what is like it",
            ]
          : ["“", h("strong", {}, question), "” becomes a test that wants no fact to answer"],
      ".",
    ),
    ...(objection
      ? [h("p", { class: "form-error" }, objection)]
      : [
          h("h3", {}, "By hand"),
          h("p", {}, where, " ", placeButton(bench, place)),
          h("pre", { class: "lines", tabindex: "0", role: "group", "aria-label": "Lines" }, text),
          h("h3", {}, "Or let it be written"),
          refusal
            ? h("p", {}, refusal)
            : h(
                "p",
                {},
                "Into ",
                h("code", {}, sidecar.name),
                ", beside the pack. All else that stands there stays.",
              ),
        ]),
    error,
  );
  const write = h(
    "button",
    {
      type: "button",
      class: "button primary",
      onclick: async () => {
        set(write, { disabled: true });
        error.textContent = "";
        try {
          const written = await bench.api.post("workbench/write", belonging);
          dialog.close();
          bench.announcer.say(`It stands in ${written.name} now.`);
          bench.wrote(written.name);
        } catch (failure) {
          error.textContent = /** @type {Error} */ (failure).message;
          set(write, { disabled: null });
        }
      },
    },
    `Write it into ${sidecar.name}`,
  );
  const close = h(
    "button",
    { type: "button", class: "button secondary", onclick: () => dialog.close() },
    objection ? "Close" : "Leave it",
  );
  foot.append(
    ...(objection ? [] : [copyButton(bench, text, "Copy the lines", "The lines are copied.")]),
    close,
    ...(objection || refusal ? [] : [write]),
  );
  (objection || refusal ? close : write).focus();
}
