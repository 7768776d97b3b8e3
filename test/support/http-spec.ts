import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { behindTimesMax, isBehind, whileBusy } from './busy-answers';
import { checkDocumented } from './documented-answer';

/** A request as a client might send it, wrong in any way. A body that is a text or bytes goes out as it is. */
export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Another API key than the spec's; null: none. */
  readonly apiKey?: string | null;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly json: Readonly<Record<string, unknown>>;
}

const answeredBy = ({ status, json }: HttpAnswer) => ({ status, code: json['code'] });

/**
 * Every answer must be one that schemas/openapi.json has for its operation.
 *
 * given(requests that must be accepted).when(one request).thenRefused(status, code) · .thenAccepted(): one language for what the HTTP API
 * does. A refused request must leave no trace: the ledger's events are the same before and after it.
 */
export class HttpSpec {
  constructor(
    private readonly url: string,
    private readonly apiKey: string,
    /** Whose events are watched. */
    private readonly ledger: string,
  ) {}

  given(...requests: readonly HttpRequest[]) {
    return {
      when: (sent: HttpRequest) => ({
        thenAccepted: async (): Promise<HttpAnswer> => {
          await this.accept(requests);
          return this.expectStatus(sent, (status) => status < 300);
        },
        thenRefused: async (status: number, code: string, more: object = {}): Promise<void> => {
          await this.accept(requests);
          const before = await this.position();
          const answer = await this.send(sent);
          expect({ status: answer.status, ...answer.json }).toMatchObject({ status, code, ...more });
          expect(answer.headers['content-type']).toContain('application/problem+json');
          expect(await this.position()).toBe(before);
        },
      }),
    };
  }

  when(sent: HttpRequest) {
    return this.given().when(sent);
  }

  /**
   * A query that does not name a position is sent again a few times where the read models are behind: a busy machine may
   * need more than the second that it waits for them.
   */
  async send(sent: HttpRequest): Promise<HttpAnswer> {
    const { method = 'POST', path, headers = {} } = sent;
    for (let n = 1; ; n += 1) {
      const answer = await this.sendWhole(sent);
      if (n === behindTimesMax || !isBehind(method, path, headers, answeredBy(answer))) return answer;
    }
  }

  /** What an HTTP client gets that comes again when it is told to. */
  ask(sent: HttpRequest): Promise<HttpAnswer> {
    return whileBusy(() => this.sendWhole({ method: 'GET', ...sent }), answeredBy);
  }

  /**
   * A server may answer and close before it has read all of a body (RFC 9112, 9.6), and then it is chance whether the client sees the answer or a broken
   * connection: such a request is sent again.
   */
  private async sendWhole(sent: HttpRequest): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.sendOnce(sent);
      } catch (error) {
        const { code = '' } = error as { code?: string };
        if (!['EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET'].includes(code) || attempt === 20) throw error;
        // What was sent counts against the limits of the API key, a large body for as much as it said it was.
        await delay(attempt * 20);
      }
    }
  }

  private async sendOnce({
    method = 'POST',
    path,
    body,
    headers = {},
    apiKey = this.apiKey,
  }: HttpRequest): Promise<HttpAnswer> {
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    const answer = await request(`${this.url}${path}`, {
      method,
      headers: {
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const isJson = /[/+]json\b/.test(String(answer.headers['content-type']));
    const json = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
    const contentType = String(answer.headers['content-type']);
    const { statusCode: status, headers: answered } = answer;
    checkDocumented(method, path, { status, contentType, headers: answered, json });
    return { status, headers: answered, json };
  }

  private async accept(requests: readonly HttpRequest[]): Promise<void> {
    for (const sent of requests) await this.expectStatus(sent, (status) => status < 300);
  }

  private async expectStatus(
    sent: HttpRequest,
    isExpected: (status: number) => boolean,
  ): Promise<HttpAnswer> {
    const answer = await whileBusy(() => this.send(sent), answeredBy);
    if (isExpected(answer.status)) return answer;
    throw new Error(`${sent.path}: ${answer.status} ${JSON.stringify(answer.json)}`);
  }

  private async position(): Promise<string> {
    const { headers } = await this.send({ method: 'GET', path: `/v1/ledgers/${this.ledger}/events?limit=1` });
    return String(headers['ledger-position']);
  }
}
