import type { LedgerFacts, UnitFacts } from './facts';

export interface ListedLedger extends Omit<LedgerFacts, 'managed'> {
  readonly kind: 'ledger';
  /** Absent: no module manages it. */
  readonly managed?: string;
}
export interface UnitRecord extends UnitFacts {
  readonly kind: 'unit';
  readonly isUsed: boolean;
}
export type DirectoryRecord = ListedLedger | UnitRecord;

export const ledgerKey = (id: string): string => `ledger:${id}`;
export const unitKey = (code: string): string => `unit:${code}`;

/** Read access to the ledgers and units of an organization. */
export interface DirectoryView {
  get(key: string): DirectoryRecord | undefined;
}

export function unitOf(view: DirectoryView, code: string): UnitRecord | undefined {
  const record = view.get(unitKey(code));
  return record?.kind === 'unit' ? record : undefined;
}
