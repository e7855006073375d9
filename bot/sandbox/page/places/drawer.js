/** On a narrow screen the servers and channels slide in from the side. */

const NARROW = "(max-width: 760px)";

export class Drawer {
  /** @param {HTMLElement} body @param {HTMLElement} sidebar @param {HTMLElement} servers @param {HTMLElement} scrim */
  constructor(body, sidebar, servers, scrim) {
    this.body = body;
    this.parts = [servers, sidebar];
    this.scrim = scrim;
    this.narrow = window.matchMedia(NARROW);
    this.isOpen = false;
    scrim.addEventListener("click", () => this.close());
    for (const each of this.parts) {
      each.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !this.isOpen) return;
        event.preventDefault();
        this.close();
      });
    }
    this.narrow.addEventListener("change", () => this.#show(false));
    this.#show(false);
  }

  open() {
    this.#show(true);
    /** @type {HTMLElement | null} */ (
      this.parts[1].querySelector('[aria-current="page"]') ?? this.parts[1].querySelector("button")
    )?.focus();
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = this.parts.some((each) => each.contains(document.activeElement));
    this.#show(false);
    if (hadFocus) document.getElementById("menu")?.focus();
  }

  /** @param {boolean} isOpen */
  #show(isOpen) {
    this.isOpen = isOpen && this.narrow.matches;
    this.body.classList.toggle("drawer-open", this.isOpen);
    this.scrim.hidden = !this.isOpen;
    for (const each of this.parts) each.inert = this.narrow.matches && !this.isOpen;
  }
}
