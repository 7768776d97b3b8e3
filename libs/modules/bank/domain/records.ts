import { bankAccountsKeys } from '@fintech-ledger/payments/domain';
import type { BankAccountFacts, BankLineFacts, StatementFacts } from './facts';

export interface BankAccountsRecord {
  readonly kind: 'bank_accounts';
  readonly accounts: readonly BankAccountFacts[];
  /** Those that were forgotten, the last one last; absent: none was. */
  readonly former?: readonly BankAccountFacts[];
}
export interface BankLineRecord {
  readonly kind: 'bank_line';
  readonly line: BankLineFacts;
}
export interface BankStatementRecord {
  readonly kind: 'bank_statement';
  readonly statement: StatementFacts;
}
/** What the last whole statement of an account ended with. */
export interface BankClosingRecord {
  readonly kind: 'bank_closing';
  readonly balance: string;
}
/** The lines that wait for the rest of a payment, in the order in which they came. */
export interface BankPartsRecord {
  readonly kind: 'bank_parts';
  readonly lines: readonly string[];
}
export type BankRecord =
  BankAccountsRecord | BankLineRecord | BankStatementRecord | BankClosingRecord | BankPartsRecord;

/** What keys of each kind begin with. */
export const bankRecordKeys = {
  ...bankAccountsKeys,
  bank_line: 'bank_line:',
  bank_statement: 'bank_statement:',
  bank_closing: 'bank_closing:',
  bank_parts: 'bank_parts:',
} as const;
export const bankLineKey = (id: string): string => `${bankRecordKeys.bank_line}${id}`;
export const statementKey = (id: string): string => `${bankRecordKeys.bank_statement}${id}`;
export const closingKey = (iban: string, currency: string): string =>
  `${bankRecordKeys.bank_closing}${iban}:${currency}`;
/** @param payment its id */
export const partsKey = (payment: string): string => `${bankRecordKeys.bank_parts}${payment}`;

/** Read access to a journal's state, in which others have records too. */
export interface BankView {
  get(key: string): { readonly kind: string } | undefined;
}
type OfKind<K extends BankRecord['kind']> = Extract<BankRecord, { readonly kind: K }>;
function recordOf<K extends BankRecord['kind']>(view: BankView, kind: K, key: string): OfKind<K> | undefined {
  const record = view.get(key);
  return record?.kind === kind ? (record as OfKind<K>) : undefined;
}
export const bankLineOf = (view: BankView, id: string): BankLineFacts | undefined =>
  recordOf(view, 'bank_line', bankLineKey(id))?.line;
export const statementOf = (view: BankView, id: string): StatementFacts | undefined =>
  recordOf(view, 'bank_statement', statementKey(id))?.statement;
export const closingOf = (view: BankView, iban: string, currency: string): string | undefined =>
  recordOf(view, 'bank_closing', closingKey(iban, currency))?.balance;
export const partsOf = (view: BankView, payment: string): readonly string[] =>
  recordOf(view, 'bank_parts', partsKey(payment))?.lines ?? [];
