import type { CsvLine } from './csv-posting';
import { scatteredPostingsMax } from './limits';
import { ImportRefused, problem } from './problem';
import { scatteredTransactions } from './file-refusals';

/** The lines that share a transaction value, in the order of the file; never empty. */
export interface CsvTransaction {
  readonly value: string;
  readonly lines: readonly CsvLine[];
}

/** Lines that stand together and share a value. */
export async function* runsOf(lines: AsyncIterable<CsvLine>): AsyncGenerator<CsvTransaction> {
  let value: string | undefined;
  let run: CsvLine[] = [];
  for await (const line of lines) {
    // A line that names no transaction is one of its own.
    if (run.length > 0 && (line.transaction !== value || value === '')) {
      yield { value: value ?? '', lines: run };
      run = [];
    }
    value = line.transaction;
    run.push(line);
  }
  if (run.length > 0) yield { value: value ?? '', lines: run };
}

/**
 * Whole transactions: runs, but for the values in `scattered` (with the number of their runs), which are held until all is there.
 * @throws ImportRefused `scattered_transactions` when too much had to be held
 */
export async function* transactionsOf(
  runs: AsyncIterable<CsvTransaction>,
  scattered: ReadonlyMap<string, number>,
): AsyncGenerator<CsvTransaction> {
  const held = new Map<string, { lines: CsvLine[]; runs: number }>();
  let postingsHeld = 0;
  for await (const run of runs) {
    const runsInAll = scattered.get(run.value);
    if (runsInAll === undefined || run.value === '') {
      yield run;
      continue;
    }
    const group = held.get(run.value) ?? { lines: [], runs: 0 };
    held.set(run.value, { lines: [...group.lines, ...run.lines], runs: group.runs + 1 });
    postingsHeld += run.lines.length;
    if (group.runs + 1 >= runsInAll) {
      const { lines } = held.get(run.value) ?? group;
      held.delete(run.value);
      postingsHeld -= lines.length;
      yield { value: run.value, lines };
    } else if (postingsHeld > scatteredPostingsMax) {
      const detail = `the lines of more than ${scatteredPostingsMax} postings do not stand with their transaction: sort the file by transaction`;
      throw new ImportRefused(problem(scatteredTransactions, detail, { line: run.lines[0]?.line }));
    }
  }
  for (const [value, { lines }] of held) yield { value, lines };
}
