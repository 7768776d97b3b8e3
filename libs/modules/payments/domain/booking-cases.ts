import type { BookingLine } from '@fintech-ledger/ledger/domain';
import { bankChargeCases } from './bank-charges/bank-charge-bookings';
import { bankTransferRail } from './chart';
import {
  captureLines,
  failedRefundLines,
  payoutLines,
  refundedLines,
  refundLines,
  settlementLines,
} from './bookings';
import { chargeLines, givingBackLines, movedAs } from './charges/charge-bookings';
import { splitCases } from './splits/split-booking-cases';
import { feeAdjustmentCases } from './fee-adjustments/fee-adjustment-bookings';
import { reserveCases } from './reserves/reserve-booking-cases';
import { accountSettlementLines, moveLines } from './transfers/transfer-bookings';
import { lostLines, openedLines, wonAfterAllLines, wonLines } from './disputes/dispute-bookings';
import type { PaymentEvent } from './events';

/** An event that books, in one of its cases, with the lines that it has then. */
export interface BookingCase {
  readonly when: string;
  readonly lines: readonly BookingLine[];
}

/** An event whose data has entries. */
export type BookingEventName = Extract<
  PaymentEvent,
  { readonly data: { readonly entries: unknown } }
>['type'];

const of = { rail: 'simulator', currency: 'USD' };
const byBank = { rail: bankTransferRail, currency: 'USD' };
const payment = { ...of, captured: 10_000n, fee: 320n };
const refund = { ...of, fromPending: 9_680n, fromAvailable: 320n };

const transfer = { currency: 'USD', from: 'platform', to: 'acct_1' };
const back = { currency: 'USD', from: 'acct_1', to: 'platform' };
const ofCharge = { ...of, account: 'acct_1', applicationFee: 1_000n, isAvailable: false };
const givingBack = (fee: bigint, reversed: bigint) => ({
  ...{ account: 'acct_1', currency: 'USD' },
  ...{ fee: movedAs(true, fee), transfer: movedAs(true, reversed) },
});
const payout = { amount: '5000', currency: 'USD' };
const payoutByBank = { ...payout, currency: 'EUR', rail: bankTransferRail };
const payoutOfAccount = { ...payout, connectedAccount: 'acct_1' };
const dispute = { ...of, amount: 10_000n };

/** What each event books, for the reference: one that is forgotten does not compile. */
export const bookingCases: Readonly<Record<BookingEventName, readonly BookingCase[]>> = {
  PaymentCaptured: [
    {
      when: 'A payment of 10,000 with a fee of 320 is captured, and settled later.',
      lines: captureLines({ ...payment, isAvailable: false }),
    },
    {
      when: 'The same of a rail that pays out at once.',
      lines: captureLines({ ...payment, isAvailable: true }),
    },
    {
      when: 'A transfer by bank has come whole: it is applied.',
      lines: captureLines({ ...byBank, captured: 10_000n, fee: 0n, isAvailable: true }),
    },
    {
      when: 'A payment of 20 with a fee of 31: the balance takes the difference.',
      lines: captureLines({ ...of, captured: 20n, fee: 31n, isAvailable: false }),
    },
    {
      when: "A connected account's own payment of 10,000 with an application fee of 1,500: it bears the rail's 320.",
      lines: chargeLines({ ...ofCharge, captured: 10_000n, fee: 320n, applicationFee: 1_500n }),
    },
  ],
  RefundCreated: [
    {
      when: "3,333 of a connected account's own payment is refunded, with 411 of the application fee.",
      lines: [
        ...refundLines({ ...of, fromPending: 3_333n, fromAvailable: 0n, owner: 'acct_1' }),
        ...givingBackLines(givingBack(411n, 0n)),
      ],
    },
    {
      when: 'The whole payment is refunded: first what it has pending (9,680), then what is available (320).',
      lines: refundLines(refund),
    },
  ],
  DestinationPaymentCaptured: [
    {
      when: 'A payment of 2,000 is transferred whole, and the platform takes 1,000 of that; the rail takes 88.',
      lines: chargeLines({ ...ofCharge, captured: 2_000n, fee: 88n, transferred: 2_000n }),
    },
  ],
  ReversingRefundCreated: [
    {
      when: '1,500 of it is refunded before it is settled, with 1,500 of the transfer and 750 of the fee.',
      lines: [
        ...refundLines({ ...of, fromPending: 1_500n, fromAvailable: 0n }),
        ...givingBackLines(givingBack(750n, 1_500n)),
      ],
    },
  ],
  ReversingRefundFailed: [
    {
      when: 'That refund failed before the payment was settled: all of it is as it was.',
      lines: [
        ...failedRefundLines({
          ...{ ...of, fromPending: 1_500n, fromAvailable: 0n },
          ...{ hadSucceeded: false, isSettled: false },
        }),
        ...givingBackLines(givingBack(-750n, -1_500n)),
      ],
    },
  ],
  ...splitCases,
  RefundSucceeded: [
    { when: 'The rail has refunded it.', lines: refundedLines(refund) },
    { when: 'A bank statement says that it has left.', lines: refundedLines({ ...refund, ...byBank }) },
  ],
  RefundFailed: [
    {
      when: 'It failed before its payment was settled: what was pending is so again.',
      lines: failedRefundLines({ ...refund, hadSucceeded: false, isSettled: false }),
    },
    {
      when: 'It failed after its payment was settled: all of it is available.',
      lines: failedRefundLines({ ...refund, hadSucceeded: false, isSettled: true }),
    },
    {
      when: 'It had succeeded and came back: the rail owes it.',
      lines: failedRefundLines({ ...refund, hadSucceeded: true, isSettled: true }),
    },
  ],
  PaymentsSettled: [
    {
      when: '9,680 becomes available, and the rail pays it out.',
      lines: settlementLines({ ...of, platform: 9_680n, kept: 0n }),
    },
    {
      when: 'The same, less 1,000 that the rail keeps back for refunds of what was available already.',
      lines: settlementLines({ ...of, platform: 9_680n, kept: 1_000n }),
    },
  ],
  DisputeOpened: [
    {
      when: 'A payment of 10,000 is disputed, and the rail takes 1,500 for that.',
      lines: openedLines({ ...dispute, fee: 1_500n }),
    },
  ],
  DisputeWon: [
    { when: 'It is won: the amount comes back, the fee stays.', lines: wonLines(dispute) },
    {
      when: 'It was accepted when the bank had decided already, and comes back all the same.',
      lines: wonAfterAllLines(dispute),
    },
  ],
  DisputeLost: [{ when: 'It is lost, or was accepted.', lines: lostLines(dispute) }],
  TransferCreated: [
    {
      when: '3,000 of what is available is transferred.',
      lines: moveLines({ ...transfer, available: 3_000n, pending: 0n }),
    },
  ],
  PaymentTransferCreated: [
    {
      when: 'A payment of 10,000 is transferred whole before it is settled; its fee stays with the platform.',
      lines: moveLines({ ...transfer, available: 0n, pending: 10_000n }),
    },
  ],
  TransferReversed: [
    { when: '1,000 of it goes back.', lines: moveLines({ ...back, available: 1_000n, pending: 0n }) },
  ],
  PaymentTransferReversed: [
    {
      when: '4,000 goes back before the payment is settled.',
      lines: moveLines({ ...back, available: 0n, pending: 4_000n }),
    },
  ],
  AccountSettled: [
    {
      when: 'What the account has pending, 6,000, becomes available, and the rail pays it out.',
      lines: accountSettlementLines({ ...of, account: 'acct_1', amount: 6_000n, kept: 0n }),
    },
  ],
  ...reserveCases,
  ...feeAdjustmentCases,
  ...bankChargeCases,
  PayoutCreated: [
    { when: '5,000 of what is available is to be paid out.', lines: payoutLines('created', payout) },
    { when: 'The same of a connected account.', lines: payoutLines('created', payoutOfAccount) },
  ],
  PayoutPaid: [
    { when: 'The rail has paid it out.', lines: payoutLines('paid', payout) },
    {
      when: 'It went by bank, and a statement says that it has left: after what the line of the statement booked.',
      lines: payoutLines('paid', payoutByBank),
    },
  ],
  PayoutFailed: [
    { when: 'It failed: the balance has it back.', lines: payoutLines('failed', payout) },
    { when: 'It was paid, and came back from the bank.', lines: payoutLines('returned', payout) },
    {
      when: 'It went by bank, and a statement says that it came back.',
      lines: payoutLines('returned', payoutByBank),
    },
  ],
  PayoutCanceled: [{ when: 'It was canceled before it was sent.', lines: payoutLines('failed', payout) }],
};
