import { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { documentedFetch } from './documented-fetch';

/** What was answered to a request, or to a line of a stream. */
export interface KeyAnswer {
  /** By which API, and as requests or lines. */
  readonly way: string;
  /** When it was sent, by `performance.now()`. */
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly status: number;
}

const postersPerApi = 2;
const pauseMs = 5;

/** A body that is sent as its pieces come. */
export function bytesOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(Buffer.from(next.value));
    },
  });
}

/** Keeps an API key busy at every API, with requests and with a stream of lines, and notes what is answered. */
export class KeyLoad {
  readonly answers: KeyAnswer[] = [];
  private readonly ending = new AbortController();
  private readonly ways: readonly string[];
  private readonly work: readonly Promise<void>[];

  /** @param within the ledger, such as `/v1/ledgers/led_1`, which has accounts `a` and `b` */
  constructor(
    urls: readonly string[],
    private readonly within: string,
    private readonly key: string,
  ) {
    const apis = urls.map((url, index) => ({ url, posts: `posts ${index}`, lines: `lines ${index}` }));
    this.ways = apis.flatMap(({ posts, lines }) => [posts, lines]);
    this.work = apis.flatMap(({ url, posts, lines }) => [
      ...Array.from({ length: postersPerApi }, () => this.post(url, posts)),
      this.stream(url, lines),
    ]);
  }

  get statuses(): readonly number[] {
    return [...new Set(this.answers.map(({ status }) => status))].sort();
  }

  /** What was sent later than this and answered. */
  sentAfter(moment: number): readonly KeyAnswer[] {
    return this.answers.filter(({ sentAt }) => sentAt > moment);
  }

  /** Until each way has some answers to what was sent since. @param status only these, and of requests only */
  async until(times: number, since = -Infinity, status?: number): Promise<void> {
    const ways = status === undefined ? this.ways : this.ways.filter((way) => way.startsWith('posts'));
    const isEnough = (way: string): boolean =>
      this.sentAfter(since).filter(
        (answer) => answer.way === way && answer.status === (status ?? answer.status),
      ).length >= times;
    while (!ways.every(isEnough)) await delay(25);
  }

  async end(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.work);
  }

  private note(way: string, sentAt: number, status: number): void {
    this.answers.push({ way, sentAt, answeredAt: performance.now(), status });
  }

  private async post(url: string, way: string): Promise<void> {
    const body = JSON.stringify({ debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' });
    while (!this.ending.signal.aborted) {
      const sentAt = performance.now();
      const answer = await documentedFetch(`${url}${this.within}/transfers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
        body,
      });
      await answer.arrayBuffer();
      this.note(way, sentAt, answer.status);
      await delay(pauseMs);
    }
  }

  /** One stream of lines, which ends with the load. */
  private async stream(url: string, way: string): Promise<void> {
    const { signal } = this.ending;
    const entry = (account: string, direction: string) => ({
      account,
      direction,
      amount: '1',
      currency: 'USD',
    });
    const line = JSON.stringify({ entries: [entry('a', 'debit'), entry('b', 'credit')] });
    const sent: number[] = [];
    async function* lines(): AsyncGenerator<string> {
      while (!signal.aborted) {
        sent.push(performance.now());
        yield `${line}\n`;
        await delay(20);
      }
    }
    const { body } = await documentedFetch(`${url}${this.within}/transactions/bulk`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.key}`,
        'content-type': 'application/x-ndjson',
        // The read models may not have seen the key.
        'ledger-consistency': 'eventual',
      },
      body: bytesOf(lines()),
      duplex: 'half',
    } as RequestInit);
    let rest = '';
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      const answers = (rest + Buffer.from(chunk).toString()).split('\n');
      rest = answers.pop() ?? '';
      for (const text of answers) {
        const { status } = JSON.parse(text) as { status?: unknown };
        // Of a problem; a transaction has a word there. Answers come in the order of the lines.
        this.note(way, sent.shift() ?? 0, typeof status === 'number' ? status : 201);
      }
    }
  }
}
