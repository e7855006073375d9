/** Pictures and files. */

import { h, safeUrl } from "../base/dom.js";
import { icon } from "../base/icons.js";

/** @typedef {import("../types.js").Media} Media */

/**
 * A picture that opens in full when followed; where it cannot be loaded, its description stands instead.
 *
 * @param {Media} media
 * @param {{alt?: string | null, isSpoiler?: boolean, name?: string}} [options]
 */
export function picture(media, { alt = "", isSpoiler = false, name = "" } = {}) {
  const address = safeUrl(media.url);
  if (!address) return missing(alt || "A picture without an address");
  const image = h("img", {
    src: address,
    alt: alt ?? "",
    loading: "lazy",
    width: media.width,
    height: media.height,
  });
  const frame = h(
    "a",
    {
      class: `picture ${name}`,
      href: address,
      target: "_blank",
      rel: "noopener noreferrer",
      "aria-label": alt ? null : "Open the picture",
    },
    image,
  );
  image.addEventListener("error", () =>
    frame.replaceWith(missing(alt || "This picture cannot be loaded from here")),
  );
  return isSpoiler ? covered(frame) : frame;
}

/** @param {string} words */
function missing(words) {
  return h("span", { class: "picture-missing" }, icon("image"), words);
}

/** Hide something until it is asked for. @param {HTMLElement} content */
export function covered(content) {
  const wrap = h("div", { class: "covered" });
  content.inert = true;
  wrap.append(
    content,
    h(
      "button",
      {
        type: "button",
        class: "cover",
        onclick: (/** @type {Event} */ event) => {
          content.inert = false;
          /** @type {HTMLElement} */ (event.currentTarget).remove();
          wrap.classList.add("open");
        },
      },
      "Spoiler: show it",
    ),
  );
  return wrap;
}

/** @param {string} name @param {string} url @param {number} [size] */
export function fileLink(name, url, size) {
  return h(
    "a",
    { class: "file", href: safeUrl(url), target: "_blank", rel: "noopener noreferrer" },
    icon("file", 24),
    h(
      "span",
      { class: "file-words" },
      h("span", {}, name),
      size ? h("small", {}, bytes(size)) : null,
    ),
  );
}

/** @param {{filename: string, url: string, size?: number, content_type?: string | null, description?: string | null, width?: number | null, height?: number | null}} attachment */
export function attachment({ filename, url, size, content_type, description, width, height }) {
  const isPicture = content_type?.startsWith("image/");
  return isPicture
    ? picture(
        { url, width, height },
        { alt: description || filename, isSpoiler: filename.startsWith("SPOILER_") },
      )
    : fileLink(filename, url, size);
}

/** @param {number} count */
function bytes(count) {
  if (count < 1024) return `${count} bytes`;
  return count < 1024 ** 2
    ? `${(count / 1024).toFixed(1)} KB`
    : `${(count / 1024 ** 2).toFixed(1)} MB`;
}
