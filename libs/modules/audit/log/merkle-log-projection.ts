import { BrokenInvariant } from '@fintech-ledger/contract';
import { journalPrefix, streamOwner } from '@fintech-ledger/envelope';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent, Projection } from '@fintech-ledger/projection-runtime';
import { appendEntries } from './append-entries';
import type { NewEntries } from './append-entries';

export const merkleLogName = 'merkle_log';

/** The Merkle log of each ledger: the leaf of revision n is the hash of its event n. */
export const merkleLogProjection: Projection<DecodedEvent> = defineProjection({
  name: merkleLogName,
  version: 1,
  streamPrefixes: [journalPrefix],
  // Heads that were signed are elsewhere: a log that is made of other events does not go with them, and that shows.
  mayBeRebuilt: true,
  project: leavesOf,
  save: (sql, leaves) => appendEntries(sql, 0, leaves),
  tables: ['merkle_tiles'],
  resetStream: async (sql, stream) => {
    await sql.query('delete from read.merkle_tiles where ledger_id = $1', [streamOwner(stream)]);
  },
});

/** Pure: the leaves of a batch, ledger by ledger. */
export function leavesOf(events: readonly DecodedEvent[]): readonly NewEntries[] {
  const leaves = new Map<string, { readonly ledgerId: string; readonly first: number; hashes: string[] }>();
  for (const { owner, revision, hash } of events) {
    if (hash === undefined) throw new BrokenInvariant(`event ${revision} of ${owner} has no hash`);
    const known = leaves.get(owner);
    if (known === undefined) leaves.set(owner, { ledgerId: owner, first: revision, hashes: [hash] });
    else if (revision === known.first + known.hashes.length) known.hashes.push(hash);
    else throw new BrokenInvariant(`event ${revision} of ${owner} does not follow the one before it`);
  }
  return [...leaves.values()];
}
