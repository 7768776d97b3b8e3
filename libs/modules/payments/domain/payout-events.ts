import { eventType, exactly, object, text, withMore } from '@fintech-ledger/contract';
import type { AnyEventType } from '@fintech-ledger/contract';
import { bookingEvent } from '@fintech-ledger/ledger/domain';
import { payout } from './payout-facts';
import type { PayoutFacts } from './payout-facts';
import { bankTransferRail } from './chart';
import { payoutBatchMade } from './payout-batches';
import { ownerKey, payoutBatchesKey, payoutKey } from './records';

/** Keys of the records that any event of a payout changes. */
const touchesPayout = ({ connectedAccount, currency, id, rail }: PayoutFacts): readonly string[] => [
  payoutKey(id),
  ...(rail === bankTransferRail ? [payoutBatchesKey(currency)] : []),
  ...(connectedAccount === undefined ? [] : [ownerKey(connectedAccount)]),
];

/** With one version more, in which a payout may be a connected account's, and made by a schedule. */
function withOwners<const T extends readonly AnyEventType[]>(types: T): T {
  const more = {
    payout: {
      connectedAccount: text({ description: 'Whose balance it leaves', pattern: '^acct_[0-9A-Za-z]+$' }).json,
      isAutomatic: { ...exactly(true).json, description: 'A schedule made it' },
    },
  };
  return types.map((type) => withMore(type, more)) as unknown as T;
}

/** With one version more, in which a payout may say where a bank is to pay it to. */
function withDestination<const T extends readonly AnyEventType[]>(types: T): T {
  const sealed = { type: 'string', pattern: '^sealed:1:' };
  const destination = {
    description: 'The bank account that it goes to, encrypted with the key of the data subject',
    type: 'object',
    additionalProperties: false,
    required: ['accountHolder', 'iban'],
    properties: { accountHolder: { ...sealed, type: ['string', 'null'] }, iban: sealed },
  };
  return types.map((type) => withMore(type, { payout: { destination } })) as unknown as T;
}

/** With one version more, in which a payout may say which account of the environment a bank is to pay it to. */
function withPayee<const T extends readonly AnyEventType[]>(types: T): T {
  const payee = {
    description: 'The bank account of the environment that it goes to, as it was when it was made',
    type: 'object',
    additionalProperties: false,
    required: ['accountHolder', 'bic', 'iban'],
    properties: {
      accountHolder: { type: 'string' },
      bic: { type: ['string', 'null'] },
      iban: { type: 'string', pattern: '^[A-Z0-9]{1,34}$' },
    },
  };
  return types.map((type) => withMore(type, { payout: { payee } })) as unknown as T;
}

interface OfPayout {
  readonly payout: PayoutFacts;
}
const touches = (data: OfPayout): readonly string[] => touchesPayout(data.payout);
const booking = <const N extends string>(name: N, description: string) =>
  bookingEvent({ name, description, fields: { payout }, touches });
const plain = <const N extends string>(name: N, description: string) =>
  eventType({ name, description, schema: object<OfPayout>({ payout }), touches });

/** What the journal of a payments ledger says of payouts. */
export const payoutEventTypes = [
  ...withPayee(
    withDestination(
      withOwners([
        booking(
          'PayoutCreated',
          'A payout is to be made: it leaves the balance, and waits until it is sent.',
        ),
        plain('PayoutUpdated', 'A payout was described otherwise. Nothing is booked.'),
        plain('PayoutSent', 'A payout is handed to its rail, which is called after this. Nothing is booked.'),
        booking('PayoutPaid', 'The rail has paid out: the money has left the bank.'),
        booking('PayoutFailed', 'A payout failed, or came back from the bank; the balance has it back.'),
        booking('PayoutCanceled', 'A payout was canceled before it was sent; the balance has it back.'),
      ] as const),
    ),
  ),
  // Of what goes by bank no rail is asked.
  ...withOwners([
    plain(
      'PayoutCallRepeated',
      'Nothing is known of a payout: the rail is asked, or called again by the same key. Nothing is booked.',
    ),
    plain('PayoutArrived', 'A payout that might have come back has not. Nothing is booked.'),
  ] as const),
  payoutBatchMade,
] as const;
