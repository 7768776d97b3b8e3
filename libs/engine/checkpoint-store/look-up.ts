import { StoreUnavailable } from '@fintech-ledger/event-store';
import type { LoadedRecords } from '@fintech-ledger/journal';
import type { Database } from '@fintech-ledger/postgres';
import type { RowFormat } from './checked-rows';
import { corrupt } from './live-checkpoint';
import type { LiveCheckpoint } from './live-checkpoint';
import type { LiveCheckpoints } from './live-checkpoints';
import { rangeOf } from './page-digests';
import { entriesOf, hasBucket, hasVersion } from './page-index';
import { blockBytes } from './seals';
import type { Seals } from './seals';

const attemptsMax = 10;

interface Wanted {
  readonly key: string;
  readonly bucket: number;
  readonly page: number;
}

interface StoredRow {
  readonly key: string;
  readonly bucket: number;
  readonly mac: Buffer;
}
type AnswerRow<S> = S & {
  readonly head_mac: Buffer | null;
  readonly page: number | null;
  readonly blocks: Buffer | null;
};

/**
 * Rows by their keys. What is found and what is not are both facts: the page of each key was checked against its digest, now or earlier, and
 * a row that is found is the page's version of it. What a checked page has not needs no query.
 */
export class LookUp {
  constructor(
    private readonly database: Pick<Database, 'query'>,
    private readonly checkpoints: LiveCheckpoints,
    private readonly seals: Seals,
  ) {}

  /** @throws CheckpointCorrupt */
  async load<S extends StoredRow, T>(
    format: RowFormat<S, T>,
    stream: string,
    keys: readonly string[],
  ): Promise<LoadedRecords<T>> {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const live = await this.checkpoints.get(stream);
      if (!live) return { headRevision: null, found: new Map() };
      const found = await this.attempt(format, live, keys);
      if (found) return { headRevision: live.head.revision, found };
      await this.checkpoints.changed(stream, live);
    }
    throw new StoreUnavailable(`the checkpoint of ${stream} is written faster than it is read`);
  }

  /** Undefined when the checkpoint went on meanwhile. */
  private async attempt<S extends StoredRow, T>(
    format: RowFormat<S, T>,
    live: LiveCheckpoint,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, T> | undefined> {
    const { digests, index } = live.spaces[format.kind];
    const found = new Map<string, T>();
    const wanted: Wanted[] = [];
    const unchecked = new Set<number>();
    for (const key of keys) {
      const bucket = this.seals.bucketOf(key);
      const page = digests.pageOf(bucket);
      const entries = index.get(page);
      if (!entries) unchecked.add(page);
      else if (!hasBucket(entries, bucket)) continue;
      wanted.push({ key, bucket, page });
    }
    const lookedUp = await this.lookUp(format, live, wanted, unchecked, found);
    if (!lookedUp) return undefined;
    // A page that has the bucket, and not the row: of another key, or the row was deleted since. Or the page was forgotten meanwhile.
    const doubtful = wanted.filter(({ key, page }) => !found.has(key) && !unchecked.has(page));
    if (doubtful.length === 0) return found;
    const pages = new Set(doubtful.map(({ page }) => page));
    return (await this.lookUp(format, live, doubtful, pages, found)) ? found : undefined;
  }

  private async lookUp<S extends StoredRow, T>(
    format: RowFormat<S, T>,
    live: LiveCheckpoint,
    wanted: readonly Wanted[],
    pages: ReadonlySet<number>,
    found: Map<string, T>,
  ): Promise<boolean> {
    if (wanted.length === 0) return true;
    const ranges = [...pages].map(rangeOf);
    const { rows } = await this.database.query<AnswerRow<S>>(
      format.lookUp,
      [
        live.streamId,
        ranges.map(({ page }) => page),
        ranges.map(({ low }) => low),
        ranges.map(({ high }) => high),
        wanted.map(({ bucket }) => bucket),
        wanted.map(({ key }) => key),
      ],
      format.name,
    );
    const headMac = rows.find((row) => row.head_mac !== null)?.head_mac;
    if (!headMac?.equals(live.mac) || this.checkpoints.peek(live.stream) !== live) return false;
    const checked = this.checkPages(live, format.kind, pages, rows);
    const { digests, index } = live.spaces[format.kind];
    for (const row of rows) {
      if (row.key === null) continue;
      const value = format.check(this.seals, live, row);
      const page = digests.pageOf(row.bucket);
      const entries = checked.get(page) ?? index.get(page);
      if (!entries) continue;
      if (!hasVersion(entries, row.bucket, row.mac)) {
        throw corrupt(live.stream, live.streamId, `the row of ${row.key} is an old version`);
      }
      found.set(row.key, value);
    }
    return true;
  }

  private checkPages(
    live: LiveCheckpoint,
    kind: RowFormat<StoredRow, unknown>['kind'],
    pages: ReadonlySet<number>,
    rows: readonly { readonly page: number | null; readonly blocks: Buffer | null }[],
  ): Map<number, Uint32Array> {
    const { digests, index } = live.spaces[kind];
    const blocks = new Map<number, Buffer>();
    for (const row of rows) if (row.page !== null && row.blocks !== null) blocks.set(row.page, row.blocks);
    const checked = new Map<number, Uint32Array>();
    for (const page of pages) {
      const content = blocks.get(page) ?? Buffer.alloc(0);
      if (content.length % blockBytes !== 0 || !digests.holds(page, this.seals.elements(content))) {
        throw corrupt(live.stream, live.streamId, `rows of page ${kind}${page} were added, lost or put back`);
      }
      const entries = entriesOf(content);
      checked.set(page, entries);
      index.set(page, entries);
    }
    return checked;
  }
}
