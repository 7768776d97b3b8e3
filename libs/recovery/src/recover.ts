import { dropCheckpoints } from '@fintech-ledger/checkpoint-store';
import { canonicalJson, installationStream } from '@fintech-ledger/event-contracts';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { addIdentity, installationEvent } from '@fintech-ledger/installation';
import type { Installation } from '@fintech-ledger/installation';
import type { Database } from '@fintech-ledger/postgres';
import { rebuildStream } from '@fintech-ledger/projection-runtime';
import { projections } from '@fintech-ledger/projections';
import { randomUUID } from 'node:crypto';
import { checkStopped } from './check-stopped';
import type { Difference } from './find-differences';
import { lostRecords } from './lost-records';
import { writeRecoveryFile } from './recovery-file';
import { resetPositions } from './reset-positions';
import { readContents } from './store-contents';
import type { StoreContents } from './store-contents';

/** Hands over every event that a topic holds. */
export type ReadTopic = (topic: string, onEvent: (event: RecordedEvent) => Promise<void>) => Promise<void>;

export interface RecoverOptions {
  readonly db: Database;
  readonly store: EventStore;
  readonly installation: Installation;
  readonly differences: readonly Difference[];
  /** Where what is lost is written; it must not exist. */
  readonly file: string;
  /** Absent: topics are not read, as Kafka is not configured. */
  readonly readTopic: ReadTopic | undefined;
  /** Who does this. */
  readonly actor: string;
  readonly onProgress: (what: string) => void;
}

export interface Recovered {
  readonly lines: number;
  readonly sha256: string;
}

/**
 * Accepts the event store as it is. First all that checkpoints, read models and topics know and the store does not is written to a file; then the store notes
 * that it was accepted, by whom, and the file's hash; then what was computed from the lost history is dropped, to be computed from the store. It may be
 * killed at any moment and run again: what is not done yet is found again.
 * @throws StillRunning, StoreUnavailable, DatabaseUnavailable; EEXIST the file exists
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { db, store, differences, file, onProgress } = options;
  await checkStopped(db);
  const written = await writeRecoveryFile(file, (line) => writeLost(options, line));
  onProgress(`wrote ${written.lines} lines to ${file}`);
  await addIdentity(store, options.installation, Date.now());
  await note(options, written);
  await resetPositions(store, db);
  for (const { stream } of differences) {
    await db.transaction((sql) => dropCheckpoints(sql, stream));
    await rebuildStream(db, projections, stream);
    onProgress(`accepted ${stream} as the event store has it`);
  }
  return written;
}

async function writeLost(
  { db, store, installation, differences, readTopic, actor, onProgress }: RecoverOptions,
  line: (value: object) => Promise<void>,
): Promise<void> {
  await line({
    kind: 'recovery',
    installation_id: installation.id,
    at: new Date().toISOString(),
    by: actor,
    streams: differences.map(({ stream, storeEnd, problem }) => ({
      stream,
      store_end: storeEnd,
      known_revision: problem.end.revision,
      reason: problem.reason,
    })),
  });
  const contents = new Map<string, StoreContents>();
  for (const difference of differences) {
    const { stream, storeEnd } = difference;
    onProgress(`reading ${stream}`);
    const has = await readContents(store, stream, storeEnd);
    contents.set(stream, has);
    for await (const record of lostRecords(db, difference, has)) await line(record);
  }
  const { rows } = await db.query<{ topic: string }>('select topic from relay.checkpoints');
  for (const { topic } of rows) {
    if (readTopic === undefined) await line({ kind: 'topic_not_read', topic });
    else await writeTopic(readTopic, topic, contents, line);
  }
}

/** The raw texts of events that only the topic has. */
async function writeTopic(
  readTopic: ReadTopic,
  topic: string,
  contents: ReadonlyMap<string, StoreContents>,
  line: (value: object) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>();
  await readTopic(topic, async ({ id, stream, revision, type, data, metadata }) => {
    const has = contents.get(stream);
    if (has === undefined || has.eventIds.has(id) || seen.has(id)) return;
    seen.add(id);
    await line({ kind: 'event', source: 'topic', topic, id, stream, revision, type, data, metadata });
  });
}

async function note(
  { store, differences, actor }: RecoverOptions,
  { sha256, lines }: Recovered,
): Promise<void> {
  const [last] = await store.readStream(installationStream, { direction: 'backwards', limit: 1 });
  const data = canonicalJson({
    accepted_by: actor,
    file_lines: lines,
    file_sha256: sha256,
    streams: differences.map(({ stream, storeEnd, problem }) => ({
      known_revision: problem.end.revision,
      store_end: storeEnd,
      stream,
    })),
  });
  const event = installationEvent({
    id: randomUUID(),
    type: 'OlderStoreAccepted',
    data,
    last,
    recordedMs: Date.now(),
    actor,
  });
  await store.append(installationStream, last?.revision ?? 'no_stream', [event]);
}
