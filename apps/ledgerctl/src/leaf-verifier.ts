import { hashBytes, tileEntries } from '@fintech-ledger/audit';
import type { EventMetadata } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';

/** Holds the hashes of a ledger's events against the leaves of its Merkle log, which are kept apart from the events. */
export class LeafVerifier {
  /** @param last the last revision that the log has; -1: none */
  constructor(
    private readonly sql: Sql,
    private readonly ledgerId: string,
    private readonly last: number,
  ) {}

  /** The next events. Undefined: the log has the same. */
  async fault(page: readonly RecordedEvent[]): Promise<string | undefined> {
    const events = page.filter(({ revision }) => revision <= this.last);
    const [first, end] = [events[0]?.revision, events.at(-1)?.revision];
    if (first === undefined || end === undefined) return undefined;
    const { rows } = await this.sql.query<{ tile: string; entries: Buffer }>(
      `select tile, entries from read.merkle_tiles
        where ledger_id = $1 and level = 0 and tile between $2 and $3`,
      [this.ledgerId, Math.floor(first / tileEntries), Math.floor(end / tileEntries)],
    );
    const tiles = new Map(rows.map(({ tile, entries }) => [Number(tile), entries]));
    for (const { revision, metadata } of events) {
      const at = (revision % tileEntries) * hashBytes;
      const leaf = tiles.get(Math.floor(revision / tileEntries))?.subarray(at, at + hashBytes);
      const { hash } = JSON.parse(metadata) as EventMetadata;
      const inLog = leaf?.toString('hex') ?? 'missing';
      if (inLog !== hash)
        return `revision ${revision} does not hold: its hash is ${hash}, in the Merkle log it is ${inLog}`;
    }
    return undefined;
  }
}
