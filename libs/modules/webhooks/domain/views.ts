import {
  answered,
  constant,
  flag,
  list,
  livemodeOfKey,
  mark,
  named,
  nullable,
  object,
  oneOf,
  page,
  record,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { disablings, orderings } from './facts';

/** What is shown in place of what must not be. */
export const masked = '********';

const id = text('The id of the endpoint.', 'we_1');
const because = named(
  'WebhookDisabling',
  'Why an endpoint is disabled: somebody asked, it answered 410, or it failed for five days.',
  oneOf('Why it is disabled.', disablings, 'requested'),
);
const members = {
  id,
  object: constant('webhook_endpoint'),
  url: text('Where messages are sent.', 'https://shop.example/webhooks'),
  event_types: list(
    text('A type, or the beginning of types and `*`.', 'transaction.*'),
    'Which events it gets.',
  ),
  ordering: oneOf(
    '`strict`: one after the other, in the order of `sequence`. `per_object`: so for each object. `none`: as they ' +
      'can be sent.',
    orderings,
    'none',
  ),
  headers: record(text('Masked.', masked), 'Headers that are sent along; their values are not shown.', {
    'X-Shop': masked,
  }),
  description: nullable(text('What it is for.', 'The web shop'), 'value'),
  status: oneOf('Whether messages are sent to it.', ['enabled', 'disabled'], 'enabled'),
  disabled_because: nullable(because, 'null', 'Why it is disabled; null: it is enabled.'),
  created_at: time('When it was created.'),
  secret_version: whole('How often it was given a secret: 1 until the first rotation.', 1),
} as const;

const shown = {
  ...members,
  secret: text('Masked; it is shown when it is made.', `whsec_${masked}`),
} as const;
/** As events have it: what is rendered for a recorded event never changes. */
export const toldWebhookEndpointShape = named(
  'ToldWebhookEndpoint',
  'A URL that is told what happens, as its event says it.',
  object(shown),
);
export const webhookEndpointShape = named(
  'WebhookEndpoint',
  'A URL that is told what happens.',
  object({ ...shown, livemode: livemodeOfKey }),
);
export const webhookEndpointPage = page(webhookEndpointShape);
const shownSecret = nullable(
  text(
    'The secret that messages are signed with, in the first answer only. Null in a replay, masked in a dry run.',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
  ),
  'value',
);
export const webhookEndpointWithSecret = named(
  'WebhookEndpointWithSecret',
  'A webhook endpoint with its new secret.',
  object({
    ...members,
    secret: shownSecret,
    livemode: livemodeOfKey,
    ...answered,
    secret_shown: mark('Only in a replay: the first answer has shown the secret.'),
  }),
);
export const webhookEndpointAnswer = named(
  'WebhookEndpointAnswer',
  'A webhook endpoint that was just changed.',
  object({ ...members, secret: text('Masked.', `whsec_${masked}`), livemode: livemodeOfKey, ...answered }),
);
export const webhookEndpointDeletedAnswer = named(
  'WebhookEndpointDeletedAnswer',
  'A webhook endpoint that was just deleted.',
  object({
    id,
    object: constant('webhook_endpoint'),
    deleted: flag('Always true.', true),
    livemode: livemodeOfKey,
    ...answered,
  }),
);
export type WebhookEndpointView = ViewOf<typeof toldWebhookEndpointShape>;
