import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { whileBusy } from './busy-answers';
import { checkDocumented } from './documented-answer';

/** An answer of the API as it came. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly isReplayed: boolean;
  /** The problem's code when it is one. */
  readonly code: string | undefined;
}

/** How long a query may be told to try again: its database was killed, or all read models read a ledger again. */
const awayMsMax = 60_000;

/** A client of one running API. Connections are kept alive; `connections` at most. */
export class LedgerClient {
  private readonly agent: Agent;
  private readonly checked = new Set<string>();

  constructor(
    readonly url: string,
    private readonly apiKey: string,
    connections = 64,
    timeoutMs = 20_000,
  ) {
    this.agent = new Agent({ connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  }

  async post(path: string, body: object, idempotencyKey?: string): Promise<Reply> {
    return this.send('POST', path, body, idempotencyKey);
  }

  /** A query's answer, whatever it is. @param minPosition what the read models must have reached */
  ask(path: string, minPosition?: string): Promise<Reply> {
    return this.send('GET', path, undefined, undefined, minPosition);
  }

  /** A query's answer from what the read models have, however far behind they are. */
  askWithoutWaiting(path: string): Promise<Reply> {
    return this.send('GET', path, undefined, undefined, undefined, 'eventual');
  }

  /** What a query answers once its database is there. @param minPosition as for `ask` */
  async get<T>(path: string, minPosition?: string): Promise<T> {
    for (const deadline = Date.now() + awayMsMax; ; await delay(50)) {
      const reply = await this.ask(path, minPosition);
      if (reply.status === 200) return JSON.parse(reply.text) as T;
      if (reply.status !== 503 || Date.now() > deadline)
        throw new Error(`GET ${path}: ${reply.status} ${reply.text}`);
    }
  }

  /** Every item of a list, page by page. */
  async *list<T>(path: string, minPosition?: string): AsyncIterable<T> {
    const separator = path.includes('?') ? '&' : '?';
    for (let cursor: string | null = ''; cursor !== null;) {
      const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: ListPage<T> = await this.get(`${path}${separator}limit=100${from}`, minPosition);
      yield* page.data;
      cursor = page.has_more ? page.next_cursor : null;
    }
  }

  /** Posts what must be accepted, and returns the answer. */
  async accepted<T>(path: string, body: object, idempotencyKey?: string): Promise<T> {
    const post = (): Promise<Reply> => this.post(path, body, idempotencyKey);
    const reply = await whileBusy(post, (answer) => answer);
    if (reply.status >= 300) throw new Error(`POST ${path}: ${reply.status} ${reply.text}`);
    return JSON.parse(reply.text) as T;
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  /** Under load one answer of a kind stands for all. */
  private isFirst(method: string, path: string, status: number): boolean {
    const kind = `${method} ${status} ${path.split('?', 1)[0]?.split('/').at(-1) ?? ''}`;
    if (this.checked.size > 1_000 || this.checked.has(kind)) return false;
    this.checked.add(kind);
    return true;
  }

  private async send(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    idempotencyKey?: string,
    minPosition?: string,
    consistency?: 'eventual',
  ): Promise<Reply> {
    const answer = await request(`${this.url}${path}`, {
      method,
      dispatcher: this.agent,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(minPosition === undefined ? {} : { 'ledger-min-position': minPosition }),
        ...(consistency === undefined ? {} : { 'ledger-consistency': consistency }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const contentType = String(answer.headers['content-type']);
    if (/[/+]json\b/.test(contentType) && this.isFirst(method, path, answer.statusCode)) {
      const json = JSON.parse(text) as Record<string, unknown>;
      const { headers } = answer;
      checkDocumented(method, path, { status: answer.statusCode, contentType, headers, json });
    }
    return {
      status: answer.statusCode,
      text,
      isReplayed: answer.headers['idempotency-replayed'] === 'true',
      code: answer.statusCode < 400 ? undefined : codeOf(text),
    };
  }
}

interface ListPage<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { code?: string }).code;
  } catch {
    return undefined;
  }
}
