import {
  constant,
  list,
  livemodeOfKey,
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

export const deliveryStatuses = ['pending', 'succeeded', 'failed', 'skipped'] as const;

const members = {
  id: text('The id of the message, which is its `webhook-id` at each attempt.', 'msg_1'),
  object: constant('webhook_delivery'),
  webhook_endpoint: text('The endpoint that it is for.', 'we_1'),
  event: text('The event that it tells of; `evt_test` of a test.', 'evt_01M8521EFW00000003DNVR7ED6Q4KC'),
  type: text('The type of the event.', 'transaction.posted'),
  sequence: nullable(whole('Its number among the messages of the endpoint; null: it is a test.', 1), 'value'),
  status: oneOf('What became of it.', deliveryStatuses, 'succeeded'),
  attempts_made: whole('How often it was sent.', 1),
  next_attempt_at: nullable(time('When it is sent next, where nothing holds it up; null: it is not.')),
  created_at: time('When it was made.'),
} as const;

export const deliveryShape = named(
  'WebhookDelivery',
  'A message to a webhook endpoint.',
  object({ ...members, livemode: livemodeOfKey }),
);
export const deliveryPage = page(deliveryShape);
const attempt = object({
  number: whole('1 for the first one.', 1),
  at: time('When it began.'),
  latency_ms: whole('How long it took.', 42),
  status: nullable(whole('The HTTP status that was answered; null: there was no answer.', 204), 'value'),
  error: nullable(text('Why there was no answer.', 'timeout: The answer was not there in time.')),
  response: nullable(
    text('The first 1 KB of the answer; null: it is not kept, or there was none.', 'ok'),
    'value',
  ),
});
export const deliveryDetailsShape = named(
  'WebhookDeliveryDetails',
  'A message to a webhook endpoint, with the attempts at sending it.',
  object({
    ...members,
    attempts: list(attempt, 'Each attempt, the first one first.'),
    livemode: livemodeOfKey,
  }),
);
export type DeliveryView = Omit<ViewOf<typeof deliveryShape>, 'livemode'>;
export type DeliveryDetails = Omit<ViewOf<typeof deliveryDetailsShape>, 'livemode'>;
