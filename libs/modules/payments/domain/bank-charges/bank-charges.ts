import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { lineIdOf } from '../balance-line';
import type { BalanceLine } from '../balance-line';
import { platformOwner } from '../chart';
import { booked } from '../decision';
import { bankChargeLines } from './bank-charge-bookings';
import type { BankChargeEvent, BankChargeFacts } from './bank-charge-events';

/** A bank has taken it, or given it. @param index of the event in its decision */
export function bankCharged(
  view: SharedView,
  bankCharge: BankChargeFacts,
  context: DecideContext,
  index: number,
): BankChargeEvent {
  const { amount, bankLine, currency, description, kind } = bankCharge;
  const lines = bankChargeLines({ amount: BigInt(amount), currency, kind });
  const says = description ?? `Bank ${kind} of statement line ${bankLine}`;
  return { type: 'BankChargeBooked', data: { ...booked(view, lines, says, context, index), bankCharge } };
}

/** What leaves the balance of the platform, or comes to it. */
export function linesOfBankCharge({
  data: { bankCharge, transaction },
}: BankChargeEvent): readonly BalanceLine[] {
  const { amount, bankLine: source, currency, livemode } = bankCharge;
  const line = { type: 'adjustment', amount: -BigInt(amount), fee: 0n, settlement: null } as const;
  return [{ ...line, id: lineIdOf(transaction), currency, livemode, owner: platformOwner, source }];
}
