import { refuse } from '@fintech-ledger/ledger';
import type { Refusal, RefusalCode } from '@fintech-ledger/ledger';

/** A query that was refused; commands return their refusals instead. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(readonly refusal: Refusal) {
    super(refusal.detail);
  }
}

export function refusedQuery(code: RefusalCode, detail: string, param?: string): Refused {
  return new Refused(refuse(code, detail, param));
}

/** The read models did not reach the position that was asked for in time; try again. */
export class ReadModelBehind extends Error {
  override readonly name = 'ReadModelBehind';
  constructor(
    readonly retryAfterSeconds: number,
    message: string,
  ) {
    super(message);
  }
}
