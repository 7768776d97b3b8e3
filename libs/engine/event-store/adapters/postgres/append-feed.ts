import type { Sql } from '@fintech-ledger/postgres';
import { subscriptionBatchEvents } from '../../limits';
import { globalPosition, PositionUnknown } from '../../port';
import type { GlobalPosition, RecordedEvent, SubscribeOptions } from '../../port';
import type { EventSource } from '../../polled-subscription';
import { appendsAfter } from './feed-statements';
import { readRows } from './read-ranges';
import type { Range, ReadRanges } from './read-ranges';
import { throwReadError } from './translate-error';

/** The most appends that are looked at in one statement while none of them is of a wanted stream. */
export const scanAppendsMax = 65_536;

interface AppendRow {
  readonly last_position: string;
  readonly stream_id: string;
  readonly first_revision: string;
  readonly last_revision: string;
  readonly name: string;
  readonly is_wanted: boolean;
  readonly scanned: string;
}

interface ScannedAppends {
  /** The wanted ones, of which not all was read. */
  readonly rows: readonly AppendRow[];
  readonly scannedTo: number;
  /** Whether there were no more of them. */
  readonly isEnd: boolean;
}

/**
 * Reads the store in its total order: first the appends (which stream, which revisions), then the events of those that are
 * wanted. Appends become visible in the order of their positions, so none is passed over (0001-event-store.sql).
 */
export class AppendFeed implements EventSource {
  private done: number;
  private isChecked = false;
  private scan: number;
  private readonly batchEventsMax: number;
  /** What was found and did not fit into a batch: appends never change, so they are not looked for again. */
  private left: ScannedAppends | undefined;

  constructor(
    private readonly sql: Sql,
    private readonly options: SubscribeOptions,
    /** How many appends the first read looks at. Absent: as many as a batch has events. */
    scan?: number,
    private readonly readRanges: ReadRanges = readRows,
  ) {
    this.done = Number(options.after ?? 0);
    this.batchEventsMax = options.batchEventsMax ?? subscriptionBatchEvents;
    this.scan = scan ?? this.batchEventsMax;
  }

  /** Everything up to here was read, or is not wanted. */
  get position(): GlobalPosition {
    return globalPosition(String(this.done));
  }

  /**
   * `isAll`: nothing that was stored before is left.
   * @throws StoreUnavailable, PositionUnknown
   */
  async read(): Promise<{ events: readonly RecordedEvent[]; more: boolean; isAll: boolean }> {
    await this.checkStart();
    const isFresh = this.left === undefined;
    const { rows, scannedTo, isEnd } = this.left ?? (await this.appends());
    this.left = undefined;
    const { ranges, isAll } = this.rangesOf(rows);
    if (ranges.length === 0) {
      const more = scannedTo > this.done;
      this.done = scannedTo;
      this.scan = more ? Math.min(this.scan * 4, scanAppendsMax) : this.batchEventsMax;
      return { events: [], more, isAll: isEnd };
    }
    this.scan = this.batchEventsMax;
    const events = await this.readRanges(this.sql, ranges);
    const last = ranges.at(-1);
    const lastPosition = Number(events.at(-1)?.position);
    const isWhole = isAll && last !== undefined && lastPosition === last.high + last.offset;
    this.done = isWhole ? scannedTo : lastPosition;
    if (!isWhole) {
      const isLeft = ({ last_position }: AppendRow): boolean => Number(last_position) > this.done;
      this.left = { rows: rows.slice(rows.findIndex(isLeft)), scannedTo, isEnd };
    }
    // What was found earlier says nothing of what was stored since.
    const more = !isWhole || !isFresh || events.length > this.batchEventsMax / 2;
    return { events, more, isAll: isEnd && isWhole };
  }

  /** The next appends, the wanted ones of them. */
  private async appends(): Promise<ScannedAppends> {
    const values = [this.done, this.scan, this.options.streamPrefixes];
    const { rows } = await this.sql
      .query<AppendRow>(appendsAfter, values, 'appends-after')
      .catch(throwReadError);
    return {
      rows: rows.filter((row) => row.is_wanted),
      scannedTo: Number(rows.at(-1)?.last_position ?? this.done),
      isEnd: Number(rows.at(-1)?.scanned ?? 0) < this.scan,
    };
  }

  private async checkStart(): Promise<void> {
    if (this.isChecked) return;
    const { rows } = await this.sql
      .query<{ last: string }>('select last from store.position')
      .catch(throwReadError);
    const last = Number(rows[0]?.last);
    if (!(this.done <= last)) {
      throw new PositionUnknown(`position ${this.options.after} is not of this store, which is at ${last}`);
    }
    this.isChecked = true;
  }

  private rangesOf(rows: readonly AppendRow[]): { ranges: readonly Range[]; isAll: boolean } {
    const ranges: Range[] = [];
    let room = this.batchEventsMax;
    for (const row of rows) {
      if (room === 0) return { ranges, isAll: false };
      const offset = Number(row.last_position) - Number(row.last_revision);
      const low = Math.max(Number(row.first_revision), this.done + 1 - offset);
      const high = Math.min(Number(row.last_revision), low + room - 1);
      room -= high - low + 1;
      ranges.push({ stream: row.name, streamId: row.stream_id, low, high, offset });
      if (high < Number(row.last_revision)) return { ranges, isAll: false };
    }
    return { ranges, isAll: true };
  }
}
