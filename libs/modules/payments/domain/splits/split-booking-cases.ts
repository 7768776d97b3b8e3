import { captureLines, failedRefundLines, merged, refundLines } from '../bookings';
import { movedAs } from '../charges/charge-bookings';
import { shareLines, splitLines } from './split-bookings';

const of = { rail: 'simulator', currency: 'USD' };
const payment = { ...of, captured: 10_000n, fee: 320n };
/** The platform keeps 1,000; what two connected accounts have of the rest. */
const shares = (first: bigint, second: bigint, isPending = true) =>
  shareLines('USD', [
    { account: 'acct_1', ...movedAs(isPending, first) },
    { account: 'acct_2', ...movedAs(isPending, second) },
  ]);

/** What events of splits book. */
export const splitCases = {
  SplitPaymentCaptured: [
    {
      when: '10,000 is captured, with a fee of 320: 7,000 and 2,000 go to two accounts, 1,000 is the platform’s.',
      lines: merged([...captureLines({ ...payment, isAvailable: false }), ...shares(7_000n, 2_000n)]),
    },
  ],
  SplitCreated: [
    {
      when: 'The same payment is split after it was captured, and before it is settled.',
      lines: shares(7_000n, 2_000n),
    },
    {
      when: 'A split that leaves all of it with the platform.',
      lines: splitLines('USD', [{ account: 'platform', ...movedAs(true, 10_000n) }], true),
    },
  ],
  SplitRefundCreated: [
    {
      when: '1,000 is refunded before it is settled: 700 and 200 come back, 100 is of the platform’s own share.',
      lines: merged([
        ...refundLines({ ...of, fromPending: 1_000n, fromAvailable: 0n }),
        ...shares(-700n, -200n),
      ]),
    },
  ],
  SplitRefundFailed: [
    {
      when: 'That refund failed before the payment was settled: all of it is as it was.',
      lines: merged([
        ...failedRefundLines({
          ...{ ...of, fromPending: 1_000n, fromAvailable: 0n },
          ...{ hadSucceeded: false, isSettled: false },
        }),
        ...shares(700n, 200n),
      ]),
    },
  ],
  SplitReversed: [
    {
      when: 'A dispute of the 10,000 is lost after it was settled: 7,000 and 2,000 come back.',
      lines: shares(-7_000n, -2_000n, false),
    },
  ],
  SplitRestored: [
    {
      when: 'It is won after all: the parties have that again.',
      lines: shares(7_000n, 2_000n, false),
    },
  ],
} as const;
