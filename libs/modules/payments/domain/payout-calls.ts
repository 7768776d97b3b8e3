import { BrokenInvariant } from '@fintech-ledger/contract';
import type { PaymentEvent } from './events';
import type { PayoutCall, PayoutFacts } from './payout-facts';
import { askAfter } from './rail-calls';

/* What is asked of a rail that pays out, and what it says. */

export interface PayOutCall {
  /** When it is asked for: the time of the environment. */
  readonly at: string;
  readonly amount: string;
  readonly bankAccount: string;
  readonly currency: string;
  readonly livemode: boolean;
  readonly payout: string;
  readonly rail: string;
}
export type PayoutEffect =
  | { readonly kind: 'pay_out'; readonly key: string; readonly attempt: number; readonly data: PayOutCall }
  | {
      readonly kind: 'ask_payout';
      readonly key: string;
      readonly attempt: number;
      readonly data: PayOutCall;
    };

/** What a rail says of a payout. */
export type PayoutOutcome =
  /** @param noticeAt when it may have come back, and is asked once more */
  | { readonly kind: 'paid_out'; readonly railReference: string; readonly noticeAt?: string }
  | { readonly kind: 'pay_out_failed'; readonly failureCode: string; readonly message: string }
  /** It will say later. @param askAt when it will know */
  | { readonly kind: 'pending'; readonly railReference: string; readonly askAt?: string }
  /** It does not answer. */
  | { readonly kind: 'unknown' }
  /** Said when it is asked: the call never came there. */
  | { readonly kind: 'not_known' };

/** A payout is handed over; nobody waits for what comes of it. */
export const newPayoutCall = (key: string, now: string): PayoutCall => ({
  ...{ key, attempt: 1, isQuestion: false, state: 'open' },
  ...{ askAt: askAfter(now, 1), at: now, since: now },
});

/** What an event has a rail do. */
export function payoutEffectsOf(event: PaymentEvent): readonly PayoutEffect[] {
  if (event.type !== 'PayoutSent' && event.type !== 'PayoutCallRepeated') return [];
  // What goes by bank goes with the file of its batch: nothing is called.
  return event.data.payout.call === null ? [] : [effectOf(event.data.payout)];
}

function effectOf({ amount, bankAccount, call, currency, id, livemode, rail }: PayoutFacts): PayoutEffect {
  if (call === null) throw new BrokenInvariant(`${id} is to call a rail, and has no call`);
  const { at, attempt, isQuestion, key } = call;
  const data = { at, amount, bankAccount, currency, livemode, payout: id, rail };
  return { kind: isQuestion ? 'ask_payout' : 'pay_out', key, attempt, data };
}
