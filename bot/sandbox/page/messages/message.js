/** One message. */

import { h, uid } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { FLAG, MESSAGE } from "../discord.js";
import { avatar } from "../text/names.js";
import { parse, plain } from "../text/markdown.js";
import { Prose } from "../text/prose.js";
import { stamp, written } from "../text/time.js";
import { Components, choicesIn, wordsOf } from "./components.js";
import { embedCard } from "./embed.js";
import { attachment } from "./media.js";
import { attachMessageMenu } from "./menu.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("../text/prose.js").Surroundings} Surroundings */

/** As much of a message as stands above its answer; the line cuts off earlier. */
const LONGEST_EXCERPT = 160;
/** @type {Record<number, string>} what Discord itself says of a message of this type */
const SYSTEM = {
  [MESSAGE.pinned]: "pinned a message to this channel.",
  [MESSAGE.joined]: "joined the server.",
  [MESSAGE.threadCreated]: "started a thread.",
  [MESSAGE.threadStarter]: "began this thread.",
};

/**
 * What a message may ask of the page.
 *
 * @typedef {object} Doings
 * @property {(message: Message, customId: string, values?: string[]) => void} press
 * @property {(message: Message) => void} dismiss
 * @property {(message: Message) => boolean} isOwn  whether one wrote it oneself
 * @property {boolean} mayWrite                      whether one may write in this channel
 * @property {(message: Message) => void} edit
 * @property {(message: Message) => void} reply
 * @property {(message: Message) => void} remove
 * @property {(messageId: string) => void} jump
 * @property {(command: import("../types.js").Command, target: string) => void} runMenu
 * @property {() => import("../types.js").Command[]} commands
 * @property {string | null} guildId
 */

/**
 * @param {Message} message
 * @param {object} options
 * @param {boolean} options.isFollowing  comes right after one by the same author
 * @param {Action | null} options.action  what was pressed on it
 * @param {Surroundings} options.around
 * @param {Doings} options.doings
 */
export function messageItem(message, { isFollowing, action, around, doings }) {
  const prose = new Prose(around);
  const ids = { author: uid("author"), time: uid("time"), body: uid("body") };
  const isPrivate = Boolean(message.flags & FLAG.ephemeral);
  const isForMe = !isPrivate && isMentioned(message, around);
  const hasHead = !isFollowing;
  const menu = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "More about this message" },
    icon("more", 18),
  );
  const item = h(
    "li",
    {
      class: [
        "message",
        hasHead ? "" : "following",
        isPrivate ? "private" : "",
        isForMe ? "for-me" : "",
      ]
        .filter(Boolean)
        .join(" "),
      id: `message-${message.id}`,
      data: { message: message.id },
    },
    h(
      "article",
      { tabindex: "-1", "aria-labelledby": `${ids.author} ${ids.time} ${ids.body}` },
      hasHead && origin(message, around, doings),
      h(
        "div",
        { class: "message-picture" },
        hasHead
          ? avatar(message.author, around.names.person(message.author))
          : h(
              "time",
              { class: "message-clock", datetime: message.timestamp, "aria-hidden": "true" },
              stamp(Date.parse(message.timestamp), "t", around.now()),
            ),
      ),
      h(
        "div",
        { class: "message-main" },
        head(message, ids, around, hasHead),
        h("div", { class: "message-body", id: ids.body }, body(message, prose, action, doings)),
        action?.state === "failed" &&
          h("p", { class: "failure", role: "alert" }, icon("warning", 16), action.reason),
        isPrivate && privacy(() => doings.dismiss(message)),
      ),
    ),
    h("div", { class: "message-tools" }, menu),
  );
  attachMessageMenu(menu, item, message, doings, around);
  return item;
}

/**
 * A command on its way, or one that the bot did not answer.
 *
 * @param {Action} action
 * @param {{around: Surroundings, bot: import("../types.js").User, dismiss: () => void}} options
 */
export function attemptItem(action, { around, bot, dismiss }) {
  const user = around.names.user(around.me) ?? { id: around.me, username: "you" };
  const hasFailed = action.state === "failed";
  const ids = { author: uid("author"), time: uid("time"), body: uid("body") };
  const stub = { author: bot, timestamp: action.at ?? "", edited_timestamp: null };
  return h(
    "li",
    { class: `message attempt${hasFailed ? " private" : ""}`, data: { attempt: action.nonce } },
    h(
      "article",
      { tabindex: "-1", "aria-labelledby": `${ids.author} ${ids.body}` },
      usedLine(user, `/${action.name}`, around),
      h("div", { class: "message-picture" }, avatar(bot)),
      h(
        "div",
        { class: "message-main" },
        head(stub, ids, around, true),
        h(
          "div",
          { class: "message-body", id: ids.body },
          hasFailed
            ? h("p", { class: "failure" }, icon("warning", 16), action.reason)
            : h("p", { class: "thinking" }, dots(), "Sending command…"),
        ),
        hasFailed && privacy(dismiss),
      ),
    ),
  );
}

/**
 * What a screen reader says when the message arrives.
 *
 * @param {Message} message
 * @param {Surroundings} around
 */
export function spoken(message, around) {
  const name = around.names.person(message.author);
  if (message.flags & FLAG.thinking) return `${name} is thinking…`;
  const choices = choicesIn(message.components).filter(Boolean);
  const words = [wordsIn(message, around), choices.length && `Buttons: ${choices.join(", ")}.`];
  const whom = message.flags & FLAG.ephemeral ? ", only to you" : "";
  return `${name}${whom}: ${words.filter(Boolean).join(" ")}`;
}

/** All the words of a message, without marks. @param {Message} message @param {Surroundings} around */
function wordsIn(message, around) {
  const prose = new Prose(around);
  const parts = [
    message.content,
    ...message.embeds.flatMap(({ title, description }) => [title, description]),
    ...wordsOf(message.components),
  ];
  return parts
    .filter(Boolean)
    .map((part) => plain(parse(/** @type {string} */ (part)), (node) => prose.spoken(node)))
    .join(" ");
}

/** @param {Pick<Message, "author" | "timestamp" | "edited_timestamp">} message @param {{author: string, time: string}} ids @param {Surroundings} around @param {boolean} isShown */
function head(message, ids, around, isShown) {
  const milliseconds = Date.parse(message.timestamp);
  const color = around.names.color(message.author);
  const dot = color && h("span", { class: "role-dot", title: "Colour of their role" });
  if (dot) dot.style.setProperty("--role", color);
  return h(
    "div",
    { class: isShown ? "message-head" : "message-head unseen" },
    dot,
    h("span", { class: "message-author", id: ids.author }, around.names.person(message.author)),
    message.author.bot && h("span", { class: "tag" }, "APP"),
    h(
      "time",
      {
        class: "message-time",
        id: ids.time,
        datetime: message.timestamp,
        title: stamp(milliseconds, "F", around.now()),
        data: Number.isNaN(milliseconds) ? {} : { written: milliseconds },
      },
      written(milliseconds, around.now()),
    ),
  );
}

/** @param {Message} message @param {Prose} prose @param {Action | null} action @param {Doings} doings */
function body(message, prose, action, doings) {
  if (message.flags & FLAG.thinking)
    return h(
      "p",
      { class: "thinking" },
      dots(),
      `${prose.around.names.person(message.author)} is thinking…`,
    );
  const components = new Components(prose, {
    press: (customId, values) => doings.press(message, customId, values),
    waiting: action?.state === "sent" ? (action.customId ?? null) : null,
  });
  const edited =
    message.edited_timestamp &&
    h(
      "span",
      {
        class: "edited",
        title: stamp(Date.parse(message.edited_timestamp), "F", prose.around.now()),
      },
      "(edited)",
    );
  const words = message.content ? prose.render(message.content) : null;
  const system = SYSTEM[message.type] && h("p", { class: "system" }, SYSTEM[message.type]);
  if (edited)
    (words?.lastElementChild?.tagName === "P" ? words.lastElementChild : words)?.append(
      " ",
      edited,
    );
  return [
    words,
    system,
    message.attachments
      .filter(({ url }) => !(message.flags & FLAG.layout) && !isEmbedded(message, url))
      .map(attachment),
    message.embeds.map((embed) => embedCard(embed, prose)),
    message.components.length > 0 &&
      h(
        "div",
        { class: message.flags & FLAG.layout ? "layout" : "rows" },
        components.render(message.components),
      ),
    edited && !words && h("p", { class: "prose" }, edited),
  ];
}

/** A picture that an embed shows is not shown twice. @param {Message} message @param {string} url */
function isEmbedded(message, url) {
  return message.embeds.some(
    ({ image, thumbnail }) => image?.url === url || thumbnail?.url === url,
  );
}

/** What the message answers: a command, or another message. @param {Message} message @param {Surroundings} around @param {Doings} doings */
function origin(message, around, doings) {
  const used = message.interaction_metadata;
  if ((message.type === MESSAGE.command || message.type === MESSAGE.contextMenu) && used?.name)
    return usedLine(
      used.user,
      message.type === MESSAGE.command ? `/${used.name}` : used.name,
      around,
    );
  const reply = message.referenced_message;
  if (!reply) return null;
  return h(
    "div",
    { class: "origin" },
    icon("join", 16),
    avatar(reply.author),
    h("span", { class: "unseen" }, "Replying to "),
    h("span", { class: "origin-name" }, around.names.person(reply.author)),
    h(
      "button",
      { type: "button", class: "origin-words", onclick: () => doings.jump(reply.id) },
      wordsIn(reply, around).slice(0, LONGEST_EXCERPT) || "a message",
    ),
  );
}

/** @param {import("../types.js").User} user @param {string} command @param {Surroundings} around */
function usedLine(user, command, around) {
  return h(
    "div",
    { class: "origin" },
    icon("join", 16),
    avatar(user),
    h("span", { class: "origin-name" }, around.names.person(user)),
    h("span", {}, "used"),
    h("span", { class: "mention" }, command),
  );
}

/** @param {() => void} dismiss */
function privacy(dismiss) {
  return h(
    "p",
    { class: "privacy" },
    icon("eye", 16),
    h("span", {}, "Only you can see this"),
    h("span", { "aria-hidden": "true" }, "·"),
    h("button", { type: "button", class: "text-button", onclick: dismiss }, "Dismiss message"),
  );
}

function dots() {
  return h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
}

/** @param {Message} message @param {Surroundings} around */
function isMentioned(message, around) {
  const worn = around.names.guild?.members.find(({ user }) => user.id === around.me)?.roles ?? [];
  return (
    Boolean(message.mention_everyone) ||
    (message.mentions ?? []).some(({ id }) => id === around.me) ||
    (message.mention_roles ?? []).some((id) => worn.includes(id))
  );
}
