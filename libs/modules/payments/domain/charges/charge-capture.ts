import type { BookingLine, DecideContext } from '@fintech-ledger/ledger/domain';
import { captureLines, merged } from '../bookings';
import type { CaptureBooking } from '../bookings';
import type { PaymentFacts } from '../facts';
import { splitInto } from '../splits/make-split';
import { shareLines } from '../splits/split-bookings';
import type { SplitFacts } from '../splits/split-facts';
import type { TransferFacts } from '../transfers/transfer-facts';
import { partyOf } from './charge';
import { chargeLines } from './charge-bookings';

/** What a capture comes to: what the owner has pending of it, what is booked, and a transfer or split that it makes. */
export interface Captured {
  readonly lines: readonly BookingLine[];
  readonly payment: PaymentFacts;
  readonly split?: SplitFacts;
  readonly transfer?: TransferFacts;
}

/**
 * @param payment as captured, but for what is pending and transferred of it
 * @param index of the event in its decision
 */
export function capturedFor(
  payment: PaymentFacts,
  booking: CaptureBooking,
  context: DecideContext,
  index = 0,
): Captured {
  const { newId, now } = context;
  const { captured, fee, isAvailable } = booking;
  const account = partyOf(payment);
  const pendingOf = (amount: bigint): string => (isAvailable ? '0' : String(amount));
  const ofPlatform = { ...payment, pending: pendingOf(captured - fee) };
  if (payment.splitParties !== undefined) {
    const plan = { parties: payment.splitParties, rule: payment.splitRule ?? null };
    const { moves, ...made } = splitInto(ofPlatform, plan, !isAvailable, context, { index });
    const lines = merged([...captureLines(booking), ...shareLines(payment.currency, moves)]);
    return { ...made, lines };
  }
  if (account === undefined) return { payment: ofPlatform, lines: captureLines(booking) };
  const applicationFee = BigInt(payment.applicationFeeAmount ?? '0');
  const { transferData } = payment;
  if (transferData === undefined) {
    const lines = chargeLines({ ...booking, account, applicationFee });
    return { payment: { ...payment, pending: pendingOf(captured - fee - applicationFee) }, lines };
  }
  const transferred = BigInt(transferData.amount ?? captured);
  const { currency, id: sourcePayment, livemode, transferGroup } = payment;
  const transfer: TransferFacts = {
    ...{ amount: String(transferred), amountReversed: '0', createdAt: now, currency, description: null },
    ...{ destination: account, id: newId('tr', index), livemode, metadata: {}, sourcePayment, transferGroup },
    pending: pendingOf(transferred),
  };
  return {
    payment: {
      ...payment,
      amountTransferred: transfer.amount,
      pending: pendingOf(captured - fee - transferred + applicationFee),
      transfers: [transfer.id],
    },
    lines: chargeLines({ ...booking, account, applicationFee, transferred }),
    transfer,
  };
}
