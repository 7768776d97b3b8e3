import { checkCommit } from './check-commit';
import type { RememberedPlace } from './check-commit';
import { readRecords, writeRecords } from './log-file';
import type { Deletion } from './log-file';
import { endOfTime, systemRecord } from './log-record';
import type { ExpectedVersion, LogRecord, ProposedRecord } from './log-record';
import { StreamHistory } from './stream-history';

export type LogOutcome =
  | {
      readonly kind: 'stored';
      readonly revision: number;
      readonly position: number;
      readonly isRepeated: boolean;
    }
  | { readonly kind: 'wrong_expected_version'; readonly current: number | null }
  | { readonly kind: 'stream_deleted' }
  /** A repetition of an append that is stored but not in the index yet: the server does not answer it. */
  | { readonly kind: 'dropped' };

/** How many ids the server remembers for appends without an exact revision. */
const rememberedIdsMax = 100_000;

/** The one log that all nodes share. */
export class EventLog {
  readonly records: LogRecord[] = [];
  private readonly streams = new Map<string, StreamHistory>();
  private readonly remembered = new Map<string, RememberedPlace>();
  private readonly unindexed = new Set<string>();
  private readonly watchers = new Set<() => void>();
  private end = 1_613;

  /** @param file keeps the log across processes; absent: in memory only */
  constructor(
    private readonly file: string | undefined,
    private readonly nowMs: () => number,
  ) {
    if (file !== undefined) this.load(file);
    // A real log never begins with a user's event.
    if (this.records.length === 0) this.commit('$users', [systemRecord('$UserCreated')]);
  }

  /** What is stored can be answered once it is in the index, see `indexed`. */
  append(stream: string, expected: ExpectedVersion, events: readonly ProposedRecord[]): LogOutcome {
    const state = this.stateOf(stream);
    const check = checkCommit(stream, state, expected, events, this.remembered);
    if (check.kind === 'repeated') {
      if (events.some(({ id }) => this.unindexed.has(id))) return { kind: 'dropped' };
      const position = state.records[check.revision]?.position ?? 0;
      return { kind: 'stored', revision: check.revision, position, isRepeated: true };
    }
    if (check.kind !== 'ok') return check;
    // A deleted stream goes on behind its old end.
    if (state.isDeleted) this.describe(stream, { ...state.metadata, $tb: state.current + 1 });
    const last = this.commit(stream, events);
    for (const { id } of events) this.unindexed.add(id);
    return { kind: 'stored', revision: last.revision, position: last.position, isRepeated: false };
  }

  /** These events are in the index now. */
  indexed(events: readonly ProposedRecord[]): void {
    for (const { id } of events) this.unindexed.delete(id);
  }

  /** What a server forgets when it starts again: the ids of appends without an exact revision. */
  restarted(): void {
    this.remembered.clear();
    this.unindexed.clear();
  }

  /** The events of a stream that can still be read, or why there are none. */
  read(stream: string): readonly LogRecord[] | 'not_found' | 'deleted' {
    const state = this.streams.get(stream);
    if (state?.isTombstoned) return 'deleted';
    if (state === undefined || state.current < 0 || state.isDeleted) return 'not_found';
    return state.visible(this.nowMs());
  }

  /** Whom the metadata of a stream (or `$all`) let read it. */
  readersOf(stream: string): readonly string[] {
    return this.streams.get(stream)?.readers ?? [];
  }

  delete(stream: string, expected: ExpectedVersion, isTombstone: boolean): LogOutcome {
    const state = this.stateOf(stream);
    if (state.isTombstoned) return { kind: 'stream_deleted' };
    const { current } = state;
    const isExpected =
      expected === 'any' ||
      (expected === 'stream_exists' ? current >= 0 : current === (expected === 'no_stream' ? -1 : expected));
    if (!isExpected) return { kind: 'wrong_expected_version', current: current < 0 ? null : current };
    const { position } = isTombstone
      ? this.commit(stream, [systemRecord('$streamDeleted')], endOfTime)
      : this.describe(stream, { ...state.metadata, $tb: endOfTime });
    return { kind: 'stored', revision: current, position, isRepeated: false };
  }

  /** Sets the metadata of a stream, such as `{ $maxCount: 3 }`. */
  describe(stream: string, metadata: object): LogRecord {
    return this.commit(`$$${stream}`, [systemRecord('$metadata', metadata)]);
  }

  /** Loses its last records, as a server does that was restored from an older backup. Not in a file. */
  goBack(count: number): void {
    const kept = this.records.slice(0, -count);
    this.records.length = 0;
    this.streams.clear();
    for (const record of kept) this.take(record);
    // What is written next has other places than what was lost.
    const last = kept.at(-1);
    if (last) this.end = endAfter(last, last.position) + 3;
    this.restarted();
  }

  /** The index of the first record at or after this position. */
  indexAt(position: number): number {
    let [low, high] = [0, this.records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.records[middle]?.position ?? Infinity) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether a record begins at this offset, or the log ends there or before. */
  isPosition(position: number): boolean {
    return (
      position === 0 || position >= this.end || this.records[this.indexAt(position)]?.position === position
    );
  }

  /** Calls back at every change until the returned function is called. */
  watch(changed: () => void): () => void {
    this.watchers.add(changed);
    return () => this.watchers.delete(changed);
  }

  private commit(stream: string, events: readonly ProposedRecord[], at?: number): LogRecord {
    const first = at ?? this.stateOf(stream).records.length;
    const created = String(BigInt(this.nowMs()) * 10_000n + BigInt(this.records.length % 10_000));
    const records = events.map((event, index) => {
      const position = this.end;
      this.end = endAfter(event, position);
      return { ...event, stream, position, revision: first + index, created };
    });
    const last = records.at(-1);
    if (last === undefined) throw new Error('an append has at least one event');
    if (this.file !== undefined) writeRecords(this.file, records);
    for (const record of records) this.take(record);
    for (const changed of this.watchers) changed();
    return last;
  }

  private take(record: LogRecord): void {
    const { id, stream, revision } = record;
    this.records.push(record);
    const state = this.stateOf(stream);
    if (revision === endOfTime) {
      state.isTombstoned = true;
      return;
    }
    state.records.push(record);
    if (stream.startsWith('$$')) this.stateOf(stream.slice(2)).describe(record);
    this.remembered.set(id, { stream, revision });
    if (this.remembered.size <= rememberedIdsMax) return;
    const [oldest] = this.remembered.keys();
    if (oldest !== undefined) this.remembered.delete(oldest);
  }

  private stateOf(stream: string): StreamHistory {
    const state = this.streams.get(stream) ?? new StreamHistory();
    this.streams.set(stream, state);
    return state;
  }

  private load(file: string): void {
    for (const entry of readRecords(file)) {
      if ('stream' in entry) this.takeDeletion(entry);
      else {
        for (const record of entry) {
          this.take(record);
          this.end = endAfter(record, record.position);
        }
      }
    }
    this.restarted();
  }

  private takeDeletion({ stream, truncateBefore, isTombstone }: Deletion): void {
    const state = this.stateOf(stream);
    state.isTombstoned ||= isTombstone;
    state.metadata = { ...state.metadata, $tb: truncateBefore > state.current ? endOfTime : truncateBefore };
  }
}

/** Records have a header, and the log has others' records and epochs in between. */
function endAfter({ data, metadata, type }: ProposedRecord, position: number): number {
  const end = position + 137 + data.length + metadata.length + 2 * type.length;
  return end % 7 === 0 ? end + 521 : end;
}
