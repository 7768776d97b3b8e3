import type { ExpectedVersion, ProposedRecord } from './log-record';
import type { StreamHistory } from './stream-history';

/** Where an event is that was appended lately. */
export interface RememberedPlace {
  readonly stream: string;
  readonly revision: number;
}

export type CommitCheck =
  | { readonly kind: 'ok' }
  | { readonly kind: 'repeated'; readonly revision: number }
  | { readonly kind: 'wrong_expected_version'; readonly current: number | null }
  | { readonly kind: 'stream_deleted' };

/**
 * Checks the expected revision and recognises repeated events by their ids exactly as EventStoreDB does (`IndexWriter.CheckCommit`):
 * at an exact revision from the stream itself, with `any` and `stream_exists` from what it remembers, and then in any order.
 */
export function checkCommit(
  stream: string,
  state: StreamHistory,
  expected: ExpectedVersion,
  events: readonly ProposedRecord[],
  remembered: ReadonlyMap<string, RememberedPlace>,
): CommitCheck {
  const { current } = state;
  if (state.isTombstoned) return { kind: 'stream_deleted' };
  const wrong: CommitCheck = { kind: 'wrong_expected_version', current: current < 0 ? null : current };
  if (expected === 'stream_exists' && current < 0) return wrong;
  if (expected === 'stream_exists' && state.isDeleted) return { kind: 'stream_deleted' };
  if (expected === 'any' || expected === 'stream_exists') {
    const places = events.map(({ id }) => remembered.get(id));
    const at = places.map((place) => (place?.stream === stream ? place.revision : undefined));
    const last = at.at(-1);
    if (at[0] === undefined) return { kind: 'ok' };
    return at.includes(undefined) || last === undefined ? wrong : { kind: 'repeated', revision: last };
  }
  const version = expected === 'no_stream' ? -1 : expected;
  if (version > current) return wrong;
  if (version === current) return { kind: 'ok' };
  // Cut off events are still in the index until the server is scavenged.
  const missing = events.findIndex(({ id }, index) => state.records[version + 1 + index]?.id !== id);
  if (missing === -1) return { kind: 'repeated', revision: version + events.length };
  return missing === 0 && version === -1 && state.isDeleted ? { kind: 'ok' } : wrong;
}
