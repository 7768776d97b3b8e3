import { allStreams, publicEventsChannel } from '@fintech-ledger/events';
import type { Sql } from '@fintech-ledger/postgres';

/** On which dispatchers are told that something is to be sent, or that a replay was started. */
export const webhooksChannel = 'webhooks';

/** Told when the transaction is committed. */
export async function tellDispatchers(sql: Sql): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [webhooksChannel, '']);
}

/** Endpoints changed: any stream may have news for one, and what waits for one may not be sent any more. */
export async function tellOfEndpoints(sql: Sql): Promise<void> {
  await tellDispatchers(sql);
  await sql.query('select pg_notify($1, $2)', [publicEventsChannel, allStreams]);
}
