// A client that keeps what it sent and what it was answered, so that a later version can be asked again.
const jsonType = 'application/json';

export class RecordingClient {
  /** In the order in which they were sent: `{label, method, path, key?, type?, body?, status, answer}`. */
  exchanges = [];
  #key = 0;

  constructor(url, apiKey) {
    this.url = url;
    this.apiKey = apiKey;
  }

  /** The same client after a restart on another port. */
  movedTo(url) {
    this.url = url;
  }

  /** A command under an idempotency key of its own, recorded. Throws unless the status is the expected one. */
  async command(label, method, path, body, { expected = [200, 201], type = jsonType } = {}) {
    const key = `recorded-${(this.#key += 1)}`;
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
    const { status, answer } = await this.send(method, path, { key, type, text });
    if (!expected.includes(status)) throw new Error(`${label}: ${method} ${path}: ${status} ${answer}`);
    this.exchanges.push({ label, method, path, key, type, body: text, status, answer });
    return answer === '' ? {} : JSON.parse(answer);
  }

  /** The latest answer of a query. Waits for read models that are behind. */
  async get(path, position) {
    for (let attempt = 1; ; attempt += 1) {
      const { status, answer } = await this.send('GET', path, { position });
      if (status === 200) return JSON.parse(answer);
      if (status !== 503 || attempt === 100) throw new Error(`GET ${path}: ${status} ${answer}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async list(path, position) {
    const items = [];
    for (let cursor = ''; cursor !== null;) {
      const separator = path.includes('?') ? '&' : '?';
      const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.get(`${path}${separator}limit=100${from}`, position);
      items.push(...page.data);
      cursor = page.has_more ? page.next_cursor : null;
    }
    return items;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{ key?: string, type?: string, text?: string, position?: string, apiKey?: string }} request
   */
  async send(method, path, { key, type, text, position, apiKey = this.apiKey }) {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(position === undefined ? {} : { 'ledger-min-position': position }),
      },
      ...(text === undefined ? {} : { body: text }),
    });
    return { status: answer.status, answer: await answer.text() };
  }
}
