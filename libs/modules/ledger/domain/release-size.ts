import type { HoldPlaced } from './events';
import { reversalsNamedMax } from './limits';

/** Digits of an account's total at most, over any history that there will be: amounts have 36. */
const totalDigitsMax = 40;
/** JSON around the values of an entry: names, account type, effect and version. */
const entryBytes = 240;
/** JSON around the values of a line. */
const lineBytes = 120;
/** The event's metadata: hashes, ids, a trace, an idempotency key. */
const metadataBytesMax = 4_096;

/**
 * The most bytes that the event may have which releases all of this hold (`HoldVoided`, `HoldExpired`), whatever happens to its accounts
 * meanwhile: it has the entries again, with totals that have grown, and the transaction's lines and first reversals.
 */
export function releaseBytesMax({ entries, transaction }: HoldPlaced['data']): number {
  // A UTF-16 unit has at most three bytes of UTF-8.
  let bytes = metadataBytesMax + 3 * JSON.stringify(transaction).length;
  bytes += reversalsNamedMax * (transaction.id.length + 3);
  for (const { account, amount, currency } of entries) {
    const named = account.length + currency.length;
    bytes += entryBytes + named + amount.length + 4 * totalDigitsMax;
    // Amount, captured and reversed.
    bytes += lineBytes + named + 3 * amount.length;
  }
  return bytes;
}
