import { changesAccount } from '@fintech-ledger/ledger/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { journalEvents } from '../../read-model/journal-events';
import { ledgerKey } from '../../read-model/keys';

/** Events of one kind whose revisions follow one another. */
export interface EventRun {
  readonly ledgerKey: string;
  /** T: of the type `subject`; A: of the account itself, without those of its entries. */
  readonly kind: 'T' | 'A';
  readonly subject: string;
  readonly first: number;
  readonly last: number;
}

/** Pure: the runs of a batch. */
export function projectEventIndex(events: readonly DecodedEvent[]): readonly EventRun[] {
  const runs: EventRun[] = [];
  /** By what they are of, the place of the run that may go on. */
  const open = new Map<string, number>();
  const add = (ledger: string, kind: EventRun['kind'], subject: string, revision: number): void => {
    const key = `${ledger}${kind}${subject}`;
    const place = open.get(key);
    const run = place === undefined ? undefined : runs[place];
    if (place !== undefined && run?.last === revision - 1) {
      runs[place] = { ...run, last: revision };
      return;
    }
    open.set(key, runs.length);
    runs.push({ ledgerKey: ledger, kind, subject, first: revision, last: revision });
  };
  for (const { owner, revision, event } of journalEvents(events)) {
    const ledger = ledgerKey(owner);
    add(ledger, 'T', event.type, revision);
    if (changesAccount(event)) add(ledger, 'A', event.data.account.address, revision);
  }
  return runs;
}
