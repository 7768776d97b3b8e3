import type { BooksOutcome } from './books';
import type { ImportTally } from './import-summary';
import { problem } from './problem';

/** Counts what came of a transaction. Returns the id it has in the ledger; undefined when it was refused. */
export function tallyTransaction(
  outcome: BooksOutcome,
  tally: ImportTally,
  line: number,
): string | undefined {
  if (outcome.kind === 'refused') {
    tally.refused += 1;
    const { code, detail, param } = outcome.refusal;
    tally.add(problem({ code }, detail, { line, column: param }));
    return undefined;
  }
  if (outcome.replayed) tally.skipped += 1;
  else tally.imported += 1;
  return (JSON.parse(outcome.answer) as { id?: string }).id;
}
