import type { Config } from '@fintech-ledger/config';
import { StreamGone, StreamTruncated } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { readInstallationIds } from '@fintech-ledger/installation';
import type { Sql } from '@fintech-ledger/postgres';
import { Failure } from './failure';

/** What the database knows of its event store. */
export interface KnownStore {
  readonly id: string;
  readonly prefix: string;
  /** The event store was seen to say that it is this installation's. */
  readonly isInStore: boolean;
}

/** Undefined: no installation was made yet, or by a version that gave it no id. */
export async function selectKnownStore(sql: Sql): Promise<KnownStore | undefined> {
  const { rows } = await sql.query<{ row: { id?: string; prefix?: string; is_in_store?: boolean } }>(
    'select to_jsonb(installation) as row from meta.installation',
  );
  const { id, prefix = '', is_in_store: isInStore = false } = rows[0]?.row ?? {};
  return id === undefined ? undefined : { id, prefix, isInStore };
}

/** Which event store a command reads, without credentials. */
export function storeName({
  eventStoreUrl,
  databaseUrl,
}: Pick<Config, 'eventStoreUrl' | 'databaseUrl'>): string {
  if (eventStoreUrl !== undefined) return `EventStoreDB at ${placeOf(eventStoreUrl)} (EVENT_STORE_URL)`;
  const database =
    databaseUrl === undefined ? 'the embedded database' : `the database ${placeOf(databaseUrl)}`;
  return `the tables of ${database} (EVENT_STORE_URL is not set)`;
}

/** Host and path of a URL, which may name several hosts, or a socket's folder among its parameters. */
function placeOf(url: string): string {
  const [, place = '', parameters = ''] = /^[^:]+:\/\/(?:[^?#]*@)?([^?#]*)\??([^#]*)/u.exec(url) ?? [];
  const host = new URLSearchParams(parameters).get('host');
  return host === null ? place : `${place} on ${host}`;
}

/** Whose the store says it is. @throws Failure its answer is lost */
export async function ownersOf(store: Pick<EventStore, 'readStream'>): Promise<readonly string[]> {
  try {
    return await readInstallationIds(store);
  } catch (error) {
    if (!(error instanceof StreamGone || error instanceof StreamTruncated)) throw error;
    throw new Failure(`The event store lost what says whose it is: ${error.message}.`, 1);
  }
}

/**
 * @param name which store was read
 * @returns why it is not the one of this installation; undefined: nothing says so
 */
export function otherStore(
  { id, isInStore }: KnownStore,
  owners: readonly string[],
  name: string,
): string | undefined {
  if (owners.includes(id)) return undefined;
  if (owners.length > 0)
    return `${name} is of another installation (${owners.join(', ')}), this database is of ${id}`;
  return isInStore
    ? `${name} is not the store of this installation (${id}), which said so when it was last used: ` +
        'it is empty, or another one'
    : undefined;
}
