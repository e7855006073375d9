/** What a screen reader says by itself: one polite live region. */

export class Announcer {
  /** @param {HTMLElement} region */
  constructor(region) {
    this.region = region;
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {string[]} */
    this.waiting = [];
  }

  /** Say it; sentences that arrive together are read in one go. @param {string} sentence */
  say(sentence) {
    if (!sentence) return;
    this.waiting.push(sentence);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.region.textContent = this.waiting.join(" ");
      this.waiting = [];
    }, 120);
  }
}
