import type { AccountTerms, TotalsAfter } from '@fintech-ledger/ledger';
import { movesMoney } from '@fintech-ledger/ledger';
import type { ReadModelEvent } from '../event';
import { journalEvents } from '../journal-events';
import { accountKey, ledgerKey } from '../keys';

/** What a batch does to one account: `opened` when it began in it, `terms` and `totals` when they changed. */
export interface AccountChange {
  readonly accountKey: string;
  readonly ledgerKey: string;
  readonly opened?: { readonly revision: number; readonly atMs: number };
  readonly terms?: AccountTerms;
  readonly totals?: TotalsAfter;
  readonly version: number;
}

/** Every entry says its account's totals after it, so the last one of a batch is the row. Pure. */
export function projectAccounts(events: readonly ReadModelEvent[]): readonly AccountChange[] {
  const changes = new Map<string, { -readonly [K in keyof AccountChange]: AccountChange[K] }>();
  const changeOf = (ledgerId: string, address: string) => {
    const key = accountKey(ledgerId, address);
    let change = changes.get(key);
    if (change === undefined) {
      change = { accountKey: key, ledgerKey: ledgerKey(ledgerId), version: 0 };
      changes.set(key, change);
    }
    return change;
  };
  for (const { ledgerId, revision, recordedMs, event } of journalEvents(events)) {
    if (movesMoney(event)) {
      for (const { account, after } of event.data.entries) {
        const change = changeOf(ledgerId, account);
        change.totals = after;
        change.version = after.version;
      }
      continue;
    }
    const { account, version } = event.data;
    const change = changeOf(ledgerId, account.address);
    change.terms = account;
    change.version = version;
    if (event.type === 'AccountOpened') change.opened = { revision, atMs: recordedMs };
  }
  return [...changes.values()];
}
