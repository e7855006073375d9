/** Building elements. Text only ever enters as text nodes, and addresses only through `safeUrl`. */

/**
 * Build an element: `h("a", {class: "link", href, onclick: open}, "words", child)`.
 *
 * Functions become listeners, `style` takes an object of properties, `data` one of data attributes;
 * null, undefined and false leave an attribute out, true writes it empty. Children that are null or false
 * are skipped, lists are laid flat.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {...any} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...nodes(children));
  return element;
}

/** @param {HTMLElement} element @param {string} name @param {any} value */
function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
  else if (name === "style")
    for (const [key, text] of Object.entries(value)) element.style.setProperty(key, String(text));
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "value") /** @type {HTMLInputElement} */ (element).value = value;
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** @param {any[]} children @returns {(Node | string)[]} */
function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false);
}

/**
 * Set or remove attributes: null, undefined and false remove.
 *
 * @param {Element} element
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * The address if a browser may follow it: http, https, or this server's own; null otherwise.
 *
 * @param {string | null | undefined} address
 * @returns {string | null}
 */
export function safeUrl(address) {
  if (!address) return null;
  try {
    const url = new URL(address, document.baseURI);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * A colour of Discord's (an integer) as CSS.
 *
 * @param {number} color
 */
export function css(color) {
  return `#${(color & 0xffffff).toString(16).padStart(6, "0")}`;
}

let count = 0;

/** An id that no other element has. @param {string} [stem] */
export function uid(stem = "x") {
  count += 1;
  return `${stem}-${count}`;
}

/** Whether the person has typed into, or is about to type into, this element. @param {EventTarget | null} target */
export function isTyping(target) {
  return (
    target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")
  );
}
