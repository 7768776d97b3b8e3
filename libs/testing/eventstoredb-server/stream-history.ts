import { endOfTime } from './log-record';
import type { LogRecord } from './log-record';

/** What a stream's metadata says about it; the names are the server's. */
interface StreamMetadata {
  /** Events before this revision are cut off. */
  readonly $tb?: number;
  readonly $maxCount?: number;
  /** Seconds. */
  readonly $maxAge?: number;
  readonly $acl?: { readonly $r?: string | readonly string[] };
}

/** The events of one stream, and which of them can still be read. */
export class StreamHistory {
  readonly records: LogRecord[] = [];
  metadata: StreamMetadata = {};
  isTombstoned = false;

  /** -1: nothing was ever written to it. */
  get current(): number {
    return this.records.length - 1;
  }

  /** Deleted, but not for good. */
  get isDeleted(): boolean {
    return (this.metadata.$tb ?? 0) >= endOfTime;
  }

  /** Whom its metadata let read it. */
  get readers(): readonly string[] {
    return [this.metadata.$acl?.$r ?? []].flat();
  }

  /** The newest metadata of this stream. */
  describe(record: LogRecord): void {
    this.metadata = JSON.parse(new TextDecoder().decode(record.data)) as StreamMetadata;
  }

  visible(nowMs: number): readonly LogRecord[] {
    const { $tb = 0, $maxCount = Infinity, $maxAge } = this.metadata;
    const first = Math.max($tb, this.current + 1 - $maxCount, 0);
    const oldest = $maxAge === undefined ? 0 : (nowMs - $maxAge * 1_000) * 10_000;
    return this.records
      .slice(Math.min(first, this.records.length))
      .filter(({ created }) => Number(created) >= oldest);
  }
}
