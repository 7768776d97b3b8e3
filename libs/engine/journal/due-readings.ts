import type { DomainRecord, RecordChange } from './domain';
import type { WriterState } from './writer-state';

/**
 * What becomes due while a checkpoint is read for what is due. Another one may be written meanwhile, and then neither
 * memory nor what was read has it.
 */
export class DueReadings<R extends DomainRecord> {
  private readonly underWay = new Set<RecordChange<R>[]>();

  constructor(
    private readonly state: WriterState<R>,
    private readonly dueAt: (record: R) => string | undefined,
  ) {}

  /** @param change of a record that is due at some time */
  note(change: RecordChange<R>): void {
    for (const reading of this.underWay) reading.push(change);
  }

  /** @returns what was read, and what that may lack: what memory had of it before, and what came meanwhile */
  async during<T>(
    read: () => Promise<T>,
  ): Promise<{ readonly found: T; readonly unsaved: readonly RecordChange<R>[] }> {
    const unsaved: RecordChange<R>[] = [];
    for (const [key, record] of this.state.unsavedRecords())
      if (this.dueAt(record) !== undefined) unsaved.push({ key, record });
    this.underWay.add(unsaved);
    try {
      return { found: await read(), unsaved };
    } finally {
      this.underWay.delete(unsaved);
    }
  }
}
