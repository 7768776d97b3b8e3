import type { ArrivalFacts, LedgerTransferFacts } from './facts';

/** A transfer, in the ledger that it leaves. */
export interface LedgerTransferRecord {
  readonly kind: 'ledger_transfer';
  readonly transfer: LedgerTransferFacts;
}
/** What became of one, in the ledger that it arrives in: it is judged once. */
export interface ArrivalRecord {
  readonly kind: 'ledger_transfer_arrival';
  readonly arrival: ArrivalFacts;
}
export type LedgerTransfersRecord = LedgerTransferRecord | ArrivalRecord;

/** What keys of each kind begin with. */
export const ledgerTransferKeys = {
  ledger_transfer: 'ledger_transfer:',
  ledger_transfer_arrival: 'ledger_transfer_arrival:',
} as const;
export const ledgerTransferKey = (id: string): string => `${ledgerTransferKeys.ledger_transfer}${id}`;
export const arrivalKey = (id: string): string => `${ledgerTransferKeys.ledger_transfer_arrival}${id}`;

/** Read access to a journal's state, in which the ledger has records too. */
export interface TransfersView {
  get(key: string): { readonly kind: string } | undefined;
}

export function ledgerTransferOf(view: TransfersView, id: string): LedgerTransferFacts | undefined {
  const record = view.get(ledgerTransferKey(id));
  return record?.kind === 'ledger_transfer' ? (record as LedgerTransferRecord).transfer : undefined;
}
export function arrivalOf(view: TransfersView, id: string): ArrivalFacts | undefined {
  const record = view.get(arrivalKey(id));
  return record?.kind === 'ledger_transfer_arrival' ? (record as ArrivalRecord).arrival : undefined;
}
