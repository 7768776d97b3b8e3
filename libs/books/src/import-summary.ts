import { problemsListedMax } from './limits';
import type { ImportProblem } from './problem';

/** What an import did, as the API answers it. */
export interface ImportSummary {
  readonly object: 'import';
  readonly ledger: string;
  /** `imported`: new ones; `skipped`: booked by an earlier import, or without any amount; `refused`: see `errors`. */
  readonly transactions: { readonly imported: number; readonly skipped: number; readonly refused: number };
  /** The last position of the ledger's journal when the import was done. */
  readonly position: string;
  readonly accounts_opened: number;
  readonly units_declared: readonly string[];
  /** The first 100. */
  readonly errors: readonly ImportProblem[];
  readonly errors_total: number;
  readonly dry_run?: true;
}

/** Counts what happens during an import. */
export class ImportTally {
  imported = 0;
  skipped = 0;
  refused = 0;
  accountsOpened = 0;
  readonly unitsDeclared: string[] = [];
  private readonly problems: ImportProblem[] = [];
  private problemsTotal = 0;

  add(found: ImportProblem): void {
    this.problemsTotal += 1;
    if (this.problems.length < problemsListedMax) this.problems.push(found);
  }

  summary(ledgerId: string, headRevision: number, dryRun: boolean): ImportSummary {
    return {
      object: 'import',
      ledger: ledgerId,
      transactions: { imported: this.imported, skipped: this.skipped, refused: this.refused },
      position: `${ledgerId}@${headRevision}`,
      accounts_opened: this.accountsOpened,
      units_declared: this.unitsDeclared,
      errors: this.problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
      errors_total: this.problemsTotal,
      ...(dryRun ? { dry_run: true as const } : {}),
    };
  }
}
