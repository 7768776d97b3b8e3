import {
  flag,
  metadata,
  named,
  object,
  oneOf,
  orNull,
  text,
  textOrNull,
  time,
  wholeNumber,
} from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import type { Direction } from '@fintech-ledger/ledger/domain';

export const ledgerTransferStatuses = ['pending', 'settled', 'reversed'] as const;
export type LedgerTransferStatus = (typeof ledgerTransferStatuses)[number];

/** An account, and the ledger that it is in. */
export interface AccountOfLedger {
  readonly account: string;
  /** `led_…` */
  readonly ledger: string;
}

/** A transfer between two ledgers as an event of the one that it leaves has it. Amounts: minor units. */
export interface LedgerTransferFacts {
  readonly amount: string;
  /** How often the other ledger was told, from 1. */
  readonly attempt: number;
  /** RFC 3339, by the clock of the environment, as all times here. */
  readonly createdAt: string;
  readonly currency: string;
  readonly description: string | null;
  /** Why the other ledger refused it. */
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly from: AccountOfLedger;
  /** The transaction that took it out of its account. */
  readonly fromTransaction: string;
  readonly id: string;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** When the other ledger is told again, as long as nothing is known of it. */
  readonly resumeAt: string;
  /** The transaction that gave it back. */
  readonly reversalTransaction: string | null;
  readonly reversedAt: string | null;
  readonly settledAt: string | null;
  /** The side on which both accounts grow. */
  readonly side: Direction;
  readonly status: LedgerTransferStatus;
  readonly to: AccountOfLedger;
  /** The transaction that brought it to its account. */
  readonly toTransaction: string | null;
}

/** What the ledger that a transfer arrives in says of it: once, and for good. */
export interface ArrivalFacts {
  readonly amount: string;
  readonly currency: string;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly from: AccountOfLedger;
  readonly id: string;
  readonly side: Direction;
  readonly to: AccountOfLedger;
  /** The transaction that booked it; null: it was declined. */
  readonly transaction: string | null;
}

const units = text({ description: 'Minor units', pattern: '^[1-9][0-9]{0,35}$' });
const side = oneOf('credit', 'debit');
const place = named('accountOfLedger', object<AccountOfLedger>({ account: text(), ledger: text() }));

export const ledgerTransfer = named(
  'ledgerTransfer',
  object<LedgerTransferFacts>({
    amount: units,
    attempt: wholeNumber({ minimum: 1 }),
    createdAt: time,
    currency,
    description: textOrNull(),
    failureCode: textOrNull(),
    failureMessage: textOrNull(),
    from: place,
    fromTransaction: text(),
    id: text(),
    livemode: flag,
    metadata,
    resumeAt: time,
    reversalTransaction: textOrNull(),
    reversedAt: orNull(time),
    settledAt: orNull(time),
    side,
    status: oneOf(...ledgerTransferStatuses),
    to: place,
    toTransaction: textOrNull(),
  }),
);

export const arrival = named(
  'ledgerTransferArrival',
  object<ArrivalFacts>({
    amount: units,
    currency,
    failureCode: textOrNull(),
    failureMessage: textOrNull(),
    from: place,
    id: text(),
    side,
    to: place,
    transaction: textOrNull(),
  }),
);
