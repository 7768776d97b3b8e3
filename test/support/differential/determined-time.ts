import type { Clock } from '@fintech-ledger/journal';

/** Times and ids that depend on nothing but what was sent: each stream has a clock of its own, and counts its ids. */
export class DeterminedTime {
  private readonly ids = new Map<string, number>();

  /** @param nowMs by stream, moved by who sends to it */
  constructor(private readonly nowMs: ReadonlyMap<string, number>) {}

  of = (stream: string): { readonly clock: Clock; readonly newCommandId: () => string } => ({
    clock: { nowMs: () => this.nowMs.get(stream) ?? 0 },
    newCommandId: () => {
      const id = (this.ids.get(stream) ?? 0) + 1;
      this.ids.set(stream, id);
      return `${stream}#${id}`;
    },
  });
}
