import type { AuthorizeCall, RailCall } from './rail';

const at = '2026-01-05T12:00:00.000Z';
/** Of callers that wait. */
export const signal = new AbortController().signal;
let calls = 0;

/** A call that nobody has made yet. */
export const next = (): RailCall => ({ environment: 'org_1', key: `call_${(calls += 1)}`, at });
/** Of a payment of its own. */
export const charge = (paymentMethod: string | null, more: Partial<AuthorizeCall> = {}): AuthorizeCall => ({
  ...next(),
  payment: `pay_${calls}`,
  paymentMethod,
  amountMinor: 10_000n,
  currency: 'USD',
  capture: true,
  offSession: false,
  returnUrl: null,
  ...more,
});
