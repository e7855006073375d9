/** Drawing anew without losing what need not change, nor the focus. */

/** Change the children as little as possible. @param {HTMLElement} parent @param {HTMLElement[]} children */
export function reconcile(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children])
    if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child)
      parent.insertBefore(child, parent.children[index] ?? null);
  });
}

/**
 * Remember what has the focus in a list of messages, so that it is there again when its message was drawn anew:
 * on the control of the same custom id, else of the same kind and words (a bot's next "Another" has a custom id
 * of its own), else on the message, else on the last one.
 *
 * @param {HTMLElement} list
 * @returns {(() => boolean) | null}  puts it back; false if there is nothing left to hold it
 */
export function heldFocus(list) {
  const held = document.activeElement;
  if (!(held instanceof HTMLElement) || !list.contains(held)) return null;
  const item = /** @type {HTMLElement | null} */ (held.closest("[data-message]"));
  const { customId } = held.dataset;
  const { tagName, textContent } = held;
  return () => {
    if (held.isConnected && document.activeElement === held) return true;
    const again = item && find(list, "message", item.dataset.message);
    const control =
      again && (find(again, "custom-id", customId) ?? alike(again, tagName, textContent));
    const target =
      control ?? again?.querySelector("article") ?? [...list.querySelectorAll("article")].at(-1);
    /** @type {HTMLElement | undefined} */ (target)?.focus({ preventScroll: true });
    return target !== undefined;
  };
}

/** @param {Element} root @param {string} attribute @param {string | undefined} value */
function find(root, attribute, value) {
  return value === undefined
    ? null
    : root.querySelector(`[data-${attribute}="${CSS.escape(value)}"]:not(:disabled)`);
}

/** @param {Element} root @param {string} tagName @param {string | null} words */
function alike(root, tagName, words) {
  const found = [...root.querySelectorAll("[data-custom-id]:not(:disabled)")];
  return found.find((each) => each.tagName === tagName && each.textContent === words);
}
