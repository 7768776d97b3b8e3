import type { CheckpointBatch, CheckpointRow, KeyRecord, SaveOutcome } from '@fintech-ledger/journal';
import { int4Array, int8Array, textArray } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BookSums, unbalanced } from './book-sums';
import { allFolds } from './all-folds';
import { corrupt, emptyCheckpoint, foldsText, macOf, pageKinds, segmentPlace } from './live-checkpoint';
import type { HeadRow, LiveCheckpoint, PageKind } from './live-checkpoint';
import type { LiveCheckpoints } from './live-checkpoints';
import { PageIndex } from './page-index';
import { blockBytes, blockOf } from './seals';
import type { Seals } from './seals';
import { SpaceChange, splitPages } from './space-change';
import * as sql from './statements';

/** Small enough that encoding them never holds up the commands that arrive meanwhile. */
const rowsPerStatement = 500;

/** What a save changed, to be taken over when it is committed. */
export interface Saved {
  readonly outcome: SaveOutcome;
  /** Takes it over into what this process knows; absent: nothing was written. */
  readonly takeOver?: () => void;
}

/** One save, in the transaction that it is given. */
export class BatchSaver {
  private accountsOpened = 0;
  private readonly sums = new BookSums();

  constructor(
    private readonly tx: Sql,
    private readonly stream: string,
    private readonly seals: Seals,
    private readonly checkpoints: LiveCheckpoints,
  ) {}

  /** @throws CheckpointCorrupt */
  async save(batch: CheckpointBatch): Promise<Saved> {
    const row = await this.lockHead(batch.basis === null);
    const revision = Number(row?.revision ?? -1);
    if (revision > batch.head.revision) return { outcome: 'ahead' };
    if (!row || revision < (batch.basis ?? -1)) return { outcome: 'gone' };
    const before =
      revision < 0
        ? emptyCheckpoint(this.stream, row.stream_id, this.checkpoints.budget)
        : await this.checkpoints.of(this.tx, this.stream, row);
    const changes = {
      R: new SpaceChange('R', before.spaces.R, this.seals),
      K: new SpaceChange('K', before.spaces.K, this.seals),
    };
    await this.upsertRecords(before, changes.R, batch.records);
    this.checkSums(before);
    await this.insertKeys(before, changes.K, batch.keys);
    const spaces = { ...before.spaces };
    for (const kind of pageKinds) {
      await splitPages(this.tx, before, changes[kind]);
      spaces[kind] = await this.saveSegments(before, changes[kind]);
    }
    const unsealed = {
      ...before,
      head: { ...batch.head, folds: allFolds(before.head, batch) },
      accounts: before.accounts + this.accountsOpened,
      spaces,
    };
    const live: LiveCheckpoint = { ...unsealed, mac: macOf(unsealed, this.seals) };
    await this.tx.query(sql.updateHead, [
      live.streamId,
      live.head.revision,
      live.head.chainHash,
      live.accounts,
      spaces.R.digests.pages,
      spaces.K.digests.pages,
      live.mac,
      batch.organizationId ?? null,
      foldsText(live.head),
    ]);
    return { outcome: 'saved', takeOver: () => this.takeOver(live, changes) };
  }

  private async lockHead(mayBegin: boolean): Promise<HeadRow | undefined> {
    const { rows } = await this.tx.query<HeadRow>(mayBegin ? sql.beginHead : sql.lockHead, [this.stream]);
    return rows[0];
  }

  private async upsertRecords(
    live: LiveCheckpoint,
    change: SpaceChange,
    records: Iterable<CheckpointRow>,
  ): Promise<void> {
    for await (const slice of slices(records)) {
      const accounts = slice.filter((row) => row.currency !== undefined);
      const others = slice.filter((row) => row.currency === undefined);
      if (accounts.length > 0) {
        const replaced = await this.upsert(live, change, accounts, 'Accounts', [
          textArray(accounts.map((row) => row.currency ?? '')),
          textArray(accounts.map((row) => String(row.debits))),
          textArray(accounts.map((row) => String(row.credits))),
        ]);
        this.accountsOpened += accounts.length - replaced;
      }
      if (others.length > 0) {
        await this.upsert(live, change, others, 'Records', [others.map((row) => row.dueAt ?? null)]);
      }
    }
  }

  /** What is replaced was read without its MAC: an edit of it is found here. */
  private checkSums(before: LiveCheckpoint): void {
    const { difference } = this.sums;
    if (difference === undefined) return;
    if (before.head.revision < 0) throw unbalanced(this.stream, difference);
    throw corrupt(this.stream, before.streamId, `with what changes, ${difference}`);
  }

  /** Says how many of the rows replaced one. */
  private async upsert(
    live: LiveCheckpoint,
    change: SpaceChange,
    rows: readonly CheckpointRow[],
    table: 'Accounts' | 'Records',
    columns: readonly unknown[],
  ): Promise<number> {
    const buckets = rows.map((row) => this.seals.bucketOf(row.key));
    const macs = rows.map((row) => this.seals.rowMac(this.stream, row));
    const { rows: answer } = await this.tx.query<BlocksRow>(
      sql[`upsert${table}`],
      [
        live.streamId,
        int4Array(buckets),
        textArray(rows.map((row) => row.key)),
        Buffer.concat(macs),
        textArray(rows.map((row) => row.text)),
        ...columns,
      ],
      `checkpoint-upsert-${table}`,
    );
    const replaced = this.blocksOf(live, answer[0]);
    this.sums.add(rows);
    for (const [currency, sum] of Object.entries(answer[0]?.sums ?? {})) this.sums.remove(currency, sum);
    change.remove(replaced);
    change.add(Buffer.concat(macs.map((mac, i) => blockOf(buckets[i] as number, mac))));
    return replaced.length / blockBytes;
  }

  private async insertKeys(
    live: LiveCheckpoint,
    change: SpaceChange,
    keys: Iterable<readonly [string, KeyRecord]>,
  ): Promise<void> {
    for await (const slice of slices(keys)) {
      const { rows } = await this.tx.query<BlocksRow>(
        sql.insertKeys,
        [
          live.streamId,
          int4Array(slice.map(([key]) => this.seals.bucketOf(key))),
          textArray(slice.map(([key]) => key)),
          Buffer.concat(slice.map(([key, record]) => this.seals.keyMac(this.stream, key, record))),
          textArray(slice.map(([, record]) => record.requestHash)),
          int8Array(slice.map(([, record]) => record.firstRevision)),
          int8Array(slice.map(([, record]) => record.lastRevision)),
        ],
        'checkpoint-insert-keys',
      );
      change.add(this.blocksOf(live, rows[0]));
    }
  }

  private async saveSegments(
    live: LiveCheckpoint,
    change: SpaceChange,
  ): Promise<LiveCheckpoint['spaces'][PageKind]> {
    const { kind, draft, before } = change;
    const segmentMacs = new Map(before.segmentMacs);
    const sealed: { readonly segment: number; readonly digests: Buffer; readonly mac: Buffer }[] = [];
    const unused: number[] = [];
    for (const [segment, digests] of draft.changedSegments()) {
      if (!digests) {
        unused.push(segment);
        segmentMacs.delete(segment);
        continue;
      }
      const seal = this.seals.seal(segmentPlace(this.stream, live.streamId, kind, segment), digests);
      segmentMacs.set(segment, seal.mac);
      sealed.push({ segment, ...seal });
    }
    for (let at = 0; at < sealed.length; at += rowsPerStatement) {
      const slice = sealed.slice(at, at + rowsPerStatement);
      await this.tx.query(
        sql.upsertSegments,
        [
          live.streamId,
          kind,
          slice.map(({ segment }) => segment),
          slice.map(({ digests }) => digests),
          slice.map(({ mac }) => mac),
        ],
        'checkpoint-upsert-segments',
      );
    }
    if (unused.length > 0) await this.tx.query(sql.deleteSegments, [live.streamId, kind, unused]);
    return { digests: draft, segmentMacs, index: before.index };
  }

  private takeOver(live: LiveCheckpoint, changes: Readonly<Record<PageKind, SpaceChange>>): void {
    const spaces = { ...live.spaces };
    for (const kind of pageKinds) {
      const { before, draft, removed, added } = changes[kind];
      before.index.change(before.digests.pages, removed, added);
      before.index.grow(before.digests.pages, draft.pages);
      // Somebody had it forgotten meanwhile.
      if (before.index.isClosed)
        spaces[kind] = { ...spaces[kind], index: new PageIndex(this.checkpoints.budget) };
    }
    this.checkpoints.set(this.stream, { ...live, spaces });
  }

  private blocksOf(live: LiveCheckpoint, row: BlocksRow | undefined): Buffer {
    const blocks = row?.blocks ?? Buffer.alloc(0);
    if (blocks.length === Number(row?.count ?? 0) * blockBytes) return blocks;
    throw corrupt(this.stream, live.streamId, 'a MAC has another length');
  }
}

interface BlocksRow {
  readonly count: string;
  readonly blocks: Buffer | null;
  /** Of accounts, by currency: debits less credits. */
  readonly sums?: Readonly<Record<string, string>> | null;
}

/** Yields slices, and the event loop between them. */
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
