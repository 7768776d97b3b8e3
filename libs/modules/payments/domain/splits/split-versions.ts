import { listOf, text, widened, withMore } from '@fintech-ledger/contract';
import type { AnyEventType, Schema } from '@fintech-ledger/contract';
import { membersOfDisputes } from '../disputes/dispute-versions';
import type { PaymentFacts, RefundFacts } from '../facts';
import { membersOfPayers } from '../payer-versions';
import { payment, refund } from '../payment-schemas';
import { partiesMax } from './limits';
import { splitParties } from './party';
import { ruleRef } from './split-facts';

const unitsOfShares = (description: string) =>
  listOf(text({ description: `${description}, minor units`, pattern: '^(?:0|[1-9][0-9]{0,35})$' }), {
    minItems: 1,
    maxItems: partiesMax,
  }).json;

/** What a payment and a refund may say of splits; absent: nothing. */
export const membersOfSplits = {
  payment: {
    split: text({ description: 'How it was split', pattern: '^spl_[0-9A-Za-z_-]+$' }).json,
    splitAccounts: listOf(text({ pattern: '^acct_[0-9A-Za-z]+$' }), { maxItems: partiesMax }).json,
    splitParties: splitParties.json,
    splitRule: ruleRef.json,
  },
  refund: {
    sharesAgain: unitsOfShares('What each party has again of its share, as it failed'),
    sharesReversed: unitsOfShares('What each party gave back of its share with it'),
  },
} as const;

const ofSplit = widened(widened(payment.definitions, membersOfPayers), membersOfDisputes);
/** A payment that was split. */
export const splitPayment: Schema<PaymentFacts> = {
  ...payment,
  definitions: widened(ofSplit, membersOfSplits, ['split', 'splitAccounts']),
};
/** One of which a dispute was lost. */
export const disputedSplitPayment: Schema<PaymentFacts> = {
  ...payment,
  definitions: widened(ofSplit, membersOfSplits, ['amountDisputed', 'split', 'splitAccounts']),
};
const ofRefund = (needed: readonly (keyof RefundFacts)[]): Schema<RefundFacts> => ({
  ...refund,
  definitions: widened(refund.definitions, { refund: membersOfSplits.refund }, needed),
});
/** A refund with which something of the shares comes back. */
export const sharedRefund = ofRefund(['sharesReversed']);
/** One that failed, so that the parties have it again. */
export const undoneSharedRefund = ofRefund(['sharesAgain', 'sharesReversed']);

/** What may happen to a payment that is split, or is to be, besides what splits it and takes that back. */
const ofSplitPayments = [
  ...['PaymentCreated', 'PaymentUpdated', 'PaymentConfirmed', 'PaymentActionRequired', 'PaymentProcessing'],
  ...['PaymentAuthorized', 'PaymentCaptureRequested', 'PaymentDeclined', 'PaymentCancelRequested'],
  ...['PaymentCanceled', 'PaymentCallRepeated', 'RefundSucceeded', 'RefundPending', 'RefundCallRepeated'],
  ...['DisputeOpened', 'DisputeWon'],
];

/** With one version more where the payment may be one that is split. */
export function withSplits<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) =>
    ofSplitPayments.includes(type.name) ? withMore(type, membersOfSplits) : type,
  ) as unknown as T;
}
