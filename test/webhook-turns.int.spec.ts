import { organizationKey } from '@fintech-ledger/events';
import type { Database } from '@fintech-ledger/postgres';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpSpec } from './support/http-spec';
import { WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(180_000);

const streams = 2_200;

describe('webhooks of several environments', () => {
  let hooks: WebhooksInProcess;

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start();
  });
  beforeEach(() => hooks.fresh());
  afterEach(() => hooks.deleteEndpoints());
  afterAll(() => hooks?.parts.close());

  /** As if the organization had so many more ledgers, of which nothing is to be told. */
  async function manyStreams(): Promise<void> {
    const { database } = hooks.parts;
    const { rows } = await database.query<{ id: string }>(
      'select id from read.organizations where parent_id is null limit 1',
    );
    await database.query(
      `with s as (
         insert into read.public_event_streams (organization_key, stream_key, stream)
         select $1, n, 'journal-many-' || n from generate_series(1, ${streams}) n returning stream)
       insert into read.checkpoint_rows (projection, stream, revision, previous)
       select 'public_events', stream, 3, 2 from s`,
      [organizationKey(rows[0]?.id ?? '')],
    );
  }
  const cursors = async (): Promise<number> => {
    const { rows } = await hooks.parts.database.query<{ count: string }>(
      `select count(*) as count from hooks.cursors where stream like 'journal-many-%' and revision = 3`,
    );
    return Number(rows[0]?.count);
  };

  it('are made in turn: many new endpoints over many streams keep back no other one', async () => {
    const key = String((await hooks.made('/v1/sandboxes', { name: 'beside' }))['api_key']);
    const sandbox = new HttpSpec(hooks.parts.url, key, '');
    const body = { url: 'http://93.184.216.34/hook', event_types: ['ledger.created'] };
    const { json } = await sandbox.when({ path: '/v1/webhook_endpoints', body }).thenAccepted();
    await manyStreams();
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push((await hooks.endpoint()).id);
    await hooks.transfer();
    for (let n = 1; n <= 3; n += 1) {
      await sandbox.when({ path: '/v1/ledgers', body: { name: `${n}` } }).thenAccepted();
      await sandbox.when({ method: 'GET', path: '/v1/events?limit=1' }).thenAccepted();
      await hooks.caughtUp();
      await hooks.dispatcher.turn();
      await hooks.dispatcher.settled();
      expect(hooks.to(String(json['id']))).toHaveLength(n);
    }
    for (let n = 0; n < 5; n += 1) await hooks.dispatcher.turn();
    expect(await cursors()).toBe(20 * streams);
    await hooks.run();
    for (const id of ids) expect(hooks.sequencesTo(id)).toEqual([1]);
  });

  it('are made of what was told while a look at everything takes long', async () => {
    const { id } = await hooks.endpoint();
    await hooks.transfer();
    await hooks.run();
    const { database } = hooks.parts;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let isLooking = false;
    const db: Database = {
      ...database,
      query: async (...asked) => {
        if (asked[2] === 'webhook-news') {
          isLooking = true;
          await held;
        }
        return database.query(...asked);
      },
    };
    const running = hooks.newDispatcher({ db });
    running.start();
    try {
      for (let n = 0; n < 500 && !isLooking; n += 1) await delay(10);
      await hooks.transfer();
      for (let n = 0; n < 500 && hooks.to(id).length < 2; n += 1) await delay(10);
      expect(hooks.sequencesTo(id)).toEqual([1, 2]);
    } finally {
      release();
      await running.close();
    }
  });

  it('are all made, each once, where an endpoint is behind on more streams than one round takes', async () => {
    const ledgers: string[] = [];
    for (let n = 0; n < 60; n += 1) ledgers.push(await hooks.newLedger());
    const { id } = await hooks.endpoint({ event_types: ['transaction.posted', 'account.opened'] });
    const positions: unknown[] = [];
    for (const ledger of ledgers.slice(0, 45))
      positions.push((await hooks.transfer('a', 'b', ledger))['position']);
    await hooks.caughtUp();
    const second = hooks.newDispatcher();
    await Promise.all([hooks.run(), hooks.run(second)]);
    await hooks.run();
    expect(new Set(hooks.to(id).map(({ event }) => event.position))).toEqual(new Set(positions));
    const sequences = hooks.sequencesTo(id).map(Number);
    expect(sequences.sort((a, b) => a - b)).toEqual(positions.map((_, n) => n + 1));
    // What happens later is told, too, also where nothing was told before.
    const { position } = await hooks.transfer('a', 'b', ledgers[50]);
    await hooks.run(second);
    expect(hooks.to(id).at(-1)?.event.position).toBe(position);
    await second.close(0);
  });
});
