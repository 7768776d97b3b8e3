import { nothing, object, oneOf } from '@fintech-ledger/contract';
import type { ObjectSchema } from '@fintech-ledger/contract';
import { allLines, headerOf, withoutPlace } from './amendment';
import type { Amendment } from './amendment';
import {
  bookedEntries,
  firstReversals,
  holdSnapshot,
  linesAfter,
  maybeExpires,
  transactionHeader,
} from './event-shapes';
import { amendingEvent, later, nextAmendingVersion } from './ledger-event-type';
import type { AmendingFacts, MoneyFacts } from './ledger-event-type';
import { entriesMax, linesToldMax } from './limits';
import { snapshotWith } from './transaction';
import type { LinesAfter, TransactionSnapshot } from './transaction';

const entries = bookedEntries(oneOf('capture', 'release'), 2 * entriesMax);
const status = oneOf('pending', 'posted');
const description =
  'A hold was booked in whole or in part; release entries are what a final capture gave back.';

const firstVersion = amendingEvent({
  name: 'HoldCaptured',
  description: `${description} The transaction as it is after it.`,
  schema: object<Omit<AmendingFacts, 'effectiveAt'>>({ entries, transaction: holdSnapshot(status) }),
});

interface CaptureFacts extends MoneyFacts, LinesAfter {
  /** When it counts, where an import says so. */
  readonly effectiveAt?: string;
  /** The first transactions that reverse what was captured before. */
  readonly reversedBy: readonly string[];
}

const schema: ObjectSchema<CaptureFacts> = object<Omit<CaptureFacts, 'effectiveAt'>>({
  entries,
  ...linesAfter,
  reversedBy: firstReversals,
  transaction: transactionHeader({ expiresAt: maybeExpires, reverses: nothing, status }),
});

export const holdCaptured = nextAmendingVersion(firstVersion, {
  description:
    `${description} The transaction after it, with its lines; of a hold of more than ${linesToldMax} lines ` +
    'those that changed.',
  schema,
  upcast: ({ entries: booked, transaction }): CaptureFacts => ({
    entries: booked,
    ...allLines(transaction.lines),
    reversedBy: transaction.reversedBy,
    transaction: headerOf(transaction),
  }),
  amends: capturedAmendment,
  effectiveAt: ({ effectiveAt, transaction }, recordedAt) =>
    effectiveAt ?? later(transaction.effectiveAt, recordedAt),
});

/** The hold after the event, with the lines that the event tells. */
export function capturedHold({ lines, reversedBy, transaction }: CaptureFacts): TransactionSnapshot {
  return snapshotWith(transaction, { isHold: true, lines: lines.map(withoutPlace), reversedBy });
}

function capturedAmendment(data: CaptureFacts): Amendment {
  const { lineCount, lines, transaction } = data;
  const { id, status: after } = transaction;
  const isWhole = lines.length === lineCount;
  return {
    id,
    lineCount,
    lines,
    openUntil: transaction.openUntil,
    status: after,
    ...(isWhole && { whole: capturedHold(data) }),
  };
}
