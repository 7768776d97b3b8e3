import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { itemTexts, memberTexts } from '@fintech-ledger/envelope';
import { Failure, problemFailure } from './failure';

export interface ApiRequest {
  readonly method?: 'DELETE' | 'GET' | 'POST' | 'PUT';
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readable;
}

/** Talks to a server of ours. Problems are thrown as a `Failure` in the server's words. */
export class ApiClient {
  // An import or an export may take hours.
  private readonly dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

  constructor(
    private readonly url: string,
    private readonly apiKey: string,
    /** Of every request. */
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** Whether the key is one of a sandbox. */
  get isOfSandbox(): boolean {
    return this.apiKey.startsWith('sk_test_');
  }

  /** The body of a good answer, as it comes in. */
  async stream(path: string, asked: ApiRequest = {}): Promise<Readable> {
    return (await this.answer(path, asked)).body;
  }

  private async answer(
    path: string,
    { method = 'GET', query = {}, headers = {}, body }: ApiRequest,
  ): Promise<Dispatcher.ResponseData> {
    const target = new URL(path, this.url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) target.searchParams.set(name, value);
    }
    const answer = await request(target, {
      method,
      dispatcher: this.dispatcher,
      headers: { authorization: `Bearer ${this.apiKey}`, ...this.headers, ...headers },
      ...(body === undefined ? {} : { body }),
    }).catch((error: unknown) => {
      throw new Failure(`${this.url} does not answer: ${reasonOf(error)}. Is it running (npm run up)?`);
    });
    if (answer.statusCode < 300) return answer;
    throw problemFailure(answer.statusCode, await answer.body.text());
  }

  async json<T>(path: string, request: ApiRequest = {}): Promise<T> {
    return JSON.parse(await this.text(path, request)) as T;
  }

  /** Sends a JSON body. */
  send<T>(
    method: 'POST' | 'PUT',
    path: string,
    body: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    return this.json<T>(path, {
      method,
      body: Readable.from([JSON.stringify(body)]),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  private async text(path: string, request: ApiRequest): Promise<string> {
    return (await this.answer(path, request)).body.text();
  }

  /** All items of a list, page by page. */
  async *list<T>(path: string, query: Readonly<Record<string, string | undefined>> = {}): AsyncGenerator<T> {
    let cursor: string | undefined;
    do {
      const page = await this.json<{ data: T[]; next_cursor: string | null }>(path, {
        query: { limit: '100', ...query, cursor },
      });
      yield* page.data;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** The JSON text of each item of one page of a list, as it stands in the answer. */
  async pageTexts(path: string, query: Readonly<Record<string, string>>): Promise<readonly string[]> {
    return itemTexts(memberTexts(await this.text(path, { query }))?.get('data') ?? '[]');
  }

  /** The revision that a query is answered at now, without waiting for anything; -1: nothing was projected yet. */
  async revisionOf(path: string): Promise<number> {
    const headers = { 'ledger-consistency': 'eventual' };
    const { headers: answered, body } = await this.answer(path, { headers });
    await body.dump();
    const position = answered['ledger-position'];
    return Number(typeof position === 'string' ? position.slice(position.lastIndexOf('@') + 1) : -1);
  }

  async close(): Promise<void> {
    await this.dispatcher.close();
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code ?? message ?? String(error);
}
