import { exactly, nothing, object } from '@fintech-ledger/contract';
import { allLines } from './amendment';
import {
  bookedEntries,
  linesAfter,
  reversedSnapshot,
  transactionHeader,
  transactionId,
} from './event-shapes';
import { beginningEvent, nextAmendingVersion } from './ledger-event-type';
import type { MoneyFacts } from './ledger-event-type';
import { linesToldMax } from './limits';
import type { LinesAfter, TransactionSnapshot } from './transaction';

const entries = bookedEntries(exactly('post'));
const transaction = transactionHeader({
  expiresAt: nothing,
  reverses: transactionId,
  status: exactly('posted'),
});
const description = 'A new transaction takes back an earlier one in whole or in part';

interface SnapshotFacts extends MoneyFacts {
  /** The reversed transaction, after it. */
  readonly original: TransactionSnapshot;
}
const firstVersion = beginningEvent({
  name: 'TransactionReversed',
  description: `${description}; original is the earlier one as it is after it.`,
  schema: object<SnapshotFacts>({ entries, original: reversedSnapshot, transaction }),
});

interface ReversedLines extends LinesAfter {
  readonly id: string;
}
interface ReversalFacts extends MoneyFacts {
  readonly original: ReversedLines;
}

export const transactionReversed = nextAmendingVersion(firstVersion, {
  description:
    `${description}; original has the lines of the earlier one after it, of more than ${linesToldMax} ` +
    'those that changed.',
  schema: object<ReversalFacts>({
    entries,
    original: object<ReversedLines>({ id: transactionId, ...linesAfter }),
    transaction,
  }),
  upcast: ({ original, ...others }) => ({
    ...others,
    original: { id: original.id, ...allLines(original.lines) },
  }),
  amends: ({ original, transaction: { id } }) => ({ ...original, reversal: id }),
  effectiveAt: ({ transaction: { effectiveAt } }) => effectiveAt,
});
