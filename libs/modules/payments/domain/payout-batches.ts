import {
  eventType,
  flag,
  listOf,
  named,
  object,
  orNull,
  text,
  textOrNull,
  time,
  wholeNumber,
} from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import { bankTransferRail } from './chart';
import type { PayeeAccountFacts } from './bank-transfers';
import type { PayoutFacts } from './payout-facts';
import { payoutBatchesKey } from './records';

/* Payouts over bank accounts of the environment: those of a day and a currency are one file for its bank. */

/** A batch as its event left it: nothing of it changes after that. */
export interface PayoutBatchFacts {
  /** What its payouts come to, minor units. */
  readonly amount: string;
  readonly count: number;
  readonly createdAt: string;
  /** The accounts of the environment that it pays to, each once, by id; without those forgotten before it was sent. */
  readonly creditors: readonly PayeeAccountFacts[];
  readonly currency: string;
  /** What it is paid from. */
  readonly debtor: PayeeAccountFacts;
  /** `pob_…`, of day and currency. */
  readonly id: string;
  readonly livemode: boolean;
  /** `sendsAt` of its payouts. */
  readonly sendsAt: string;
}
interface OfBatch {
  readonly payoutBatch: PayoutBatchFacts;
}

const account = named(
  'transferAccount',
  object<Omit<PayeeAccountFacts, 'purpose'>>({
    accountHolder: text(),
    bic: textOrNull(),
    currency: orNull(currency),
    iban: text({ pattern: '^[A-Z0-9]{1,34}$' }),
    id: text({ pattern: '^ba_[0-9A-Za-z_-]+$' }),
  }),
);
const payoutBatch = named(
  'payoutBatch',
  object<PayoutBatchFacts>({
    amount: text({ description: 'Minor units', pattern: '^[1-9][0-9]{0,39}$' }),
    count: wholeNumber({ minimum: 1 }),
    createdAt: time,
    creditors: listOf(account),
    currency,
    debtor: account,
    id: text({ pattern: '^pob_[0-9]{8}[A-Z]{3}$' }),
    livemode: flag,
    sendsAt: time,
  }),
);

export const payoutBatchMade = eventType({
  name: 'PayoutBatchMade',
  description:
    'All payouts of a day in a currency that go by bank are sent: what the bank is told is fixed. Nothing is booked.',
  schema: object<OfBatch>({ payoutBatch }),
  touches: ({ payoutBatch: of }: OfBatch) => [payoutBatchesKey(of.currency)],
});

/** One for each day and currency. @param sendsAt 00:00 UTC of the day */
export const payoutBatchId = (sendsAt: string, code: string): string =>
  `pob_${sendsAt.slice(0, 10).replaceAll('-', '')}${code}`;

/** The batch that a payout was sent with; null: it is not sent yet, never was, or goes by no file. */
export const batchOf = ({ currency: code, rail, railReference, sendsAt }: PayoutFacts): string | null =>
  rail === bankTransferRail && railReference !== null ? payoutBatchId(sendsAt, code) : null;
