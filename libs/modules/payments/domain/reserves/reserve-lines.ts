import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { lineIdOf } from '../balance-line';
import type { BalanceLine } from '../balance-line';
import { reserveKey } from '../records';
import type { ReserveEvent } from './reserve-events';

/** Money that moves inside a balance: its net is nothing. A hold is pending until it is released. */
export function linesOfReserve({ data, type }: ReserveEvent): readonly BalanceLine[] {
  const { account, amount, currency, livemode, releaseOn } = data.reserve;
  const { transaction }: Pick<BookingFacts, 'transaction'> = data;
  const isHeld = type === 'ReserveHeld';
  return [
    {
      id: lineIdOf(transaction),
      type: isHeld ? 'reserve_hold' : 'reserve_release',
      ...{
        amount: 0n,
        fee: 0n,
        moved: BigInt(amount),
        currency,
        livemode,
        owner: account,
        source: transaction.id,
      },
      settlement: isHeld ? { key: reserveKey(account, currency, releaseOn), availableOn: releaseOn } : null,
    },
  ];
}
