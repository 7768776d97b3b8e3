import type { StoredEvent } from '@fintech-ledger/envelope';
import { revision, StreamGone, StreamTruncated } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import { everyEvent } from './every-event';
import { Failure } from './failure';
import type { OpenedStore } from './open-store';
import { reportOf, verifyEvents } from './verify-events';

const pageEvents = 500;

/** A stream that the database knows, and how far: from checkpoints, and from what was computed of its events. */
export interface KnownStream {
  readonly stream: string;
  readonly revision: number;
  /** The row of a read model that alone knows it: an edited id names a stream that never was. Null: others do, too. */
  readonly onlyRow: string | null;
}

// A ledger that was only named has no event: it is missed once anything was computed of one. A row of an organization
// that nothing else knows has an edited id where the row of another one is missing, else that one's events are lost.
const knownStreams = `
with rowless as (
  select stream from (
    select stream from writer.heads where revision >= 0
    union select stream from read.checkpoints where revision >= 0
    union select stream from relay.streams where revision >= 0
    union select 'org-' || organization_id from read.api_keys) s
   where starts_with(stream, 'org-')
     and not exists (select from read.organizations o where 'org-' || o.id = s.stream))
select stream, max(revision) as revision,
       case when bool_and(only_row is not null) then min(only_row) end as "onlyRow" from (
  select stream, revision, null as only_row from writer.heads
  union all select stream, revision, null from read.checkpoints
  union all select stream, revision, null from relay.streams
  union all select distinct 'journal-' || t.ledger_id, 0,
                   case when l.id is null then format('merkle_tiles (ledger_id %s)', t.ledger_id) end
              from read.merkle_tiles t left join read.ledgers l on l.id = t.ledger_id
  union all select 'org-' || o.id, 0,
                   case when exists (select from rowless)
                         and not exists (select from read.api_keys k where k.organization_id = o.id)
                        then format('organizations (id %s)', o.id) end
              from read.organizations o
) known where revision >= 0 group by stream order by stream`;

const isDamage = (error: unknown): boolean => error instanceof StreamTruncated || error instanceof StreamGone;

/**
 * The chains of what is administered, which no client may read, and that every ledger is there: everything that the database knows must be in
 * the event store. @param organization only this one @throws Failure when something does not hold, each with its first revision
 */
export async function verifyStore(
  { database, store }: OpenedStore,
  organization: string | undefined,
): Promise<void> {
  const known = (await selectKnown(database)).filter(({ stream }) =>
    organization === undefined ? /^(?:org|journal)-/.test(stream) : stream === `org-${organization}`,
  );
  if (organization !== undefined && known.length === 0)
    throw new Failure(`There is no organization ${organization}.`);
  const { streams, unsaid } = await withoutUnsaid(store, known);
  const broken: string[] = [];
  const ledgers = streams.filter(({ stream }) => stream.startsWith('journal-'));
  for (const each of streams.filter(({ stream }) => stream.startsWith('org-')))
    await collect(broken, each, async () =>
      console.log(`${nameOf(each)}: ${await verifyStream(store, each)}`),
    );
  for (const each of ledgers) await collect(broken, each, () => assertPresent(store, each));
  const count = broken.length > 0 ? [`${broken.length} of ${streams.length} streams do not hold`] : [];
  if (broken.length + unsaid.length > 0) throw new Failure([...count, ...broken, ...unsaid].join('\n'), 1);
  if (organization === undefined)
    console.log(`all ${ledgers.length} ledgers that have events are in the event store`);
}

export async function selectKnown(database: Sql): Promise<readonly KnownStream[]> {
  const { rows } = await database.query<Omit<KnownStream, 'revision'> & { revision: string }>(knownStreams);
  return rows.map((row) => ({ ...row, revision: Number(row.revision) }));
}

/** Takes out what a row of a read model alone knows and no event is of: the row is wrong, a sentence for each. */
export async function withoutUnsaid(
  store: OpenedStore['store'],
  known: readonly KnownStream[],
): Promise<{ readonly streams: readonly KnownStream[]; readonly unsaid: readonly string[] }> {
  const streams: KnownStream[] = [];
  const unsaid: string[] = [];
  for (const each of known) {
    if (each.onlyRow === null || (await mayHaveEvents(store, each.stream))) streams.push(each);
    else unsaid.push(`${each.onlyRow} is there, and no event says so`);
  }
  return { streams, unsaid };
}

async function mayHaveEvents(store: OpenedStore['store'], stream: string): Promise<boolean> {
  try {
    return (await store.readStream(stream, { limit: 1 })).length > 0;
  } catch (error) {
    // What was deleted or cut off in the store was there.
    if (isDamage(error)) return true;
    throw error;
  }
}

async function collect(broken: string[], { stream }: KnownStream, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    broken.push(`${nameOf({ stream })}: ${error.message}`);
  }
}

const nameOf = ({ stream }: Pick<KnownStream, 'stream'>): string => stream.slice(stream.indexOf('-') + 1);

async function verifyStream(
  store: OpenedStore['store'],
  { stream, revision: known }: KnownStream,
): Promise<string> {
  const read = (from: number, limit: number): Promise<readonly StoredEvent[]> =>
    store.readStream(stream, { from: revision(from), limit });
  const verifier = await verifyEvents(everyEvent(read, pageEvents, isDamage), nameOf({ stream }));
  if (verifier.events <= known) throw missing(verifier.events, known);
  return reportOf(verifier);
}

async function assertPresent(
  store: OpenedStore['store'],
  { stream, revision: known }: KnownStream,
): Promise<void> {
  const [event] = await store
    .readStream(stream, { from: revision(known), limit: 1 })
    .catch((error: unknown) => {
      if (isDamage(error)) throw new Failure((error as Error).message, 1);
      throw error;
    });
  if (event !== undefined) return;
  const [head] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  throw missing((head?.revision ?? -1) + 1, known);
}

export function missing(first: number, known: number): Failure {
  return new Failure(
    `revision ${first} does not hold: it is not in the event store, and revision ${known} is known to the database`,
    1,
  );
}
