import {
  constant,
  flag,
  named,
  nullable,
  object,
  oneOf,
  page,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

/** `halted` and `parked` wait for an operator, or for the next attempt; the others have ended. */
export const parkedStates = ['halted', 'parked', 'sent', 'discarded'] as const;
export type ParkedState = (typeof parkedStates)[number];
export const openStates: readonly ParkedState[] = ['halted', 'parked'];

export const parkedEventShape = named(
  'ParkedEvent',
  'An event that a reader could not take.',
  object({
    object: constant('parked_event'),
    id: text('The id.', 'prk_5f0c8e2a9b1d4c7e8a6a3f2b10d5e4c7'),
    state: oneOf(
      '`halted`: its stream waits for it in this reader, and all others go on. `parked`: this event alone was set ' +
        'aside. `sent` and `discarded`: it has ended.',
      parkedStates,
      'parked',
    ),
    reader: text('The read model, the outbox or the relay that could not take it.', 'webhook_messages'),
    webhook_endpoint: nullable(text('To which it was to be sent.', 'we_1'), 'value'),
    stream: text('The stream of the event.', 'journal-led_1'),
    revision: whole('Its revision; of a halted stream the first one that is not applied.', 17),
    type: nullable(text('What it was to be sent as; null: see the reason.', 'transaction.posted'), 'value'),
    reason: text('What is wrong with which event.', 'it can not be told: its data is not JSON'),
    advice: text('What to do.', 'Mend what the reason names, then retry it.'),
    attempts: whole('How often it was tried again.', 0),
    since: time('Since when.'),
    retry_at: nullable(time('When it is tried again automatically; null: never.')),
    may_be_discarded: flag('Whether it can be discarded: nothing that the books consist of can.', true),
    discarded_at: nullable(time('When it was discarded.')),
    discarded_by: nullable(text('The API key that discarded it.', 'key_1')),
    discard_reason: nullable(text('Why it was discarded.', 'the receiver was closed')),
  }),
);
export const parkedPage = page(parkedEventShape, 'ParkedEventList');
export type ParkedView = ViewOf<typeof parkedEventShape>;
