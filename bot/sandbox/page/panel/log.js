/** The log: requests of the bot and events of the gateway, newest at the end, each with its JSON. */

import { h, set } from "../base/dom.js";
import { EndFollower } from "../base/follow.js";
import { icon } from "../base/icons.js";
import { stamp } from "../text/time.js";
import { jsonView } from "./json.js";

/** @typedef {import("../types.js").LogEntry} LogEntry */

/** As many as are kept on screen. */
const MOST = 600;
const NOISE = ["HEARTBEAT", "HEARTBEAT_ACK"];
/** @type {[string, string, (entry: LogEntry) => boolean][]} */
const KINDS = [
  ["requests", "Requests", ({ kind }) => kind === "request"],
  ["gateway", "Gateway", ({ kind, name = "" }) => kind === "gateway" && !NOISE.includes(name)],
  ["heartbeats", "Heartbeats", ({ kind, name = "" }) => kind === "gateway" && NOISE.includes(name)],
];

export class Log {
  /** @param {import("../store.js").Store} store */
  constructor(store) {
    this.store = store;
    this.isSeen = false;
    this.isPaused = false;
    this.cleared = -1;
    this.shown = new Set(["requests", "gateway"]);
    /** @type {LogEntry[]} */
    this.fresh = [];
    this.isWaiting = false;
    this.filter = h("input", {
      type: "search",
      class: "field",
      placeholder: "Filter",
      "aria-label": "Filter the log",
      spellcheck: "false",
      oninput: () => this.refresh(),
    });
    this.pause = h("button", {
      type: "button",
      class: "icon-button",
      onclick: () => this.#togglePause(),
    });
    this.list = h("ol", { class: "log", "aria-label": "Log" });
    this.scroller = h(
      "div",
      { class: "log-scroller", tabindex: "0", role: "region", "aria-label": "Log entries" },
      this.list,
    );
    this.end = new EndFollower(this.scroller, this.list);
    // What is looked into stays where it is, though it grows.
    this.list.addEventListener("toggle", () => this.end.stay(), true);
    this.empty = h(
      "p",
      { class: "log-empty" },
      "Nothing yet. Every request of the bot and every event of its gateway appears here.",
    );
    this.element = h(
      "section",
      { class: "panel-page log-page" },
      h(
        "div",
        { class: "log-bar" },
        this.filter,
        this.pause,
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Clear the log",
            title: "Clear",
            onclick: () => this.#clear(),
          },
          icon("trash", 18),
        ),
      ),
      h(
        "div",
        { class: "log-kinds", role: "group", "aria-label": "Show" },
        KINDS.map(([key, name]) => this.#kindButton(key, name)),
      ),
      this.empty,
      this.scroller,
    );
    this.#renderPause();
    store.on("log", (entries) => (entries ? this.#arrive(entries) : this.refresh()));
  }

  /** Draw everything anew. */
  refresh() {
    if (!this.isSeen) return;
    this.fresh = [];
    this.list.replaceChildren(
      ...this.store.log
        .filter((entry) => this.#fits(entry))
        .slice(-MOST)
        .map(row),
    );
    this.empty.hidden = this.list.childElementCount > 0;
    this.end.toEnd();
  }

  /** @param {LogEntry[]} entries */
  #arrive(entries) {
    if (!this.isSeen || this.isPaused) return;
    this.fresh.push(...entries);
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.#draw();
    });
  }

  #draw() {
    this.list.append(
      ...this.fresh
        .filter((entry) => this.#fits(entry))
        .slice(-MOST)
        .map(row),
    );
    this.fresh = [];
    while (this.list.childElementCount > MOST) this.list.firstElementChild?.remove();
    this.empty.hidden = this.list.childElementCount > 0;
    if (this.end.isAtEnd) this.end.toEnd();
  }

  /** @param {LogEntry} entry */
  #fits(entry) {
    if (entry.id <= this.cleared) return false;
    if (!KINDS.some(([key, , isOf]) => this.shown.has(key) && isOf(entry))) return false;
    const words = this.filter.value.trim().toLowerCase();
    if (!words) return true;
    return (
      title(entry).toLowerCase().includes(words) ||
      JSON.stringify(entry.kind === "request" ? [entry.request, entry.response] : entry.data)
        .toLowerCase()
        .includes(words)
    );
  }

  /** @param {string} key @param {string} name */
  #kindButton(key, name) {
    const button = h(
      "button",
      {
        type: "button",
        class: "pill",
        "aria-pressed": String(this.shown.has(key)),
        onclick: () => {
          if (!this.shown.delete(key)) this.shown.add(key);
          set(button, { "aria-pressed": String(this.shown.has(key)) });
          this.refresh();
        },
      },
      name,
    );
    return button;
  }

  #togglePause() {
    this.isPaused = !this.isPaused;
    this.#renderPause();
    if (!this.isPaused) this.refresh();
  }

  #renderPause() {
    const words = this.isPaused ? "Go on with the log" : "Pause the log";
    set(this.pause, { "aria-label": words, title: words, "aria-pressed": String(this.isPaused) });
    this.pause.replaceChildren(icon(this.isPaused ? "play" : "pause", 18));
  }

  #clear() {
    this.cleared = this.store.log.at(-1)?.id ?? -1;
    this.refresh();
  }
}

/** @param {LogEntry} entry */
function title(entry) {
  return entry.kind === "request"
    ? `${entry.method} ${entry.path} ${entry.status}`
    : `${entry.name}`;
}

/** An entry; its JSON is only made when it is opened. @param {LogEntry} entry */
function row(entry) {
  const details = h(
    "details",
    { class: "log-entry" },
    h("summary", {}, entry.kind === "request" ? requestLine(entry) : gatewayLine(entry)),
  );
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1)
      details.append(h("div", { class: "log-body" }, contents(entry)));
  });
  return h("li", {}, details);
}

/** @param {LogEntry} entry */
function requestLine({ at, method, path, status = 0, ms = 0, fault }) {
  const mood = status === 0 || status >= 500 ? "bad" : status >= 400 ? "odd" : "good";
  return [
    clock(at),
    h("span", { class: "log-kind", data: { kind: "request" } }, method),
    h("span", { class: "log-title", title: path }, shortened(path ?? "")),
    fault && h("span", { class: "log-fault" }, fault),
    h("span", { class: "log-status", data: { mood } }, status || "cut"),
    h("span", { class: "log-ms" }, `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`),
  ];
}

/** @param {LogEntry} entry */
function gatewayLine({ at, name, direction, shard, seq, data }) {
  const isToBot = direction === "to_bot";
  const detail = name === "INTERACTION_CREATE" ? (data?.data?.name ?? data?.data?.custom_id) : null;
  return [
    clock(at),
    h(
      "span",
      { class: "log-kind", data: { kind: isToBot ? "to" : "from" } },
      isToBot ? "→ bot" : "bot →",
    ),
    h(
      "span",
      { class: "log-title", title: name },
      name,
      detail && h("span", { class: "log-detail" }, ` ${detail}`),
    ),
    h(
      "span",
      { class: "log-ms" },
      [shard ? `shard ${shard}` : "", seq ? `#${seq}` : ""].filter(Boolean).join(" "),
    ),
  ];
}

/** @param {string} at */
function clock(at) {
  return h("time", { class: "log-time", datetime: at }, stamp(Date.parse(at), "T", 0));
}

/** Ids by their last four digits and without the token, so that the end of a path is seen. @param {string} path */
function shortened(path) {
  return path.replace(/\d{11,}(\d{4})/g, "…$1").replace("/…/", "/");
}

/** @param {LogEntry} entry */
function contents(entry) {
  if (entry.kind === "gateway") return [jsonView(entry.data)];
  return [
    h("h3", {}, "Request"),
    entry.request === null || entry.request === undefined
      ? h("p", {}, "No body.")
      : jsonView(entry.request),
    h("h3", {}, "Response"),
    entry.response === null || entry.response === undefined
      ? h("p", {}, "No body.")
      : jsonView(entry.response),
  ];
}
