import type { IntendedEffect } from '@fintech-ledger/journal';
import type { PayoutEffect, PayoutOutcome, RecordPayoutOutcome } from '@fintech-ledger/payments/domain';
import type { AskAnswer, PayOutAnswer } from '../rails/rail';
import { callRail } from './call-rail';
import type { CallingRails } from './call-rail';

export type CalledPayout = PayoutEffect & Pick<IntendedEffect, 'organizationId'>;

/** Has a rail pay out, or asks what became of it. @throws Error nothing comes back of a question */
export async function callPayout(
  { attempt, data, key, kind, organizationId }: CalledPayout,
  calling: CallingRails,
  signal: AbortSignal,
): Promise<RecordPayoutOutcome> {
  const { amount, at, bankAccount, currency, payout, rail } = data;
  const call = { environment: organizationId, key, at };
  const about = { organizationId, payout, key, kind };
  const outcome = await callRail(
    calling,
    { rail, isQuestion: kind === 'ask_payout', about },
    signal,
    async (called, ended) =>
      outcomeIn(
        kind === 'pay_out'
          ? await called.payOut(
              { ...call, payout, bankAccount, amountMinor: BigInt(amount), currency },
              ended,
            )
          : await called.ask({ ...call, of: 'pay_out' }, ended),
      ),
  );
  return {
    type: 'RecordPayoutOutcome',
    ...{ attempt, call: key, payout },
    outcome: outcome ?? { kind: 'unknown' },
  };
}

/** @throws Error it is said of no payout */
function outcomeIn(answer: PayOutAnswer | AskAnswer): PayoutOutcome {
  switch (answer.kind) {
    case 'paid_out':
    case 'pay_out_failed':
    case 'pending':
    case 'not_known':
      return answer;
    case 'authorized':
    case 'captured':
    case 'declined':
    case 'refunded':
    case 'refund_failed':
    case 'requires_action':
    case 'requires_transfer':
    case 'voided':
      throw new Error(`a payment is said to be ${answer.kind} where a payout was asked about`);
  }
}
