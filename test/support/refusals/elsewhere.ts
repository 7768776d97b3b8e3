/** A code that no request brings about here, and the test that has it made. */
export interface Elsewhere {
  readonly code: string;
  /** Absent: of any operation. */
  readonly operationId?: string;
  readonly file: string;
}

/** What a file may have wrong is shown where files are read. */
function ofImports(): readonly Elsewhere[] {
  const shownIn: Readonly<Record<string, readonly string[]>> = {
    'libs/modules/books/formats/import-csv.spec.ts': [
      ...[
        'ambiguous_date',
        'ambiguous_unit',
        'invalid_date',
        'invalid_unit',
        'malformed_csv',
        'malformed_line',
      ],
      ...['missing_unit', 'missing_value', 'unknown_column', 'too_many_decimals', 'unknown_account_type'],
      'virtual_posting',
    ],
    'libs/modules/books/formats/amount-cell.spec.ts': ['ambiguous_amount'],
    'libs/modules/books/formats/export.spec.ts': ['account_differs', 'unknown_transaction'],
    'libs/modules/books/formats/import-keys.spec.ts': ['booked_otherwise'],
    'libs/modules/books/formats/import-spellings.spec.ts': ['unit_differs'],
    'test/real-books.e2e.spec.ts': ['invalid_columns', 'missing_column'],
    'test/import-over-http.e2e.spec.ts': ['invalid_types', 'nothing_imported'],
    'libs/modules/books/transfer/ongoing-imports.spec.ts': ['too_many_streams'],
  };
  return Object.entries(shownIn).flatMap(([file, codes]) =>
    codes.map((code) => ({ code, operationId: 'importBooks', file })),
  );
}

/** By operation, codes that no test brings about over HTTP yet. */
export const unproven: Readonly<Record<string, readonly string[]>> = {
  importBooks: [
    ...['scattered_transactions', 'invalid_utf8', 'duplicate_member', 'json_too_deep', 'missing_body'],
    ...['body_too_large', 'not_found'],
  ],
};

/** Codes that need a fault of the store, the read models or the connection, or books that are large. */
export const madeElsewhere: readonly Elsewhere[] = [
  { code: 'unavailable', file: 'apps/api/src/api.e2e.spec.ts' },
  { code: 'outcome_unknown', file: 'apps/api/src/api.e2e.spec.ts' },
  { code: 'answer_unavailable', file: 'apps/api/src/api.e2e.spec.ts' },
  { code: 'read_model_behind', file: 'apps/api/src/api.e2e.spec.ts' },
  { code: 'read_model_halted', file: 'test/halted-ledger.e2e.spec.ts' },
  { code: 'read_model_inconsistent', file: 'test/journal-balance.e2e.spec.ts' },
  { code: 'hold_too_large', file: 'test/too-large.e2e.spec.ts' },
  { code: 'bulk_too_large', file: 'test/too-large.e2e.spec.ts' },
  { code: 'headers_too_large', file: 'apps/api/src/streaming.e2e.spec.ts' },
  { code: 'malformed_request', file: 'apps/api/src/streaming.e2e.spec.ts' },
  ...ofImports(),
  { code: 'journal_damaged', file: 'test/journal-balance.e2e.spec.ts' },
];
