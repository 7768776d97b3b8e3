import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { bankTransferRail } from './chart';
import type { CardFacts } from './facts';
import { payerOf, savedMethodOf } from './payers';
import type { PaymentsView } from './records';
import {
  paymentMethodDetached,
  paymentMethodMismatch,
  railUnavailable,
  testMethodInLiveMode,
  unknownCustomer,
  unknownPaymentMethod,
} from './refusals';
import { simulatorRail, testMethod } from './test-methods';

/** A payment method, as a payment is made with it. */
export interface UsableMethod {
  readonly card: CardFacts | null;
  /** Who saved it; null: nobody did. */
  readonly owner: string | null;
  readonly rail: string;
  /** Of a saved one. */
  readonly template?: string;
}
/** Why a method can't be paid with. */
export type MethodRefusal = Refusal<
  | 'unknown_payment_method'
  | 'test_method_in_live_mode'
  | 'rail_unavailable'
  | 'payment_method_detached'
  | 'payment_method_mismatch'
>;

/** What is known of a payment when its method is judged. */
interface OfPayment {
  /** Null: nobody is named. */
  readonly customer: string | null;
  readonly livemode: boolean;
  /** The rail that was asked for; null: the method's. */
  readonly rail: string | null;
}

/** The method that a payment names, and the rail that it pays over. */
export function usableMethod(
  view: PaymentsView,
  id: string,
  { customer, livemode, rail: wanted }: OfPayment,
): UsableMethod | MethodRefusal {
  const at = '/payment_method';
  const test = testMethod(id);
  const saved = test === undefined ? savedMethodOf(view, id) : undefined;
  const rail = test?.rail ?? saved?.rail;
  if (rail === undefined) return refuse(unknownPaymentMethod, 'There is no such payment method.', at);
  if (livemode && test !== undefined)
    return refuse(testMethodInLiveMode, `${id} is a test payment method: it pays in sandboxes.`, at);
  if (wanted !== null && wanted !== rail)
    return refuse(railUnavailable, `${id} pays over the rail ${rail}, not over ${wanted}.`, '/rail');
  if (saved === undefined) return { card: test?.card ?? null, owner: null, rail };
  if (saved.detachedAt !== null) return refuse(paymentMethodDetached, `${id} was detached.`, at);
  if (customer !== null && saved.customer !== customer)
    return refuse(paymentMethodMismatch, `${id} is no payment method that ${customer} saved.`, at);
  return { card: saved.card, owner: saved.customer, rail, template: saved.template };
}

/** Why nobody can be named as who pays. */
export function payerRefusal(view: PaymentsView, id: string | null): Refusal<'unknown_customer'> | undefined {
  if (id === null) return undefined;
  const payer = payerOf(view, id);
  if (payer !== undefined && payer.deletedAt === null) return undefined;
  const why = payer === undefined ? `There is no customer ${id.slice(0, 80)}.` : `Customer ${id} is deleted.`;
  return refuse(unknownCustomer, why, '/customer');
}

/** Why an environment has no such rail. */
export function railRefusal(rail: string | null, livemode: boolean): Refusal<'rail_unavailable'> | undefined {
  if (rail === null || rail === bankTransferRail || (rail === simulatorRail && !livemode)) return undefined;
  const where = livemode ? 'a live environment' : 'a sandbox';
  return refuse(railUnavailable, `There is no rail ${rail} in ${where}.`, '/rail');
}
