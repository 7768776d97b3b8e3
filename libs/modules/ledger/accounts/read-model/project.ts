import type { AccountTerms, BookedEntry, TotalsAfter } from '@fintech-ledger/ledger/domain';
import { changesAccount, movesMoney } from '@fintech-ledger/ledger/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { journalEvents } from '../../read-model/journal-events';
import { accountKey, ledgerKey } from '../../read-model/keys';

/** Totals in minor units, and the account's version. */
export type AccountState = Pick<
  TotalsAfter,
  'postedDebits' | 'postedCredits' | 'pendingDebits' | 'pendingCredits' | 'version'
>;

/** What a batch does to one account: `opened` when it began in it, `terms` and `totals` when they changed. */
export interface AccountChange {
  readonly accountKey: string;
  readonly ledgerKey: string;
  readonly address: string;
  readonly opened?: { readonly revision: number; readonly atMs: number };
  readonly terms?: AccountTerms;
  readonly totals?: TotalsAfter;
  readonly version: number;
  /** What the row must say before this batch, by what its first event says of the account. */
  readonly versionBefore: number;
  /** Only where totals changed. */
  readonly totalsBefore?: Omit<AccountState, 'version'>;
}

type Open = { -readonly [K in keyof AccountChange]: AccountChange[K] };

/**
 * Every entry says its account's totals after it, so the last one of a batch is the row. Pure.
 * @throws Error an event does not go on where the one before it left the account: before + amount = after, version + 1
 */
export function projectAccounts(events: readonly DecodedEvent[]): readonly AccountChange[] {
  const changes = new Map<string, Open>();
  for (const { owner: ledgerId, revision, recordedMs, event } of journalEvents(events)) {
    const changeOf = (address: string, version: number): Open => {
      const key = accountKey(ledgerId, address);
      let change = changes.get(key);
      if (change === undefined) {
        change = {
          accountKey: key,
          ledgerKey: ledgerKey(ledgerId),
          address,
          version,
          versionBefore: version - 1,
        };
        changes.set(key, change);
      }
      return change;
    };
    if (movesMoney(event)) {
      const touched = new Set<Open>();
      for (const terms of event.data.opens ?? []) {
        const change = changeOf(terms.address, 1);
        change.terms = terms;
        change.opened = { revision, atMs: recordedMs };
        // The event that opens it is the one that books on it.
        touched.add(change);
      }
      for (const entry of event.data.entries) {
        const { account, after } = entry;
        const change = changeOf(account, after.version);
        moveTotals(change, entry, touched.has(change) ? 0 : 1);
        touched.add(change);
      }
      continue;
    }
    if (!changesAccount(event)) continue;
    const { account, version } = event.data;
    const change = changeOf(account.address, version);
    raiseVersion(change, version, change.terms === undefined && change.totals === undefined ? 0 : 1);
    change.terms = account;
    if (event.type === 'AccountOpened') change.opened = { revision, atMs: recordedMs };
  }
  return [...changes.values()];
}

function moveTotals(change: Open, entry: BookedEntry, step: number): void {
  const { after } = entry;
  const isFirst = change.terms === undefined && change.totals === undefined;
  raiseVersion(change, after.version, isFirst ? 0 : step);
  const before = totalsBefore(entry);
  // An account that was opened in this batch begins with nothing.
  const known = change.totals ?? (change.opened === undefined ? undefined : nothing);
  if (known === undefined) change.totalsBefore = before;
  else if (!isSame(known, before))
    throw new Error(`account ${change.address}: an entry goes on from other totals than those before it`);
  change.totals = after;
}

function raiseVersion(change: Open, version: number, step: number): void {
  if (version !== change.version + step)
    throw new Error(`account ${change.address}: version ${version} comes after ${change.version}`);
  change.version = version;
}

const nothing = { postedDebits: '0', postedCredits: '0', pendingDebits: '0', pendingCredits: '0' };

function isSame(a: Omit<AccountState, 'version'>, b: Omit<AccountState, 'version'>): boolean {
  return (
    a.postedDebits === b.postedDebits &&
    a.postedCredits === b.postedCredits &&
    a.pendingDebits === b.pendingDebits &&
    a.pendingCredits === b.pendingCredits
  );
}

/** The totals before an entry: post and capture have added to posted, hold to pending; release and capture have taken from pending. */
function totalsBefore({ after, effect, direction, amount }: BookedEntry): Omit<AccountState, 'version'> {
  const minor = BigInt(amount);
  const less = (total: string): string => String(BigInt(total) - minor);
  const posted = effect === 'post' || effect === 'capture' ? less : same;
  const more = (total: string): string => String(BigInt(total) + minor);
  const pending = effect === 'hold' ? less : effect === 'post' ? same : more;
  const { postedDebits, postedCredits, pendingDebits, pendingCredits } = after;
  return direction === 'debit'
    ? {
        postedDebits: posted(postedDebits),
        postedCredits,
        pendingDebits: pending(pendingDebits),
        pendingCredits,
      }
    : {
        postedDebits,
        postedCredits: posted(postedCredits),
        pendingDebits,
        pendingCredits: pending(pendingCredits),
      };
}

const same = (total: string): string => total;
