import type { Sql } from '@fintech-ledger/postgres';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { corrupt } from './live-checkpoint';
import type { LiveCheckpoint, PageKind } from './live-checkpoint';
import { rangeOf } from './page-digests';
import type { PageDigests } from './page-digests';
import { blockBytes } from './seals';
import type { Seals } from './seals';
import * as sql from './statements';

/** Pages that are split by one statement. */
const pagesPerStatement = 256;

/** How the rows of one kind change in a save, and with them their pages. */
export class SpaceChange {
  readonly draft: PageDigests;
  readonly removed: Buffer[] = [];
  readonly added: Buffer[] = [];

  constructor(
    readonly kind: PageKind,
    readonly before: LiveCheckpoint['spaces'][PageKind],
    readonly seals: Seals,
  ) {
    this.draft = before.digests.draft();
  }

  add(blocks: Buffer): void {
    this.added.push(blocks);
    this.draft.add(blocks, this.seals.elements(blocks));
  }

  remove(blocks: Buffer): void {
    this.removed.push(blocks);
    this.draft.remove(blocks, this.seals.elements(blocks));
  }
}

/** Makes more pages when there are more rows: those that are split are read, and checked as they are. */
export async function splitPages(tx: Sql, live: LiveCheckpoint, change: SpaceChange): Promise<void> {
  const { kind, draft, seals } = change;
  const wanted = draft.pagesWanted;
  if (wanted === draft.pages) return;
  const split = [...draft.splitFor(wanted)];
  const moved: Buffer[] = [];
  for (let at = 0; at < split.length; at += pagesPerStatement) {
    const ranges = split.slice(at, at + pagesPerStatement).map(rangeOf);
    const { rows } = await tx.query<{ page: number; blocks: Buffer | null }>(
      kind === 'R' ? sql.selectRowPages : sql.selectKeyPages,
      [
        live.streamId,
        ranges.map(({ page }) => page),
        ranges.map(({ low }) => low),
        ranges.map(({ high }) => high),
      ],
    );
    const contents = new Map(rows.map((row) => [row.page, row.blocks]));
    for (const { page } of ranges) {
      const blocks = contents.get(page) ?? Buffer.alloc(0);
      if (blocks.length % blockBytes !== 0 || !draft.holds(page, seals.elements(blocks))) {
        throw corrupt(live.stream, live.streamId, `rows of page ${kind}${page} were added, lost or put back`);
      }
      moved.push(blocks);
    }
    await nextTurn();
  }
  draft.grow(wanted);
  for (const blocks of moved) draft.add(blocks, seals.elements(blocks));
}
