import { StoreUnavailable } from '@fintech-ledger/event-store';
import { CheckpointCorrupt } from '@fintech-ledger/journal';
import type {
  CheckpointBatch,
  CheckpointHead,
  CheckpointRow,
  CheckpointStore,
  KeyRecord,
  LoadedRecords,
  SaveOutcome,
} from '@fintech-ledger/journal';
import { DatabaseUnavailable } from '@fintech-ledger/postgres';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { headHash, rowHash } from './row-hash';
import * as sql from './statements';

/** Small enough that encoding them never holds up the commands that arrive meanwhile. */
const rowsPerStatement = 500;

/** Checkpoints in the `writer` schema of Postgres. */
export class PostgresCheckpointStore implements CheckpointStore {
  constructor(private readonly database: Database) {}

  loadHead(stream: string): Promise<CheckpointHead | null> {
    // One snapshot: a save between head and sums would make a sound checkpoint look edited.
    const snapshot = { isolation: 'repeatable read', readOnly: true } as const;
    return available(() => this.database.transaction((tx) => this.verifiedHead(tx, stream), snapshot));
  }

  loadRecords(stream: string, keys: readonly string[]): Promise<LoadedRecords<string>> {
    return available(async () => {
      const { rows } = await this.database.query<RecordRow>(
        sql.selectRecords,
        [stream, keys],
        'checkpoint-records',
      );
      const found = new Map<string, string>();
      for (const { key, record, hash } of rows) {
        if (key === null) continue;
        if (hash !== rowHash(stream, key, record)) {
          throw new CheckpointCorrupt(`the record ${key} in the checkpoint of ${stream} was edited`);
        }
        found.set(key, record);
      }
      return { headRevision: headOf(rows), found };
    });
  }

  loadKeys(stream: string, keys: readonly string[]): Promise<LoadedRecords<KeyRecord>> {
    return available(async () => {
      const { rows } = await this.database.query<KeyRow>(sql.selectKeys, [stream, keys], 'checkpoint-keys');
      const found = new Map<string, KeyRecord>();
      for (const row of rows) {
        if (row.key === null) continue;
        found.set(row.key, {
          requestHash: row.request_hash,
          firstRevision: Number(row.first_revision),
          lastRevision: Number(row.last_revision),
        });
      }
      return { headRevision: headOf(rows), found };
    });
  }

  loadDue(
    stream: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly dueAt: string }[]> {
    return available(async () => {
      const { rows } = await this.database.query<{ key: string; due_at: Date }>(sql.selectDue, [
        stream,
        limit,
      ]);
      return rows.map((row) => ({ key: row.key, dueAt: row.due_at.toISOString() }));
    });
  }

  save(stream: string, batch: CheckpointBatch): Promise<SaveOutcome> {
    return available(() =>
      this.database.transaction(async (tx): Promise<SaveOutcome> => {
        const { revision, chainHash } = batch.head;
        const { rows } = await tx.query<{ stream_id: number; revision: string }>(sql.lockHead, [stream]);
        const head = rows[0];
        if (!head) throw new Error(`the checkpoint head of ${stream} could not be made`);
        if (Number(head.revision) > revision) return 'ahead';
        if (Number(head.revision) < (batch.basis ?? -1)) return 'gone';
        const opened = await this.upsertRecords(tx, stream, head.stream_id, batch.records);
        for await (const slice of slices(batch.keys)) {
          await tx.query(
            sql.insertKeys,
            [
              head.stream_id,
              slice.map(([key]) => key),
              slice.map(([, record]) => record.requestHash),
              slice.map(([, record]) => record.firstRevision),
              slice.map(([, record]) => record.lastRevision),
            ],
            'checkpoint-insert-keys',
          );
        }
        await tx.query(sql.updateHead, [
          stream,
          revision,
          chainHash,
          headHash(stream, revision, chainHash),
          opened,
        ]);
        return 'saved';
      }),
    );
  }

  drop(stream: string): Promise<void> {
    return available(() =>
      this.database.transaction(async (tx) => {
        for (const statement of sql.dropAll) await tx.query(statement, [stream]);
      }),
    );
  }

  private async upsertRecords(
    tx: Sql,
    stream: string,
    streamId: number,
    records: Iterable<CheckpointRow>,
  ): Promise<number> {
    let opened = 0;
    for await (const slice of slices(records)) {
      const accounts = slice.filter((row) => row.currency !== undefined);
      const others = slice.filter((row) => row.currency === undefined);
      if (accounts.length > 0) {
        const { rows } = await tx.query<{ opened: string }>(
          sql.upsertAccounts,
          [
            streamId,
            accounts.map((row) => row.key),
            accounts.map((row) => row.text),
            accounts.map((row) => rowHash(stream, row.key, row.text)),
            accounts.map((row) => row.currency),
            accounts.map((row) => String(row.debits)),
            accounts.map((row) => String(row.credits)),
          ],
          'checkpoint-upsert-accounts',
        );
        opened += Number(rows[0]?.opened ?? 0);
      }
      if (others.length > 0) {
        await tx.query(
          sql.upsertRecords,
          [
            streamId,
            others.map((row) => row.key),
            others.map((row) => row.text),
            others.map((row) => rowHash(stream, row.key, row.text)),
            others.map((row) => row.dueAt ?? null),
          ],
          'checkpoint-upsert-records',
        );
      }
    }
    return opened;
  }

  private async verifiedHead(tx: Sql, stream: string): Promise<CheckpointHead | null> {
    const { rows } = await tx.query<HeadRow>(sql.selectHead, [stream]);
    const head = rows[0];
    if (!head) return null;
    const revision = Number(head.revision);
    if (head.hash !== headHash(stream, revision, head.chain_hash)) {
      throw new CheckpointCorrupt(`the head of the checkpoint of ${stream} was edited`);
    }
    await this.verifySums(tx, stream, head);
    return { revision, chainHash: head.chain_hash };
  }

  private async verifySums(tx: Sql, stream: string, head: HeadRow): Promise<void> {
    const { rows } = await tx.query<SumRow>(sql.sumAccounts, [head.stream_id]);
    let accounts = 0;
    for (const { currency, debits, credits, count } of rows) {
      if (debits !== credits) {
        throw new CheckpointCorrupt(
          `in the checkpoint of ${stream}, ${currency} has ${debits} debits and ${credits} credits`,
        );
      }
      accounts += Number(count);
    }
    if (accounts !== Number(head.accounts)) {
      throw new CheckpointCorrupt(
        `the checkpoint of ${stream} has ${accounts} accounts instead of ${head.accounts}`,
      );
    }
  }
}

interface HeadRow {
  stream_id: number;
  revision: string;
  chain_hash: string;
  accounts: string;
  hash: string;
}
interface RecordRow {
  head_revision: string | null;
  key: string | null;
  record: string;
  hash: string;
}
interface KeyRow {
  head_revision: string | null;
  key: string | null;
  request_hash: string;
  first_revision: string;
  last_revision: string;
}
interface SumRow {
  currency: string;
  debits: string;
  credits: string;
  count: string;
}

function headOf(rows: readonly { head_revision: string | null }[]): number | null {
  const text = rows[0]?.head_revision ?? null;
  return text === null ? null : Number(text);
}

/** Hands out slices, and the event loop between them. */
async function* slices<T>(items: Iterable<T>): AsyncIterable<readonly T[]> {
  let slice: T[] = [];
  for (const item of items) {
    slice.push(item);
    if (slice.length < rowsPerStatement) continue;
    yield slice;
    slice = [];
    await nextTurn();
  }
  if (slice.length > 0) yield slice;
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw new StoreUnavailable(error.message, { cause: error });
    throw error;
  }
}
