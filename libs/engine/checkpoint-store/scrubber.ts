import { CheckpointCorrupt } from '@fintech-ledger/journal';
import type { Database } from '@fintech-ledger/postgres';
import { keyFormat, recordFormat } from './checked-rows';
import type { RowFormat } from './checked-rows';
import { corrupt, pageKinds } from './live-checkpoint';
import type { LiveCheckpoint, PageKind } from './live-checkpoint';
import type { LiveCheckpoints } from './live-checkpoints';
import { rangeOf } from './page-digests';
import { blockOf, macBytes } from './seals';
import type { Seals } from './seals';
import * as sql from './statements';

/** Checks rows that nobody asks for, page by page and stream by stream, so that an edit is found before the row is needed. */
export class Scrubber {
  private readonly cursors = new WeakMap<LiveCheckpoint['spaces'][PageKind]['index'], number>();
  private turn = 0;

  constructor(
    private readonly database: Pick<Database, 'query' | 'transaction'>,
    private readonly checkpoints: LiveCheckpoints,
    private readonly seals: Seals,
  ) {}

  /** Checks the next `rowsMax` rows, or a page more; says how many. @throws CheckpointCorrupt */
  async scrub(rowsMax: number): Promise<number> {
    const open = [...this.checkpoints.values()].flatMap((live) => pageKinds.map((kind) => ({ live, kind })));
    let rows = 0;
    for (let i = 0; i < open.length && rows < rowsMax; i += 1) {
      this.turn = (this.turn + 1) % open.length;
      const next = open[this.turn];
      if (next) rows += await this.scrubSome(next.live, next.kind, rowsMax - rows);
    }
    return rows;
  }

  private async scrubSome(live: LiveCheckpoint, kind: PageKind, rowsMax: number): Promise<number> {
    const { digests, index } = live.spaces[kind];
    let rows = 0;
    for (let pages = 0; pages < digests.pages && rows < rowsMax; pages += 1) {
      const page = Math.max(this.cursors.get(index) ?? 0, digests.pages);
      const checked =
        kind === 'R'
          ? await this.scrubPage(recordFormat, live, page)
          : await this.scrubPage(keyFormat, live, page);
      if (checked === undefined) break;
      rows += checked;
      this.cursors.set(index, page + 1 < 2 * digests.pages ? page + 1 : 0);
    }
    return rows;
  }

  /** Undefined when the checkpoint went on meanwhile. */
  private async scrubPage<S extends { readonly key: string; readonly bucket: number; readonly mac: Buffer }>(
    format: RowFormat<S, unknown>,
    live: LiveCheckpoint,
    page: number,
  ): Promise<number | undefined> {
    const { low, high } = rangeOf(page);
    const rows = await this.database.transaction(
      async (tx) => {
        const { rows: heads } = await tx.query<{ mac: Buffer }>(sql.selectMac, [live.streamId]);
        if (!heads[0]?.mac.equals(live.mac)) return undefined;
        return (await tx.query<S>(format.scrub, [live.streamId, low, high])).rows;
      },
      { isolation: 'repeatable read', readOnly: true },
    );
    if (!rows || this.checkpoints.peek(live.stream) !== live) return undefined;
    for (const row of rows) format.check(this.seals, live, row);
    const isWhole = rows.every(({ mac }) => mac.length === macBytes);
    const blocks = Buffer.concat(rows.map(({ bucket, mac }) => blockOf(bucket, mac)));
    if (!isWhole || !live.spaces[format.kind].digests.holds(page, this.seals.elements(blocks))) {
      throw corrupt(
        live.stream,
        live.streamId,
        `rows of page ${format.kind}${page} were added, lost or put back`,
      );
    }
    return rows.length;
  }
}

export interface BackgroundScrub {
  /** Ends it, after the page at hand. */
  stop(): Promise<void>;
}

/** Rows that are checked each second, of all streams together. */
const rowsPerSecond = 1_000;

/** Scrubs for ever, at a bounded rate. `onCorrupt`: take it out of use. */
export function scrubInBackground(
  scrubber: Scrubber,
  onCorrupt: (error: CheckpointCorrupt) => Promise<void>,
  everyMs = 1_000,
): BackgroundScrub {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= scrubber
      .scrub((rowsPerSecond * everyMs) / 1_000)
      // A database that is unavailable is told by whoever needs it.
      .catch((error: unknown) => (error instanceof CheckpointCorrupt ? onCorrupt(error) : undefined))
      .catch(() => undefined)
      .finally(() => (running = undefined));
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
