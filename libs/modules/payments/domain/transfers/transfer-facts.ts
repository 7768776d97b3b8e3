import { flag, metadata, named, object, orNull, text, textOrNull, time } from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';

/** A transfer from the platform to a connected account, as an event left it. Amounts: minor units as a text. */
export interface TransferFacts {
  readonly amount: string;
  readonly amountReversed: string;
  readonly createdAt: string;
  readonly currency: string;
  readonly description: string | null;
  /** `acct_…` */
  readonly destination: string;
  readonly id: string;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** What of it was pending when it was made, less what reversals took of that; it is available once its source is. */
  readonly pending: string;
  /** `pay_…`; null: it is of the platform's available balance. */
  readonly sourcePayment: string | null;
  readonly transferGroup: string | null;
}

/** What goes back of a transfer. */
export interface ReversalFacts {
  readonly amount: string;
  /** What of it was pending still. */
  readonly fromPending: string;
  readonly id: string;
}

const units = text({ description: 'Minor units, zero or more', pattern: '^(?:0|[1-9][0-9]{0,35})$' });
const maybePayment = orNull(text({ pattern: '^pay_[0-9A-Za-z_-]+$' }));

export const transfer = named(
  'transfer',
  object<TransferFacts>({
    amount: units,
    amountReversed: units,
    createdAt: time,
    currency,
    description: textOrNull(),
    destination: text({ pattern: '^acct_[0-9A-Za-z]+$' }),
    id: text({ pattern: '^tr_[0-9A-Za-z_-]+$' }),
    livemode: flag,
    metadata,
    pending: units,
    sourcePayment: maybePayment,
    transferGroup: textOrNull(),
  }),
);
export const reversal = named(
  'reversal',
  object<ReversalFacts>({
    amount: units,
    fromPending: units,
    id: text({ pattern: '^trr_[0-9A-Za-z_-]+$' }),
  }),
);
