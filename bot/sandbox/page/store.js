/**
 * What the page knows, and who is told when it changes. No requests, no elements.
 *
 * Topics: `world` (anything of the state), `place` (another channel is open), `messages` (detail: channel id),
 * `actions`, `commands`, `form`, `notices`, `welcome`, `workbench`, `connection`, `clock`, `faults`, `log` (detail: the new entries, or null for all).
 */

/** @typedef {import("./types.js").World} World */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Action} Action */
/** @typedef {import("./types.js").Channel} Channel */
/** @typedef {import("./types.js").LogEntry} LogEntry */

import { FLAG } from "./discord.js";
import { compareIds, isOpenable, listed } from "./order.js";
import { Names } from "./text/names.js";

const DISCORD_EPOCH = 1_420_070_400_000;
const LONGEST_LOG = 2000;

/** As many messages of the open channel as live ones may make it, and as many as are left of them then. */
const MOST_LIVE = 150;
const LEFT = 100;
/** Where one reads far from the end, this many are kept, and what comes is fetched when one goes there. */
const MOST_READING = 300;

/**
 * @typedef {object} Channelful
 * @property {Message[]} list        oldest first
 * @property {boolean} isComplete    nothing is older
 * @property {boolean} isLoaded
 * @property {boolean} isBehind      newer ones came that are not in the list
 */

export class Store extends EventTarget {
  constructor() {
    super();
    /** @type {World | null} */
    this.world = null;
    /** @type {string | null} */
    this.channelId = null;
    /** @type {Map<string, Channelful>} */
    this.messages = new Map();
    /** @type {Map<string, import("./types.js").Command[]>} */
    this.commands = new Map();
    /** @type {Map<string, Action>} */
    this.actions = new Map();
    /** @type {Map<string, number>} unread messages by channel */
    this.unread = new Map();
    /** @type {import("./types.js").Form | null} */
    this.form = null;
    /** @type {import("./types.js").Notice[]} */
    this.notices = [];
    /** @type {LogEntry[]} */
    this.log = [];
    /** @type {"open" | "waiting" | "gone"} */
    this.line = "open";
    this.clockOffset = 0;
    /** Whether one reads at the end of the open channel. */
    this.isAtEnd = true;
  }

  /** @param {string} topic @param {(detail: any) => void} listener */
  on(topic, listener) {
    this.addEventListener(topic, (event) => listener(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {string} topic @param {any} [detail] */
  tell(topic, detail) {
    this.dispatchEvent(new CustomEvent(topic, { detail }));
  }

  /** The sandbox's clock, in milliseconds. */
  now() {
    return Date.now() + this.clockOffset;
  }

  get me() {
    return this.world?.actor.user ?? null;
  }

  get channel() {
    return this.channelId ? this.names.channel(this.channelId) : null;
  }

  /** The guild of the open channel; null in a DM. */
  get guild() {
    return (
      this.world?.guilds.find(({ channels }) => channels.some(({ id }) => id === this.channelId)) ??
      null
    );
  }

  get names() {
    const guild =
      this.world?.guilds.find(({ channels }) => channels.some(({ id }) => id === this.channelId)) ??
      null;
    return new Names(this.world, guild);
  }

  /** The channels that can be opened, in the order in which they are listed. @returns {Channel[]} */
  get places() {
    return [
      ...(this.world?.guilds ?? []).flatMap((guild) => listed(guild.channels)),
      ...(this.world?.dms ?? []),
    ].filter(isOpenable);
  }

  /** @param {string} id @returns {Channelful} */
  in(id) {
    let known = this.messages.get(id);
    if (!known) {
      known = { list: [], isComplete: false, isLoaded: false, isBehind: false };
      this.messages.set(id, known);
    }
    return known;
  }

  /** @param {World} world */
  setWorld(world) {
    this.world = world;
    this.notices = world.notices;
    this.clockOffset = Date.parse(world.now) - Date.now();
    this.tell("world");
    this.tell("notices");
    this.tell("faults");
    this.tell("clock");
    this.tell("connection");
  }

  /** Forget what only the last person could see. */
  forget() {
    this.messages.clear();
    this.commands.clear();
    this.actions.clear();
    this.unread.clear();
  }

  /** @param {string} id */
  open(id) {
    this.channelId = id;
    this.unread.delete(id);
    this.tell("place");
  }

  /** Put messages in, in order; the newer version of one that is known wins. @param {string} channelId @param {Message[]} messages */
  addMessages(channelId, messages) {
    const known = this.in(channelId);
    const byId = new Map(known.list.map((message) => [message.id, message]));
    for (const message of messages) byId.set(message.id, message);
    known.list = [...byId.values()].sort((one, other) => compareIds(one.id, other.id));
    this.tell("messages", channelId);
  }

  /** Take in a message as it comes; those far from where one reads are left to be fetched. @param {string} channelId @param {Message} message */
  #receive(channelId, message) {
    const known = this.in(channelId);
    const isReading = channelId === this.channelId && !this.isAtEnd;
    if (known.isBehind || (isReading && known.list.length >= MOST_READING)) {
      known.isBehind = true;
      return;
    }
    if (!isReading && known.list.length >= MOST_LIVE) {
      known.list = known.list.slice(-LEFT);
      known.isComplete = false;
    }
    this.addMessages(channelId, [message]);
  }

  /** Remember something asked of the bot. @param {Omit<Action, "state" | "at">} action */
  begin(action) {
    const at = new Date(this.now());
    const place = String(BigInt(at.getTime() - DISCORD_EPOCH) << 22n);
    this.#clearFailures(action.messageId);
    this.actions.set(action.nonce, {
      messageId: place,
      ...action,
      state: "sent",
      at: at.toISOString(),
    });
    this.tell("actions");
  }

  /** @param {string} nonce */
  end(nonce) {
    if (this.actions.delete(nonce)) this.tell("actions");
  }

  /** @param {string} nonce @param {string} reason */
  fail(nonce, reason) {
    const action = this.actions.get(nonce);
    if (!action) return;
    this.actions.set(nonce, { ...action, state: "failed", reason });
    this.tell("actions");
  }

  /** A new press makes an earlier failure on that message history. @param {string | undefined} messageId */
  #clearFailures(messageId) {
    for (const [nonce, action] of this.actions)
      if (messageId && action.messageId === messageId && action.state === "failed")
        this.actions.delete(nonce);
  }

  /** @param {LogEntry[]} entries */
  addLog(entries) {
    const first = this.log[0]?.id ?? 0;
    const last = this.log.at(-1)?.id ?? -1;
    const fresh = entries.filter(({ id }) => id > last);
    // Those fetched may come after live ones that are newer.
    const older = entries.filter(({ id }) => this.log.length > 0 && id < first);
    this.log.unshift(...older);
    this.log.push(...fresh);
    const surplus = this.log.length - LONGEST_LOG;
    if (surplus > 0) this.log.splice(0, surplus);
    this.tell("log", older.length ? null : fresh);
  }

  /**
   * Take in a live event. Those that call for a fetch (`reset`, `world`, `commands`) are the session's.
   *
   * @param {any} event
   */
  apply(event) {
    if (event.visible_to && event.visible_to !== this.me?.id) return;
    switch (event.type) {
      case "message_create":
        if (event.message.nonce) this.end(event.message.nonce);
        if (
          event.channel_id !== this.channelId &&
          event.message.author.id !== this.me?.id &&
          this.names.channel(event.channel_id)
        ) {
          this.unread.set(event.channel_id, (this.unread.get(event.channel_id) ?? 0) + 1);
          this.tell("unread");
        }
        this.#receive(event.channel_id, event.message);
        this.tell("arrival", event.message);
        break;
      case "message_update": {
        const earlier = this.in(event.channel_id).list.find(({ id }) => id === event.message.id);
        const { isLoaded, isBehind, list } = this.in(event.channel_id);
        // One that is not among those fetched is not shown: it would stand there without its neighbours.
        if (
          !earlier &&
          (isBehind || (isLoaded && compareIds(event.message.id, list[0]?.id ?? "0") < 0))
        )
          break;
        this.addMessages(event.channel_id, [event.message]);
        if ((earlier?.flags ?? 0) & FLAG.thinking && !(event.message.flags & FLAG.thinking))
          this.tell("arrival", event.message);
        break;
      }
      case "message_delete": {
        const known = this.in(event.channel_id);
        known.list = known.list.filter(({ id }) => id !== event.message_id);
        this.tell("messages", event.channel_id);
        break;
      }
      case "interaction":
        if (event.state === "failed") this.fail(event.nonce, event.reason);
        else if (event.state !== "sent") this.end(event.nonce);
        this.tell("outcome", event);
        break;
      case "modal":
        this.form = event;
        this.end(event.nonce);
        this.tell("form");
        break;
      case "connection":
        if (this.world) this.world.online = event.online;
        this.tell("connection");
        break;
      case "faults":
        if (this.world) this.world.faults = event.faults;
        this.tell("faults");
        break;
      case "ratelimits":
        if (this.world) this.world.ratelimits = { enabled: event.enabled };
        this.tell("faults");
        break;
      case "clock":
        this.clockOffset = Date.parse(event.now) - Date.now();
        this.tell("clock");
        break;
      case "welcome":
        if (this.world) this.world.welcome = event;
        this.tell("welcome");
        break;
      case "workbench":
        if (this.world) this.world.workbench = true;
        this.tell("workbench");
        break;
      case "notice":
        this.notices = [...this.notices.filter(({ id }) => id !== event.id), event];
        this.tell("notices", event);
        break;
      case "notice_clear":
        this.notices = this.notices.filter(({ id }) => id !== event.id);
        this.tell("notices");
        break;
      case "log":
        this.addLog([event.entry]);
        break;
    }
  }
}
