/** An embed, as a card. */

import { css, h, safeUrl } from "../base/dom.js";
import { written } from "../text/time.js";
import { picture } from "./media.js";

/** @param {import("../types.js").Embed} embed @param {import("../text/prose.js").Prose} prose */
export function embedCard(embed, prose) {
  const {
    title,
    url,
    description,
    author,
    fields = [],
    footer,
    timestamp,
    thumbnail,
    image,
  } = embed;
  const card = h(
    "div",
    { class: "embed", role: "group", "aria-label": "Embed" },
    h(
      "div",
      { class: "embed-words" },
      author &&
        h(
          "div",
          { class: "embed-author" },
          author.icon_url && smallPicture(author.icon_url),
          linked(author.url, author.name),
        ),
      title &&
        h(
          "div",
          { class: "embed-title" },
          url ? linked(url, prose.render(title)) : prose.render(title),
        ),
      description && prose.render(description, "embed-description"),
      fields.length > 0 &&
        h(
          "div",
          { class: "embed-fields" },
          fields.map((field) => fieldOf(field, prose)),
        ),
    ),
    thumbnail && picture(thumbnail, { name: "embed-thumbnail" }),
    image && picture(image, { name: "embed-image" }),
    (footer || timestamp) &&
      h(
        "footer",
        { class: "embed-foot" },
        footer?.icon_url && smallPicture(footer.icon_url),
        footer && h("span", {}, footer.text),
        footer && timestamp && h("span", { "aria-hidden": "true" }, " • "),
        timestamp &&
          h("time", { datetime: timestamp }, written(Date.parse(timestamp), prose.around.now())),
      ),
  );
  if (embed.color) card.style.setProperty("--card-accent", css(embed.color));
  return card;
}

/** @param {{name: string, value: string, inline?: boolean}} field @param {import("../text/prose.js").Prose} prose */
function fieldOf({ name, value, inline }, prose) {
  return h(
    "div",
    { class: inline ? "embed-field inline" : "embed-field" },
    h("div", { class: "embed-field-name" }, prose.render(name)),
    prose.render(value),
  );
}

/** @param {string | undefined} url @param {any} words */
function linked(url, words) {
  const address = safeUrl(url);
  return address
    ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, words)
    : h("span", {}, words);
}

/** @param {string} url */
function smallPicture(url) {
  const image = h("img", { class: "embed-icon", src: safeUrl(url), alt: "", loading: "lazy" });
  image.addEventListener("error", () => image.remove());
  return image;
}
