import { isRefusal } from '@fintech-ledger/contract';
import type { CodeOf, Refusal } from '@fintech-ledger/contract';
import type { UpdatePayment } from './commands';
import type { PaymentFacts } from './facts';
import { payerRefusal, usableMethod } from './methods';
import { payerOf } from './payers';
import type { PaymentsView } from './records';
import type { paymentCommandRefusals } from './refusals';

/** What a confirm takes where nothing else is named. */
export const defaultOf = (view: PaymentsView, customer: string | null | undefined): string | null =>
  (customer && payerOf(view, customer)?.defaultPaymentMethod) ?? null;
/** A payment that names nobody says nothing of it. */
export const paidBy = (customer: string | null): Pick<PaymentFacts, 'customer'> =>
  customer === null ? {} : { customer };

/** Who pays after a change, judged with the method as at creation. */
export function changedPayer(
  view: PaymentsView,
  command: UpdatePayment,
  payment: PaymentFacts,
): { readonly customer: string | null } | Refusal<CodeOf<(typeof paymentCommandRefusals)['UpdatePayment']>> {
  const { customer: asked = payment.customer ?? null, paymentMethod: method = payment.paymentMethod } =
    command;
  if (command.customer === undefined && command.paymentMethod === undefined) return { customer: asked };
  const noPayer = command.customer === undefined ? undefined : payerRefusal(view, asked);
  if (noPayer !== undefined) return noPayer;
  if (method === null) return { customer: asked };
  const usable = usableMethod(view, method, { ...payment, customer: asked });
  if (!isRefusal(usable)) return { customer: asked ?? usable.owner };
  // The rail was said at the creation.
  return { ...usable, param: '/payment_method' };
}
