import { flag, object, oneOf, orNull, text } from '@fintech-ledger/contract';
import type { EventOf } from '@fintech-ledger/contract';
import { bookingEvent, currency } from '@fintech-ledger/ledger/domain';
import { feeAdjustmentKey, nettingKey } from '../records';
import { railLineKinds } from './fee-adjustment-facts';
import type { FeeAdjustmentFacts } from './fee-adjustment-facts';

const units = (description: string) =>
  text({
    description: `${description}: minor units, which may be below zero`,
    pattern: '^(?:0|-?[1-9][0-9]{0,35})$',
  });

/** What the journal of a payments ledger says of fees that differ from the expected ones. */
export const feeAdjustmentEventTypes = [
  bookingEvent<'FeeAdjusted', { readonly feeAdjustment: FeeAdjustmentFacts }>({
    name: 'FeeAdjusted',
    description:
      'A rail reports a fee that is not what was booked: who bears the fee bears the difference, or has it back.',
    fields: {
      feeAdjustment: object<FeeAdjustmentFacts>({
        amount: text({
          description: 'What the rail takes more than was booked, below zero less: minor units',
          pattern: '^-?[1-9][0-9]{0,35}$',
        }),
        connectedAccount: orNull(text({ pattern: '^acct_[0-9A-Za-z]+$' })),
        currency,
        expected: units('The fee that was booked with it'),
        kind: oneOf(...railLineKinds),
        livemode: flag,
        object: text({ pattern: '^(?:pay|re|dp)_[0-9A-Za-z]+$' }),
        rail: text(),
        railReference: text(),
        reported: units('The fee that the rail reports'),
      }),
    },
    touches: ({ feeAdjustment: { currency: code, kind, object: of, rail } }) => [
      feeAdjustmentKey(kind, of),
      nettingKey(rail, code),
    ],
  }),
] as const;
export type FeeAdjustmentEvent = EventOf<(typeof feeAdjustmentEventTypes)[number]>;

export const isFeeAdjustment = (event: { readonly type: string }): event is FeeAdjustmentEvent =>
  event.type === 'FeeAdjusted';
