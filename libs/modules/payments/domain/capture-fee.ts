import type { CapturePayment } from './commands';
import type { PaymentFacts } from './facts';
import { isOpen } from './rail-calls';
import { paymentKey } from './records';
import type { PaymentRecord, PaymentsView } from './records';

/* A capture may name another application fee than its payment. It is that of the payment once it is captured. */

/** The payment with the fee that its capture names. */
export function withFeeOf(
  payment: PaymentFacts,
  { applicationFeeAmount: fee }: Pick<CapturePayment, 'applicationFeeAmount'>,
): PaymentFacts {
  return fee === undefined ? payment : withFee(payment, fee === '0' ? null : fee);
}

function withFee<P extends PaymentFacts>(payment: P, fee: string | null): P {
  const { applicationFeeAmount: _before, ...others } = payment;
  return (fee === null ? others : { ...others, applicationFeeAmount: fee }) as P;
}

const recordOf = (view: PaymentsView, id: string): PaymentRecord | undefined => {
  const record = view.get(paymentKey(id));
  return record?.kind === 'payment' ? (record as PaymentRecord) : undefined;
};

/** What is kept of a payment as long as a capture with another fee is under way: the fee that it had before. */
export function feeBefore(view: PaymentsView, payment: PaymentFacts): Pick<PaymentRecord, 'feeBefore'> {
  const before = recordOf(view, payment.id);
  if (before === undefined || payment.call?.kind !== 'capture' || !isOpen(payment.call)) return {};
  const { applicationFeeAmount: fee = null } = before.payment;
  if (before.feeBefore !== undefined) return { feeBefore: before.feeBefore };
  return fee === (payment.applicationFeeAmount ?? null) ? {} : { feeBefore: fee };
}

/** The payment without what its capture named: it was not made. */
export function withoutCapture<P extends PaymentFacts>(view: PaymentsView, payment: P): P {
  const fee = recordOf(view, payment.id)?.feeBefore;
  return fee === undefined ? payment : withFee(payment, fee);
}
