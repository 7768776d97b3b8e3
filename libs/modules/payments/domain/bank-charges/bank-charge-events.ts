import { flag, object, oneOf, text, textOrNull } from '@fintech-ledger/contract';
import type { EventOf } from '@fintech-ledger/contract';
import { bookingEvent, currency } from '@fintech-ledger/ledger/domain';
import { bankChargeKinds } from './bank-charge-bookings';
import type { BankChargeKind } from './bank-charge-bookings';

/** What a person says that a bank has taken, or given. */
export interface BankChargeFacts {
  /** What the bank takes; below zero: what it gives. Minor units. */
  readonly amount: string;
  /** The line of a statement that has it. */
  readonly bankLine: string;
  readonly currency: string;
  /** In the words of who said it; null: there are none. */
  readonly description: string | null;
  readonly kind: BankChargeKind;
  readonly livemode: boolean;
}

/** What the journal of a payments ledger says of what banks take and give. */
export const bankChargeEventTypes = [
  bookingEvent<'BankChargeBooked', { readonly bankCharge: BankChargeFacts }>({
    name: 'BankChargeBooked',
    description:
      "A line of a bank statement, or a part of it, is the platform's own: a fee of a bank, or interest. What a line " +
      'differs by from what it is for is a fee.',
    fields: {
      bankCharge: object<BankChargeFacts>({
        amount: text({
          description: 'What the bank takes, below zero what it gives: minor units',
          pattern: '^-?[1-9][0-9]{0,35}$',
        }),
        bankLine: text({ pattern: '^bsl_[0-9A-Za-z_-]+$' }),
        currency,
        description: textOrNull({ description: 'In the words of who said it' }),
        kind: oneOf(...bankChargeKinds),
        livemode: flag,
      }),
    },
    touches: () => [],
  }),
] as const;
export type BankChargeEvent = EventOf<(typeof bankChargeEventTypes)[number]>;

export const isBankCharge = (event: { readonly type: string }): event is BankChargeEvent =>
  event.type === 'BankChargeBooked';
