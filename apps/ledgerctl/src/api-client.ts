import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { itemTexts, memberTexts } from '@fintech-ledger/envelope';
import { Failure } from './failure';

export interface ApiRequest {
  readonly method?: 'GET' | 'POST';
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
  ) {}

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
      headers: { authorization: `Bearer ${this.apiKey}`, ...headers },
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

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly detail: string; readonly line?: number }[];
}

/** A problem in a few lines. 5xx and 401/403: it could not be tried. */
export function problemFailure(status: number, text: string): Failure {
  let problem: Problem = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // Not ours, then: a proxy's page. The status has to do.
  }
  const lines = (problem.errors ?? []).map(
    ({ line, detail }) => `\n  ${line === undefined ? '' : `line ${line}: `}${detail}`,
  );
  const isRefused = status < 500 && status !== 401 && status !== 403;
  return new Failure(
    `${problem.detail ?? `HTTP ${status}`} (${problem.code ?? status})${lines.join('')}`,
    isRefused ? 1 : 2,
    problem.code,
  );
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code ?? message ?? String(error);
}
