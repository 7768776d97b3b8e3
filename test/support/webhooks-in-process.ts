import { createLogger } from '@fintech-ledger/logging';
import type { OutboundRequest, Outcome } from '@fintech-ledger/outbound';
import { Dispatcher } from '@fintech-ledger/webhooks';
import type { DispatcherOptions } from '@fintech-ledger/webhooks';
import { setTimeout as delay } from 'node:timers/promises';
import { publicEvents } from '../../apps/modules';
import { HttpSpec } from './http-spec';
import { startParts } from './parts-in-process';
import type { PartsInProcess } from './parts-in-process';

export interface Sent {
  readonly endpoint: string;
  readonly url: string;
  readonly atMs: number;
  readonly id: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly event: {
    readonly sequence: number | null;
    readonly type: string;
    readonly position: string | null;
  };
}

export const answered = (status: number, retryAfter?: string): Outcome => ({
  kind: 'answered',
  status,
  retryAfter,
  response: Buffer.from('said so'),
  ms: 3,
});

/** Webhooks of the whole product in this process, with receivers and a clock that the test says. */
export class WebhooksInProcess {
  now = Date.now();
  sent: Sent[] = [];
  ledger = '';
  /** By endpoint, what it answers; 204 where it is not said. */
  readonly answers = new Map<string, (sent: Sent) => Outcome | Promise<Outcome>>();
  dispatcher: Dispatcher;
  readonly http: HttpSpec;

  private constructor(readonly parts: PartsInProcess) {
    this.http = new HttpSpec(parts.url, parts.apiKey, '');
    this.dispatcher = this.newDispatcher();
  }

  /** With a ledger of the accounts `a` and `b`. */
  static async start(mode: 'embedded' | 'distributed' = 'embedded'): Promise<WebhooksInProcess> {
    const hooks = new WebhooksInProcess(await startParts(mode));
    hooks.ledger = await hooks.newLedger();
    return hooks;
  }

  newDispatcher(more: Partial<DispatcherOptions> = {}): Dispatcher {
    const { live: db, gateway, pepper, store } = this.parts;
    return new Dispatcher({
      ...{ db, gateway, pepper, store },
      registry: publicEvents,
      client: { deliver: (request) => this.deliver(request), close: () => Promise.resolve() },
      log: createLogger('silent', 'test'),
      endpointRate: 1_000,
      attemptDays: 90,
      nowMs: () => this.now,
      random: () => 0.5,
      ...more,
    });
  }

  private async deliver({ endpoint, url, headers, body }: OutboundRequest): Promise<Outcome> {
    const text = String(body);
    const one: Sent = {
      endpoint,
      url,
      atMs: this.now,
      id: headers['webhook-id'] ?? '',
      signature: headers['webhook-signature'] ?? '',
      timestamp: headers['webhook-timestamp'] ?? '',
      headers,
      body: text,
      event: JSON.parse(text) as Sent['event'],
    };
    this.sent.push(one);
    return (await this.answers.get(endpoint)?.(one)) ?? answered(204);
  }

  /** The receiver says back what it is told, of which the beginning is kept with the attempt. */
  saysBack(endpoint: string, bytesMax: number): void {
    this.answers.set(endpoint, ({ body }) => ({
      ...answered(200),
      response: Buffer.from(body.slice(0, bytesMax)),
    }));
  }
  /** What is kept of what the receiver answered. @param get of the environment that the endpoint is of */
  async responsesOf(
    endpoint: string,
    get: (path: string) => Promise<Readonly<Record<string, unknown>>>,
  ): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    for (const { id } of this.to(endpoint)) {
      const { attempts } = await get(`/v1/deliveries/${id}`);
      found.push(...(attempts as readonly { response: unknown }[]).map(({ response }) => response));
    }
    return found;
  }

  to(endpoint: string): readonly Sent[] {
    return this.sent.filter((one) => one.endpoint === endpoint);
  }
  sequencesTo(endpoint: string): readonly (number | null)[] {
    return this.to(endpoint).map(({ event }) => event.sequence);
  }

  /** What is read of events and endpoints waits for the read models. */
  async caughtUp(): Promise<void> {
    await this.get('/v1/events?limit=1');
    await this.get('/v1/webhook_endpoints?limit=1');
  }
  /** Until nothing more is to be done at this time; the read models have all that was acknowledged. */
  async run(by: Dispatcher = this.dispatcher): Promise<void> {
    await this.caughtUp();
    for (let isMore = true; isMore;) {
      isMore = await by.turn();
      await by.settled();
    }
  }
  /** What the dispatcher asks of writers is acknowledged to nobody who reads. */
  async runUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let n = 0; n < 600; n += 1) {
      await this.run();
      if (await isSo()) return;
      await delay(50);
    }
    throw new Error('it did not come to be');
  }

  async get(path: string): Promise<Readonly<Record<string, unknown>>> {
    for (let n = 0; ; n += 1) {
      const { status, json } = await this.http.send({ method: 'GET', path });
      if (status === 200) return json;
      if (status !== 503 || n === 100) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
      await delay(100);
    }
  }
  async made(path: string, body: object = {}): Promise<Readonly<Record<string, unknown>>> {
    return (await this.http.when({ path, body }).thenAccepted()).json;
  }
  async newLedger(): Promise<string> {
    const ledger = String((await this.made('/v1/ledgers', { name: 'books' }))['id']);
    for (const address of ['a', 'b'])
      await this.made(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
    return ledger;
  }
  async endpoint(more: object = {}): Promise<{ id: string; secret: string }> {
    const body = { url: 'https://93.184.216.34/hook', event_types: ['transaction.posted'], ...more };
    const { id, secret } = await this.made('/v1/webhook_endpoints', body);
    return { id: String(id), secret: String(secret) };
  }
  transfer(debit = 'a', credit = 'b', ledger = this.ledger): Promise<Readonly<Record<string, unknown>>> {
    const booked = { debit_account: debit, credit_account: credit, amount: '1', currency: 'USD' };
    return this.made(`/v1/ledgers/${ledger}/transfers`, booked);
  }
  async deliveries(id: string, query = ''): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const page = await this.get(`/v1/webhook_endpoints/${id}/deliveries?limit=100${query}`);
    return page['data'] as readonly Readonly<Record<string, unknown>>[];
  }

  /** Before each test: later, and as if nothing had been sent. */
  async fresh(): Promise<void> {
    await this.dispatcher.close(0);
    this.sent = [];
    this.now = Math.max(this.now, Date.now()) + 3_600_000;
    this.answers.clear();
    this.dispatcher = this.newDispatcher();
  }
  async deleteEndpoints(): Promise<void> {
    const { data } = await this.get('/v1/webhook_endpoints?limit=100');
    for (const { id } of data as readonly { id: string }[])
      await this.http.when({ method: 'DELETE', path: `/v1/webhook_endpoints/${id}` }).thenAccepted();
  }
}
