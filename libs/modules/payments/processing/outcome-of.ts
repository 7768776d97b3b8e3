import type { RailOutcome } from '@fintech-ledger/payments/domain';
import type { AskAnswer } from '../rails/rail';

/**
 * What a rail said, as the journal records it: amounts are texts, addresses absolute.
 * @param publicUrl what those of pages begin with that rails have here
 * @throws Error it is said of no payment */
export function outcomeOf(answer: AskAnswer, publicUrl: string): RailOutcome {
  switch (answer.kind) {
    case 'captured': {
      const { kind, railReference, feeMinor, availableOn, noticeAt } = answer;
      const captured = { kind, railReference, fee: String(feeMinor), availableOn };
      return noticeAt === undefined ? captured : { ...captured, noticeAt };
    }
    case 'authorized':
      return { kind: answer.kind, railReference: answer.railReference };
    case 'requires_action': {
      const { url } = answer;
      return { ...answer, url: url.startsWith('/') ? `${publicUrl}${url}` : url };
    }
    case 'requires_transfer':
    case 'declined':
    case 'pending':
    case 'voided':
    case 'refunded':
    case 'refund_failed':
    case 'not_known':
      return answer;
    case 'paid_out':
    case 'pay_out_failed':
      throw new Error(`a payout is said to be ${answer.kind} where a payment was asked about`);
  }
}
