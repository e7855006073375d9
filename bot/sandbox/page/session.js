/** What a person does here, and what comes back: the only part that both asks the API and fills the store. */

import { Refusal } from "./api.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Channel} Channel */

const PAGE_OF_MESSAGES = 50;

export class Session {
  /** @param {import("./api.js").Api} api @param {import("./store.js").Store} store */
  constructor(api, store) {
    this.api = api;
    this.store = store;
    /** @type {string | null} */
    this.actor = null;
    this.nonces = 0;
    this.lastEvent = 0;
    this.stop = () => {};
    /** @type {Promise<void> | null} */
    this.refreshing = null;
    /** @type {Map<string, Promise<void>>} */
    this.loading = new Map();
  }

  /**
   * Fetch the world, follow its events, open a channel.
   *
   * @param {{actor?: string | null, channel?: string | null}} wish
   */
  async start({ actor = null, channel = null }) {
    this.actor = actor;
    await this.refresh().catch((error) => {
      if (!(error instanceof Refusal) || !actor) throw error;
      this.actor = null;
      return this.refresh();
    });
    this.#follow();
    await this.open(this.#openable(channel));
    const { entries } = await this.api.get("log", { limit: 500 });
    this.store.addLog(entries);
  }

  /** Fetch the world anew; calls that come meanwhile share the answer. */
  refresh() {
    this.refreshing ??= this.#refresh().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  async #refresh() {
    const world = await this.api.get("state", { as: this.actor });
    this.actor = world.actor.key;
    this.store.setWorld(world);
    if (this.store.channelId && !this.store.channel) await this.open(this.#openable(null));
  }

  /** Become somebody else. @param {string} key */
  async actAs(key) {
    this.actor = key;
    this.store.forget();
    await this.refresh();
    const here = this.store.channelId;
    await this.open(this.#openable(here));
  }

  /**
   * Open a channel, and a message in it if one is named.
   *
   * @param {string | null} id
   * @param {string} [message]
   */
  async open(id, message) {
    if (!id) return;
    this.store.open(id);
    await Promise.all([this.#load(id), this.loadCommands(id)]);
    while (
      message &&
      !this.store.in(id).list.some((known) => known.id === message) &&
      !this.store.in(id).isComplete
    )
      await this.loadOlder();
    if (message) this.store.tell("jump", message);
  }

  /** @param {string} id */
  #load(id) {
    if (this.store.in(id).isLoaded) return Promise.resolve();
    let load = this.loading.get(id);
    if (!load)
      this.loading.set(id, (load = this.#fetch(id).finally(() => this.loading.delete(id))));
    return load;
  }

  async loadOlder() {
    const id = this.store.channelId;
    if (!id || this.loading.has(id) || this.store.in(id).isComplete) return;
    const load = this.#fetch(id, this.store.in(id).list[0]?.id).finally(() =>
      this.loading.delete(id),
    );
    this.loading.set(id, load);
    await load;
  }

  /** Fetch the newest messages if some came while one was far from the end. */
  async catchUp() {
    const id = this.store.channelId;
    if (!id || !this.store.in(id).isBehind || this.loading.has(id)) return;
    this.store.messages.delete(id);
    await this.#load(id);
  }

  /** @param {string} id @param {string} [before] */
  async #fetch(id, before) {
    const actor = this.actor;
    const { messages } = await this.api.get(`channels/${id}/messages`, {
      as: actor,
      limit: PAGE_OF_MESSAGES,
      before,
    });
    if (actor !== this.actor) return;
    const known = this.store.in(id);
    known.isLoaded = true;
    known.isComplete = messages.length < PAGE_OF_MESSAGES;
    this.store.addMessages(id, messages);
  }

  /** @param {string} id */
  async loadCommands(id) {
    const actor = this.actor;
    const { commands } = await this.api.get("commands", { as: actor, channel: id });
    if (actor !== this.actor) return;
    this.store.commands.set(id, commands);
    this.store.tell("commands");
  }

  /** @param {string} content @param {string} [replyTo]  the message that it answers */
  async say(content, replyTo) {
    await this.api.post("message", {
      as: this.actor,
      channel: this.store.channelId,
      content,
      reply_to: replyTo,
      nonce: this.#nonce(),
    });
  }

  /** Put other words into one's own message. @param {Message} message @param {string} content */
  async edit({ id, channel_id: channel }, content) {
    await this.api.post("edit", { as: this.actor, channel, message: id, content });
  }

  /** Delete one's own message. @param {Message} message */
  async remove({ id, channel_id: channel }) {
    await this.api.post("delete", { as: this.actor, channel, message: id });
  }

  /**
   * Run a command; throws `Refusal` with the faults of its options.
   *
   * @param {{id: string, name: string, options: object[], target?: string}} command
   */
  async run({ id, name, options, target }) {
    const channelId = /** @type {string} */ (this.store.channelId);
    const nonce = this.#nonce();
    this.store.begin({ nonce, kind: "command", channelId, name });
    try {
      await this.api.post("command", {
        as: this.actor,
        channel: channelId,
        command: id,
        nonce,
        options,
        target,
      });
    } catch (error) {
      this.store.end(nonce);
      throw error;
    }
  }

  /** @param {{id: string, options: object[], focused: string}} question */
  complete({ id, options, focused }) {
    return this.api.post("autocomplete", {
      as: this.actor,
      channel: this.store.channelId,
      command: id,
      options,
      focused,
      nonce: this.#nonce(),
    });
  }

  /**
   * Press a button or choose in a select.
   *
   * @param {Message} message
   * @param {string} customId
   * @param {string[]} [values]
   */
  async press(message, customId, values) {
    const nonce = this.#nonce();
    this.store.begin({
      nonce,
      kind: "component",
      channelId: message.channel_id,
      messageId: message.id,
      customId,
    });
    try {
      await this.api.post("component", {
        as: this.actor,
        channel: message.channel_id,
        message: message.id,
        custom_id: customId,
        values,
        nonce,
      });
    } catch (error) {
      this.store.fail(nonce, error instanceof Refusal ? error.message : "This interaction failed");
    }
  }

  /**
   * Hand in a form.
   *
   * @param {import("./types.js").Form} form
   * @param {Record<string, string | string[] | boolean | null>} values
   * @returns {Promise<{state: string, reason?: string}>}  how the bot took it
   */
  async submit(form, values) {
    const nonce = this.#nonce();
    const heard = new AbortController();
    /** @type {Promise<{state: string, reason?: string}>} */
    const outcome = new Promise((resolve) => {
      const listen = (/** @type {Event} */ event) => {
        const { detail } = /** @type {CustomEvent} */ (event);
        if (detail.nonce === nonce && detail.state !== "sent") resolve(detail);
      };
      this.store.addEventListener("outcome", listen, { signal: heard.signal });
    });
    try {
      await this.api.post("modal", {
        as: this.actor,
        interaction: form.interaction_id,
        values,
        nonce,
      });
      return await outcome;
    } finally {
      heard.abort();
    }
  }

  /** Put an ephemeral message away. @param {Message} message */
  async dismiss(message) {
    await this.api.post("dismiss", {
      as: this.actor,
      channel: message.channel_id,
      message: message.id,
    });
  }

  #follow() {
    this.stop();
    const after = /** @type {import("./types.js").World} */ (this.store.world).last_event;
    this.lastEvent = after;
    this.stop = this.api.follow(after, {
      event: (event) => this.#hear(event),
      line: (line) => {
        this.store.line = line;
        this.store.tell("connection");
        if (line === "gone") this.#retry();
      },
    });
  }

  /** Until the sandbox is back, ask now and then. */
  #retry() {
    window.setTimeout(() => this.#startOver().catch(() => this.#retry()), 2000);
  }

  async #startOver() {
    await this.refresh();
    const here = this.store.channelId;
    this.store.forget();
    this.#follow();
    await this.open(this.#openable(here));
  }

  /** @param {any} event */
  #hear(event) {
    if (event.type === "reset") {
      this.#startOver().catch(() => this.#retry());
      return;
    }
    if (event.event_id && event.event_id <= this.lastEvent) return;
    this.lastEvent = event.event_id || this.lastEvent;
    if (event.type === "world") this.refresh().catch(() => {});
    if (event.type === "world" || event.type === "commands") this.#renewCommands();
    this.store.apply(event);
  }

  #renewCommands() {
    this.store.commands.clear();
    if (this.store.channelId) this.loadCommands(this.store.channelId).catch(() => {});
  }

  /** That channel if it can be opened, otherwise the first. @param {string | null} id */
  #openable(id) {
    const { places, world } = this.store;
    const first =
      places.find(({ can_use_commands, recipients }) => can_use_commands && !recipients) ??
      places[0];
    return places.find((place) => place.id === id)?.id ?? (world ? first?.id : null) ?? null;
  }

  #nonce() {
    this.nonces += 1;
    return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}-${this.nonces}`;
  }
}
