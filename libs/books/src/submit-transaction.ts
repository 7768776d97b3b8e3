import type { LedgerCommand } from '@fintech-ledger/ledger';
import type { Books } from './books';
import type { ImportTally } from './import-summary';
import { problem } from './problem';

export interface Submission {
  readonly dryRun: boolean;
  readonly tally: ImportTally;
  readonly line: number;
}

/** Books one transaction and counts what came of it. Returns the id it has in the ledger; undefined when it was refused. */
export async function bookTransaction(
  books: Books,
  command: LedgerCommand,
  key: string,
  { dryRun, tally, line }: Submission,
): Promise<string | undefined> {
  const outcome = await books.submit(command, key, { dryRun });
  if (outcome.kind === 'refused') {
    tally.refused += 1;
    const { code, detail, param } = outcome.refusal;
    tally.add(problem(code, detail, { line, column: param }));
    return undefined;
  }
  if (outcome.replayed) tally.skipped += 1;
  else tally.imported += 1;
  return (JSON.parse(outcome.answer) as { id?: string }).id;
}

/** As `bookTransaction`, for whom only the count matters. */
export async function submitTransaction(
  books: Books,
  command: LedgerCommand,
  key: string,
  submission: Submission,
): Promise<void> {
  await bookTransaction(books, command, key, submission);
}
