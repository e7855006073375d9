/** A list that scrolls stays at its end while one is there, however it grows. */

/** Closer to the end than this is at the end. */
const NEAR = 80;

export class EndFollower {
  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} content   whose growth is followed
   * @param {() => void} [moved]    called when one has scrolled
   */
  constructor(scroller, content, moved = () => {}) {
    this.scroller = scroller;
    this.isAtEnd = true;
    this.top = 0;
    scroller.addEventListener(
      "scroll",
      () => {
        this.#look();
        moved();
      },
      { passive: true },
    );
    // Pictures that load late and windows that change must not push the newest out of sight.
    const observer = new ResizeObserver(() => this.isAtEnd && this.toEnd());
    observer.observe(content);
    observer.observe(scroller);
  }

  toEnd() {
    this.isAtEnd = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.top = this.scroller.scrollTop;
  }

  /** Stay where one is, whatever comes. */
  stay() {
    this.isAtEnd = false;
  }

  /** Only going up leaves the end: what grows moves it away by itself. */
  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.isAtEnd = true;
    else if (scrollTop < this.top) this.isAtEnd = false;
    this.top = scrollTop;
  }
}
