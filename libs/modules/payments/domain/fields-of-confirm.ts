import type { ConfirmPayment } from './commands';
import type { DecisionOf } from './decision';

type Decision = DecisionOf<'ConfirmPayment'>;

/**
 * A confirm is judged by what was said at the creation, too, and its refusal names no field of that: only one that this
 * request has, or may have.
 */
export function withOwnFields(decision: Decision, { actsAs, paymentMethod }: ConfirmPayment): Decision {
  if (decision.kind !== 'refused') return decision;
  const { param, ...refusal } = decision.refusal;
  const own = ownField(param, actsAs !== undefined, paymentMethod !== undefined);
  return { ...decision, refusal: own === undefined ? refusal : { ...refusal, param: own } };
}

function ownField(param: string | undefined, actsAs: boolean, namesMethod: boolean): string | undefined {
  if (param === '/payment_method') return param;
  if (param === '/connected_account') return actsAs ? '/Connected-Account' : undefined;
  // The method pays over another rail than the payment.
  return param === '/rail' && namesMethod ? '/payment_method' : undefined;
}
