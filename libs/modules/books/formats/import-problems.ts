import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { fileRefusals } from './file-refusals';
import { columnInFile, importShape, lineInFile } from './import-shape';
import { lineRefusals } from './line-refusals';
import { as, optional } from '@fintech-ledger/shapes';

export const nothingImported = refusal(
  'nothing_imported',
  'rule',
  'No transaction of the file could be imported; `errors` says why.',
);

/** What an import may be refused with as a whole. */
export const importRefusals = [...fileRefusals, nothingImported] as const;

/** Every refusal that is declared here. */
export const booksRefusals: readonly DeclaredRefusal[] = [...importRefusals, ...lineRefusals];

/** What problems of imports say in addition. */
export const importFacts = {
  facts: {
    line: lineInFile,
    column: columnInFile,
    import: optional(as(importShape, '`nothing_imported`: what the import did all the same.')),
  },
  factsOfEach: { line: lineInFile, column: columnInFile },
};
