/** JSON, indented and coloured, with a button that copies it. */

import { h } from "../base/dom.js";
import { icon } from "../base/icons.js";

const TOKEN =
  /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Longer than this is shown without colours: a thousand spans more help nobody. */
const LONGEST_COLORED = 60_000;

/** @param {unknown} value */
export function jsonView(value) {
  const text = JSON.stringify(value, null, 2) ?? "nothing";
  return h(
    "div",
    { class: "json" },
    h(
      "button",
      {
        type: "button",
        class: "icon-button json-copy",
        "aria-label": "Copy this JSON",
        onclick: () => navigator.clipboard?.writeText(text).catch(() => {}),
      },
      icon("copy", 16),
    ),
    h(
      "pre",
      { tabindex: "0", role: "group", "aria-label": "JSON" },
      h("code", {}, text.length > LONGEST_COLORED ? text : colored(text)),
    ),
  );
}

/** @param {string} text */
function colored(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(TOKEN)) {
    const [token, string, colon] = found;
    const kind = string ? (colon ? "key" : "string") : "literal";
    parts.push(
      text.slice(at, found.index),
      h("span", { class: `json-${kind}` }, string ?? token),
      colon ?? "",
    );
    at = found.index + token.length;
  }
  parts.push(text.slice(at));
  return parts;
}
