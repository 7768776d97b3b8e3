import type { RefusalCode } from '@fintech-ledger/ledger/domain';

/** What can be wrong with a file, or with a line of it, before the ledger is asked. */
export type ImportProblemCode =
  | 'account_differs'
  | 'ambiguous_amount'
  | 'ambiguous_date'
  | 'ambiguous_unit'
  | 'booked_otherwise'
  | 'inconsistent_transaction'
  | 'invalid_amount'
  | 'invalid_columns'
  | 'invalid_date'
  | 'invalid_types'
  | 'invalid_unit'
  | 'malformed_csv'
  | 'malformed_json'
  | 'malformed_line'
  | 'missing_column'
  | 'missing_unit'
  | 'missing_value'
  | 'same_ledger'
  | 'scattered_transactions'
  | 'too_many_decimals'
  | 'too_many_units'
  | 'unknown_account_type'
  | 'unknown_column'
  | 'unknown_field'
  | 'unknown_transaction'
  | 'unbalanced'
  | 'unit_differs'
  | 'virtual_posting';

/** One thing that was not imported, and where it stands in the file. */
export interface ImportProblem {
  readonly code: ImportProblemCode | RefusalCode;
  readonly detail: string;
  /** From 1; the header is line 1. */
  readonly line?: number;
  /** The column (CSV) or field (NDJSON) as the file names it. */
  readonly column?: string;
}

/** Builds a problem; `line` and `column` are left out when undefined. */
export function problem(
  code: ImportProblem['code'],
  detail: string,
  at: { readonly line?: number | undefined; readonly column?: string | undefined } = {},
): ImportProblem {
  return {
    code,
    detail,
    ...(at.line === undefined ? {} : { line: at.line }),
    ...(at.column === undefined ? {} : { column: at.column }),
  };
}

/** The file as a whole can't be read; whatever of it came before the line may have been booked, and is skipped the next time. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
  constructor(readonly problem: ImportProblem) {
    super(problem.detail);
  }
}
