import { directEventFeed } from '@fintech-ledger/event-feed';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { silentObserver, soleOwnership } from '@fintech-ledger/journal';
import { Alarms } from '@fintech-ledger/health';
import { createLogger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import { projectInto, openWriters } from '@fintech-ledger/runtime';
import { modules } from '../../../apps/modules';
import { DeterminedTime } from './determined-time';
import { closeAll, secret } from './product';
import type { Product } from './product';

/** As `apps/standalone` runs it: events and read models in one Postgres, projected straight from the store. */
export async function openEmbedded(
  databaseUrl: string,
  nowMs: ReadonlyMap<string, number>,
): Promise<Product> {
  const log = createLogger('warn', 'embedded');
  const database = connect({ connectionString: databaseUrl, max: 8, statementTimeoutMs: 30_000 });
  const store = new PostgresEventStore({ database });
  const projecting = connect({ connectionString: databaseUrl, max: 4, statementTimeoutMs: 30_000 });
  const projectedStore = new PostgresEventStore({ database: projecting });
  const projector = projectInto(projecting, directEventFeed(projectedStore), projectedStore, {
    modules,
    log,
    alarms: new Alarms(),
    applied: () => undefined,
  });
  const writers = await openWriters({
    modules,
    eventStore: store,
    database,
    cacheRecords: 2_000,
    secret,
    host: '127.0.0.1',
    observer: { ...silentObserver, appended: () => projectedStore.wake() },
    ownership: () => ({ ...soleOwnership, close: () => Promise.resolve() }),
    determined: new DeterminedTime(nowMs).of,
  });
  return {
    store,
    database,
    submit: (envelopes) => Promise.all(envelopes.map((envelope) => writers.gateway.submit(envelope))),
    close: () =>
      closeAll([
        () => database.close(),
        () => projecting.close(),
        () => store.close(),
        () => projectedStore.close(),
        () => projector.stop(),
        () => writers.close(),
      ]),
  };
}
