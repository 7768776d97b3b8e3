import { constant, named, nullable, object, page, text, time } from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

export const parkedEventShape = named(
  'ParkedWebhookEvent',
  'An event of which no message could be made for an endpoint. Those after it went on; once the reason is gone, a ' +
    'replay sends it.',
  object({
    object: constant('parked_webhook_event'),
    webhook_endpoint: text('The endpoint that it is not sent to.', 'we_1'),
    event: nullable(
      text(
        'The id of the event; null: it was parked by an earlier version.',
        'evt_01M8521EFW00000003DNVR7ED6Q4KC',
      ),
      'value',
    ),
    type: text('The type of the event.', 'transaction.posted'),
    ledger: nullable(text('Its ledger; null: it is of none.', 'led_1'), 'value'),
    position: nullable(text('Where it is in its ledger; null: it is of none.', 'led_1@42'), 'value'),
    reason: text('Why no message can be made.', 'journal-led_1@42 can not be read: it is not JSON.'),
    parked_at: time('When that was tried last.'),
  }),
);
export const parkedEventPage = page(parkedEventShape);
export type ParkedEventView = ViewOf<typeof parkedEventShape>;
