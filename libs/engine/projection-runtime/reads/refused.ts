import { refuse } from '@fintech-ledger/contract';
import type { DeclaredRefusal, Refusal } from '@fintech-ledger/contract';

/** A query that was refused; commands return their refusals instead. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** @param declared what the query may be refused with */
  constructor(
    readonly refusal: Refusal,
    readonly declared: readonly DeclaredRefusal[],
  ) {
    super(refusal.detail);
  }
}

/** @param param the parameter or the member of the body that is to blame */
export function refusedQuery(declared: DeclaredRefusal, detail: string, param?: string): Refused {
  return new Refused(refuse(declared, detail, param), [declared]);
}

/** The read models of what was asked for are halted: what they have is not to be relied on. An operator has to look; it is tried again meanwhile. */
export class ReadModelHalted extends Error {
  override readonly name = 'ReadModelHalted';
  /** @param reason which event, why, and what to do */
  constructor(
    readonly retryAfterSeconds: number,
    owner: string,
    reason: string,
  ) {
    super(`The read models of ${owner} are halted: ${reason}`);
  }
}

/** A row of a read model contradicts itself or another row: no event made it so, and it is not answered. */
export class ReadModelInconsistent extends Error {
  override readonly name = 'ReadModelInconsistent';
  /** @param subject the row, such as `account cash` */
  constructor(
    readonly ledgerId: string,
    readonly subject: string,
    reason: string,
  ) {
    super(
      `The read model of ${subject} in ${ledgerId} was edited: ${reason}. ` +
        'Have the read models built from the events again (docs/how-to/watch-health-and-logs.md).',
    );
  }
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

/** Something that takes long is asked for by too many at once. */
export class TooManySearches extends Error {
  override readonly name = 'TooManySearches';
}

/** What was asked for can't be shown from the journal, because an event does not say what the writer knows. */
export class JournalDisagrees extends Error {
  override readonly name = 'JournalDisagrees';
  constructor(stream: string, revision: number, detail: string) {
    super(`${stream}@${revision}: ${detail}`);
  }
}
