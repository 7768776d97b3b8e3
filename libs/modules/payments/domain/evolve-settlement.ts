import { BrokenInvariant } from '@fintech-ledger/contract';
import type { SettlementFacts } from './events';
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
