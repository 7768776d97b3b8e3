import { object, orNull, text, newestVersion, widened, withMore } from '@fintech-ledger/contract';
import type { AnyEventType, Schema } from '@fintech-ledger/contract';
import type { PaymentFacts, RefundFacts, TransferData } from '../facts';
import { membersOfDisputes } from '../disputes/dispute-versions';
import { membersOfPayers } from '../payer-versions';
import { payment, refund } from '../payment-schemas';
import { membersOfTransfers } from '../transfers/transfer-versions';

const units = (description: string) =>
  text({ description: `${description}, minor units`, pattern: '^(?:0|[1-9][0-9]{0,35})$' }).json;
const account = (description: string) => text({ description, pattern: '^acct_[0-9A-Za-z]+$' });
const transferData = object<TransferData>({
  amount: orNull(text({ description: 'Minor units; null: the whole', pattern: '^[1-9][0-9]{0,35}$' })),
  destination: account('Who gets it'),
}).json;

/** What a payment and a refund may say of connected accounts; absent: nothing. */
export const membersOfCharges = {
  payment: {
    applicationFeeAmount: units('What the platform takes of it'),
    applicationFeeRefunded: units('What went back of that'),
    connectedAccount: account('Whose payment it is').json,
    refundedWithFee: units('By refunds that gave back of the application fee'),
    refundedWithTransfer: units('By refunds that took back of its transfer'),
    reversedByRefunds: units('What those took back of it'),
    transferData,
  },
  refund: {
    applicationFeeAgain: units('What the platform has again of the application fee, as it failed'),
    applicationFeeRefunded: units('What went back of the application fee with it'),
    transferAgain: units('What the account has again of the transfer, as it failed'),
    transferReversed: units('What went back of the transfer with it'),
  },
} as const;

const ofAll = widened(
  widened(widened(payment.definitions, membersOfPayers), membersOfDisputes),
  membersOfCharges,
);
/** A payment of which something was transferred when it was captured. */
export const chargedPayment: Schema<PaymentFacts> = {
  ...payment,
  definitions: widened(ofAll, membersOfTransfers, ['amountTransferred', 'transferData', 'transfers']),
};
/** The same when something of that came back with a refund. */
export const reversedPayment: Schema<PaymentFacts> = {
  ...payment,
  definitions: widened(ofAll, membersOfTransfers, [
    ...['amountTransferred', 'refundedWithTransfer', 'reversedByRefunds', 'transferData', 'transfers'],
  ]),
};
const ofRefund = (needed: readonly (keyof RefundFacts)[]): Schema<RefundFacts> => ({
  ...refund,
  definitions: widened(refund.definitions, { refund: membersOfCharges.refund }, needed),
});
/** A refund with which something of a transfer comes back. */
export const reversingRefund = ofRefund(['transferReversed']);
/** One that failed, so that it was transferred again. */
export const undoneRefund = ofRefund(['transferAgain', 'transferReversed']);

/** A source of transfers is the platform's own. */
const isOfPlatform = ({ name }: AnyEventType): boolean => name === 'PaymentTransferCreated';

/** The types with one version more wherever the payment may be one of connected accounts. */
export function withCharges<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) =>
    'payment' in newestVersion(type).schema.definitions && !isOfPlatform(type)
      ? withMore(type, membersOfCharges)
      : type,
  ) as unknown as T;
}
