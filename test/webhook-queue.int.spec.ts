import { revision } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Outcome } from '@fintech-ledger/outbound';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { signWebhook } from '@fintech-ledger/webhook-verifier';
import { renderPrometheus } from '@fintech-ledger/telemetry';
import { setTimeout as delay } from 'node:timers/promises';
import { answered, WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(180_000);

const day = 86_400_000;

describe('the queue of webhooks', () => {
  let hooks: WebhooksInProcess;
  const hanging = (): Promise<Outcome> => new Promise<Outcome>(() => undefined);
  const metric = async (line: string): Promise<number> => {
    const found = (await renderPrometheus()).split('\n').find((one) => one.startsWith(`${line} `));
    return Number(found?.slice(line.length + 1) ?? Number.NaN);
  };
  const count = async (text: string, ...values: readonly unknown[]): Promise<number> => {
    const { rows } = await hooks.parts.database.query<{ count: string }>(text, values);
    return Number(rows[0]?.count);
  };

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start();
  });
  beforeEach(() => hooks.fresh());
  afterEach(() => hooks.deleteEndpoints());
  afterAll(async () => {
    await hooks?.dispatcher.close(0);
    await hooks?.parts.close();
  });

  it('sends an endpoint no more than its rate, and half of it at most for a replay', async () => {
    for (let n = 0; n < 40; n += 1) await hooks.transfer();
    const { id } = await hooks.endpoint();
    const slow = hooks.newDispatcher({ endpointRate: 20 });
    await hooks.made(`/v1/webhook_endpoints/${id}/replays`);
    await hooks.run(slow);
    expect(hooks.to(id)).toHaveLength(10);
    for (let n = 0; n < 30; n += 1) await hooks.transfer();
    await hooks.run(slow);
    expect(hooks.to(id)).toHaveLength(20);
    for (let n = 0; n < 4; n += 1) {
      hooks.now += 250;
      await hooks.run(slow);
      expect(hooks.to(id)).toHaveLength(20 + 5 * (n + 1));
    }
    // What happened went first.
    const sequences = hooks
      .to(id)
      .slice(10)
      .map(({ event }) => Number(event.sequence));
    expect(Math.min(...sequences)).toBeGreaterThan(10);
    await slow.close(0);
  });

  it.each([
    ['deleted', 'DELETE', '', {}, 0],
    ['disabled', 'POST', '/disable', {}, 0],
    ['moved', 'PATCH', '', { url: 'https://93.184.216.34/moved' }, 10],
    ['given another secret at once', 'POST', '/rotate_secret', { overlap_seconds: 0 }, 10],
  ] as const)(
    'sends nothing of what waits as it was before its endpoint is %s',
    async (_, method, path, body, later) => {
      const { id, secret } = await hooks.endpoint();
      const answers: (() => void)[] = [];
      const later204 = (): Promise<Outcome> =>
        new Promise((resolve) => answers.push(() => resolve(answered(204))));
      // One that is fast has more claimed than are under way.
      hooks.answers.set(id, () => (hooks.to(id).length <= 60 ? answered(204) : later204()));
      for (let n = 0; n < 80; n += 1) await hooks.transfer();
      await hooks.caughtUp();
      const claimed = () =>
        count(
          `select count(*) from hooks.claims c join hooks.messages m on m.id = c.message_id
          where c.endpoint_id = $1 and m.status = 'pending'`,
          id,
        );
      for (let n = 0; n < 100 && answers.length < 10; n += 1) {
        await hooks.dispatcher.turn();
        await delay(5);
      }
      const kept = "select count(*) from hooks.messages where endpoint_id = $1 and status = 'succeeded'";
      for (let n = 0; n < 100 && (await count(kept, id)) < 60; n += 1) await delay(10);
      expect([answers.length, await claimed()]).toEqual([10, 20]);
      const asked = {
        path: `/v1/webhook_endpoints/${id}${path}`,
        method,
        ...(method !== 'DELETE' && { body }),
      };
      await hooks.http.when(asked).thenAccepted();
      await hooks.caughtUp();
      await hooks.dispatcher.turn();
      hooks.answers.delete(id);
      for (const answer of answers.splice(0)) answer();
      await hooks.run();
      const after = hooks.to(id).slice(70);
      expect(after).toHaveLength(later);
      const asBefore = after.filter(({ id: message, body: sent, signature, timestamp, url }) => {
        const at = new Date(Number(timestamp) * 1_000);
        const signed = signWebhook([secret], { id: message, timestamp: at, body: sent });
        return url.endsWith('/hook') && signature.includes(signed['webhook-signature']);
      });
      expect(asBefore).toEqual([]);
    },
  );

  it('sends again at once what a process had under way that is there no more', async () => {
    const { id } = await hooks.endpoint({ ordering: 'strict' });
    hooks.answers.set(id, hanging);
    const { databaseUrl: connectionString } = hooks.parts;
    const own = connect({ connectionString, statementTimeoutMs: 30_000 });
    const killed = hooks.newDispatcher({ db: own });
    await hooks.transfer();
    await hooks.caughtUp();
    await killed.turn();
    expect(hooks.sequencesTo(id)).toEqual([1]);
    // While its process is there, nobody else sends it.
    await hooks.run();
    expect(hooks.sequencesTo(id)).toEqual([1]);
    hooks.answers.delete(id);
    await own.close();
    await hooks.runUntil(() => hooks.to(id).length > 1);
    expect(hooks.sequencesTo(id)).toEqual([1, 1]);
    const [first, second] = hooks.to(id);
    expect(second).toMatchObject({ id: first?.id, body: first?.body });
  });

  it('keeps attempts for so many days, and messages for ever', async () => {
    const { id } = await hooks.endpoint();
    await hooks.transfer();
    await hooks.run();
    const [{ id: message } = { id: '' }] = hooks.to(id);
    const attempts = () => count('select count(*) from hooks.attempts where message_id = $1', message);
    hooks.now += 89 * day;
    await hooks.run(hooks.newDispatcher());
    expect(await attempts()).toBe(1);
    hooks.now += 2 * day;
    await hooks.run(hooks.newDispatcher());
    expect(await attempts()).toBe(0);
    expect(await hooks.get(`/v1/deliveries/${message}`)).toMatchObject({ status: 'succeeded', attempts: [] });
    hooks.now -= 91 * day;
  });

  it('forgets the values of headers with their endpoint', async () => {
    const { id } = await hooks.endpoint({ headers: { 'X-Shop': 'seven' } });
    const { id: other } = await hooks.endpoint({ headers: { 'X-Shop': 'eight' } });
    const kept = () => count('select count(*) from hooks.header_values');
    const before = await kept();
    await hooks.http.when({ method: 'DELETE', path: `/v1/webhook_endpoints/${id}` }).thenAccepted();
    await hooks.run(hooks.newDispatcher());
    expect(await kept()).toBe(before - 1);
    await hooks.transfer();
    await hooks.run();
    expect(hooks.to(other)[0]?.headers['X-Shop']).toBe('eight');
  });

  it('forgets values of headers that others took the place of, and that no endpoint ever had', async () => {
    const { id } = await hooks.endpoint({ headers: { 'X-Shop': 'old' } });
    const path = `/v1/webhook_endpoints/${id}`;
    await hooks.http.when({ method: 'PATCH', path, body: { headers: { 'X-Shop': 'new' } } }).thenAccepted();
    const key = { 'idempotency-key': 'headers-once' };
    const body = { url: 'https://93.184.216.34/once', event_types: ['*'], headers: { 'X-Shop': 'once' } };
    for (let n = 0; n < 2; n += 1)
      await hooks.http.when({ path: '/v1/webhook_endpoints', body, headers: key }).thenAccepted();
    await hooks.parts.database.query(
      `insert into hooks.header_values (ref, organization_id, sealed)
       select 'whh_orphan', organization_id, '' from hooks.header_values limit 1`,
    );
    await hooks.run(hooks.newDispatcher());
    // They may be named by a command that is on its way.
    expect(await count('select count(*) from hooks.header_values')).toBe(4);
    await hooks.parts.database.query(`update hooks.header_values set kept_at = kept_at - interval '2 hours'`);
    // What the read model does not show yet may name them, too.
    const behind: Pick<EventStore, 'readStream'> = {
      readStream: async (...asked) =>
        (await hooks.parts.store.readStream(...asked)).map((event) => ({
          ...event,
          revision: revision(event.revision + 1),
        })),
    };
    await hooks.run(hooks.newDispatcher({ store: behind }));
    expect(await count('select count(*) from hooks.header_values')).toBe(4);
    await hooks.run(hooks.newDispatcher());
    expect(await count('select count(*) from hooks.header_values')).toBe(2);
    await hooks.transfer();
    await hooks.run();
    expect(hooks.to(id)[0]?.headers['X-Shop']).toBe('new');
  });

  it('sends what happens at once beside thirty endpoints that hang', async () => {
    const dead: string[] = [];
    for (let n = 0; n < 30; n += 1) dead.push((await hooks.endpoint()).id);
    for (const id of dead) hooks.answers.set(id, hanging);
    for (let n = 0; n < 12; n += 1) await hooks.transfer();
    await hooks.caughtUp();
    for (let n = 0; n < 20; n += 1) await hooks.dispatcher.turn();
    expect(dead.map((id) => hooks.to(id).length)).toEqual(dead.map(() => 10));
    const { id: healthy } = await hooks.endpoint();
    await hooks.transfer();
    await hooks.caughtUp();
    // An organization that is behind with more than 40 streams and endpoints has a few of them in each turn.
    for (let n = 0; n < 10 && hooks.to(healthy).length === 0; n += 1) await hooks.dispatcher.turn();
    expect(hooks.to(healthy)).toHaveLength(1);
    await hooks.dispatcher.close(0);
  });

  it('is shown by metrics: attempts, latency, depth, age and parked events', async () => {
    const { id: dead } = await hooks.endpoint();
    const { id: held } = await hooks.endpoint();
    const succeeded = 'ledger_webhook_attempts_total{outcome="succeeded"}';
    const retried = 'ledger_webhook_attempts_total{outcome="retried"}';
    const [sentBefore, retriedBefore] = [await metric(succeeded), await metric(retried)];
    hooks.answers.set(dead, () => answered(500));
    await hooks.made(`/v1/webhook_endpoints/${held}/disable`);
    const { id: healthy } = await hooks.endpoint();
    await hooks.transfer();
    await hooks.run();
    expect(hooks.to(healthy)).toHaveLength(1);
    expect((await metric(succeeded)) - (sentBefore || 0)).toBe(1);
    expect((await metric(retried)) - (retriedBefore || 0)).toBe(1);
    expect(await metric('ledger_webhook_delivery_seconds_count')).toBeGreaterThan(0);
    hooks.now += 3_000;
    await hooks.run(hooks.newDispatcher());
    expect(await metric('ledger_webhook_pending_messages{state="retrying"}')).toBe(1);
    expect(await metric('ledger_webhook_pending_messages{state="held"}')).toBe(1);
    expect(await metric('ledger_webhook_pending_messages{state="due"}')).toBe(0);
    expect(await metric('ledger_webhook_oldest_pending_seconds{state="held"}')).toBeCloseTo(3, 0);
    const parked = await metric('ledger_webhook_parked_events');
    await hooks.parts.database.query(
      `insert into hooks.parked (endpoint_id, stream, revision, type, reason, at_ms) values ('we_x', 's', 1, 't', 'r', 1)`,
    );
    await hooks.run(hooks.newDispatcher());
    expect(await metric('ledger_webhook_parked_events')).toBe(parked + 1);
  });

  it('skips a backlog that it was asked to before anything is sent, though nobody looks after endpoints just then', async () => {
    const { id } = await hooks.endpoint();
    await hooks.made(`/v1/webhook_endpoints/${id}/disable`);
    for (let n = 0; n < 3; n += 1) await hooks.transfer();
    await hooks.run();
    const { database } = hooks.parts;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const db: Database = {
      ...database,
      query: async (...asked) => {
        if (asked[0].includes('disable_since_ms, e.organization_id')) await held;
        return database.query(...asked);
      },
    };
    const running = hooks.newDispatcher({ db });
    await hooks.made(`/v1/webhook_endpoints/${id}/enable`, { skip_backlog: true });
    running.start();
    try {
      const pending = () => hooks.deliveries(id, '&status=pending');
      for (let n = 0; n < 200 && (await pending()).length > 0; n += 1) await delay(20);
    } finally {
      release();
      await running.close();
    }
    expect(await hooks.deliveries(id)).toMatchObject([1, 2, 3].map(() => ({ status: 'skipped' })));
    expect(hooks.to(id)).toEqual([]);
  });

  it('is left alone while nothing happens, and sent within a moment when something does', async () => {
    const { id } = await hooks.endpoint();
    await hooks.run();
    let statements = 0;
    const { database } = hooks.parts;
    const counted: Database = {
      ...database,
      query: (...asked) => {
        statements += 1;
        return database.query(...asked);
      },
      transaction: (work, options) => {
        statements += 1;
        return database.transaction(work, options);
      },
    };
    // The clock of the others is ahead, so that what they left is not due.
    const running = hooks.newDispatcher({ db: counted, nowMs: () => Date.now() });
    running.start();
    const waits: number[] = [];
    try {
      // It rests longer and longer; how soon depends on the machine, that it does not.
      for (let n = 0; n < 6; n += 1) {
        statements = 0;
        await delay(4_000);
        if (statements < 24) break;
      }
      expect(statements).toBeLessThan(24);
      for (let n = 0; n < 5; n += 1) {
        await delay(300 * n);
        const before = hooks.to(id).length;
        await hooks.transfer();
        const begun = performance.now();
        while (hooks.to(id).length === before && performance.now() - begun < 10_000) await delay(5);
        waits.push(performance.now() - begun);
      }
    } finally {
      await running.close();
    }
    expect(hooks.to(id)).toHaveLength(5);
    // The one in the middle: others may have had to wait for a processor.
    const [, , middle] = waits.sort((a, b) => a - b);
    expect(middle).toBeLessThan(1_500);
  });
});
