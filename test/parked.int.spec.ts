import type { EventStore } from '@fintech-ledger/event-store';
import { tamper } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(120_000);

type Json = Readonly<Record<string, unknown>>;

describe('events that a reader could not take', () => {
  let hooks: WebhooksInProcess;
  beforeAll(async () => {
    hooks = await WebhooksInProcess.start();
  });
  beforeEach(() => hooks.fresh());
  afterAll(() => hooks.parts.close());

  const list = async (query = ''): Promise<readonly Json[]> =>
    (await hooks.get(`/v1/parked?limit=100${query}`))['data'] as readonly Json[];
  const post = (id: string, what: 'retry' | 'discard', body?: object) =>
    hooks.http.send({
      method: 'POST',
      path: `/v1/parked/${id}/${what}`,
      ...(body !== undefined && { body }),
    });
  const ofStream = async (stream: string): Promise<readonly string[]> =>
    (await hooks.parts.store.readStream(stream, { limit: 100 })).map(({ type, data }) => `${type} ${data}`);

  /** What the audit log has of what was done to it: a moment after it was. */
  async function linesAbout(id: string): Promise<readonly unknown[]> {
    for (let n = 0; ; n += 1) {
      const lines = (await hooks.get(`/v1/audit_log?target=${id}`))['data'] as readonly Json[];
      const done = lines.filter(({ result }) => result === 'ok');
      for (const { target } of done) expect(target).toEqual({ type: 'parked_event', id });
      if (done.length > 0 || n === 100) return done.map(({ action }) => action);
      await delay(50);
    }
  }

  /** One of which no message can be made, as long as the dispatcher sees the store like this. */
  async function poisoned(): Promise<{
    readonly endpoint: string;
    readonly revision: number;
    readonly id: string;
  }> {
    const { id: endpoint } = await hooks.endpoint();
    const { position } = await hooks.transfer();
    const revision = Number(String(position).split('@')[1]);
    const store: Pick<EventStore, 'readStream'> = {
      readStream: async (stream, options) => {
        const events = await hooks.parts.store.readStream(stream, options);
        return events.map((event) => (event.revision === revision ? { ...event, data: '{' } : event));
      },
    };
    await hooks.run(hooks.newDispatcher({ store }));
    const found = (await list()).find((one) => one['webhook_endpoint'] === endpoint);
    return { endpoint, revision, id: String(found?.['id']) };
  }

  it('are listed with which event, why and what to do; a retry makes the message once it can be', async () => {
    const { endpoint, revision, id } = await poisoned();
    expect(await hooks.get(`/v1/parked/${id}`)).toMatchObject({
      ...{
        object: 'parked_event',
        id,
        state: 'parked',
        reader: 'webhook_messages',
        webhook_endpoint: endpoint,
      },
      ...{ stream: `journal-${hooks.ledger}`, revision, type: 'transaction.posted', attempts: 0 },
      reason: expect.stringContaining('not JSON') as string,
      advice: expect.stringMatching(/retry it\. Or discard it/) as string,
      ...{ may_be_discarded: true, retry_at: null, discarded_at: null },
    });
    expect(hooks.to(endpoint)).toEqual([]);
    const { status, json } = await post(id, 'retry');
    expect([status, json['state'], json['attempts']]).toEqual([200, 'sent', 1]);
    expect(await linesAbout(id)).toEqual(['retryParkedEvent']);
    await hooks.run();
    expect(hooks.to(endpoint).map(({ event }) => event.position)).toEqual([`${hooks.ledger}@${revision}`]);
    expect((await post(id, 'retry')).json['code']).toBe('parked_event_settled');
    expect((await post(id, 'discard', { reason: 'x' })).json['code']).toBe('parked_event_settled');
    expect((await list()).map((one) => one['id'])).not.toContain(id);
    expect((await list('&state=sent')).map((one) => one['id'])).toContain(id);
  });

  it('are discarded with a reason, which is an event of its own', async () => {
    const { endpoint, revision, id } = await poisoned();
    expect(await post(id, 'discard', {})).toMatchObject({ status: 400, json: { param: '/reason' } });
    expect(await post(id, 'discard', { reason: '' })).toMatchObject({ status: 400 });
    expect(await post(id, 'discard', { reason: 'x', force: true })).toMatchObject({ status: 400 });
    expect((await hooks.get(`/v1/parked/${id}`))['state']).toBe('parked');
    const { status, json } = await post(id, 'discard', { reason: 'the receiver was closed' });
    expect([status, json]).toMatchObject([
      200,
      { state: 'discarded', discard_reason: 'the receiver was closed', may_be_discarded: false },
    ]);
    expect(String(json['discarded_by'])).toMatch(/^key_/);
    expect(await linesAbout(id)).toEqual(['discardParkedEvent']);
    const [noted, ...more] = (await ofStream('installation')).filter((text) => text.includes(id));
    expect(more).toEqual([]);
    expect(noted).toMatch(/^ParkedEventDiscarded \{.*"reason":"the receiver was closed"/);
    expect(noted).toContain(`"revision":${revision},"stream":"journal-${hooks.ledger}"`);
    await hooks.run();
    expect(hooks.to(endpoint)).toEqual([]);
    expect((await post(id, 'discard', { reason: 'again' })).json['code']).toBe('parked_event_settled');
    expect((await post(id, 'retry')).json['code']).toBe('parked_event_settled');
    expect((await list('&state=discarded')).map((one) => one['id'])).toContain(id);
  });

  it('stay parked where a retry can not help, with the reason of now', async () => {
    await hooks.parts.database.query(
      `insert into hooks.parked (endpoint_id, stream, revision, type, reason, at_ms)
       values ('we_gone', 'journal-x', 1, 'transaction.posted', 'a test', 1)`,
    );
    const id = String((await list()).find((one) => one['webhook_endpoint'] === 'we_gone')?.['id']);
    const { json } = await post(id, 'retry');
    expect(json).toMatchObject({
      state: 'parked',
      attempts: 1,
      reason: 'its endpoint was deleted: discard it',
    });
  });

  it('stay parked where the event store does not have the event', async () => {
    const { id: endpoint } = await hooks.endpoint();
    await hooks.caughtUp();
    await hooks.parts.database.query(
      `insert into hooks.parked (endpoint_id, stream, revision, type, reason, at_ms)
       values ($1, $2, 1000000, 'transaction.posted', 'a test', 1)`,
      [endpoint, `journal-${hooks.ledger}`],
    );
    const id = String((await list()).find((one) => one['webhook_endpoint'] === endpoint)?.['id']);
    const { status, json } = await post(id, 'retry');
    expect([status, json]).toMatchObject([
      200,
      {
        state: 'parked',
        attempts: 1,
        reason: `the event store has no journal-${hooks.ledger}@1000000`,
      },
    ]);
  });

  it('are listed where a stream is not to be tried again: an operator wrote so into the table', async () => {
    const stream = 'journal-led_never';
    const id = `prk_${'7'.repeat(32)}`;
    await hooks.parts.database.query(
      `insert into read.halted_streams (id, projection, stream, revision, reason, attempts, retry_at)
       values ($1, 'accounts', $2, 0, 'a test', 1, 'infinity')`,
      [id, stream],
    );
    expect((await list('&state=halted')).find((one) => one['id'] === id)).toMatchObject({ retry_at: null });
    expect(await hooks.get(`/v1/parked/${id}`)).toMatchObject({ retry_at: null });
    const projections = (await hooks.get('/v1/projections'))['data'] as readonly Json[];
    const halted = projections.flatMap((one) => one['halted_streams'] as readonly Json[]);
    expect(halted.find((one) => one['id'] === id)).toMatchObject({ retry_at: null });
    await hooks.parts.database.query('delete from read.halted_streams where id = $1', [id]);
  });

  it('are listed page by page, newest first', async () => {
    for (const at of [10, 11, 12])
      await hooks.parts.database.query(
        `insert into hooks.parked (endpoint_id, stream, revision, type, reason, at_ms) values ('we_page', 's', $1, 't', 'r', $1)`,
        [at],
      );
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page = await hooks.get(`/v1/parked?limit=1${cursor}`);
      seen.push(...(page['data'] as readonly Json[]).filter((one) => one['webhook_endpoint'] === 'we_page'));
      cursor = page['has_more'] === true ? `&cursor=${String(page['next_cursor'])}` : '';
    } while (cursor !== '');
    expect(seen.map((one) => (one as Json)['revision'])).toEqual([12, 11, 10]);
    const bad = await hooks.http.send({ method: 'GET', path: '/v1/parked?state=lost' });
    expect(bad).toMatchObject({ status: 400, json: { param: '/state' } });
    const none = await hooks.http.send({ method: 'GET', path: `/v1/parked/prk_${'0'.repeat(32)}` });
    expect(none).toMatchObject({ status: 404, json: { code: 'parked_event_not_found' } });
  });

  it('halt a read model, which says which event, why and what to do, and goes on after a retry', async () => {
    const { parts } = hooks;
    const ledger = await hooks.newLedger();
    await hooks.caughtUp();
    await parts.stopProjector();
    await hooks.transfer('a', 'b', ledger);
    const edit = (from: string, to: string): Promise<number> =>
      tamper(
        parts.database,
        `update store.events set data = replace(data, $1, $2) where revision = 2
            and stream_id = (select id from store.streams where name = $3)`,
        [from, to, `journal-${ledger}`],
      );
    expect(await edit('"amount":"1"', '"amount":"2"')).toBe(1);
    parts.startProjector();
    let halted: Json | undefined;
    for (let n = 0; halted === undefined && n < 400; n += 1) {
      halted = (await list('&reader=accounts'))[0];
      await delay(50);
    }
    expect(halted).toMatchObject({
      ...{ state: 'halted', reader: 'accounts', stream: `journal-${ledger}`, revision: 2 },
      ...{ may_be_discarded: false, webhook_endpoint: null },
      reason: expect.stringContaining(`event journal-${ledger}@2 (TransactionPosted`) as string,
      advice: expect.stringContaining('bring the event back from a backup') as string,
    });
    const id = String(halted?.['id']);
    const projections = (await hooks.get('/v1/projections'))['data'] as readonly Json[];
    const accounts = projections.find(({ name }) => name === 'accounts');
    expect((accounts?.['halted_streams'] as readonly Json[])[0]).toMatchObject({
      id,
      advice: halted?.['advice'],
    });
    expect((await post(id, 'discard', { reason: 'x' })).json['code']).toBe('parked_event_not_discardable');
    expect(await edit('"amount":"2"', '"amount":"1"')).toBe(1);
    expect(await post(id, 'retry')).toMatchObject({ status: 200 });
    for (let n = 0; n < 400; n += 1) {
      const { status } = await hooks.http.send({ method: 'GET', path: `/v1/parked/${id}` });
      if (status === 404) break;
      await delay(50);
    }
    const balance = await hooks.get(`/v1/ledgers/${ledger}/accounts/a/balance`);
    expect(balance['posted']).toMatchObject({ debits: '1' });
  });
});
