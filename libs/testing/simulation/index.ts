export { JournalAudit } from './journal-audit';
export type { ParsedEvent, CommandTrace } from './journal-audit';
export { openLedgerNode } from './ledger-node';
export type { LedgerNode } from './ledger-node';
/** @public called by scripts/simulate.mjs */
export { simulate } from './simulate';
