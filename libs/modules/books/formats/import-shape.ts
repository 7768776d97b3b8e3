import { constant, dryRun, list, named, object, optional, text, whole } from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

export const lineInFile = optional(whole('The line of the file, from 1; a header is line 1.', 7));
export const columnInFile = optional(
  text('The column (CSV) or field (NDJSON), as the file names it.', 'amount'),
);

const problemInFile = object({
  code: text('What is wrong, as in `Problem`.', 'invalid_amount'),
  detail: text('A sentence for a person.', 'the amount is not a number'),
  line: lineInFile,
  column: columnInFile,
});

/** What an import did, as the API answers it. */
export const importShape = named(
  'ImportAnswer',
  'What an import did.',
  object({
    object: constant('import'),
    ledger: text('The id of the ledger.', 'led_1'),
    transactions: object(
      {
        imported: whole('New ones.', 120),
        skipped: whole('Booked by an earlier import, or without any amount.', 0),
        refused: whole('Not booked; `errors` says why.', 0),
      },
      'How many transactions of the file came to what.',
    ),
    position: text('The last position of the journal of the ledger when the import was done.', 'led_1@162'),
    accounts_opened: whole('How many accounts were opened.', 12),
    units_declared: list(text('The code of a unit.', 'POINTS'), 'The units that were declared.', []),
    errors: list(problemInFile, 'What was not imported, and why: the first 100.', []),
    errors_total: whole('How many errors there are.', 0),
    dry_run: dryRun,
  }),
);
export type ImportSummary = ViewOf<typeof importShape>;
