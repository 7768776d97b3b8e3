import { BrokenInvariant } from '@fintech-ledger/contract';
import { pageOf } from './page-digests';
import { blockBytes } from './seals';

/** Of each row its bucket and 32 bits of its MAC. */
type Entries = Uint32Array;

/** A row in an index: its entry, and its part of what a page takes, with the room that it has (measured). */
const rowBytes = 14;
/** Pages have room in steps of 32 rows: what one of them leaves when it grows is as large as what another needs. */
const roomBytes = 256;

/** How many rows are remembered by all indexes of a process. */
export class IndexBudget {
  private readonly indexes = new Set<PageIndex>();
  private rows = 0;

  constructor(private readonly rowsMax: number) {}

  /** The memory that all of them take, about. */
  get bytes(): number {
    return this.rows * rowBytes;
  }

  add(index: PageIndex, rows: number): void {
    if (rows > 0) this.indexes.add(index);
    this.rows += rows;
    // A twentieth at once, so that looking for the largest costs little.
    if (this.rows <= this.rowsMax) return;
    while (this.rows > this.rowsMax * 0.95) {
      const largest = [...this.indexes].reduce(
        (most, other) => (other.size > most.size ? other : most),
        index,
      );
      const forgotten = largest.forgetOldest(Math.ceil(this.rowsMax / 20));
      if (forgotten === 0) throw new BrokenInvariant(`${this.rows} rows are counted, but no index has one`);
      this.rows -= forgotten;
    }
  }

  leave(index: PageIndex): void {
    if (this.indexes.delete(index)) this.rows -= index.size;
    if (this.rows < 0 || (this.indexes.size === 0 && this.rows > 0))
      throw new BrokenInvariant(`${this.rows} rows are counted in ${this.indexes.size} indexes`);
  }
}

/**
 * What checked pages consist of: it says in memory that a key is in none of them, and which version of a row is the last. A page that is not
 * here has not been checked, or was forgotten.
 */
export class PageIndex {
  private readonly pages = new Map<number, Entries>();
  private rowCount = 0;
  private closed = false;

  constructor(private readonly budget: IndexBudget) {}

  get size(): number {
    return this.rowCount;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  get(page: number): Entries | undefined {
    return this.pages.get(page);
  }

  /** Takes in what a page consists of, which was checked. `change` writes into it. */
  set(page: number, entries: Entries): void {
    if (this.closed) return;
    const before = this.pages.get(page);
    this.pages.set(page, entries);
    this.count((entries.length - (before?.length ?? 0)) / 2);
  }

  /** The rows of pages that are known here changed; all blocks are of `pages` pages. */
  change(pages: number, removed: readonly Buffer[], added: readonly Buffer[]): void {
    const touched = new Map<number, { removed: number[]; added: number[] }>();
    const collect = (blocks: readonly Buffer[], side: 'removed' | 'added'): void => {
      for (const buffer of blocks) {
        for (let at = 0; at < buffer.length; at += blockBytes) {
          const page = pageOf(buffer.readInt32BE(at), pages);
          if (!this.pages.has(page)) continue;
          let changes = touched.get(page);
          if (!changes) touched.set(page, (changes = { removed: [], added: [] }));
          changes[side].push(buffer.readUInt32BE(at), buffer.readUInt32BE(at + 4));
        }
      }
    };
    collect(removed, 'removed');
    collect(added, 'added');
    for (const [page, changes] of touched) {
      const entries = this.pages.get(page);
      if (entries) this.set(page, changed(entries, changes.removed, changes.added));
    }
  }

  /** There are more pages now. */
  grow(from: number, to: number): void {
    for (let page = from; page < Math.min(to, 2 * from); page += 1) {
      const entries = this.pages.get(page);
      if (!entries) continue;
      this.pages.delete(page);
      this.count(-entries.length / 2);
      const parts = new Map<number, number[]>();
      for (const part of descendants(page, to)) parts.set(part, []);
      for (let i = 0; i < entries.length; i += 2) {
        const bucket = entries[i] as number;
        parts.get(pageOf(bucket | 0, to))?.push(bucket, entries[i + 1] as number);
      }
      for (const [part, pairs] of parts) {
        const room = roomFor(pairs.length);
        room.set(pairs);
        this.set(part, room);
      }
    }
  }

  /** Forgets pages of so many rows at least, or all; says how many rows that was. */
  forgetOldest(rows: number): number {
    let forgotten = 0;
    for (const [page, entries] of this.pages) {
      if (forgotten >= rows) break;
      this.pages.delete(page);
      forgotten += entries.length / 2;
    }
    this.rowCount -= forgotten;
    return forgotten;
  }

  /** It is not used any more. */
  close(): void {
    this.closed = true;
    this.budget.leave(this);
    this.pages.clear();
    this.rowCount = 0;
  }

  private count(rows: number): void {
    this.rowCount += rows;
    if (this.rowCount < 0) throw new BrokenInvariant(`an index has ${this.rowCount} rows`);
    this.budget.add(this, rows);
  }
}

export function entriesOf(blocks: Buffer): Entries {
  const entries = roomFor(blocks.length / 8);
  for (let at = 0, i = 0; at < blocks.length; at += blockBytes) {
    entries[i++] = blocks.readUInt32BE(at);
    entries[i++] = blocks.readUInt32BE(at + 4);
  }
  return entries;
}

/** Whether some row has this bucket: else the key is not there. */
export function hasBucket(entries: Entries, bucket: number): boolean {
  const wanted = bucket >>> 0;
  for (let i = 0; i < entries.length; i += 2) if (entries[i] === wanted) return true;
  return false;
}

/** Whether this version of a row is the one of the page. */
export function hasVersion(entries: Entries, bucket: number, mac: Buffer): boolean {
  const [wanted, version] = [bucket >>> 0, mac.readUInt32BE(0)];
  for (let i = 0; i < entries.length; i += 2) {
    if (entries[i] === wanted && entries[i + 1] === version) return true;
  }
  return false;
}

/** Each pair of `removed` goes once. In place, as long as there is room. */
function changed(entries: Entries, removed: readonly number[], added: readonly number[]): Entries {
  let length = entries.length;
  for (let r = 0; r < removed.length; r += 2) {
    for (let i = 0; i < length; i += 2) {
      if (entries[i] !== removed[r] || entries[i + 1] !== removed[r + 1]) continue;
      // Their order says nothing: the last pair takes the place.
      length -= 2;
      entries[i] = entries[length] as number;
      entries[i + 1] = entries[length + 1] as number;
      break;
    }
  }
  const result = resized(entries, length, length + added.length);
  result.set(added, length);
  return result;
}

/** The first `kept` numbers, and room up to `length`. */
function resized(entries: Entries, kept: number, length: number): Entries {
  const bytes = length * Uint32Array.BYTES_PER_ELEMENT;
  const isTooLarge = entries.buffer.byteLength - bytes >= 2 * roomBytes;
  if (bytes <= entries.buffer.byteLength && !isTooLarge) return new Uint32Array(entries.buffer, 0, length);
  const room = roomFor(length);
  room.set(entries.subarray(0, kept));
  return room;
}

function roomFor(length: number): Entries {
  const steps = Math.ceil((length * Uint32Array.BYTES_PER_ELEMENT) / roomBytes);
  return new Uint32Array(new ArrayBuffer(steps * roomBytes), 0, length);
}

function* descendants(page: number, pages: number): Iterable<number> {
  if (page >= pages) yield page;
  else {
    yield* descendants(2 * page, pages);
    yield* descendants(2 * page + 1, pages);
  }
}
