import type { DeclaredRefusal } from '@fintech-ledger/contract';

/** Why a file is not imported, and where that is in it. */
export class StatementProblem extends Error {
  override readonly name = 'StatementProblem';

  constructor(
    readonly refusal: DeclaredRefusal,
    detail: string,
    /** The path of the element; absent: it is none. */
    readonly place?: string,
    readonly at?: { readonly line: number; readonly column: number },
  ) {
    super(detail);
  }
}
