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
}

// A ledger that was only named has no event: it is missed once anything was computed of one.
const knownStreams = `
select stream, max(revision) as revision from (
  select stream, revision from writer.heads
  union all select stream, revision from read.checkpoints
  union all select stream, revision from relay.streams
  union all select distinct 'journal-' || ledger_id, 0 from read.merkle_tiles
  union all select 'org-' || id, 0 from read.organizations
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
  const known = await selectKnown(database);
  const wanted = organization === undefined ? 'org-' : `org-${organization}`;
  const organizations = known.filter(({ stream }) =>
    organization === undefined ? stream.startsWith(wanted) : stream === wanted,
  );
  if (organization !== undefined && organizations.length === 0)
    throw new Failure(`There is no organization ${organization}.`);
  const broken: string[] = [];
  for (const each of organizations)
    await collect(broken, each, async () =>
      console.log(`${nameOf(each)}: ${await verifyStream(store, each)}`),
    );
  const ledgers =
    organization === undefined ? known.filter(({ stream }) => stream.startsWith('journal-')) : [];
  for (const each of ledgers) await collect(broken, each, () => assertPresent(store, each));
  if (broken.length > 0)
    throw new Failure(
      `${broken.length} of ${organizations.length + ledgers.length} streams do not hold\n${broken.join('\n')}`,
      1,
    );
  if (organization === undefined)
    console.log(`all ${ledgers.length} ledgers that have events are in the event store`);
}

export async function selectKnown(database: Sql): Promise<readonly KnownStream[]> {
  const { rows } = await database.query<{ stream: string; revision: string }>(knownStreams);
  return rows.map((row) => ({ stream: row.stream, revision: Number(row.revision) }));
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
