import type { Database } from '@fintech-ledger/postgres';
import { tamper } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpSpec } from './http-spec';

type Json = Readonly<Record<string, unknown>>;

const applied = `
  select count(*) > 0 and bool_and(c.revision = s.revision) as all
    from store.streams s left join read.checkpoints c on c.stream = s.name where s.name = $1`;

/**
 * Has two events parked, because the event store has them otherwise while they are sent again, and brings those back:
 * the one is tried again then, the other discarded.
 * @param database that of the process
 */
export async function parkedActions(http: HttpSpec, database: Database): Promise<void> {
  const post = async (path: string, body: object = {}): Promise<Json> =>
    (await http.when({ path, body }).thenAccepted()).json;
  const until = async <T>(what: () => Promise<T | undefined>): Promise<T> => {
    for (let n = 0; n < 300; n += 1, await delay(100)) {
      const found = await what();
      if (found !== undefined) return found;
    }
    throw new Error('it took too long');
  };
  const ledger = String((await post('/v1/ledgers', { name: 'parked' }))['id']);
  for (const address of ['a', 'b'])
    await post(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
  const transfer = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };
  for (let n = 0; n < 2; n += 1) await post(`/v1/ledgers/${ledger}/transfers`, transfer);
  await until(async () => {
    const { rows } = await database.query<{ all: boolean }>(applied, [`journal-${ledger}`]);
    return rows[0]?.all === true ? true : undefined;
  });
  const types = ['transaction.posted'];
  const endpoint = await post('/v1/webhook_endpoints', {
    ...{ url: 'https://127.0.0.1:9/parked', event_types: types },
  });
  const edit = async (change: string): Promise<void> => {
    const edited = await tamper(
      database,
      `update store.events set data = ${change} where type = 'TransactionPosted'
          and stream_id = (select id from store.streams where name = $1)`,
      [`journal-${ledger}`],
    );
    if (edited !== 2) throw new Error(`${edited} events were edited`);
  };
  await edit(`'no JSON' || data`);
  await post(`/v1/webhook_endpoints/${String(endpoint['id'])}/replays`, {
    ...{ from_position: `${ledger}@0`, event_types: types },
  });
  const [first, second] = await until(async () => {
    const { json } = await http.ask({ path: '/v1/parked?limit=100' });
    const parked = (json['data'] as readonly Json[]).filter(
      (one) => one['webhook_endpoint'] === endpoint['id'],
    );
    return parked.length === 2 ? parked.map(({ id }) => `/v1/parked/${String(id)}`) : undefined;
  });
  await edit(`substr(data, length('no JSON') + 1)`);
  const { state } = await post(`${first}/retry`);
  if (state !== 'sent') throw new Error(`the event that was tried again is ${String(state)}`);
  await post(`${second}/discard`, { reason: 'the receiver was closed' });
}
