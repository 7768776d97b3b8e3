import { BrokenInvariant } from '@fintech-ledger/contract';
import { reserveKey, reserveOf } from '../records';
import type { PaymentsView, ReserveRecord } from '../records';
import type { ReserveEvent } from './reserve-events';

/** @throws BrokenInvariant what is released is not what is held */
export function evolveReserve(
  view: PaymentsView,
  { data, type }: ReserveEvent,
): { readonly key: string; readonly record: ReserveRecord } {
  const { account, amount, currency, livemode, releaseOn } = data.reserve;
  const key = reserveKey(account, currency, releaseOn);
  const held = reserveOf(view, key)?.amount ?? '0';
  const of = { kind: 'reserve', account, currency, livemode, releaseOn } as const;
  if (type === 'ReserveHeld')
    return { key, record: { ...of, amount: String(BigInt(held) + BigInt(amount)) } };
  if (held !== amount)
    throw new BrokenInvariant(`${amount} ${currency} of ${account} is released, ${held} is held`);
  return { key, record: { ...of, amount: '0' } };
}
