/** A refusal of the API, or no answer at all. */
export class DemoError extends Error {
  /**
   * @param {string} message
   * @param {any} [problem] as RFC 9457 has it
   */
  constructor(message, problem = {}) {
    super(message);
    this.problem = problem;
  }
}

/**
 * A client of the public API. Each command has a key of its own, so a request that got no answer is sent again and done
 * once; each read waits for what the commands before it did.
 */
export class DemoClient {
  commands = 0;
  replayed = 0;
  #position = { ledger: '', revision: -1 };

  /**
   * @param {string} url
   * @param {string} apiKey
   * @param {string} run in front of the idempotency keys
   */
  constructor(url, apiKey, run) {
    this.url = url;
    this.apiKey = apiKey;
    this.run = run;
  }

  /**
   * @param {string} target
   * @param {object} body
   * @param {{ as?: string | undefined, key?: string, method?: string, allow?: number[] }} [more]
   * `allow`: refusals that are an answer too
   * @returns {Promise<any>} the answer
   */
  async command(target, body, { as, key, method = 'POST', allow = [] } = {}) {
    this.commands += 1;
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': `${this.run}-${key ?? this.commands}`,
      ...(as === undefined ? {} : { 'connected-account': as }),
    };
    const response = await this.#send(target, { method, headers, body: JSON.stringify(body) }, allow);
    if (response.headers.get('idempotency-replayed') === 'true') this.replayed += 1;
    this.#advance(response.headers.get('ledger-position'));
    return response.json();
  }

  /**
   * @param {string} target
   * @param {{ as?: string | undefined }} [more]
   * @returns {Promise<any>}
   */
  async read(target, { as } = {}) {
    const { ledger, revision } = this.#position;
    const headers = {
      ...(revision < 0 ? {} : { 'ledger-min-position': `${ledger}@${revision}` }),
      ...(as === undefined ? {} : { 'connected-account': as }),
    };
    return (await this.#send(target, { headers }, [])).json();
  }

  /**
   * All of a list, page by page.
   * @param {string} target
   * @param {{ as?: string | undefined }} [more]
   * @returns {AsyncGenerator<any>}
   */
  async *list(target, more) {
    for (let cursor; cursor !== null;) {
      const query = new URLSearchParams({ limit: '100', ...(cursor === undefined ? {} : { cursor }) });
      const page = await this.read(`${target}${target.includes('?') ? '&' : '?'}${query}`, more);
      yield* page.data;
      cursor = page.next_cursor;
    }
  }

  /** @param {string | null} position `<ledger>@<revision>`, of the payments ledger or of none */
  #advance(position) {
    const [ledger = '', revision = '-1'] = position?.split('@') ?? [];
    if (ledger.startsWith('led_') && Number(revision) > this.#position.revision)
      this.#position = { ledger, revision: Number(revision) };
  }

  /**
   * @param {string} target
   * @param {RequestInit} options
   * @param {number[]} allow
   */
  async #send(target, options, allow) {
    const headers = { authorization: `Bearer ${this.apiKey}`, ...options.headers };
    const response = await fetch(new URL(target, this.url), { ...options, headers }).catch((error) => {
      throw new DemoError(
        `${this.url} does not answer (${error.cause?.code ?? error.message}): start it with "npm run up".`,
      );
    });
    if (response.ok || allow.includes(response.status)) return response;
    const problem = /** @type {any} */ (await response.json().catch(() => ({})));
    const { code = response.status, detail = `HTTP ${response.status}` } = problem;
    throw new DemoError(`${options.method ?? 'GET'} ${target}: ${detail} (${code})`, problem);
  }
}
