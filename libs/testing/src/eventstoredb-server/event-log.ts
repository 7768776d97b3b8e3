import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** One event in the log, as it is on the wire. */
export interface LogRecord extends ProposedRecord {
  /** Commit and prepare position: an offset, with gaps to its neighbours. */
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  /** 100 ns since the Unix epoch, in digits. */
  readonly created: string;
}

export interface ProposedRecord {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export type ExpectedVersion = number | 'any' | 'no_stream' | 'stream_exists';

export type LogOutcome =
  | {
      readonly kind: 'stored';
      readonly revision: number;
      readonly position: number;
      readonly isRepeated: boolean;
    }
  | { readonly kind: 'wrong_expected_version'; readonly current: number | null }
  | { readonly kind: 'stream_deleted' };

interface StreamState {
  readonly records: LogRecord[];
  /** Events before this revision were deleted. */
  truncateBefore: number;
  isTombstoned: boolean;
}

/** What is written to the file: an append, or the end of a stream. */
type Entry =
  | {
      readonly append: readonly (Omit<LogRecord, 'data' | 'metadata'> & { data: string; metadata: string })[];
    }
  | { readonly delete: string; readonly truncateBefore: number; readonly isTombstone: boolean };

/** How many ids the server remembers for appends without an exact revision. */
const rememberedIdsMax = 100_000;

/**
 * The one log that all nodes share. It checks expected revisions and recognises repeated events by their ids exactly as
 * EventStoreDB does (`IndexWriter.CheckCommit`), including that it takes any order of known ids for a repetition when no exact
 * revision is expected.
 */
export class EventLog {
  readonly records: LogRecord[] = [];
  private readonly streams = new Map<string, StreamState>();
  private readonly remembered = new Map<string, { readonly stream: string; readonly revision: number }>();
  private readonly watchers = new Set<() => void>();
  private end = 1_613;

  /** @param file keeps the log across processes; absent: in memory only */
  constructor(private readonly file?: string) {
    if (file !== undefined && existsSync(file)) this.load(file);
    // A real log never begins with a user's event.
    if (this.records.length === 0) this.commit('$users', [systemRecord('$UserCreated')]);
  }

  append(stream: string, expected: ExpectedVersion, events: readonly ProposedRecord[]): LogOutcome {
    const state = this.streams.get(stream);
    if (state?.isTombstoned) return { kind: 'stream_deleted' };
    const current = (state?.records.length ?? 0) - 1;
    const isGone = state !== undefined && state.truncateBefore > current;
    const wrong: LogOutcome = { kind: 'wrong_expected_version', current: current < 0 ? null : current };
    if (expected === 'stream_exists' && current < 0) return wrong;
    if (expected === 'stream_exists' && isGone) return { kind: 'stream_deleted' };
    const version = expected === 'no_stream' ? -1 : expected;
    if (version === 'any' || version === 'stream_exists') {
      const known = events.map(({ id }) => this.remembered.get(id));
      const at = known.map((place) => (place?.stream === stream ? place.revision : undefined));
      const last = at.at(-1);
      if (at[0] !== undefined) {
        return at.includes(undefined) || last === undefined ? wrong : this.repeated(stream, last);
      }
    } else if (version < current) {
      const missing = events.findIndex(({ id }, index) => state?.records[version + 1 + index]?.id !== id);
      if (missing === -1) return this.repeated(stream, version + events.length);
      if (missing > 0 || !(version === -1 && isGone)) return wrong;
    } else if (version > current) return wrong;
    const last = this.commit(stream, events);
    return { kind: 'stored', revision: last.revision, position: last.position, isRepeated: false };
  }

  /** The events of a stream that were not deleted, or why there are none. */
  read(stream: string): readonly LogRecord[] | 'not_found' | 'deleted' {
    const state = this.streams.get(stream);
    if (state?.isTombstoned) return 'deleted';
    const records = state?.records.slice(state.truncateBefore) ?? [];
    return records.length === 0 ? 'not_found' : records;
  }

  delete(stream: string, expected: ExpectedVersion, isTombstone: boolean): LogOutcome {
    const state = this.streams.get(stream);
    if (state?.isTombstoned) return { kind: 'stream_deleted' };
    const current = (state?.records.length ?? 0) - 1;
    const isExpected =
      expected === 'any' ||
      (expected === 'stream_exists' ? current >= 0 : current === (expected === 'no_stream' ? -1 : expected));
    if (!isExpected) return { kind: 'wrong_expected_version', current: current < 0 ? null : current };
    this.apply({ delete: stream, truncateBefore: current + 1, isTombstone });
    this.commit(`$$${stream}`, [systemRecord(isTombstone ? '$streamDeleted' : '$metadata')]);
    return { kind: 'stored', revision: current, position: this.end, isRepeated: false };
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

  /** Calls back at every change until the returned function is called. */
  watch(changed: () => void): () => void {
    this.watchers.add(changed);
    return () => this.watchers.delete(changed);
  }

  private repeated(stream: string, last: number): LogOutcome {
    const position = this.streams.get(stream)?.records[last]?.position ?? 0;
    return { kind: 'stored', revision: last, position, isRepeated: true };
  }

  private commit(stream: string, events: readonly ProposedRecord[]): LogRecord {
    const first = this.streams.get(stream)?.records.length ?? 0;
    const created = String(BigInt(Date.now()) * 10_000n + BigInt(this.records.length % 10_000));
    const records = events.map((event, index) => {
      const position = this.end;
      // Records have a header, and the log has others' records and epochs in between.
      this.end += 137 + event.data.length + event.metadata.length + 2 * event.type.length;
      if (this.end % 7 === 0) this.end += 521;
      return { ...event, stream, position, revision: first + index, created };
    });
    const last = records.at(-1);
    if (last === undefined) throw new Error('an append has at least one event');
    this.apply({ append: records });
    return last;
  }

  private apply(
    entry: { readonly append: readonly LogRecord[] } | Exclude<Entry, { append: unknown }>,
  ): void {
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(entryOf(entry))}\n`);
    this.take(entry);
    for (const changed of this.watchers) changed();
  }

  private take(entry: { readonly append: readonly LogRecord[] } | Exclude<Entry, { append: unknown }>): void {
    if ('delete' in entry) {
      const state = this.stateOf(entry.delete);
      state.truncateBefore = entry.truncateBefore;
      state.isTombstoned ||= entry.isTombstone;
      return;
    }
    for (const record of entry.append) {
      this.records.push(record);
      this.stateOf(record.stream).records.push(record);
      this.remembered.set(record.id, { stream: record.stream, revision: record.revision });
    }
    for (const [id] of this.remembered) {
      if (this.remembered.size <= rememberedIdsMax) break;
      this.remembered.delete(id);
    }
  }

  private stateOf(stream: string): StreamState {
    const state = this.streams.get(stream) ?? { records: [], truncateBefore: 0, isTombstoned: false };
    this.streams.set(stream, state);
    return state;
  }

  private load(file: string): void {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      // The last line is half written when the process was killed: that append never happened.
      if (line === '' || !line.endsWith('}')) continue;
      const entry = JSON.parse(line) as Entry;
      if ('delete' in entry) this.take(entry);
      else {
        const append = entry.append.map((record) => ({
          ...record,
          data: new Uint8Array(Buffer.from(record.data, 'base64')),
          metadata: new Uint8Array(Buffer.from(record.metadata, 'base64')),
        }));
        this.take({ append });
        const last = append.at(-1);
        if (last)
          this.end = last.position + 137 + last.data.length + last.metadata.length + 2 * last.type.length;
      }
    }
  }
}

function entryOf(
  entry: { readonly append: readonly LogRecord[] } | Exclude<Entry, { append: unknown }>,
): Entry {
  if ('delete' in entry) return entry;
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const append = entry.append.map((record) => ({
    ...record,
    data: base64(record.data),
    metadata: base64(record.metadata),
  }));
  return { append };
}

function systemRecord(type: string): ProposedRecord {
  const data = new TextEncoder().encode('{}');
  const id = crypto.randomUUID();
  return { id, type, contentType: 'application/json', data, metadata: new Uint8Array() };
}
