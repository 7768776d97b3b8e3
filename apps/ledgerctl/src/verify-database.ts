import { merkleLogName } from '@fintech-ledger/audit';
import { ChainVerifier } from '@fintech-ledger/books/formats';
import { journalPrefix, streamOwner } from '@fintech-ledger/envelope';
import { revision, StreamGone, StreamTruncated } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import type { DecodedEvent, Projection } from '@fintech-ledger/projection-runtime';
import { modules } from '../../modules';
import { AppliedCheckpoints } from './applied-checkpoints';
import { Failure } from './failure';
import { LeafVerifier } from './leaf-verifier';
import { LostKeys } from './lost-keys';
import type { OpenedStore } from './open-store';
import { ProgressLine } from './progress-line';
import { ScratchTables } from './scratch-tables';
import { CheckpointVerifier } from './verify-checkpoint';
import { missing, selectKnown, withoutUnsaid } from './verify-store';
import type { KnownStream } from './verify-store';

/** Events that are read and folded at once. */
const pageEvents = 1_000;

interface Verification {
  readonly sql: Sql;
  readonly store: OpenedStore['store'];
  readonly scratch: ScratchTables;
  readonly projections: readonly Projection<DecodedEvent>[];
  readonly applied: AppliedCheckpoints;
  readonly nameOf: OpenedStore['nameOf'];
  readonly keys: LostKeys;
  /** What does not hold, a sentence for each. */
  readonly broken: string[];
}

/**
 * Everything that the database has is held against the events: their chains and entries, the leaves of the Merkle logs,
 * the writers' checkpoints with their idempotency keys, the keys of personal values, and each row of the read models,
 * which are made again in temporary tables. One snapshot; nothing is changed.
 * @throws Failure when something does not hold, with the place of each
 */
export async function verifyDatabase({ database, store, nameOf, pepper }: OpenedStore): Promise<void> {
  const broken = await database.transaction(
    async (sql) => {
      const projections = modules.projections.filter(
        ({ mayBeRebuilt, tables }) => mayBeRebuilt && tables.length > 0,
      );
      const scratch = new ScratchTables(sql, projections);
      await scratch.create();
      const applied = await AppliedCheckpoints.of(sql);
      const keys = new LostKeys(sql, database);
      const verification = { sql, store, scratch, projections, applied, nameOf, keys, broken: [] };
      await verifyAll(verification);
      return [...verification.broken, ...(await keys.faults()), ...(await damagedKeys(keys, pepper))];
    },
    { isolation: 'repeatable read' },
  );
  if (broken.length > 0) throw new Failure(broken.join('\n'), 1);
}

async function damagedKeys(keys: LostKeys, pepper: string | undefined): Promise<readonly string[]> {
  if (pepper === undefined) {
    console.log(
      'the keys of personal values were not opened, so damaged ones are not found: set API_KEY_PEPPER, or name the ' +
        'data folder that has the file api-key-pepper of this database (--data-dir)',
    );
    return [];
  }
  const { opened, faults } = await keys.damaged(pepper);
  if (faults.length === 0) console.log(`all ${opened} keys of personal values open`);
  return faults;
}

async function verifyAll(verification: Verification): Promise<void> {
  const { sql, scratch, broken } = verification;
  const known = (await selectKnown(sql)).filter(({ stream }) => modules.hasStream(stream));
  const { streams, unsaid } = await withoutUnsaid(verification.store, known);
  const contradictions = await AppliedCheckpoints.contradictions(sql);
  const progress = new ProgressLine('verifying');
  let events = 0;
  try {
    for (const known of streams) {
      const fault = await faultOf(verification, known, (more) => {
        events += more;
        progress.show(events, undefined, known.stream);
      });
      if (fault !== undefined) broken.push(`${streamOwner(known.stream)}: ${fault}`);
    }
  } finally {
    progress.end();
  }
  if (broken.length > 0) {
    const count = `the read models were not compared: ${broken.length} of ${streams.length} streams do not hold`;
    broken.push(...contradictions, ...unsaid, count);
    return;
  }
  console.log(`${events} events of ${streams.length} streams hold, with their Merkle logs and checkpoints`);
  const differences = await scratch.differences();
  // Of what one row alone knows the comparison finds the row.
  broken.push(...contradictions, ...differences);
  if (differences.length === 0) console.log('all rows of the read models are what the events give');
}

/** Goes through one stream. Undefined: it holds. */
async function faultOf(
  verification: Verification,
  { stream, revision: last }: KnownStream,
  onEvents: (count: number) => void,
): Promise<string | undefined> {
  const { sql, store } = verification;
  const chain = new ChainVerifier();
  const leaves = stream.startsWith(journalPrefix)
    ? new LeafVerifier(sql, streamOwner(stream), reached(verification, merkleLogName, stream))
    : undefined;
  const checkpoint = await CheckpointVerifier.of(sql, stream, modules.domainOf(stream), store);
  for (let limit = pageEvents; ;) {
    let page: readonly RecordedEvent[];
    try {
      page = await store.readStream(stream, { from: revision(chain.events), limit });
    } catch (error) {
      if (!(error instanceof StreamTruncated || error instanceof StreamGone)) throw error;
      if (limit === 1) return `revision ${chain.events} does not hold: ${error.message}`;
      limit = 1;
      continue;
    }
    if (page.length === 0) break;
    for (const event of page) {
      const fault = chain.check(event);
      if (fault !== undefined) return `revision ${fault.revision} does not hold: ${fault.detail}`;
      const unapplied = verification.applied.fault(stream, event.revision, chain.head);
      if (unapplied !== undefined) return unapplied;
    }
    const fault = (await leaves?.fault(page)) ?? (await foldFault(verification, checkpoint, stream, page));
    if (fault !== undefined) return fault;
    onEvents(page.length);
  }
  if (chain.events <= last) return missing(chain.events, last).message;
  const faults = (await checkpoint?.check(sql)) ?? [];
  if (checkpoint?.isOfOtherFolds === true)
    console.log(
      `${streamOwner(stream)}: the records of its checkpoint were not compared: another release folded them, and ` +
        'its writer folds the journal again',
    );
  return faults.length === 0 ? undefined : faults.join('; ');
}

/** Folds events into the checkpoint's state, and into the read models as far as these have applied them. */
async function foldFault(
  verification: Verification,
  checkpoint: CheckpointVerifier | undefined,
  stream: string,
  page: readonly RecordedEvent[],
): Promise<string | undefined> {
  await verification.keys.take(stream, page);
  let at = page[0]?.revision ?? 0;
  try {
    for (const event of page) {
      at = event.revision;
      await checkpoint?.take(event);
    }
    const decoded = page.map((event) => {
      at = event.revision;
      return { revision: event.revision, event: modules.decode(event) };
    });
    at = page[0]?.revision ?? 0;
    for (const projection of verification.projections) {
      const through = reached(verification, projection.name, stream);
      const events = decoded.filter((one) => one.revision <= through).map(({ event }) => event);
      const isOf = projection.streamPrefixes.some((prefix) => stream.startsWith(prefix));
      if (isOf && events.length > 0) await verification.scratch.fold(projection, events);
    }
    return undefined;
  } catch (error) {
    const until = at === page[0]?.revision ? `${at} to ${page.at(-1)?.revision}` : String(at);
    return `revision ${until} does not hold: ${(error as Error).message}`;
  }
}

/** -1: nothing of it. */
function reached({ applied, nameOf }: Verification, projection: string, stream: string): number {
  return applied.revision(nameOf(projection), stream);
}
