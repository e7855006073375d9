/** A place in a file: a button that names it, and the lines around it in a window. */

import { openDialog } from "../base/dialog.js";
import { h } from "../base/dom.js";

/** @typedef {import("../types.js").Place} Place */
/** @typedef {import("./workbench.js").Bench} Bench */

/**
 * The button of a place; pressing it shows the lines.
 *
 * @param {Bench} bench
 * @param {Place} place
 * @param {string} [home]  the file that need not be named, as all around it stands there
 */
export function placeButton(bench, place, home = "") {
  const words = placeWords(bench.nameOf(place.file), place);
  return h(
    "button",
    {
      type: "button",
      class: "place",
      "aria-label": `Show ${words.replace(":", ", line ")}`,
      data: { key: `place ${place.file} ${place.line}` },
      onclick: () => openExcerpt(bench, place),
    },
    place.file === home ? `:${place.line}` : words,
  );
}

/** @param {Bench} bench @param {Place} place */
async function openExcerpt(bench, place) {
  const name = bench.nameOf(place.file);
  const body = h("div", { class: "dialog-body" });
  openDialog(place.line ? `${name}, line ${place.line}` : name, body, {
    name: "wide",
    subtitle: h("code", {}, placeWords(place.file, place)),
    actions: [
      copyButton(bench, placeWords(place.file, place), "Copy the place", "The place is copied."),
    ],
  });
  try {
    const { first, line, lines } = await bench.api.get("workbench/excerpt", {
      file: place.file,
      line: place.line ?? 1,
    });
    body.append(
      h(
        "pre",
        { class: "excerpt", tabindex: "0", role: "group", "aria-label": `Lines of ${name}` },
        lines.map((/** @type {string} */ text, /** @type {number} */ at) =>
          h(
            "div",
            { class: "excerpt-line", "aria-current": first + at === line ? "true" : null },
            h("span", { class: "excerpt-number" }, first + at),
            h("code", {}, text || " "),
          ),
        ),
      ),
    );
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    body.append(h("p", { class: "form-error", role: "alert" }, message));
  }
}

/** @param {Bench} bench @param {string} text @param {string} label @param {string} done  said when it is copied */
export function copyButton(bench, text, label, done) {
  return h(
    "button",
    {
      type: "button",
      class: "button secondary",
      onclick: () =>
        navigator.clipboard?.writeText(text).then(
          () => bench.announcer.say(done),
          () => bench.announcer.say("The browser does not let it be copied."),
        ),
    },
    label,
  );
}

/** @param {string} file @param {Place} place */
function placeWords(file, { line }) {
  return line ? `${file}:${line}` : file;
}
