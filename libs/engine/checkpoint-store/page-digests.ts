import { BrokenInvariant } from '@fintech-ledger/contract';
import { blockBytes } from './seals';

/** Pages in one row of `writer.pages`. */
const segmentPages = 64;
/** Count (4 bytes), then the sum of the elements modulo 2^128, all little-endian. */
const digestBytes = 20;
/** Rows of a page on average; more pages are made when there are more. */
const pageRows = 64;

/** Numbers of pages fit into 31 bits. */
const pagesMax = 2 ** 28;

/** The bucket range of a page, both ends included. */
export interface PageRange {
  readonly page: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How many rows each page has, and the keyed hash of their set (MSet-Add-Hash of Clarke et al., ASIACRYPT 2003): a row comes or goes in O(1).
 *
 * Pages are ranges of buckets, numbered as nodes of a binary tree: page p splits into 2p and 2p + 1. With N pages they are N to 2N - 1, so
 * the number of pages says all about where a bucket lies, and pages are split one by one as rows come (linear hashing).
 */
export class PageDigests {
  private readonly own = new Set<number>();

  private constructor(
    private pageCount: number,
    private readonly segments: Map<number, Buffer>,
    private rowCount: number,
  ) {}

  static empty(): PageDigests {
    return new PageDigests(1, new Map(), 0);
  }

  static of(pages: number, segments: Map<number, Buffer>): PageDigests {
    let rows = 0;
    for (const segment of segments.values()) {
      for (let at = 0; at < segment.length; at += digestBytes) rows += segment.readUInt32LE(at);
    }
    return new PageDigests(pages, segments, rows);
  }

  get pages(): number {
    return this.pageCount;
  }

  get rows(): number {
    return this.rowCount;
  }

  /** How many pages there should be. */
  get pagesWanted(): number {
    return Math.min(Math.max(this.pageCount, Math.ceil(this.rowCount / pageRows)), pagesMax);
  }

  /** A copy to change. */
  draft(): PageDigests {
    return new PageDigests(this.pageCount, new Map(this.segments), this.rowCount);
  }

  /** The segments that differ from what this is a draft of; those without a page in use are undefined. */
  *changedSegments(): Iterable<readonly [segment: number, digests: Buffer | undefined]> {
    for (const segment of this.own) {
      const isUsed = (segment + 1) * segmentPages > this.pageCount;
      yield [segment, isUsed ? this.segments.get(segment) : undefined];
    }
  }

  pageOf(bucket: number): number {
    return pageOf(bucket, this.pageCount);
  }

  /** `elements`: of the blocks, see `Seals`. */
  add(blocks: Buffer, elements: Buffer): void {
    for (let at = 0; at < blocks.length; at += blockBytes) {
      this.change(this.pageOf(blocks.readInt32BE(at)), elements, at, 1);
    }
  }

  remove(blocks: Buffer, elements: Buffer): void {
    for (let at = 0; at < blocks.length; at += blockBytes) {
      this.change(this.pageOf(blocks.readInt32BE(at)), elements, at, -1);
    }
  }

  /** Whether a page consists of exactly these. */
  holds(page: number, elements: Buffer): boolean {
    const sum = Buffer.alloc(digestBytes);
    for (let at = 0; at < elements.length; at += blockBytes) addTo(sum, 0, elements, at, 1);
    const segment = this.segments.get(page >> 6);
    const from = (page % segmentPages) * digestBytes;
    return segment ? segment.compare(sum, 0, digestBytes, from, from + digestBytes) === 0 : isZero(sum);
  }

  /** The pages that are no more when there are so many. */
  *splitFor(pages: number): Iterable<number> {
    for (let page = this.pageCount; page < Math.min(pages, 2 * this.pageCount); page += 1) yield page;
  }

  /** From now on there are so many pages; the rows of those that `splitFor` named must be added again. */
  grow(pages: number): void {
    if (pages < this.pageCount || pages > pagesMax) {
      throw new BrokenInvariant(`${this.pageCount} pages can't become ${pages}`);
    }
    for (const page of this.splitFor(pages)) {
      const segment = this.ownSegment(page);
      const from = (page % segmentPages) * digestBytes;
      this.rowCount -= segment.readUInt32LE(from);
      segment.fill(0, from, from + digestBytes);
    }
    this.pageCount = pages;
  }

  private change(page: number, elements: Buffer, at: number, sign: 1 | -1): void {
    addTo(this.ownSegment(page), (page % segmentPages) * digestBytes, elements, at, sign);
    this.rowCount += sign;
  }

  private ownSegment(page: number): Buffer {
    const number = page >> 6;
    const existing = this.segments.get(number);
    if (existing && this.own.has(number)) return existing;
    const copy = existing ? Buffer.from(existing) : Buffer.alloc(segmentPages * digestBytes);
    this.segments.set(number, copy);
    this.own.add(number);
    return copy;
  }
}

export function pageOf(bucket: number, pages: number): number {
  const unsigned = (bucket ^ 0x80_00_00_00) >>> 0;
  const level = 31 - Math.clz32(pages);
  // In JavaScript, shifting by 32 shifts by 0.
  const page = level === 0 ? 1 : (1 << level) + (unsigned >>> (32 - level));
  return page >= pages ? page : (2 << level) + (unsigned >>> (31 - level));
}

export function rangeOf(page: number): PageRange {
  const level = 31 - Math.clz32(page);
  const width = 2 ** (32 - level);
  const low = (page - 2 ** level) * width - 2 ** 31;
  return { page, low, high: low + width - 1 };
}

function addTo(digests: Buffer, from: number, elements: Buffer, at: number, sign: 1 | -1): void {
  digests.writeUInt32LE((digests.readUInt32LE(from) + sign) >>> 0, from);
  let carry = 0;
  for (let i = 0; i < blockBytes; i += 4) {
    const sum = digests.readUInt32LE(from + 4 + i) + sign * elements.readUInt32LE(at + i) + carry;
    digests.writeUInt32LE(sum >>> 0, from + 4 + i);
    carry = sum < 0 ? -1 : sum > 0xff_ff_ff_ff ? 1 : 0;
  }
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
