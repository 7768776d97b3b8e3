import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { lineIdOf } from './balance-line';
import type { BalanceLine } from './balance-line';
import { platformOwner } from './chart';

/* Conversions, as another module records them in the same journal: what balances read of them. */

interface ConvertedMoney {
  /** Minor units, above zero. */
  readonly amount: string;
  readonly currency: string;
}
/** What the platform's balance gave for what it got. */
export interface ConvertedFacts {
  readonly from: ConvertedMoney;
  readonly id: string;
  readonly livemode: boolean;
  readonly to: ConvertedMoney;
}
export interface ConversionEvent {
  readonly type: 'FxConversionCreated';
  readonly data: BookingFacts & { readonly conversion: ConvertedFacts };
}

export const isConversion = (event: { readonly type: string }): event is ConversionEvent =>
  event.type === 'FxConversionCreated';

/** What leaves the balance in one currency, and what comes to it in the other. */
export function linesOfConversion({
  data: { conversion, transaction },
}: ConversionEvent): readonly BalanceLine[] {
  const { from, id: source, livemode, to } = conversion;
  const id = lineIdOf(transaction);
  const both = {
    type: 'conversion',
    fee: 0n,
    livemode,
    owner: platformOwner,
    settlement: null,
    source,
  } as const;
  return [
    { ...both, id, amount: -BigInt(from.amount), currency: from.currency },
    { ...both, id: `${id}_to`, amount: BigInt(to.amount), currency: to.currency },
  ];
}
