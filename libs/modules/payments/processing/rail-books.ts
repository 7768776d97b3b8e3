import type { EventStore } from '@fintech-ledger/event-store';
import { revision } from '@fintech-ledger/event-store';
import { streamOwner } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { setTimeout as delay } from 'node:timers/promises';
import { selectReferredItems } from '../read-model/rail-items';
import type { StoredRailItem } from '../read-model/queries';
import { processingLimits } from './limits';

const [readAgainMs, eventsAtOnce] = [100, 500];

/** What is asked for of the books of a ledger. */
export interface BooksOf {
  readonly rail: string;
  readonly references: readonly string[];
  /** The reading that wants to know: all that was booked before it was asked for is there. */
  readonly report: string;
  readonly stream: string;
}
/** What is booked of a rail, to be held against its report. */
export interface RailBooks {
  /** @throws Error the read model is behind, for longer than a rail is waited for */
  items(of: BooksOf, signal: AbortSignal): Promise<readonly StoredRailItem[]>;
}

/** As the read model has it, which is waited for. */
export class ReadRailBooks implements RailBooks {
  constructor(
    private readonly tables: Sql,
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly patienceMs: number = processingLimits.callMsMax,
  ) {}

  async items({ rail, references, report, stream }: BooksOf, signal: AbortSignal) {
    const endAt = performance.now() + this.patienceMs;
    for (;;) {
      const read = await selectReferredItems(this.tables, streamOwner(stream), { rail, references });
      if (!(await this.isAfter(stream, report, read.revision))) return read.result;
      if (signal.aborted || performance.now() > endAt)
        throw new Error('the read model of payments is behind');
      await delay(readAgainMs);
    }
  }

  /** Whether a reading was asked for after a revision. */
  private async isAfter(stream: string, report: string, reached: number): Promise<boolean> {
    for (let from = reached + 1; ;) {
      const page = await this.store.readStream(stream, { from: revision(from), limit: eventsAtOnce });
      if (page.some(({ data, type }) => type === 'FeeReportAsked' && idIn(data) === report)) return true;
      const last = page.at(-1);
      if (last === undefined) return false;
      from = last.revision + 1;
    }
  }
}

const idIn = (data: string): string =>
  (JSON.parse(data) as { readonly feeReport: { readonly id: string } }).feeReport.id;
