import { readsOf } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand, LedgerRecord, LedgerView } from '@fintech-ledger/ledger/domain';

/** A view that has only the records that were announced, as the writer's has; any other key that is read is an error. */
export class LoadedView implements LedgerView {
  private readonly loaded = new Set<string>();
  constructor(
    private readonly from: LedgerView,
    keys: readonly string[] = [],
  ) {
    this.load(keys);
  }

  /** @throws Error for a key that was not loaded */
  get(key: string): LedgerRecord | undefined {
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
  static forCommand(from: LedgerView, command: LedgerCommand): LoadedView {
    const view = new LoadedView(from);
    const partial: LedgerView = { get: (key) => (view.loaded.has(key) ? from.get(key) : undefined) };
    while (view.load(readsOf(command, partial)) > 0);
    return view;
  }
}
