/** Something that opens beside a button, above everything else, and closes when one goes elsewhere. */

const GAP = 6;
const MARGIN = 8;

export class Popup {
  /**
   * @param {HTMLElement} anchor
   * @param {HTMLElement} content
   * @param {{toggled?: (isOpen: boolean) => void, align?: "start" | "end", fit?: boolean}} [options]
   *   `fit` makes the popup as wide as its anchor
   */
  constructor(anchor, content, { toggled = () => {}, align = "start", fit = true } = {}) {
    this.anchor = anchor;
    this.content = content;
    this.toggled = toggled;
    this.align = align;
    this.fit = fit;
    this.isOpen = false;
    /** @type {{x: number, y: number} | null} where it opens instead of beside its anchor */
    this.point = null;
    content.classList.add("popup");
    content.setAttribute("popover", "manual");
    this.elsewhere = (/** @type {Event} */ event) => {
      const at = /** @type {Node} */ (event.target);
      if (!anchor.contains(at) && !content.contains(at)) this.close();
    };
    this.escape = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
      anchor.focus();
    };
    this.moved = (/** @type {Event} */ event) => {
      if (!content.contains(/** @type {Node} */ (event.target))) this.#place();
    };
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** @param {{x: number, y: number} | null} [point]  where it opens instead of beside its anchor */
  open(point = null) {
    if (this.isOpen) return;
    this.point = point;
    // Beside its anchor, so that a dialog's focus and a reader's order hold.
    if (!this.content.isConnected) this.anchor.after(this.content);
    this.isOpen = true;
    this.content.showPopover();
    this.toggled(true);
    this.#place();
    document.addEventListener("pointerdown", this.elsewhere, true);
    document.addEventListener("focusin", this.elsewhere, true);
    document.addEventListener("keydown", this.escape, true);
    window.addEventListener("resize", this.moved);
    document.addEventListener("scroll", this.moved, true);
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (this.content.isConnected) this.content.hidePopover();
    document.removeEventListener("pointerdown", this.elsewhere, true);
    document.removeEventListener("focusin", this.elsewhere, true);
    document.removeEventListener("keydown", this.escape, true);
    window.removeEventListener("resize", this.moved);
    document.removeEventListener("scroll", this.moved, true);
    this.toggled(false);
  }

  #place() {
    const { point } = this;
    const at = point ? new DOMRect(point.x, point.y, 0, 0) : this.anchor.getBoundingClientRect();
    const { style } = this.content;
    if (this.fit && !point) style.setProperty("width", `${at.width}px`);
    const above = at.top - GAP - MARGIN;
    const below = window.innerHeight - at.bottom - GAP - MARGIN;
    style.setProperty("max-height", `${Math.min(380, Math.max(above, below))}px`);
    const { width, height } = this.content.getBoundingClientRect();
    const isBelow = below >= height || below >= above;
    style.setProperty("top", `${isBelow ? at.bottom + GAP : at.top - GAP - height}px`);
    const left = point || this.align === "start" ? at.left : at.right - width;
    style.setProperty(
      "left",
      `${Math.max(MARGIN, Math.min(left, window.innerWidth - width - MARGIN))}px`,
    );
  }
}
