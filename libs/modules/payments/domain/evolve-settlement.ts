import { BrokenInvariant } from '@fintech-ledger/contract';
import type { SettlementFacts } from './events';
import type { RefundFacts } from './facts';
import { nettingKey, nettingOf, settlementKey, settlementOf } from './records';
import type { PaymentsChange, PaymentsView } from './records';

/** The platform's part of a moment is available. @throws BrokenInvariant when it contradicts the state */
export function settled(view: PaymentsView, settlement: SettlementFacts): readonly PaymentsChange[] {
  const { rail, currency, availableOn, platform, kept } = settlement;
  const key = settlementKey(rail, currency, availableOn);
  const known = settlementOf(view, key);
  if (known === undefined || known.isSettled || known.platform !== platform)
    throw new BrokenInvariant(`${rail} settles ${platform} ${currency} of ${availableOn}`);
  const left = nettingOf(view, rail, currency) - BigInt(kept);
  return [
    { key, record: { ...known, isSettled: true } },
    { key: nettingKey(rail, currency), record: { kind: 'netting', amount: String(left) } },
  ];
}

/** Nothing was left to settle. @throws BrokenInvariant when it contradicts the state */
export function closed(
  view: PaymentsView,
  { rail, currency, availableOn }: Pick<SettlementFacts, 'availableOn' | 'currency' | 'rail'>,
): readonly PaymentsChange[] {
  const key = settlementKey(rail, currency, availableOn);
  const known = settlementOf(view, key);
  if (known === undefined || known.isSettled || known.isClosed || known.platform !== '0')
    throw new BrokenInvariant(`${rail} closes the settlement in ${currency} of ${availableOn}`);
  return [{ key, record: { ...known, isClosed: true } }];
}

/*
 * What a rail keeps back is what is pending, and was pending of open refunds, less what is on its clearing account. So
 * it follows from what a refund changes of these three.
 */
export function openOf(refund: RefundFacts | undefined): bigint {
  return refund?.status === 'pending' ? BigInt(refund.fromPending) : 0n;
}
export function clearedBy(refund: RefundFacts | undefined): bigint {
  return refund?.status === 'succeeded' ? BigInt(refund.amount) : 0n;
}
