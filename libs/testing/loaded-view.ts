import type { DomainRecord, RecordView } from '@fintech-ledger/journal';

/** A view that has only the records that were announced, as the writer's has; any other key that is read is an error. */
export class LoadedView<R extends DomainRecord> implements RecordView<R> {
  private readonly loaded = new Set<string>();
  constructor(
    private readonly from: RecordView<R>,
    keys: readonly string[] = [],
  ) {
    this.load(keys);
  }

  /** @throws Error for a key that was not loaded */
  get(key: string): R | undefined {
    if (!this.loaded.has(key)) throw new Error(`${key} is read but was not announced`);
    return this.from.get(key);
  }

  /** Returns how many of these keys were new. */
  load(keys: readonly string[]): number {
    const before = this.loaded.size;
    for (const key of keys) this.loaded.add(key);
    return this.loaded.size - before;
  }

  /** What a command reads, asked for until nothing new is named; while asking, what is not loaded yet is not there. */
  static forCommand<C, R extends DomainRecord>(
    from: RecordView<R>,
    command: C,
    reads: (command: C, view: RecordView<R>) => readonly string[],
  ): LoadedView<R> {
    const view = new LoadedView(from);
    const partial: RecordView<R> = { get: (key) => (view.loaded.has(key) ? from.get(key) : undefined) };
    while (view.load(reads(command, partial)) > 0);
    return view;
  }

  /**
   * What a decided event is folded over, having read this for its command: the writer loads nothing more for that.
   * What is not there at all need not have been read, as ids are new; what the event writes is known to the next one.
   * @param touched by the event @throws Error, the view, for what is there and was not read
   */
  folding(touched: readonly string[]): RecordView<R> {
    const announced = new LoadedView(this.from, touched);
    const known = new Set(this.loaded);
    this.load(touched);
    return {
      get: (key) => {
        const record = announced.get(key);
        if (record !== undefined && !known.has(key))
          throw new Error(`${key} is folded over but was not read for the command`);
        return record;
      },
    };
  }
}
