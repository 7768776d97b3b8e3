import { CheckpointCorrupt } from '@fintech-ledger/journal';
import type { CheckpointHead } from '@fintech-ledger/journal';
import type { Sql } from '@fintech-ledger/postgres';
import { PageDigests } from './page-digests';
import { PageIndex } from './page-index';
import type { IndexBudget } from './page-index';
import type { Seals } from './seals';
import * as sql from './statements';

/** R: accounts and records. K: idempotency keys. */
export type PageKind = 'R' | 'K';
export const pageKinds: readonly PageKind[] = ['R', 'K'];

/** The pages of one kind. */
export interface PageSpace {
  readonly digests: PageDigests;
  readonly segmentMacs: ReadonlyMap<number, Buffer>;
  readonly index: PageIndex;
}

/** What a process knows of a stream's live checkpoint: all of it was checked against the head's MAC, or made here. */
export interface LiveCheckpoint {
  readonly stream: string;
  /** Of this checkpoint: each one that is begun gets another. */
  readonly streamId: number;
  readonly head: CheckpointHead;
  readonly accounts: number;
  readonly mac: Buffer;
  readonly spaces: Readonly<Record<PageKind, PageSpace>>;
}

export interface HeadRow {
  readonly stream_id: number;
  readonly format: number;
  readonly revision: string;
  readonly chain_hash: string;
  readonly accounts: string;
  /** With a space between two; `unknown` alone: written by a release that had none. */
  readonly folds: string;
  readonly row_pages: number;
  readonly key_pages: number;
  readonly mac: Buffer;
}

/** Of nothing yet. */
export function emptyCheckpoint(stream: string, streamId: number, budget: IndexBudget): LiveCheckpoint {
  const space = (): PageSpace => {
    const index = new PageIndex(budget);
    // A page of which it is known that it is empty.
    index.set(1, new Uint32Array());
    return { digests: PageDigests.empty(), segmentMacs: new Map(), index };
  };
  return {
    stream,
    streamId,
    head: { revision: -1, chainHash: '', folds: [] },
    accounts: 0,
    mac: Buffer.alloc(0),
    spaces: { R: space(), K: space() },
  };
}

/** Reads what authenticates a checkpoint: the head and the digests of all pages. @throws CheckpointCorrupt */
export async function readCheckpoint(
  tx: Sql,
  stream: string,
  row: HeadRow,
  seals: Seals,
  budget: IndexBudget,
): Promise<LiveCheckpoint> {
  const streamId = row.stream_id;
  const { rows } = await tx.query<SegmentRow>(sql.selectSegments, [streamId]);
  const digests = { R: new Map<number, Buffer>(), K: new Map<number, Buffer>() };
  const macs = { R: new Map<number, Buffer>(), K: new Map<number, Buffer>() };
  for (const segment of rows) {
    const opened = seals.open(
      segmentPlace(stream, streamId, segment.kind, segment.segment),
      segment.digests,
      segment.mac,
    );
    if (!opened) throw corrupt(stream, streamId, `pages ${segment.kind}${segment.segment} were edited`);
    digests[segment.kind].set(segment.segment, opened);
    macs[segment.kind].set(segment.segment, segment.mac);
  }
  const space = (kind: PageKind, pages: number): PageSpace => ({
    digests: PageDigests.of(pages, digests[kind]),
    segmentMacs: macs[kind],
    index: new PageIndex(budget),
  });
  const live: LiveCheckpoint = {
    stream,
    streamId,
    head: {
      revision: Number(row.revision),
      chainHash: row.chain_hash,
      folds: foldsOf(row),
    },
    accounts: Number(row.accounts),
    mac: row.mac,
    spaces: { R: space('R', row.row_pages), K: space('K', row.key_pages) },
  };
  if (row.format !== checkpointFormat || !macOf(live, seals).equals(row.mac)) {
    throw corrupt(stream, streamId, 'its head was edited, or its pages are not those of its head');
  }
  return live;
}

export const checkpointFormat = 2;

/** Whether a head is the one that is known, in every column. */
export function isHeadOf(live: LiveCheckpoint, row: HeadRow): boolean {
  return (
    live.streamId === row.stream_id &&
    live.mac.equals(row.mac) &&
    row.format === checkpointFormat &&
    row.revision === String(live.head.revision) &&
    row.chain_hash === live.head.chainHash &&
    row.folds === foldsText(live.head) &&
    row.accounts === String(live.accounts) &&
    row.row_pages === live.spaces.R.digests.pages &&
    row.key_pages === live.spaces.K.digests.pages
  );
}

/** The MAC of a head: over itself, and over every page by way of their segments. */
export function macOf(live: Omit<LiveCheckpoint, 'mac'>, seals: Seals): Buffer {
  const { stream, streamId, head, accounts, spaces } = live;
  const fields = [
    checkpointFormat,
    streamId,
    head.revision,
    accounts,
    spaces.R.digests.pages,
    spaces.K.digests.pages,
    stream.length,
  ];
  const folds = foldsText(head);
  // Releases that knew no folds wrote neither.
  const suffix = folds === '' || folds === unknownFold ? '' : `\n${folds}`;
  return seals.headMac(`${fields.join(' ')}\n${stream}${head.chainHash}${suffix}`, segmentMacsOf(spaces));
}

/** Of heads of which nobody said what folded their records. */
const unknownFold = 'unknown';

export const foldsOf = ({ folds }: Pick<HeadRow, 'folds'>): readonly string[] =>
  folds === '' ? [] : folds.split(' ');

export function foldsText({ folds = [] }: CheckpointHead): string {
  return folds.join(' ');
}

function* segmentMacsOf(spaces: LiveCheckpoint['spaces']): Iterable<Buffer> {
  for (const kind of pageKinds) {
    const { segmentMacs } = spaces[kind];
    // The MAC of a segment says which one it is.
    for (const segment of [...segmentMacs.keys()].sort((a, b) => a - b)) {
      yield segmentMacs.get(segment) as Buffer;
    }
  }
}

export function segmentPlace(stream: string, streamId: number, kind: PageKind, segment: number): string {
  return `${streamId} ${kind} ${segment} ${stream}`;
}

export function corrupt(stream: string, streamId: number, what: string): CheckpointCorrupt {
  return new CheckpointCorrupt(`the checkpoint of ${stream} does not hold: ${what}`, stream, streamId);
}

interface SegmentRow {
  readonly kind: PageKind;
  readonly segment: number;
  readonly digests: Buffer;
  readonly mac: Buffer;
}
