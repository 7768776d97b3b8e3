import { eventType, nextVersion, object, orNull, text } from '@fintech-ledger/contract';
import type { EventOf } from '@fintech-ledger/contract';
import { bookingEvent, bookingSchema } from '@fintech-ledger/ledger/domain';
import type { PaymentFacts } from '../facts';
import { accountDisputesKey, disputeKey, disputeQuestionKey, nettingKey, paymentKey } from '../records';
import { dispute, question } from './dispute-facts';
import type { DisputeFacts, DisputeQuestion } from './dispute-facts';
import { disputedPayment } from './dispute-versions';

interface OfDispute {
  readonly dispute: DisputeFacts;
}
interface OfQuestion {
  readonly question: DisputeQuestion;
}
interface OfBoth extends OfDispute {
  readonly payment: PaymentFacts;
}
const touches = ({ dispute: { id } }: OfDispute): readonly string[] => [disputeKey(id)];
const touchesAll = ({
  dispute: { id, payment, rail, currency },
  payment: { connectedAccount },
}: OfBoth): readonly string[] => [
  disputeKey(id),
  disputeQuestionKey(payment),
  paymentKey(payment),
  nettingKey(rail, currency),
  ...(connectedAccount === undefined ? [] : [accountDisputesKey(connectedAccount)]),
];
const plain = <const N extends string>(name: N, description: string) =>
  eventType({ name, description, schema: object<OfDispute>({ dispute }), touches });
const asking = <const N extends string>(name: N, description: string) =>
  eventType({
    name,
    description,
    schema: object<OfQuestion>({ question }),
    touches: (data: OfQuestion) => [disputeQuestionKey(data.question.payment)],
  });
const ofPayment = <const N extends string>(name: N, description: string) =>
  bookingEvent<N, OfBoth>({
    name,
    description,
    fields: { dispute, payment: disputedPayment },
    touches: touchesAll,
  });

interface OfLost extends OfDispute {
  /** Whose payment it is; null: the platform's, or, in the first version, nobody has said. */
  readonly connectedAccount: string | null;
}
const lostDescription = 'A dispute is lost, or was accepted: what was withdrawn does not come back.';
const lostOfAnybody = bookingEvent<'DisputeLost', OfDispute>({
  name: 'DisputeLost',
  description: lostDescription,
  fields: { dispute },
  touches,
});

/** What the journal of a payments ledger says of disputes. */
export const disputeEventTypes = [
  asking(
    'DisputeExpected',
    'A rail will have something to say of a payment, and is asked then whether there is a dispute. Nothing is booked.',
  ),
  asking('DisputeAsked', 'A rail is asked whether a payment is disputed. Nothing is booked.'),
  asking('DisputeNotOpened', 'A rail has said that a payment is not disputed. Nothing is booked.'),
  ofPayment(
    'DisputeOpened',
    'The payer disputes a payment: its rail takes the amount and a fee, and both leave the balance.',
  ),
  plain(
    'DisputeUpdated',
    'A dispute was described otherwise, or evidence was kept for it. Nothing is booked.',
  ),
  plain(
    'DisputeEvidenceSubmitted',
    'Evidence is submitted: the rail is told after this, and the dispute is judged. Nothing is booked.',
  ),
  eventType({
    name: 'DisputeEvidenceErased',
    description: 'What is personal in the evidence of a dispute was forgotten, for good. Nothing is booked.',
    schema: object<OfDispute & { readonly erasedSubject: string }>({
      dispute,
      erasedSubject: text({ pattern: '^sub_[0-9A-Za-z]+$' }),
    }),
    touches,
  }),
  plain(
    'DisputeCallRepeated',
    'Nothing is known of what a rail was told of a dispute, or of what it has decided: it is told again, or asked. ' +
      'Nothing is booked.',
  ),
  plain(
    'DisputeResponseTaken',
    'A rail has what it was told of a dispute, and is asked later what came of it, if anything can. Nothing is booked.',
  ),
  ofPayment('DisputeWon', 'A dispute is won: the rail gives the amount back, and the balance has it.'),
  nextVersion(lostOfAnybody, {
    description: lostDescription,
    schema: bookingSchema<OfLost>({
      connectedAccount: orNull(text({ pattern: '^acct_[0-9A-Za-z]+$' })),
      dispute,
    }),
    touches: (data) => [
      ...lostOfAnybody.touches(data),
      ...(data.connectedAccount === null ? [] : [accountDisputesKey(data.connectedAccount)]),
    ],
    upcast: (data) => ({ ...data, connectedAccount: null }),
  }),
] as const;
export type DisputeEvent = EventOf<(typeof disputeEventTypes)[number]>;

const names = new Set<string>(disputeEventTypes.map(({ name }) => name));
export const isDisputeEvent = (event: { readonly type: string }): event is DisputeEvent =>
  names.has(event.type);
