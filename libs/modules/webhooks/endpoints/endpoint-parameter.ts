import type { PathParameter } from '@fintech-ledger/http';
import { webhookEndpointNotFound } from '@fintech-ledger/webhooks/domain';

export const endpointParameter: PathParameter = {
  name: 'endpoint',
  description: 'The id of the webhook endpoint.',
  pattern: /^we_[A-Za-z0-9_-]{1,64}$/,
  refusal: webhookEndpointNotFound,
  detail: 'There is no such webhook endpoint.',
};
