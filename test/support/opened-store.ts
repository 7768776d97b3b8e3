import type { LiveDatabase } from '@fintech-ledger/projection-runtime';
import type { OpenedStore } from '../../apps/ledgerctl/src/open-store';
import type { PartsInProcess } from './parts-in-process';

/** What `ledgerctl` opens, of parts that run here and stay open. @param database in place of theirs */
export function openedStore({ live, pepper, store }: PartsInProcess, database?: LiveDatabase): OpenedStore {
  const tables = live as LiveDatabase;
  const nameOf = (projection: string): string => tables.nameOf(projection);
  return { database: database ?? tables, store, nameOf, pepper, close: () => Promise.resolve() };
}
