import { journalStream } from '@fintech-ledger/envelope';
import { ledgerKey } from './keys';

/** What every query of a ledger needs of it. */
export interface LedgerScope {
  readonly ledgerId: string;
  readonly ledgerKey: string;
  readonly stream: string;
}

export function ledgerScope(ledgerId: string): LedgerScope {
  return { ledgerId, ledgerKey: ledgerKey(ledgerId), stream: journalStream(ledgerId) };
}
