import type { LedgerEvent } from './events';

/**
 * When an event counts. A transaction: when it says. The end of a hold (captured, voided): when it happened, though never before the hold itself
 * counts. An expiry: when the hold's time was over, however late it was noticed. All else: when it was recorded.
 */
export function effectiveAtOf(event: LedgerEvent, recordedAt: string): string {
  switch (event.type) {
    case 'TransactionPosted':
    case 'HoldPlaced':
    case 'TransactionReversed':
      return event.data.transaction.effectiveAt;
    case 'HoldCaptured':
    case 'HoldVoided':
      return later(event.data.transaction.effectiveAt, recordedAt);
    case 'HoldExpired':
      return later(event.data.transaction.effectiveAt, event.data.transaction.expiresAt ?? recordedAt);
    default:
      return recordedAt;
  }
}

/** Times in the ledger's form sort as texts. */
const later = (a: string, b: string): string => (a > b ? a : b);
