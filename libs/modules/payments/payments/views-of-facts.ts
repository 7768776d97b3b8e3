import { BrokenInvariant } from '@fintech-ledger/contract';
import {
  historyType,
  showDispute,
  showPayment,
  showPayout,
  showPayoutSchedule,
  showRefund,
  showSplit,
  showTransfer,
} from '@fintech-ledger/payments/domain';
import type { PaymentEvent, PayoutFacts } from '@fintech-ledger/payments/domain';
import type { AnyFacts } from '../read-model/queries';

/** What the history of an object calls an event. */
export const nameOf = (type: string): string => historyType(type as PaymentEvent['type']);

export const isPayout = (facts: AnyFacts): facts is PayoutFacts => 'bankAccount' in facts;

/** An object as the API shows it. */
export function viewOf(facts: AnyFacts): object {
  if ('debtor' in facts) throw new BrokenInvariant(`${facts.id} is read for itself`);
  if ('shares' in facts) return showSplit(facts);
  if (isPayout(facts)) return showPayout(facts);
  if ('nextAt' in facts) return showPayoutSchedule(facts);
  if ('evidenceDueBy' in facts) return showDispute(facts);
  if ('amountReversed' in facts) return showTransfer(facts);
  return 'payment' in facts ? showRefund(facts) : showPayment(facts);
}
