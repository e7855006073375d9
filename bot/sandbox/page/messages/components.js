/** Discord's message components as elements, those of version 2 included. */

import { css, h, safeUrl } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { BUTTON, COMPONENT, SPACING } from "../discord.js";
import { covered, fileLink, picture } from "./media.js";
import { Select } from "./select.js";

/** @typedef {import("../types.js").Component} Component */

/** @type {Record<number, string>} the name of each style, as its class */
const BUTTON_STYLES = Object.fromEntries(
  Object.entries(BUTTON).map(([name, style]) => [style, name]),
);

export class Components {
  /**
   * @param {import("../text/prose.js").Prose} prose
   * @param {object} options
   * @param {(customId: string, values?: string[]) => void} options.press
   * @param {string | null} [options.waiting]  the custom id that is being answered; nothing else can be pressed then
   */
  constructor(prose, { press, waiting = null }) {
    this.prose = prose;
    this.press = press;
    this.waiting = waiting;
  }

  /** @param {Component[]} components @returns {HTMLElement[]} */
  render(components) {
    return components.map((component) => this.#one(component));
  }

  /** @param {Component} component @returns {HTMLElement} */
  #one(component) {
    const { components = [] } = component;
    switch (component.type) {
      case COMPONENT.actionRow:
        return h("div", { class: "action-row" }, this.render(components));
      case COMPONENT.button:
        return this.#button(component);
      case COMPONENT.stringSelect:
      case COMPONENT.userSelect:
      case COMPONENT.roleSelect:
      case COMPONENT.mentionableSelect:
      case COMPONENT.channelSelect:
        return this.#select(component);
      case COMPONENT.section:
        return h(
          "div",
          { class: "section" },
          h("div", { class: "section-words" }, this.render(components)),
          component.accessory && this.#one(component.accessory),
        );
      case COMPONENT.textDisplay:
        return this.prose.render(component.content ?? "");
      case COMPONENT.thumbnail:
        return picture(component.media ?? { url: "" }, {
          alt: component.description,
          isSpoiler: component.spoiler,
          name: "thumbnail",
        });
      case COMPONENT.mediaGallery:
        return this.#gallery(component.items ?? []);
      case COMPONENT.file:
        return this.#file(component);
      case COMPONENT.separator:
        return h(component.divider === false ? "div" : "hr", {
          class: `separator${component.spacing === SPACING.large ? " large" : ""}`,
        });
      case COMPONENT.container:
        return this.#container(component);
      default:
        return h(
          "p",
          { class: "unknown-component" },
          `A component of type ${component.type}, which this page does not know.`,
        );
    }
  }

  /** @param {Component} component */
  #button({ style = BUTTON.secondary, label, emoji, url, disabled, custom_id: customId }) {
    const words = [
      emoji?.name && h("span", { class: "emoji" }, emoji.id ? `:${emoji.name}:` : emoji.name),
      label && h("span", {}, label),
    ];
    const address = style === BUTTON.link && !disabled ? safeUrl(url) : null;
    if (address)
      return h(
        "a",
        {
          class: "button link",
          href: address,
          target: "_blank",
          rel: "noopener noreferrer nofollow",
        },
        words,
        icon("open", 16),
      );
    const isWaiting = this.waiting !== null && this.waiting === customId;
    // aria-disabled keeps the focus where it is, so that one can press again.
    const attributes = {
      "aria-disabled": this.waiting === null ? null : "true",
      "aria-busy": isWaiting ? "true" : null,
    };
    return h(
      "button",
      {
        type: "button",
        class: `button ${BUTTON_STYLES[style] ?? "secondary"}`,
        disabled: disabled || !customId,
        ...attributes,
        data: customId ? { customId } : {},
        onclick: () => this.waiting === null && customId && this.press(customId),
      },
      isWaiting
        ? [
            h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
            h("span", { class: "button-hidden" }, words),
          ]
        : words,
    );
  }

  /** @param {Component} component */
  #select(component) {
    const { element, button } = new Select(component, this.prose.around.names, {
      changed: (values) => component.custom_id && this.press(component.custom_id, values),
    });
    if (this.waiting !== null) button.setAttribute("aria-disabled", "true");
    if (this.waiting === component.custom_id) button.setAttribute("aria-busy", "true");
    return element;
  }

  /** @param {NonNullable<Component["items"]>} items */
  #gallery(items) {
    return h(
      "div",
      { class: "gallery", data: { count: Math.min(items.length, 5) } },
      items.map(({ media, description, spoiler }) =>
        picture(media, { alt: description, isSpoiler: spoiler }),
      ),
    );
  }

  /** @param {Component} component */
  #file({ file, name, size, spoiler }) {
    const url = file?.url ?? "";
    const link = fileLink(
      name ?? decodeURIComponent(url.split("/").at(-1)?.split("?")[0] ?? "file"),
      url,
      size,
    );
    return spoiler ? covered(link) : link;
  }

  /** @param {Component} component */
  #container({ components = [], accent_color: accent, spoiler }) {
    const box = h("div", { class: "container" }, this.render(components));
    if (accent !== null && accent !== undefined)
      box.style.setProperty("--card-accent", css(accent));
    return spoiler ? covered(box) : box;
  }
}

/** All the words that stand in components. @param {Component[]} components @returns {string[]} */
export function wordsOf(components) {
  return components
    .flatMap((component) => [
      component.content,
      ...wordsOf(component.components ?? []),
      ...(component.accessory ? wordsOf([component.accessory]) : []),
    ])
    .filter((words) => words !== undefined);
}

/** What the buttons of components say that can be pressed. @param {Component[]} components @returns {string[]} */
export function choicesIn(components) {
  return components.flatMap((component) => [
    ...(component.type === COMPONENT.button && !component.url && !component.disabled
      ? [component.label ?? component.emoji?.name ?? ""]
      : []),
    ...choicesIn(component.components ?? []),
    ...(component.accessory ? choicesIn([component.accessory]) : []),
  ]);
}
