import { problemsListedMax } from './limits';
import type { ImportSummary } from './import-shape';
import type { ImportProblem } from './problem';

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
