/**
 * The shapes of the HTTP contract, as commands answer them and queries return them: each is declared once, and its
 * type, its JSON Schema and its example come from there. All amounts are texts of minor units; all times RFC 3339, UTC,
 * milliseconds.
 */
export * from './account';
export * from './balance';
export * from './bulk-refusal';
export * from './event';
export * from './projection';
export * from './refusal-facts';
export * from './transaction';
export type { PageOf as Page } from '@fintech-ledger/shapes';
export type { ApiKeyView, LedgerView, UnitView } from '@fintech-ledger/access/domain';
