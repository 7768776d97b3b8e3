import type { EventStore } from '@fintech-ledger/event-store';
import { createLogger } from '@fintech-ledger/logging';
import type { OutboundRequest, Outcome } from '@fintech-ledger/outbound';
import { WebhookVerifier } from '@fintech-ledger/webhook-verifier';
import { Dispatcher } from '@fintech-ledger/webhooks';
import { setTimeout as delay } from 'node:timers/promises';
import { modules, publicEvents } from '../apps/modules';
import { HttpSpec } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(180_000);

const minute = 60_000;
const hour = 60 * minute;
const answered = (status: number, retryAfter?: string): Outcome => ({
  kind: 'answered',
  status,
  retryAfter,
  response: Buffer.from('said so'),
  ms: 3,
});

interface Sent {
  readonly endpoint: string;
  readonly atMs: number;
  readonly id: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly event: { readonly sequence: number | null; readonly type: string };
}

describe('webhooks, with a clock that the test moves', () => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let ledger = '';
  let now = Date.now();
  let sent: Sent[];
  /** By endpoint, what it answers; 204 where it is not said. */
  const answers = new Map<string, (sent: Sent) => Outcome | Promise<Outcome>>();
  let dispatcher: Dispatcher;

  const client = {
    async deliver({ endpoint, headers, body }: OutboundRequest): Promise<Outcome> {
      const text = String(body);
      const one: Sent = {
        endpoint,
        atMs: now,
        id: headers['webhook-id'] ?? '',
        signature: headers['webhook-signature'] ?? '',
        timestamp: headers['webhook-timestamp'] ?? '',
        headers,
        body: text,
        event: JSON.parse(text) as Sent['event'],
      };
      sent.push(one);
      return (await answers.get(endpoint)?.(one)) ?? answered(204);
    },
    close: () => Promise.resolve(),
  };
  const newDispatcher = (store: Pick<EventStore, 'readStream'> = parts.store): Dispatcher =>
    new Dispatcher({
      db: parts.database,
      store,
      registry: publicEvents,
      gateway: parts.gateway,
      client,
      pepper: parts.pepper,
      log: createLogger('silent', 'test'),
      nowMs: () => now,
      random: () => 0.5,
    });
  const to = (endpoint: string): readonly Sent[] => sent.filter((one) => one.endpoint === endpoint);
  const sequencesTo = (endpoint: string) => to(endpoint).map(({ event }) => event.sequence);

  /** Until nothing more is to be done at this time; the read models have all that was acknowledged. */
  async function run(by: Dispatcher = dispatcher): Promise<void> {
    // What is read of events and endpoints waits for the read models.
    await get('/v1/events?limit=1');
    await get('/v1/webhook_endpoints?limit=1');
    for (let isMore = true; isMore;) {
      isMore = await by.turn();
      await by.settled();
    }
  }
  /** What the dispatcher asks of writers is acknowledged to nobody who reads. */
  async function runUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let n = 0; n < 600; n += 1) {
      await run();
      if (await isSo()) return;
      await delay(50);
    }
    throw new Error('it did not come to be');
  }
  async function get(path: string): Promise<Readonly<Record<string, unknown>>> {
    for (let n = 0; ; n += 1) {
      const { status, json } = await http.send({ method: 'GET', path });
      if (status === 200) return json;
      if (status !== 503 || n === 100) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
      await delay(100);
    }
  }
  const made = async (path: string, body: object = {}) =>
    (await http.when({ path, body }).thenAccepted()).json;
  async function endpoint(more: object = {}): Promise<{ id: string; secret: string }> {
    const body = { url: 'https://93.184.216.34/hook', event_types: ['transaction.posted'], ...more };
    const { id, secret } = await made('/v1/webhook_endpoints', body);
    return { id: String(id), secret: String(secret) };
  }
  const transfer = (debit = 'a', credit = 'b') =>
    made(`/v1/ledgers/${ledger}/transfers`, {
      debit_account: debit,
      credit_account: credit,
      amount: '1',
      currency: 'USD',
    });
  const deliveries = async (id: string, query = '') => {
    const page = await get(`/v1/webhook_endpoints/${id}/deliveries?limit=100${query}`);
    return page['data'] as readonly Readonly<Record<string, unknown>>[];
  };

  beforeAll(async () => {
    parts = await startParts('embedded');
    http = new HttpSpec(parts.url, parts.apiKey, '');
    ledger = String((await made('/v1/ledgers', { name: 'books' }))['id']);
    for (const address of ['a', 'b'])
      await made(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
  });
  beforeEach(() => {
    sent = [];
    now = Math.max(now, Date.now()) + hour;
    answers.clear();
    dispatcher = newDispatcher();
  });
  afterEach(async () => {
    const { data } = await get('/v1/webhook_endpoints?limit=100');
    for (const { id } of data as readonly { id: string }[])
      await http.when({ method: 'DELETE', path: `/v1/webhook_endpoints/${id}` }).thenAccepted();
  });
  afterAll(() => parts?.close());

  it('of a sandbox tell of its events, say that they are no live ones, and may go over http', async () => {
    const sandbox = new HttpSpec(
      parts.url,
      String((await made('/v1/sandboxes', { name: 'hooks' }))['api_key']),
      '',
    );
    const body = { url: 'http://93.184.216.34/hook', event_types: ['ledger.created'] };
    await http.when({ path: '/v1/webhook_endpoints', body }).thenRefused(400, 'invalid_url');
    const { json } = await sandbox.when({ path: '/v1/webhook_endpoints', body }).thenAccepted();
    const id = String(json['id']);
    await made('/v1/ledgers', { name: 'live' });
    await sandbox.when({ path: '/v1/ledgers', body: { name: 'tried' } }).thenAccepted();
    await sandbox
      .when({ path: `/v1/webhook_endpoints/${id}/test`, body: { type: 'ledger.created' } })
      .thenAccepted();
    await runUntil(() => to(id).length === 2);
    const told = to(id).map(({ body: text }) => JSON.parse(text) as object);
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ sequence: null, livemode: false }),
        expect.objectContaining({
          sequence: 1,
          livemode: false,
          data: { object: expect.objectContaining({ name: 'tried' }) as object },
        }),
      ]),
    );
    await sandbox.when({ method: 'DELETE', path: `/v1/webhook_endpoints/${id}` }).thenAccepted();
  });

  it('tell what comes after an older event store was accepted, at revisions that were told before', async () => {
    const { id } = await endpoint();
    await transfer();
    await run();
    const stream = `journal-${ledger}`;
    const [head] = await parts.store.readStream(stream, { direction: 'backwards', limit: 1 });
    // As if more had been told, of what the store has lost.
    await parts.database.query('update hooks.cursors set revision = revision + 5 where stream = $1', [
      stream,
    ]);
    await transfer();
    await run();
    expect(sequencesTo(id)).toEqual([1]);
    await parts.database.transaction((sql) => modules.takeBack(sql, stream, head?.revision ?? -1));
    await run();
    expect(sequencesTo(id)).toEqual([1, 2]);
  });

  it('follow the schedule: ten attempts, one body and id, each attempt signed for its own time', async () => {
    const { id, secret } = await endpoint({ headers: { 'X-Shop': 'seven' } });
    answers.set(id, () => answered(500));
    await transfer();
    const ends: number[] = [];
    await run();
    for (let n = 0; n < 20; n += 1) {
      const [delivery] = await deliveries(id);
      if (delivery?.['status'] !== 'pending') break;
      const next = Date.parse(String(delivery['next_attempt_at']));
      ends.push(next - now);
      now = next - 1;
      await run();
      now = next;
      await run();
    }
    const seconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    expect(ends).toEqual(seconds.map((s) => s * 1_000));
    expect(to(id)).toHaveLength(10);
    expect(new Set(to(id).map(({ id: message, body }) => `${message} ${body}`)).size).toBe(1);
    expect(new Set(to(id).map(({ signature }) => signature)).size).toBe(10);
    for (const { atMs, headers, body } of to(id)) {
      const verifier = new WebhookVerifier(secret, { now: () => new Date(atMs) });
      expect(verifier.verify(body, headers).event).toMatchObject({ sequence: 1, type: 'transaction.posted' });
      expect(headers['X-Shop']).toBe('seven');
    }
    expect(await deliveries(id)).toMatchObject([
      { status: 'failed', attempts_made: 10, next_attempt_at: null },
    ]);
    const { attempts } = await get(`/v1/deliveries/${to(id)[0]?.id}`);
    expect(attempts).toHaveLength(10);
    expect(attempts).toMatchObject([
      { number: 1, status: 500, response: 'said so', error: null },
      { number: 2 },
      {},
      {},
      {},
      {},
      {},
      {},
      {},
      {},
    ]);

    answers.delete(id);
    await transfer();
    now += hour;
    await run();
    expect(to(id).at(-1)?.event.sequence).toBe(2);
    expect(await deliveries(id, '&status=succeeded')).toMatchObject([{ sequence: 2 }]);
  });

  it('are made in the order of the ledger, numbered without a gap, each once, also by two dispatchers', async () => {
    const { id } = await endpoint();
    const { id: other } = await endpoint({ event_types: ['account.*'] });
    const positions: unknown[] = [];
    for (let n = 0; n < 12; n += 1) positions.push((await transfer())['position']);
    await get('/v1/events?limit=1');
    await get('/v1/webhook_endpoints?limit=1');
    const second = newDispatcher();
    await Promise.all([run(), run(second)]);
    const told = to(id).map(({ body }) => JSON.parse(body) as { sequence: number; position: string });
    told.sort((x, y) => x.sequence - y.sequence);
    expect(told.map(({ sequence }) => sequence)).toEqual(positions.map((_, n) => n + 1));
    expect(told.map(({ position }) => position)).toEqual(positions);
    expect(to(other)).toEqual([]);
  });

  it('wait for one another where order was asked for, and the next one goes when one has failed', async () => {
    const { id: strict } = await endpoint({ ordering: 'strict' });
    const { id: objects } = await endpoint({ ordering: 'per_object', event_types: ['account.*'] });
    let isDown = true;
    answers.set(strict, () => answered(isDown ? 503 : 200));
    answers.set(objects, ({ body }) => answered(isDown && body.includes('"address":"c"') ? 500 : 200));
    for (const address of ['c', 'd'])
      await made(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
    for (const address of ['c', 'd']) await made(`/v1/ledgers/${ledger}/accounts/${address}/freeze`);
    for (let n = 0; n < 3; n += 1) await transfer();
    await run();
    expect(sequencesTo(strict)).toEqual([1]);
    // Of c the first one failed, so its second one waits; d has both.
    expect([...sequencesTo(objects)].sort()).toEqual([1, 2, 4]);
    isDown = false;
    now += 10_000;
    await run();
    expect(sequencesTo(strict)).toEqual([1, 1, 2, 3]);
    expect(sequencesTo(objects).slice(3)).toEqual([1, 3]);
  });

  it('end with 410: the endpoint is disabled, its organization told, and what waits is sent or skipped when it is enabled', async () => {
    const { id } = await endpoint();
    const { id: told } = await endpoint({ event_types: ['webhook_endpoint.disabled'] });
    answers.set(id, () => answered(410));
    await transfer();
    await runUntil(async () => (await get(`/v1/webhook_endpoints/${id}`))['disabled_because'] === 'gone');
    await runUntil(() => to(told).length > 0);
    expect(to(told).map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      { type: 'webhook_endpoint.disabled', data: { object: { id, disabled_because: 'gone' } } },
    ]);
    await transfer();
    now += hour;
    await run();
    expect(sequencesTo(id)).toEqual([1]);

    answers.delete(id);
    await made(`/v1/webhook_endpoints/${id}/enable`);
    await run();
    expect([...sequencesTo(id)].sort()).toEqual([1, 1, 2]);

    await made(`/v1/webhook_endpoints/${id}/disable`);
    await transfer();
    await run();
    await made(`/v1/webhook_endpoints/${id}/enable`, { skip_backlog: true });
    await transfer();
    await run();
    expect(await deliveries(id)).toMatchObject([
      { sequence: 4, status: 'succeeded' },
      { sequence: 3, status: 'skipped', attempts_made: 0 },
      {},
      {},
    ]);
  });

  it('end after five days without a success: the circuit lets few through, then the endpoint is disabled', async () => {
    const { id } = await endpoint();
    answers.set(id, () => ({ kind: 'failed', reason: 'timeout', detail: '', status: undefined, ms: 20_000 }));
    for (let n = 0; n < 30; n += 1) await transfer();
    await run();
    const tried = to(id).length;
    // Ten at once open it.
    expect(tried).toBe(10);
    for (let n = 0; n < 60; n += 1) {
      now += 2 * hour;
      await run();
    }
    expect(to(id).length - tried).toBeLessThanOrEqual(61);
    await runUntil(async () => (await get(`/v1/webhook_endpoints/${id}`))['disabled_because'] === 'failing');
  });

  it('of an endpoint that hangs hold up no other', async () => {
    const { id: dead } = await endpoint();
    const { id: healthy } = await endpoint();
    const hanging: ((outcome: Outcome) => void)[] = [];
    answers.set(dead, () => new Promise((resolve) => hanging.push(resolve)));
    for (let n = 0; n < 25; n += 1) await transfer();
    await get('/v1/events?limit=1');
    await get('/v1/webhook_endpoints?limit=1');
    for (let n = 0; n < 400 && to(healthy).length < 25; n += 1) {
      await dispatcher.turn();
      await delay(5);
    }
    expect(to(healthy)).toHaveLength(25);
    // No more than so many are under way to one endpoint.
    expect(to(dead)).toHaveLength(10);
    answers.delete(dead);
    for (const end of hanging) end(answered(200));
    await run();
    expect(new Set(sequencesTo(dead)).size).toBe(25);
  });

  it('are sent once more on request, and a test past the filter', async () => {
    const { id } = await endpoint();
    await transfer();
    await run();
    const [first] = to(id);
    await made(`/v1/deliveries/${first?.id}/retry`);
    await run();
    expect(to(id)).toMatchObject([
      { id: first?.id, body: first?.body },
      { id: first?.id, body: first?.body },
    ]);
    const test = await made(`/v1/webhook_endpoints/${id}/test`, { type: 'hold.expired' });
    await run();
    expect(to(id).at(-1)).toMatchObject({ id: test['id'], event: { type: 'hold.expired', sequence: null } });
    expect(await get(`/v1/deliveries/${String(test['id'])}`)).toMatchObject({
      status: 'succeeded',
      sequence: null,
    });
  });

  it('are parked where none can be made, with the reason, and the others go on', async () => {
    const { id } = await endpoint();
    await transfer();
    const { position } = await transfer();
    const poisoned = Number(String(position).split('@')[1]);
    await transfer();
    const store: Pick<EventStore, 'readStream'> = {
      readStream: async (stream, options) => {
        const events = await parts.store.readStream(stream, options);
        return events.map((event) => (event.revision === poisoned ? { ...event, data: '{' } : event));
      },
    };
    await run(newDispatcher(store));
    expect(sequencesTo(id)).toEqual([1, 2]);
    const { rows } = await parts.database.query(
      'select revision, reason from hooks.parked where endpoint_id = $1',
      [id],
    );
    expect(rows).toMatchObject([{ revision: String(poisoned), reason: expect.stringContaining('not JSON') }]);
  });

  it('are not sent again when the read models are made again', async () => {
    const { id } = await endpoint();
    for (let n = 0; n < 3; n += 1) await transfer();
    await run();
    expect(to(id)).toHaveLength(3);
    await parts.stopProjector();
    await parts.database.query(
      `update read.projections set version = 0 where name in ('public_events', 'webhook_endpoints')`,
    );
    parts.startProjector();
    const { position } = await transfer();
    const last = Number(String(position).split('@')[1]);
    for (let n = 0; n < 600; n += 1) {
      await dispatcher.turn();
      const { rows } = await parts.database.query<{ revision: string }>(
        `select revision from read.checkpoints where projection = 'public_events' and stream = $1`,
        [`journal-${ledger}`],
      );
      if (Number(rows[0]?.revision ?? -1) >= last) break;
      await delay(50);
    }
    await run();
    expect([...sequencesTo(id)].sort()).toEqual([1, 2, 3, 4]);
  });

  it('tell nothing of secrets and headers: not in answers, events, or tables', async () => {
    const { id, secret } = await endpoint({ headers: { Authorization: 'Bearer very-secret' } });
    const shown = await get(`/v1/webhook_endpoints/${id}`);
    expect(shown).toMatchObject({ secret: 'whsec_********', headers: { Authorization: '********' } });
    const { rows } = await parts.database.query<{ all: string }>(
      `select (select coalesce(string_agg(e::text, ' '), '') from store.events e) ||
              (select coalesce(string_agg(e::text, ' '), '') from read.webhook_endpoints e) ||
              (select coalesce(string_agg(h::text, ' '), '') from hooks.header_values h) as all`,
    );
    for (const text of ['very-secret', secret, secret.slice('whsec_'.length)])
      expect(rows[0]?.all).not.toContain(text);
  });
});
