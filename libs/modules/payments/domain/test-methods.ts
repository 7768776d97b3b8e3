import type { CardFacts } from './facts';

/** A payment method that is there without being saved: what a sandbox may be tried with. */
export interface TestMethod {
  readonly card: CardFacts;
  readonly rail: string;
}

export const simulatorRail = 'simulator';

const card = (brand: string, last4: string, fingerprint: string): TestMethod => ({
  card: { brand, country: 'US', expMonth: 12, expYear: 2034, fingerprint, funding: 'credit', last4 },
  rail: simulatorRail,
});

const methods: Readonly<Record<string, TestMethod>> = {
  pm_card_visa: card('visa', '4242', 'fp_sim_visa'),
  pm_card_mastercard: card('mastercard', '4444', 'fp_sim_mastercard'),
  pm_card_bypassPending: card('visa', '0077', 'fp_sim_bypass_pending'),
  pm_card_chargeDeclined: card('visa', '0002', 'fp_sim_declined'),
  pm_card_chargeDeclinedInsufficientFunds: card('visa', '9995', 'fp_sim_insufficient_funds'),
  pm_card_chargeDeclinedExpiredCard: card('visa', '0069', 'fp_sim_expired_card'),
  pm_card_threeDSecure2Required: card('visa', '3220', 'fp_sim_three_d_secure'),
  pm_card_createDispute: card('visa', '0259', 'fp_sim_dispute'),
  pm_card_refundFail: card('visa', '5126', 'fp_sim_refund_fail'),
  pm_sim_timeoutApproved: card('visa', '1001', 'fp_sim_timeout_approved'),
  pm_sim_timeoutDeclined: card('visa', '1002', 'fp_sim_timeout_declined'),
  pm_sim_lateSuccess: card('visa', '1003', 'fp_sim_late_success'),
  pm_sim_lateFailure: card('visa', '1004', 'fp_sim_late_failure'),
};

/** The ids of all of them. */
export const testMethodIds: readonly string[] = Object.keys(methods);

export function testMethod(id: string): TestMethod | undefined {
  return Object.hasOwn(methods, id) ? methods[id] : undefined;
}
