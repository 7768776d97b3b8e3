import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { FileRefusal } from './file-refusals';

/** One thing that was not imported, and where it stands in the file. */
export interface ImportProblem<Code extends string = string> {
  readonly code: Code;
  readonly detail: string;
  /** From 1; the header is line 1. */
  readonly line?: number;
  /** The column (CSV) or field (NDJSON) as the file names it. */
  readonly column?: string;
}

/** Builds a problem; `line` and `column` are left out when undefined. */
export function problem<Code extends string>(
  { code }: Pick<DeclaredRefusal<Code>, 'code'>,
  detail: string,
  at: { readonly line?: number | undefined; readonly column?: string | undefined } = {},
): ImportProblem<Code> {
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
  constructor(readonly problem: ImportProblem<FileRefusal>) {
    super(problem.detail);
  }
}
