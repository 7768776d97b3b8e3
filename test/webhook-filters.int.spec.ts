import type { Database } from '@fintech-ledger/postgres';
import { setTimeout as delay } from 'node:timers/promises';
import { WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(180_000);

describe('webhooks of an endpoint whose event types are changed', () => {
  let hooks: WebhooksInProcess;

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start();
  });
  beforeEach(() => hooks.fresh());
  afterEach(() => hooks.deleteEndpoints());
  afterAll(async () => {
    await hooks?.dispatcher.close(0);
    await hooks?.parts.close();
  });

  const change = (id: string, eventTypes: readonly string[]) =>
    hooks.http
      .when({
        method: 'PATCH',
        path: `/v1/webhook_endpoints/${id}`,
        body: { event_types: eventTypes },
      })
      .thenAccepted();
  const positionsTo = (id: string) => hooks.to(id).map(({ event }) => event.position);

  /** A database in which something happens once, just before or after a statement. */
  function whereItHappens(
    when: 'before' | 'after',
    statement: string,
    happen: () => Promise<void>,
  ): Database {
    const { live } = hooks.parts;
    let isOver = false;
    const happenOnce = async (name: string | undefined): Promise<void> => {
      if (isOver || name?.startsWith(statement) !== true) return;
      isOver = true;
      await happen();
    };
    return {
      ...live,
      query: async (...asked) => {
        if (when === 'before') await happenOnce(asked[2]);
        const answer = await live.query(...asked);
        if (when === 'after') await happenOnce(asked[2]);
        return answer as never;
      },
    };
  }
  /** As if the organization had so many more ledgers, of which nothing is to be told. */
  async function manyStreams(count: number): Promise<void> {
    await hooks.parts.database.query(
      `with s as (
         insert into read.public_event_streams (organization_key, stream_key, stream)
         select organization_key, n, 'journal-filter-' || n
           from read.public_event_streams, generate_series(1, ${count}) n where stream = $1
         on conflict do nothing returning stream)
       insert into read.checkpoint_rows (projection, stream, revision, previous)
       select 'public_events', stream, 3, 2 from s`,
      [`journal-${hooks.ledger}`],
    );
  }

  it.each([
    ['after', 'webhook-news', 0],
    ['before', 'take-webhook-news', 0],
    ['after', 'webhook-news', 60],
    ['before', 'pass-over-webhook-news', 60],
  ] as const)(
    'tell of what came after the change, also of a change %s the statement %s of a round',
    async (when, statement, streams) => {
      const { id } = await hooks.endpoint({ event_types: ['account.opened'] });
      await hooks.transfer();
      await hooks.caughtUp();
      if (streams > 0) await manyStreams(streams);
      let after: unknown;
      const db = whereItHappens(when, statement, async () => {
        await change(id, ['account.opened', 'transaction.posted']);
        after = (await hooks.transfer())['position'];
        await hooks.caughtUp();
      });
      const late = hooks.newDispatcher({ db });
      await late.turn();
      await hooks.run();
      expect(after).toBeDefined();
      expect(positionsTo(id)).toContain(after);
      await late.close(0);
    },
  );

  it('wait while the read model lacks the change, and then tell of what came after it', async () => {
    const { database } = hooks.parts;
    const { id } = await hooks.endpoint({ event_types: ['account.opened'] });
    await hooks.transfer();
    await hooks.run();
    await database.query(`
      create function hooks.refuses() returns trigger language plpgsql as
      $$ begin raise exception 'not this one' using errcode = '23514'; end $$`);
    await database.query(`
      create trigger refuses before insert or update on read.webhook_endpoints
         for each row execute function hooks.refuses()`);
    await change(id, ['account.opened', 'transaction.posted']);
    const { position } = await hooks.transfer();
    for (let isThere = false; !isThere; await delay(20)) {
      const page = (await hooks.get('/v1/events?limit=1'))['data'] as readonly { position: unknown }[];
      isThere = page[0]?.position === position;
    }
    for (let n = 0; n < 5; n += 1) await hooks.dispatcher.turn();
    expect(positionsTo(id)).toEqual([]);
    await database.query('drop function hooks.refuses cascade');
    await hooks.runUntil(() => hooks.to(id).length > 0);
    expect(positionsTo(id)).toEqual([position]);
  });

  it('come while the read model lacks an event that changes no endpoint', async () => {
    const { live, store } = hooks.parts;
    const { id } = await hooks.endpoint();
    await hooks.made('/v1/ledgers', { name: 'one more' });
    await hooks.caughtUp();
    // As if it lacked the last one.
    const lacking: Database = {
      ...live,
      query: async (...asked) => {
        const answer = await live.query(...asked);
        if (asked[2]?.startsWith('webhook-news') === true)
          for (const row of answer.rows as { endpoints_at: string; organization_id: string }[]) {
            const stream = `org-${row.organization_id}`;
            const [head] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
            expect(head).toMatchObject({ type: 'LedgerCreated', revision: Number(row.endpoints_at) });
            row.endpoints_at = String(Number(row.endpoints_at) - 1);
          }
        return answer as never;
      },
    };
    const { position } = await hooks.transfer();
    const behind = hooks.newDispatcher({ db: lacking });
    await hooks.run(behind);
    expect(positionsTo(id)).toEqual([position]);
    await behind.close(0);
  });
});
