import { dropCheckpoints } from '@fintech-ledger/checkpoint-store';
import type { OlderStoreAccepted } from '@fintech-ledger/installation-events';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import type { Installation } from '@fintech-ledger/installation';
import type { Modules } from '@fintech-ledger/manifest';
import type { Database } from '@fintech-ledger/postgres';
import { liveTables, rebuildStreamWithin } from '@fintech-ledger/projection-runtime';
import { createReadStream, existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { alone } from './check-stopped';
import { finishedFile, headOf, notConfigured } from './finished-file';
import type { Difference } from './find-differences';
import { lostRecords } from './lost-records';
import { findAcceptance, noteAcceptance } from './note-acceptance';
import { writeRecoveryFile } from './recovery-file';
import { resetPositions } from './reset-positions';
import { readContents } from './store-contents';
import type { StoreContents } from './store-contents';

/** Hands over every event that a topic holds. Resolves to false when there is no such topic. */
export type ReadTopic = (topic: string, onEvent: (event: RecordedEvent) => Promise<void>) => Promise<boolean>;

export interface RecoverOptions {
  readonly modules: Pick<Modules, 'projections' | 'streamPrefixes' | 'takeBack'>;
  readonly db: Database;
  readonly store: EventStore;
  readonly installation: Installation;
  readonly differences: readonly Difference[];
  /** Where what is lost is written; it must not exist, unless an earlier run wrote it of the same differences. */
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
 * killed at any moment and run again: what is not done yet is found again, and what is noted is not noted twice.
 * @throws StillRunning, StoreUnavailable, DatabaseUnavailable; EEXIST the file exists, and no earlier run wrote it of
 * just these differences
 */
export function recover(options: RecoverOptions): Promise<Recovered> {
  return alone(options.db, () => recoverAlone(options));
}

async function recoverAlone(options: RecoverOptions): Promise<Recovered> {
  const { modules, db, store, installation, differences, actor, onProgress } = options;
  const acceptance = await findAcceptance(store, differences);
  const written = await writeFile(options, acceptance);
  await resetPositions(store, db, modules.streamPrefixes);
  if (acceptance === undefined) {
    const { lines, sha256 } = written;
    await noteAcceptance(store, installation, {
      accepted_by: actor,
      file_lines: lines,
      file_sha256: sha256,
      differences,
    });
    onProgress('noted in the event store that it is accepted');
  }
  for (const { stream, storeEnd } of differences) {
    // In one step: what is known of the stream is all of it, or nothing.
    await db.transaction(async (sql) => {
      await dropCheckpoints(sql, stream);
      await rebuildStreamWithin(sql, modules.projections, stream);
      await modules.takeBack(sql, stream, storeEnd);
    });
    onProgress(`accepted ${stream} as the event store has it`);
  }
  return written;
}

/** Writes the file, or finds the one that an earlier run noted, or wrote. */
async function writeFile(
  options: RecoverOptions,
  acceptance: OlderStoreAccepted | undefined,
): Promise<Pick<Recovered, 'lines' | 'sha256'>> {
  const { file, onProgress } = options;
  if (acceptance !== undefined) {
    const { file_lines: lines, file_sha256: sha256 } = acceptance;
    onProgress(`going on with what was accepted before; what was lost is in the file of SHA-256 ${sha256}`);
    if (existsSync(file) && (await sha256Of(file)) === sha256) return { lines, sha256 };
  }
  const finished = await finishedFile(file, headOf(options), options.readTopic !== undefined);
  if (finished !== undefined) {
    onProgress(`going on with ${file}, which an earlier run has written`);
    return finished;
  }
  const written = await writeRecoveryFile(file, (line) => writeLost(options, line));
  onProgress(`wrote ${written.lines} lines to ${file}`);
  return written;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function writeLost(options: RecoverOptions, line: (value: object) => Promise<void>): Promise<void> {
  const { db, modules, store, differences, readTopic, actor, onProgress } = options;
  const live = liveTables(db, modules.projections);
  await line({ ...headOf(options), at: new Date().toISOString(), by: actor });
  const contents = new Map<string, StoreContents>();
  for (const difference of differences) {
    const { stream, storeEnd } = difference;
    onProgress(`reading ${stream}`);
    const has = await readContents(store, stream, storeEnd);
    contents.set(stream, has);
    for await (const record of lostRecords(live, difference, has)) await line(record);
  }
  const { rows } = await db.query<{ topic: string }>('select topic from relay.checkpoints');
  for (const { topic } of rows) {
    const reason =
      readTopic === undefined
        ? notConfigured
        : (await writeTopic(readTopic, topic, contents, line))
          ? undefined
          : 'there is no such topic';
    if (reason !== undefined) await line({ kind: 'topic_not_read', topic, reason });
  }
}

/** The raw texts of events that only the topic has. */
async function writeTopic(
  readTopic: ReadTopic,
  topic: string,
  contents: ReadonlyMap<string, StoreContents>,
  line: (value: object) => Promise<void>,
): Promise<boolean> {
  const seen = new Set<string>();
  return readTopic(topic, async ({ id, stream, revision, type, data, metadata }) => {
    const has = contents.get(stream);
    if (has === undefined || has.eventIds.has(id) || seen.has(id)) return;
    seen.add(id);
    await line({ kind: 'event', source: 'topic', topic, id, stream, revision, type, data, metadata });
  });
}
