/** Dark, light, or as the system has it; remembered on this browser. */

const KEY = "sandbox-theme";
const ORDER = /** @type {const} */ (["system", "dark", "light"]);

/** @typedef {typeof ORDER[number]} ThemeName */

export class Theme extends EventTarget {
  /** @param {HTMLElement} root @param {Storage} storage */
  constructor(root, storage) {
    super();
    this.root = root;
    this.storage = storage;
    const saved = storage.getItem(KEY);
    /** @type {ThemeName} */
    this.name = ORDER.find((name) => name === saved) ?? "system";
    this.#show();
  }

  /** Go on to the next theme. */
  next() {
    this.name = ORDER[(ORDER.indexOf(this.name) + 1) % ORDER.length];
    this.storage.setItem(KEY, this.name);
    this.#show();
    this.dispatchEvent(new Event("change"));
  }

  #show() {
    this.root.style.setProperty("color-scheme", this.name === "system" ? "dark light" : this.name);
    this.root.dataset.theme = this.name;
  }
}
