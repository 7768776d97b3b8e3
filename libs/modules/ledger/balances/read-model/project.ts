import { changesAccount, movesMoney } from '@fintech-ledger/ledger/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { addEntry, noChange } from '../../history/read-model/totals-change';
import type { TotalsChange } from '../../history/read-model/totals-change';
import { journalEvents } from '../../read-model/journal-events';
import { accountKey, ledgerKey } from '../../read-model/keys';

/** What a batch added to something up to each of its revisions, in their order. */
export interface Steps<Of> {
  readonly of: Of;
  readonly steps: { readonly revision: number; total: TotalsChange }[];
}

export interface CurrencyOf {
  readonly ledgerKey: string;
  readonly currency: string;
}

/** Dated entries that count in a span of time: `2 ** (12 * level)` milliseconds. */
export interface DatedSum {
  readonly key: string;
  readonly level: number;
  readonly bucket: number;
  total: TotalsChange;
}

export interface SumChanges {
  /** By account and by currency of a ledger: what its dated entries come to. */
  readonly dated: readonly Steps<string>[];
  readonly datedSums: readonly DatedSum[];
  readonly currencies: readonly Steps<CurrencyOf>[];
}

/** As SQL has them in `read.dated_through`. */
const bucketWidths = [1, 2 ** 12, 2 ** 24] as const;

/** A key beside those of the ledger's accounts: no address begins so. */
export const currencyKey = (ledgerId: string, currency: string): string =>
  accountKey(ledgerId, `#${currency}`);

/** Pure: what the sums by time become. */
export function projectSums(events: readonly DecodedEvent[]): SumChanges {
  const dated = new Map<string, Steps<string>>();
  const sums = new Map<string, DatedSum>();
  const currencies = new Map<string, Steps<CurrencyOf>>();
  const currencyAt = (ledgerId: string, currency: string, revision: number) => {
    const of = { ledgerKey: ledgerKey(ledgerId), currency };
    return stepAt(currencies, `${of.ledgerKey}${currency}`, of, revision);
  };
  for (const { owner: ledgerId, revision, recordedMs, effectiveMs, event } of journalEvents(events)) {
    // An account makes its currency one of the ledger's; one that is opened with its first entry does so by that.
    if (changesAccount(event) && event.type === 'AccountOpened')
      currencyAt(ledgerId, event.data.account.currency, revision);
    if (!movesMoney(event)) continue;
    for (const entry of event.data.entries) {
      const step = currencyAt(ledgerId, entry.currency, revision);
      step.total = addEntry(step.total, entry);
      if (effectiveMs === recordedMs) continue;
      for (const key of [accountKey(ledgerId, entry.account), currencyKey(ledgerId, entry.currency)]) {
        const datedStep = stepAt(dated, key, key, revision);
        datedStep.total = addEntry(datedStep.total, entry);
        for (const sum of sumsAt(sums, key, effectiveMs)) sum.total = addEntry(sum.total, entry);
      }
    }
  }
  return {
    dated: [...dated.values()],
    datedSums: [...sums.values()],
    currencies: [...currencies.values()],
  };
}

/** The step of this revision; it begins with what the one before it had. */
function stepAt<Of>(
  all: Map<string, Steps<Of>>,
  place: string,
  of: Of,
  revision: number,
): Steps<Of>['steps'][number] {
  let known = all.get(place);
  if (known === undefined) all.set(place, (known = { of, steps: [] }));
  const last = known.steps.at(-1);
  if (last?.revision === revision) return last;
  const step = { revision, total: last?.total ?? noChange };
  known.steps.push(step);
  return step;
}

function* sumsAt(sums: Map<string, DatedSum>, key: string, ms: number): Generator<DatedSum> {
  for (const [level, width] of bucketWidths.entries()) {
    const bucket = Math.floor(ms / width);
    const place = `${key}${level} ${bucket}`;
    let sum = sums.get(place);
    if (sum === undefined) sums.set(place, (sum = { key, level, bucket, total: noChange }));
    yield sum;
  }
}
