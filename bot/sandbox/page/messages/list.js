/** The messages of the open channel. */

import { h, set } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { FLAG, MESSAGE } from "../discord.js";
import { compareIds } from "../order.js";
import { refreshTimes } from "../text/prose.js";
import { sameDay, stamp } from "../text/time.js";
import { EndFollower } from "../base/follow.js";
import { heldFocus, reconcile } from "../base/redraw.js";
import { Greeting } from "./greeting.js";
import { attemptItem, messageItem, spoken } from "./message.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("../types.js").Action} Action */

/** Messages by one author within this time stand together under one name. */
const TOGETHER = 7 * 60_000;
const NEAR_TOP = 300;

export class MessageList {
  /**
   * @param {HTMLElement} root
   * @param {import("../store.js").Store} store
   * @param {import("../session.js").Session} session
   * @param {() => import("../text/prose.js").Surroundings} around
   * @param {object} page
   * @param {import("../base/announcer.js").Announcer} page.announcer
   * @param {(command: string) => void} page.type
   * @param {(line: string) => void} page.run
   * @param {(key: string) => void} page.become
   * @param {(channel: string, message?: string) => void} page.visit
   * @param {(sentence: string) => void} page.complain
   * @param {(message: Message) => void} page.edit
   * @param {(message: Message) => void} page.reply
   * @param {() => void} page.rest  where the focus goes when what had it is gone
   */
  constructor(root, store, session, around, page) {
    this.store = store;
    this.session = session;
    this.around = around;
    this.page = page;
    /** @type {Map<string, {signature: string, message: any, element: HTMLElement}>} */
    this.drawn = new Map();
    /** What was drawn the time before: what is not drawn again is forgotten. */
    this.earlier = this.drawn;
    this.isWaiting = false;
    this.greeting = new Greeting(store, page);
    this.list = h("ol", { class: "messages" });
    this.scroller = h(
      "div",
      { class: "scroller" },
      this.greeting.element,
      h("h2", { class: "unseen" }, "Messages"),
      this.list,
    );
    this.latest = h(
      "button",
      { type: "button", class: "latest", hidden: true, onclick: () => this.toBottom() },
      icon("arrow", 16),
      "Newest messages",
    );
    root.append(this.scroller, this.latest);
    this.end = new EndFollower(this.scroller, this.list, () => this.#scrolled());
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("focusin", (event) => this.#held(event));
    this.#listen();
  }

  #listen() {
    const { store } = this;
    store.on("place", () => {
      this.drawn.clear();
      this.list.replaceChildren();
      this.toBottom();
      this.later();
    });
    store.on("world", () => {
      this.drawn.clear();
      this.later();
    });
    store.on("messages", (channel) => channel === store.channelId && this.later());
    store.on("actions", () => this.later());
    for (const topic of ["commands", "welcome"]) store.on(topic, () => this.greeting.render());
    store.on("jump", (message) => this.jump(message));
    store.on("arrival", (/** @type {Message} */ message) => {
      if (message.channel_id === store.channelId && message.author.id !== store.me?.id)
        this.page.announcer.say(spoken(message, this.around()));
    });
    store.on(
      "outcome",
      ({ state, reason }) => state === "failed" && this.page.announcer.say(reason),
    );
    store.on("clock", () => refreshTimes(this.list, store.now()));
    window.setInterval(() => refreshTimes(this.list, store.now()), 15_000);
  }

  /** Draw before the next frame: events that arrive together are drawn together. */
  later() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.render();
    });
  }

  render() {
    const { channelId, channel, names } = this.store;
    if (!channelId || !channel) return;
    const { list: messages } = this.store.in(channelId);
    const height = this.scroller.scrollHeight;
    const top = this.scroller.scrollTop;
    const isGrowingUp =
      Boolean(this.list.firstElementChild) &&
      messages.length > 0 &&
      !this.drawn.has(messages[0].id);
    const focus = heldFocus(this.list);
    this.earlier = this.drawn;
    this.drawn = new Map();
    set(this.list, { "aria-label": `Messages in ${names.place(channel)}` });
    const entries = [
      ...messages.map((message) => ({ id: message.id, message })),
      ...this.#attempts(channelId).map((attempt) => ({
        id: /** @type {string} */ (attempt.messageId),
        attempt,
      })),
    ].sort((one, other) => compareIds(one.id, other.id));
    /** @type {HTMLElement[]} */
    const elements = [];
    /** @type {Message | null} */
    let before = null;
    for (const entry of entries) {
      const message = "message" in entry ? entry.message : null;
      if (
        message &&
        (!before || !sameDay(Date.parse(before.timestamp), Date.parse(message.timestamp)))
      ) {
        elements.push(this.#dayLine(message));
        before = null;
      }
      elements.push(
        "attempt" in entry ? this.#attempt(entry.attempt) : this.#message(entry.message, before),
      );
      before = message;
    }
    reconcile(this.list, elements);
    this.greeting.render();
    this.#offerFocus();
    if (focus && !focus()) this.page.rest();
    if (this.end.isAtEnd) this.toBottom();
    else if (isGrowingUp) this.scroller.scrollTop = top + this.scroller.scrollHeight - height;
  }

  toBottom() {
    this.end.toEnd();
    this.#reached();
  }

  /** One's own last message here that can be edited. @returns {Message | null} */
  ownLast() {
    const { channelId, me } = this.store;
    const { list } = this.store.in(channelId ?? "");
    return list.findLast((message) => isOwn(message, me?.id)) ?? null;
  }

  /** Show a message, and say so. @param {string} id */
  jump(id) {
    requestAnimationFrame(() => {
      this.render();
      const item = this.list.querySelector(`[data-message="${CSS.escape(id)}"]`);
      if (!item) {
        this.page.complain("That message is not here any more.");
        return;
      }
      this.end.stay();
      item.scrollIntoView({ block: "center" });
      item.classList.add("found");
      window.setTimeout(() => item.classList.remove("found"), 2000);
      /** @type {HTMLElement | null} */ (item.querySelector("article"))?.focus({
        preventScroll: true,
      });
    });
  }

  /** Put the focus on the newest message. */
  enter() {
    const articles = this.#articles();
    articles.at(-1)?.focus();
  }

  /** @param {string} channelId @returns {Action[]} */
  #attempts(channelId) {
    return [...this.store.actions.values()].filter(
      (action) => action.kind === "command" && action.channelId === channelId,
    );
  }

  /** @param {Message} message */
  #dayLine(message) {
    const at = Date.parse(message.timestamp);
    const key = `day-${message.id}`;
    return this.#once(key, String(at), message, () =>
      h("li", { class: "day" }, h("span", {}, stamp(at, "D", this.store.now()))),
    );
  }

  /** @param {Message} message @param {Message | null} before */
  #message(message, before) {
    const action =
      [...this.store.actions.values()]
        .filter(({ kind, messageId }) => kind === "component" && messageId === message.id)
        .at(-1) ?? null;
    const isFollowing = Boolean(before && follows(message, before));
    return this.#once(message.id, `${isFollowing} ${action?.nonce} ${action?.state}`, message, () =>
      messageItem(message, { isFollowing, action, around: this.around(), doings: this.#doings() }),
    );
  }

  /** @param {Action} action */
  #attempt(action) {
    const bot = /** @type {import("../types.js").World} */ (this.store.world).application.bot;
    return this.#once(action.nonce, action.state, null, () =>
      attemptItem(action, {
        around: this.around(),
        bot,
        dismiss: () => this.store.end(action.nonce),
      }),
    );
  }

  /** The element drawn earlier, unless something about it changed. @param {string} key @param {string} signature @param {any} message @param {() => HTMLElement} draw */
  #once(key, signature, message, draw) {
    const known = this.earlier.get(key);
    const isSame = known && known.signature === signature && known.message === message;
    const drawn = isSame ? known : { signature, message, element: draw() };
    this.drawn.set(key, drawn);
    return drawn.element;
  }

  /** @returns {import("./message.js").Doings} */
  #doings() {
    const complain = (/** @type {Error} */ error) => this.page.complain(error.message);
    return {
      press: (message, customId, values) => this.session.press(message, customId, values),
      dismiss: (message) => this.session.dismiss(message).catch(complain),
      isOwn: (message) => isOwn(message, this.store.me?.id),
      mayWrite: this.store.channel?.can_send ?? false,
      edit: (message) => this.page.edit(message),
      reply: (message) => this.page.reply(message),
      remove: (message) => this.session.remove(message).catch(complain),
      jump: (message) => this.page.visit(/** @type {string} */ (this.store.channelId), message),
      runMenu: ({ id, name }, target) =>
        this.session.run({ id, name, options: [], target }).catch(complain),
      commands: () => this.store.commands.get(this.store.channelId ?? "") ?? [],
      guildId: this.store.guild?.id ?? null,
    };
  }

  #scrolled() {
    this.#reached();
    // At the end, what is drawn is often shorter than what is known: nobody went up.
    if (!this.end.isAtEnd && this.scroller.scrollTop < NEAR_TOP && this.list.childElementCount)
      this.session.loadOlder().catch(() => {});
  }

  /** Note whether one is at the end, and fetch what came while one was far from it. */
  #reached() {
    const { isAtEnd } = this.end;
    this.latest.hidden = isAtEnd;
    this.store.isAtEnd = isAtEnd;
    if (isAtEnd) this.session.catchUp().catch(() => {});
  }

  #articles() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("article[tabindex]")]);
  }

  /** One message is a stop of the Tab key, the newest at first; the arrows reach the others. */
  #offerFocus() {
    const articles = this.#articles();
    if (!articles.some((article) => article.tabIndex === 0))
      articles.at(-1)?.setAttribute("tabindex", "0");
  }

  /** @param {FocusEvent} event */
  #held(event) {
    const article = /** @type {HTMLElement} */ (event.target);
    if (!article.matches("article[tabindex]")) return;
    for (const other of this.#articles()) other.tabIndex = other === article ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const articles = this.#articles();
    const at = articles.indexOf(/** @type {HTMLElement} */ (event.target));
    if (at < 0) return;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: articles.length - 1 }[event.key];
    if (to === undefined || event.altKey) return;
    event.preventDefault();
    articles[Math.max(0, Math.min(to, articles.length - 1))].focus();
  }
}

/** Whether one wrote it oneself, as words of one's own. @param {Message} message @param {string | undefined} me */
function isOwn({ author, type, flags }, me) {
  return (
    author.id === me &&
    (type === MESSAGE.usual || type === MESSAGE.reply) &&
    !(flags & FLAG.ephemeral)
  );
}

/** @param {Message} message @param {Message} before */
function follows(message, before) {
  return (
    message.author.id === before.author.id &&
    ![MESSAGE.reply, MESSAGE.command, MESSAGE.contextMenu].includes(message.type) &&
    (message.flags & FLAG.ephemeral) === (before.flags & FLAG.ephemeral) &&
    Date.parse(message.timestamp) - Date.parse(before.timestamp) < TOGETHER
  );
}
