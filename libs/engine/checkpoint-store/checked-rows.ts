import type { KeyRecord } from '@fintech-ledger/journal';
import { corrupt } from './live-checkpoint';
import type { LiveCheckpoint, PageKind } from './live-checkpoint';
import type { Seals } from './seals';
import * as sql from './statements';

/** A row as the tables have it. */
interface StoredRow {
  readonly key: string;
  readonly bucket: number;
  readonly mac: Buffer;
}
export interface StoredRecord extends StoredRow {
  readonly record: string;
  readonly currency: string | null;
  readonly debits: string | null;
  readonly credits: string | null;
  readonly due_at: Date | null;
}
export interface StoredKey extends StoredRow {
  readonly request_hash: string;
  readonly first_revision: string;
  readonly last_revision: string;
}

/** How rows of one kind are read, and checked. */
export interface RowFormat<S extends StoredRow, T> {
  readonly kind: PageKind;
  readonly lookUp: string;
  readonly scrub: string;
  readonly name: string;
  /** @throws CheckpointCorrupt it is not what was written there */
  check(seals: Seals, live: LiveCheckpoint, row: S): T;
}

export const recordFormat: RowFormat<StoredRecord, string> = {
  kind: 'R',
  lookUp: sql.lookUpRows,
  scrub: sql.scrubRows,
  name: 'checkpoint-look-up-rows',
  check(seals, live, row) {
    const { key, record, currency, debits, credits, due_at: dueAt } = row;
    const mac = seals.rowMac(live.stream, {
      key,
      text: record,
      ...(currency === null ? {} : { currency }),
      ...(debits === null ? {} : { debits }),
      ...(credits === null ? {} : { credits }),
      ...(dueAt === null ? {} : { dueAt: dueAt.toISOString() }),
    });
    return verified(live, row, mac, record);
  },
};

export const keyFormat: RowFormat<StoredKey, KeyRecord> = {
  kind: 'K',
  lookUp: sql.lookUpKeys,
  scrub: sql.scrubKeys,
  name: 'checkpoint-look-up-keys',
  check(seals, live, row) {
    const record: KeyRecord = {
      requestHash: row.request_hash,
      firstRevision: Number(row.first_revision),
      lastRevision: Number(row.last_revision),
    };
    return verified(live, row, seals.keyMac(live.stream, row.key, record), record);
  },
};

function verified<T>(live: LiveCheckpoint, row: StoredRow, mac: Buffer, value: T): T {
  if (mac.equals(row.mac)) return value;
  throw corrupt(live.stream, live.streamId, `the row of ${row.key} was edited`);
}
