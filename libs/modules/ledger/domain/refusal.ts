/**
 * Why a command was not accepted. A refusal is data, never an exception: the state is exactly what it was before.
 * The code is also the API's `code`, the metric's label and the anchor in docs/reference/errors.md.
 */
export interface Refusal {
  readonly code: RefusalCode;
  /** One sentence for a person, with the figures that decided. */
  readonly detail: string;
  /** JSON pointer (RFC 6901) into the command's data, e.g. `/entries/1/amount`; absent when no one field is to blame. */
  readonly param?: string;
  /** Machine-readable facts: the holder of a reference, the difference of an unbalanced currency, … */
  readonly meta?: Readonly<Record<string, string>>;
}

/**
 * What kind of "no" it is; the HTTP status follows from it.
 * `malformed` 400 · `not_found` 404 · `conflict` 409 (try again when the state has changed) · `rule` 422 · `forbidden` 403
 */
export type RefusalKind = 'malformed' | 'forbidden' | 'not_found' | 'conflict' | 'rule';

export const refusalKinds = {
  invalid_address: 'malformed',
  invalid_amount: 'malformed',
  amount_not_a_string: 'malformed',
  invalid_currency: 'malformed',
  invalid_time: 'malformed',
  too_few_entries: 'malformed',
  too_many_entries: 'malformed',
  too_many_transactions: 'malformed',
  invalid_bounds: 'malformed',

  unknown_currency: 'rule',
  withdrawn_currency: 'rule',
  currency_mismatch: 'rule',
  unbalanced: 'rule',
  unknown_account: 'rule',
  account_frozen: 'rule',
  account_closed: 'rule',
  insufficient_funds: 'rule',
  balance_above_maximum: 'rule',
  bound_violated: 'rule',
  hold_exceeded: 'rule',
  hold_expired: 'rule',
  already_captured: 'rule',
  already_voided: 'rule',
  not_a_hold: 'rule',
  already_reversed: 'rule',
  reversal_exceeded: 'rule',
  transaction_pending: 'rule',
  amount_needs_two_entries: 'rule',
  entry_not_in_transaction: 'rule',
  expires_in_the_past: 'rule',
  idempotency_key_reused: 'rule',

  precondition_failed: 'conflict',
  version_conflict: 'conflict',
  reference_taken: 'conflict',
  account_exists: 'conflict',
  account_not_empty: 'conflict',
  account_not_open: 'conflict',
  account_not_frozen: 'conflict',
  account_not_closed: 'conflict',
  unit_exists: 'conflict',
  unit_in_use: 'conflict',
  api_key_revoked: 'conflict',
  api_key_exists: 'conflict',
  organization_exists: 'conflict',

  account_not_found: 'not_found',
  transaction_not_found: 'not_found',
  ledger_not_found: 'not_found',
  api_key_not_found: 'not_found',
  organization_not_found: 'not_found',

  overdraft_not_allowed: 'forbidden',
  bulk_too_large: 'malformed',
  hold_too_large: 'malformed',
} as const satisfies Record<string, RefusalKind>;

export type RefusalCode = keyof typeof refusalKinds;

/** Builds a refusal; `param` and `meta` are left out when undefined. */
export function refuse(
  code: RefusalCode,
  detail: string,
  param?: string,
  meta?: Readonly<Record<string, string>>,
): Refusal {
  return { code, detail, ...(param === undefined ? {} : { param }), ...(meta === undefined ? {} : { meta }) };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
}

/** A fact that can't be: thrown, never answered. It stops the writer and names what broke. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}
