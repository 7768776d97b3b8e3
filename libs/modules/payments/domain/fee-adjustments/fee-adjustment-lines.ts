import { lineIdOf } from '../balance-line';
import type { BalanceLine } from '../balance-line';
import { platformOwner } from '../chart';
import type { FeeAdjustmentEvent } from './fee-adjustment-events';

/** What leaves the balance of who bears the fee, or comes back to it. */
export function linesOfFeeAdjustment({
  data: { feeAdjustment, transaction },
}: FeeAdjustmentEvent): readonly BalanceLine[] {
  const { amount, connectedAccount, currency, livemode, object: source } = feeAdjustment;
  const line = { type: 'adjustment', amount: -BigInt(amount), fee: 0n, settlement: null } as const;
  const owner = connectedAccount ?? platformOwner;
  return [{ ...line, id: lineIdOf(transaction), currency, livemode, owner, source }];
}
