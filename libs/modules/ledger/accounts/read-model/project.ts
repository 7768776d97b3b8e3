import type { AccountTerms, BookedEntry } from '@fintech-ledger/ledger/domain';
import { changesAccount, movesMoney } from '@fintech-ledger/ledger/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { journalEvents } from '../../read-model/journal-events';
import { accountKey, ledgerKey } from '../../read-model/keys';
import type { AccountChange } from './account-change';
import { AccountRow } from './account-row';

/**
 * Every entry says its account's totals after it, so the last one of a batch is the row. Pure.
 * @throws Error an event does not go on where the one before it left the account: before + amount = after, version + 1
 */
export function projectAccounts(events: readonly DecodedEvent[]): readonly AccountChange[] {
  const rows = new AccountChanges();
  rows.add(events);
  return rows.changes();
}

/** The same of batch after batch: each account is one row, however many events changed it. */
export class AccountChanges {
  private readonly ledgers = new Map<string, Map<string, AccountRow>>();
  private last: { readonly ledgerId: string; readonly rows: Map<string, AccountRow> } | undefined;
  private events = 0;

  /** @throws see `projectAccounts` */
  add(events: readonly DecodedEvent[]): void {
    for (const { owner: ledgerId, revision, recordedMs, event } of journalEvents(events)) {
      this.events += 1;
      if (movesMoney(event)) {
        const { opens = [], entries } = event.data;
        for (const terms of opens) this.open(ledgerId, terms, { revision, atMs: recordedMs });
        for (const entry of entries) this.book(ledgerId, entry);
        continue;
      }
      if (!changesAccount(event)) continue;
      const { account, version } = event.data;
      const row = this.of(ledgerId, account.address, version);
      row.amend(
        account,
        version,
        event.type === 'AccountOpened' ? { revision, atMs: recordedMs } : undefined,
      );
    }
  }

  changes(): readonly AccountChange[] {
    return [...this.ledgers.values()].flatMap((rows) => [...rows.values()].map((row) => row.change()));
  }

  private open(ledgerId: string, terms: AccountTerms, opened: NonNullable<AccountChange['opened']>): void {
    const row = this.of(ledgerId, terms.address, 1);
    row.open(terms, opened);
    // The event that opens it is the one that books on it.
    row.event = this.events;
  }

  private book(ledgerId: string, entry: BookedEntry): void {
    const row = this.of(ledgerId, entry.account, entry.after.version);
    row.move(entry, row.event === this.events ? 0 : 1);
    row.event = this.events;
  }

  private of(ledgerId: string, address: string, version: number): AccountRow {
    const rows = this.rowsOf(ledgerId);
    const known = rows.get(address);
    if (known !== undefined) return known;
    // A copy of its own, or all of the text is kept that it was cut from.
    const own = Buffer.from(address).toString();
    const row = new AccountRow(accountKey(ledgerId, own), ledgerKey(ledgerId), own, version);
    rows.set(own, row);
    return row;
  }

  /** Events of one ledger follow one another. */
  private rowsOf(ledgerId: string): Map<string, AccountRow> {
    if (this.last?.ledgerId === ledgerId) return this.last.rows;
    let rows = this.ledgers.get(ledgerId);
    if (rows === undefined) this.ledgers.set(ledgerId, (rows = new Map()));
    this.last = { ledgerId, rows };
    return rows;
  }
}
