/** The sandbox's page API: plain calls and the live stream of events. */

/** A call that the sandbox refused; `message` is a sentence, `faults` name the fields. */
export class Refusal extends Error {
  /**
   * @param {number} status  0 if the sandbox could not be reached
   * @param {{message?: string, faults?: {field: string, message: string}[]}} body
   */
  constructor(status, body) {
    super(body.message ?? `The sandbox answered with status ${status}.`);
    this.status = status;
    this.faults = body.faults ?? [];
  }
}

export class Api {
  /** @param {string | URL} base  the page's own address */
  constructor(base) {
    this.base = base;
  }

  /** @param {string} path @param {Record<string, string | number | null | undefined>} [query] */
  get(path, query = {}) {
    const url = new URL(`api/${path}`, this.base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
    }
    return this.#call(url, { method: "GET" });
  }

  /** @param {string} path @param {object} body */
  post(path, body) {
    return this.#send("POST", path, body);
  }

  /** @param {string} path @param {object} body */
  put(path, body) {
    return this.#send("PUT", path, body);
  }

  /**
   * Follow the live events from `after` on; the browser reconnects by itself.
   *
   * @param {number} after
   * @param {{event: (event: any) => void, line: (state: "open" | "waiting" | "gone") => void}} hear
   * @returns {() => void}  stop listening
   */
  follow(after, hear) {
    const url = new URL("api/events", this.base);
    url.searchParams.set("after", String(after));
    const source = new EventSource(url);
    source.onopen = () => hear.line("open");
    source.onerror = () => hear.line(source.readyState === EventSource.CLOSED ? "gone" : "waiting");
    source.onmessage = (message) =>
      hear.event({ ...JSON.parse(message.data), event_id: Number(message.lastEventId) });
    return () => source.close();
  }

  /** @param {"POST" | "PUT"} method @param {string} path @param {object} body */
  #send(method, path, body) {
    return this.#call(new URL(`api/${path}`, this.base), {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  /** @param {URL} url @param {RequestInit} init @returns {Promise<any>} */
  async #call(url, init) {
    let response;
    try {
      response = await fetch(url, init);
    } catch (cause) {
      throw Object.assign(
        new Refusal(0, { message: "The sandbox cannot be reached. Is it still running?" }),
        { cause },
      );
    }
    const body = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refusal(response.status, body);
    return body;
  }
}
