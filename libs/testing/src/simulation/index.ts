export { JournalAudit } from './journal-audit';
export type { CommandTrace } from './journal-audit';
export { openLedgerNode } from './ledger-node';
export type { LedgerNode } from './ledger-node';
