import {
  exactly,
  listOf,
  metadata,
  named,
  object,
  oneOf,
  orNull,
  text,
  textOrNull,
  flag,
  nothing,
  time,
  wholeNumber,
} from '@fintech-ledger/contract';
import type { ObjectSchema, Schema } from '@fintech-ledger/contract';
import { accountTypes, addressLengthMax, addressPattern } from './account';
import type { AccountStatus, AccountTerms } from './account';
import { unitCodePattern } from './directory/unit';
import { entriesMax, entriesMin, reversalsNamedMax } from './limits';
import type {
  BookedEntry,
  EntryEffect,
  PlacedLine,
  TotalsAfter,
  TransactionHeader,
  TransactionLine,
  TransactionSnapshot,
  TransactionStatus,
} from './transaction';
import type { LaterDetail } from './transaction';

/* What the events of a ledger are made of. Once an event was recorded with a shape, the shape is only changed in a new version of the event's type. */

const accountType = named('accountType', oneOf(...accountTypes));
const address = named(
  'address',
  text({
    description: 'Segments of A-Z a-z 0-9 _ - with : between',
    maxLength: addressLengthMax,
    pattern: addressPattern.source,
  }),
);
const amount = named(
  'amount',
  text({ description: 'Minor units, above zero', pattern: '^[1-9][0-9]{0,35}$' }),
);
const bound = named(
  'bound',
  textOrNull({
    description: "Minor units in the account's normal direction; null: no bound",
    pattern: '^(?:0|-?[1-9][0-9]{0,35})$',
  }),
);
export const currency = named(
  'currency',
  text({
    description: 'ISO 4217, or a unit that the organization declared',
    pattern: unitCodePattern.source,
  }),
);
const direction = named('direction', oneOf('debit', 'credit'));
const part = named(
  'part',
  text({ description: 'Minor units of an amount, zero or more', pattern: '^(?:0|[1-9][0-9]{0,35})$' }),
);
const total = named(
  'total',
  text({
    description: 'A sum of amounts in minor units; may have more digits than one amount',
    pattern: '^(?:0|[1-9][0-9]*)$',
  }),
);
export const transactionId = named('transactionId', text({ pattern: '^txn_[0-9A-Za-z_-]+$' }));
export const accountVersion = named(
  'version',
  wholeNumber({ description: 'Counts the events that touched the account, 1 for its opening', minimum: 1 }),
);

/** An account after the event, which leaves it in this status. */
export function accountTerms(status: Schema<AccountStatus>): ObjectSchema<AccountTerms> {
  return object<AccountTerms>({
    address,
    currency,
    maxBalance: bound,
    metadata,
    minBalance: bound,
    openedAt: time,
    status,
    type: accountType,
  });
}

const totalsAfter = named(
  'totalsAfter',
  object<TotalsAfter>(
    {
      pendingCredits: total,
      pendingDebits: total,
      postedCredits: total,
      postedDebits: total,
      version: accountVersion,
    },
    "The account's totals after this entry, and its version after the event",
  ),
);

export function bookedEntries(
  effect: Schema<EntryEffect>,
  maxItems = entriesMax,
): Schema<readonly BookedEntry[]> {
  const entry = object<BookedEntry>(
    { account: address, accountType, after: totalsAfter, amount, currency, direction, effect },
    'For each currency and effect, the debits of one event sum to its credits',
  );
  return listOf(entry, { minItems: entriesMin, maxItems });
}

interface TransactionRules {
  readonly expiresAt: Schema<string | null>;
  readonly reverses: Schema<string | null>;
  readonly status: Schema<TransactionStatus>;
}
export const maybeExpires = orNull(time);

export function transactionHeader({
  expiresAt,
  reverses,
  status,
}: TransactionRules): Schema<TransactionHeader> {
  return object<Omit<TransactionHeader, LaterDetail | 'openUntil'>>({
    description: textOrNull(),
    effectiveAt: time,
    expiresAt,
    id: transactionId,
    metadata,
    recordedAt: time,
    reference: textOrNull(),
    reverses,
    status,
  });
}

const line = named(
  'line',
  object<TransactionLine>(
    { account: address, amount, captured: part, currency, direction, held: part, reversed: part },
    'amount = held + captured + released; reversed is at most captured',
  ),
);
const placedLine = named(
  'placedLine',
  object<PlacedLine>(
    {
      account: address,
      amount,
      captured: part,
      currency,
      direction,
      held: part,
      index: wholeNumber({
        description: 'Its place among the lines of the transaction, from 0',
        minimum: 0,
        maximum: entriesMax - 1,
      }),
      reversed: part,
    },
    'amount = held + captured + released; reversed is at most captured',
  ),
);
/** How the lines of an earlier transaction stand after the event. */
export const linesAfter = {
  lineCount: wholeNumber({
    description: 'How many lines the transaction has',
    minimum: entriesMin,
    maximum: entriesMax,
  }),
  lines: listOf(placedLine, { minItems: 1, maxItems: entriesMax }),
};
/** The first of the transactions that reverse one. */
export const firstReversals = listOf(transactionId, { maxItems: reversalsNamedMax });

function transactionSnapshot(
  isHold: Schema<boolean>,
  { reverses, status }: Pick<TransactionRules, 'reverses' | 'status'>,
): Schema<TransactionSnapshot> {
  return object<Omit<TransactionSnapshot, LaterDetail | 'openUntil'>>({
    description: textOrNull(),
    effectiveAt: time,
    expiresAt: maybeExpires,
    id: transactionId,
    isHold,
    lines: listOf(line, { minItems: entriesMin, maxItems: entriesMax }),
    metadata,
    recordedAt: time,
    reference: textOrNull(),
    reversedBy: listOf(transactionId),
    reverses,
    status,
  });
}

/** A hold after something happened to it. */
export const holdSnapshot = (status: Schema<TransactionStatus>): Schema<TransactionSnapshot> =>
  transactionSnapshot(exactly(true), { reverses: nothing, status });
/** A transaction of which a part was reversed. */
export const reversedSnapshot = transactionSnapshot(flag, {
  reverses: orNull(transactionId),
  status: oneOf('posted', 'pending'),
});
